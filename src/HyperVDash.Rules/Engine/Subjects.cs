using System.Collections.Immutable;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Guests;
using HyperVDash.Model.Switches;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules.Releases;

namespace HyperVDash.Rules.Engine;

/// <summary>An object that rules examine, with what they may look at beside it.</summary>
public interface ISubject
{
    ObjectRef Identity { get; }

    /// <summary>The readings its facts come from.</summary>
    IEnumerable<HostReading> Readings { get; }
}

/// <summary>A host, with its facts joined once for all rules.</summary>
public sealed class HostSubject : ISubject
{
    public HostSubject(HostReading reading)
    {
        Reading = reading;
        Profile = ReleaseProfiles.Resolve(reading.OperatingSystem.Content);
        GuestOf = (reading.Guests.Content?.Items ?? []).DistinctBy(g => g.VirtualMachineId).ToDictionary(g => g.VirtualMachineId);
        DrivesOf = (reading.Devices.Content?.Drives ?? []).ToLookup(d => d.VirtualMachineId);
        ControllersOf = (reading.Devices.Content?.Controllers ?? []).ToLookup(c => c.VirtualMachineId);
        AdaptersOf = (reading.Devices.Content?.NetworkAdapters ?? []).ToLookup(n => n.VirtualMachineId);
        Clustered = (reading.Cluster.Content?.VirtualMachines ?? []).DistinctBy(v => v.VirtualMachineId).ToDictionary(v => v.VirtualMachineId);
    }

    public HostReading Reading { get; }

    /// <summary>Limits and facts of the host's release; null while the release is not known.</summary>
    public ReleaseMatch? Profile { get; }

    public IReadOnlyDictionary<Guid, Guest> GuestOf { get; }

    public ILookup<Guid, Drive> DrivesOf { get; }

    public ILookup<Guid, DriveController> ControllersOf { get; }

    public ILookup<Guid, NetworkAdapter> AdaptersOf { get; }

    public IReadOnlyDictionary<Guid, ClusteredVirtualMachine> Clustered { get; }

    public string Id => Reading.Id ?? Reading.Key;

    public string Name => Reading.Name;

    public ObjectRef Identity => new(ObjectKind.Host, Id, Name, Id);

    public IEnumerable<HostReading> Readings => [Reading];
}

/// <summary>A virtual machine on its host.</summary>
public sealed record VirtualMachineSubject(VirtualMachine Vm, HostSubject Host) : ISubject
{
    public ObjectRef Identity => new(ObjectKind.VirtualMachine, Vm.Id.ToString(), Vm.Name, Host.Id);

    public Guest? Guest => Host.GuestOf.GetValueOrDefault(Vm.Id);

    public IEnumerable<HostReading> Readings => [Host.Reading];
}

/// <summary>A drive of a VM.</summary>
public sealed record DriveSubject(Drive Drive, VirtualMachine Vm, HostSubject Host) : ISubject
{
    public ObjectRef Identity => new(ObjectKind.Drive, Drive.Id.ToLowerInvariant(), $"{Vm.Name} {Slot.Of(Drive)}", Host.Id);

    public IEnumerable<HostReading> Readings => [Host.Reading];
}

/// <summary>A network adapter of a VM.</summary>
public sealed record NetworkAdapterSubject(NetworkAdapter Adapter, VirtualMachine Vm, HostSubject Host) : ISubject
{
    public ObjectRef Identity => new(ObjectKind.NetworkAdapter, Adapter.Id.ToLowerInvariant(), $"{Vm.Name} {Adapter.Name ?? "network adapter"}", Host.Id);

    public IEnumerable<HostReading> Readings => [Host.Reading];
}

/// <summary>A virtual switch on its host.</summary>
public sealed record SwitchSubject(VirtualSwitch Switch, HostSubject Host) : ISubject
{
    public ObjectRef Identity => new(ObjectKind.Switch, $"{Host.Id}/{Switch.Id}".ToLowerInvariant(), Switch.Name, Host.Id);

    public IEnumerable<HostReading> Readings => [Host.Reading];
}

/// <summary>A failover cluster with its nodes, each with its reading or without.</summary>
public sealed record ClusterSubject(ClusterView Cluster, ImmutableArray<ClusterMember> Members) : ISubject
{
    public ObjectRef Identity => new(ObjectKind.Cluster, Cluster.Id, Cluster.Name);

    public IEnumerable<HostReading> Readings => Members.Select(m => m.Host?.Reading).OfType<HostReading>();
}

/// <param name="Host">Null: no agent reads this node.</param>
public sealed record ClusterMember(ClusterNode Node, HostSubject? Host);

/// <summary>All hosts of all agents.</summary>
public sealed record FarmSubject(ImmutableArray<HostSubject> Hosts) : ISubject
{
    public ObjectRef Identity => new(ObjectKind.Farm, "farm", "All hosts");

    public IEnumerable<HostReading> Readings => Hosts.Select(h => h.Reading);
}

/// <summary>A drive's place in the words of an admin.</summary>
public static class Slot
{
    public static string Of(Drive drive) => $"{Kind(drive.ControllerKind)} {drive.ControllerNumber?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "?"}:{drive.Location?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "?"}";

    private static string Kind(ControllerKind kind) => kind switch
    {
        ControllerKind.Ide => "IDE", ControllerKind.Scsi => "SCSI", ControllerKind.FibreChannel => "FC", ControllerKind.Floppy => "Floppy",
        ControllerKind.PersistentMemory => "PMEM", _ => "Controller",
    };
}

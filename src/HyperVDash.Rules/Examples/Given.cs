using System.Collections.Immutable;
using HyperVDash.Model;
using HyperVDash.Model.Checkpoints;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Guests;
using HyperVDash.Model.Hosts;
using HyperVDash.Model.Switches;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Rules.Examples;

/// <summary>
/// What the examples of rules are made of: a healthy host of some release, and what differs. <c>Given.Host("2012R2").With(vm).WithDrives(disk).Vm()</c>
/// is a subject.
/// </summary>
internal static class Given
{
    /// <summary>Generation 1, as every VM before 2012 R2.</summary>
    public static VirtualMachine GenerationOne { get; } = Sample.Vm with { Generation = 1, ConfigurationVersion = "5.0", IsSecureBoot = null, SecureBootTemplate = null };

    /// <summary>A guest that never had contact.</summary>
    public static Guest SilentGuest { get; } = new(Sample.VmId) { Heartbeat = IntegrationState.NoContact, HeartbeatCode = "OperationalStatus 12", KeyValueExchange = IntegrationState.NoContact };

    /// <param name="release">Key of a release profile.</param>
    public static HostReading Host(string release = "2022") => Sample.Host with { OperatingSystem = Sample.Read(OperatingSystem(release)) };

    public static HostOperatingSystem OperatingSystem(string release) => release switch
    {
        "pre2008" => new() { Build = 6001, BuildLab = "6001.17051.amd64fre.longhorn.071121-1812", HyperVVersion = "6.0.6001.17101", Hotfixes = [], ProductType = ProductType.Server },
        "2008" => new() { Build = 6002, ServicePack = 2, BuildLab = "6002.18005.amd64fre.lh_sp2rtm.090410-1830", Hotfixes = [], ProductType = ProductType.Server },
        _ => Sample.Host.OperatingSystem.Content! with { Build = Releases.ReleaseProfiles.Get(release).Builds[0], BuildLab = null },
    };

    public static HostReading With(this HostReading host, params VirtualMachine[] vms) => host with { VirtualMachines = Sample.Read(new VirtualMachineList { Items = [.. vms] }) };

    public static HostReading With(this HostReading host, HostOperatingSystem system) => host with { OperatingSystem = Sample.Read(system) };

    public static HostReading With(this HostReading host, params VirtualSwitch[] switches) => host with { Switches = Sample.Read(new VirtualSwitchList { Items = [.. switches] }) };

    public static HostReading With(this HostReading host, params Guest[] guests) => host with { Guests = Sample.Read(new GuestList { Items = [.. guests] }) };

    public static HostReading With(this HostReading host, params Checkpoint[] checkpoints) => host with { Checkpoints = Sample.Read(new CheckpointList { Items = [.. checkpoints] }) };

    public static HostReading With(this HostReading host, params NetworkAdapter[] adapters) => host with { Devices = Sample.Read(host.Devices.Content! with { NetworkAdapters = [.. adapters] }) };

    /// <summary>The drives, with a controller for each that they name.</summary>
    public static HostReading With(this HostReading host, params Drive[] drives) => host with
    {
        Devices = Sample.Read(host.Devices.Content! with { Drives = [.. drives], Controllers = [.. drives.Where(d => d.ControllerId is not null).Select(Controller).DistinctBy(c => c.Id)] }),
    };

    /// <summary>Makes it a node.</summary>
    public static HostReading With(this HostReading host, ClusterView cluster) => host with { Cluster = Sample.Read(cluster) };

    /// <summary>The sample VM is a clustered one here.</summary>
    public static HostReading WithClusteredVm(this HostReading host) =>
        host.With(new ClusterView { Id = "c", Name = "LAB", VirtualMachines = [new(Sample.VmId, "Virtual Machine SQL01") { OwnerNode = host.Name }] });

    public static HostSubject Subject(this HostReading host) => new(host);

    /// <summary>The only VM of the host.</summary>
    public static VirtualMachineSubject Vm(this HostReading host) => new(host.VirtualMachines.Content!.Items.Single(), new(host));

    /// <summary>A VM with these drives on a host of that release.</summary>
    public static VirtualMachineSubject VmWithDrives(string release, VirtualMachine vm, params Drive[] drives) => Host(release).With(vm).With(drives).Vm();

    /// <summary>A drive of the only VM, the first unless said otherwise.</summary>
    public static DriveSubject Drive(this HostReading host, int index = 0) => new(host.Devices.Content!.Drives!.Value[index], host.VirtualMachines.Content!.Items.Single(), new(host));

    /// <summary>An adapter of the only VM, the first unless said otherwise.</summary>
    public static NetworkAdapterSubject Adapter(this HostReading host, int index = 0) => new(host.Devices.Content!.NetworkAdapters!.Value[index], host.VirtualMachines.Content!.Items.Single(), new(host));

    /// <summary>The first switch of the host.</summary>
    public static SwitchSubject Switch(this HostReading host) => new(host.Switches.Content!.Items[0], new(host));

    /// <summary>A cluster of nodes N0, N1 … in this order; null is a node that no agent reads.</summary>
    public static ClusterSubject Cluster(params HostReading?[] nodes)
    {
        var view = nodes.Select(n => n?.Cluster.Content).FirstOrDefault(v => v is not null) ?? new ClusterView { Id = "c", Name = "LAB" };
        view = view with { Nodes = [.. nodes.Select((_, i) => new ClusterNode($"N{i}", ClusterNodeState.Up))] };
        return new(view, [.. nodes.Select((n, i) => new ClusterMember(view.Nodes[i], n is null ? null : new HostSubject(n with { Id = $"n{i}", Key = $"N{i}", Name = $"N{i}", Cluster = Sample.Read(view) })))]);
    }

    /// <summary>The same cluster, which no node may read any more: the view is what was read before.</summary>
    public static ClusterSubject Unread(ClusterSubject cluster) => cluster with
    {
        Members = [.. cluster.Members.Select(m => m.Host is null ? m : m with { Host = new HostSubject(m.Host.Whole with { Cluster = Sample.Failed<ClusterView>(SectionState.Denied, "no right") }) })],
    };

    public static Drive Disk(ControllerKind kind, int controller, int? location, string? path = @"D:\VMs\disk.vhd") => NewDrive(DriveKind.Disk, kind, controller, location, path);

    public static Drive Dvd(int controller, int location, string? path = null) => NewDrive(DriveKind.Dvd, ControllerKind.Ide, controller, location, path);

    /// <summary>Tags of the sample VM, or of the object with that id.</summary>
    public static RuleSettings Tagged(string tag, string? id = null) => new() { Tags = new RuleSettings().Tags.Add(id ?? Sample.VmId.ToString(), [tag]) };

    private static Drive NewDrive(DriveKind kind, ControllerKind controllerKind, int controller, int? location, string? path) =>
        new($@"{ControllerId(controllerKind, controller)}\{location}\D", Sample.VmId, ControllerId(controllerKind, controller), kind, location)
        {
            ControllerKind = controllerKind, ControllerNumber = controller, Content = path is null ? DriveContent.Empty : DriveContent.Image, Path = path,
        };

    private static DriveController Controller(Drive drive) => new(drive.ControllerId!, drive.VirtualMachineId, drive.ControllerKind, drive.ControllerNumber!.Value);

    private static string ControllerId(ControllerKind kind, int number) => $@"Microsoft:{Sample.VmId}\{kind}\{number}";
}

using HyperVDash.Model.Devices;
using HyperVDash.Model.Findings;
using HyperVDash.Model.VirtualMachines;

namespace HyperVDash.Rules.Engine;

/// <summary>A network adapter of a VM.</summary>
public sealed record NetworkAdapterSubject(NetworkAdapter Adapter, VirtualMachine Vm, HostSubject Host) : ISubject
{
    /// <summary>Made when first asked for: most are looked at and never named.</summary>
    public ObjectRef Identity => field ??= new(ObjectKind.NetworkAdapter, Adapter.Id.ToLowerInvariant(), $"{Vm.Name} {Adapter.Name ?? "network adapter"}", Host.Id);

    public IEnumerable<HostSubject> Hosts => [Host];

    /// <summary>Whether it was named yet makes no difference.</summary>
    public bool Equals(NetworkAdapterSubject? other) => other is not null && ReferenceEquals(Host, other.Host) && Adapter.Equals(other.Adapter) && Vm.Equals(other.Vm);

    public override int GetHashCode() => Adapter.Id.GetHashCode();
}

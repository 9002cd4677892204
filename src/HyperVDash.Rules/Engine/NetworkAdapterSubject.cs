using HyperVDash.Model.Devices;
using HyperVDash.Model.Findings;
using HyperVDash.Model.VirtualMachines;

namespace HyperVDash.Rules.Engine;

/// <summary>A network adapter of a VM.</summary>
public sealed record NetworkAdapterSubject(NetworkAdapter Adapter, VirtualMachine Vm, HostSubject Host) : ISubject
{
    public ObjectRef Identity { get; } = new(ObjectKind.NetworkAdapter, Adapter.Id.ToLowerInvariant(), $"{Vm.Name} {Adapter.Name ?? "network adapter"}", Host.Id);

    public IEnumerable<HostSubject> Hosts => [Host];
}

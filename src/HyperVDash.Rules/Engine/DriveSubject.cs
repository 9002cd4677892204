using HyperVDash.Model.Devices;
using HyperVDash.Model.Findings;
using HyperVDash.Model.VirtualMachines;

namespace HyperVDash.Rules.Engine;

/// <summary>A drive of a VM.</summary>
public sealed record DriveSubject(Drive Drive, VirtualMachine Vm, HostSubject Host) : ISubject
{
    public ObjectRef Identity { get; } = new(ObjectKind.Drive, Drive.Id.ToLowerInvariant(), $"{Vm.Name} {Slot.Of(Drive)}", Host.Id);

    public IEnumerable<HostSubject> Hosts => [Host];
}

using HyperVDash.Model.Findings;
using HyperVDash.Model.Guests;
using HyperVDash.Model.VirtualMachines;

namespace HyperVDash.Rules.Engine;

/// <summary>A virtual machine on its host.</summary>
public sealed record VirtualMachineSubject(VirtualMachine Vm, HostSubject Host) : ISubject
{
    public ObjectRef Identity { get; } = new(ObjectKind.VirtualMachine, Vm.Id.ToString(), Vm.Name, Host.Id);

    public Guest? Guest => Host.GuestOf.GetValueOrDefault(Vm.Id);

    public IEnumerable<HostSubject> Hosts => [Host];
}

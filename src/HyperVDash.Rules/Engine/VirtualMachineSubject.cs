using HyperVDash.Model.Findings;
using HyperVDash.Model.Guests;
using HyperVDash.Model.VirtualMachines;

namespace HyperVDash.Rules.Engine;

/// <summary>A virtual machine on its host.</summary>
public sealed record VirtualMachineSubject(VirtualMachine Vm, HostSubject Host) : ISubject
{
    /// <summary>Made when first asked for: most are looked at and never named.</summary>
    public ObjectRef Identity => field ??= new(ObjectKind.VirtualMachine, Vm.Id.ToString(), Vm.Name, Host.Id);

    public Guest? Guest => Host.GuestOf.GetValueOrDefault(Vm.Id);

    public IEnumerable<HostSubject> Hosts => [Host];

    /// <summary>Whether it was named yet makes no difference.</summary>
    public bool Equals(VirtualMachineSubject? other) => other is not null && ReferenceEquals(Host, other.Host) && Vm.Equals(other.Vm);

    public override int GetHashCode() => Vm.Id.GetHashCode();
}

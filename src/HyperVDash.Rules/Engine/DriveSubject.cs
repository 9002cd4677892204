using HyperVDash.Model.Devices;
using HyperVDash.Model.Findings;
using HyperVDash.Model.VirtualMachines;

namespace HyperVDash.Rules.Engine;

/// <summary>A drive of a VM.</summary>
public sealed record DriveSubject(Drive Drive, VirtualMachine Vm, HostSubject Host) : ISubject
{
    /// <summary>Made when first asked for: most are looked at and never named.</summary>
    public ObjectRef Identity => field ??= new(ObjectKind.Drive, Drive.Id.ToLowerInvariant(), $"{Vm.Name} {Slot.Of(Drive)}", Host.Id);

    public IEnumerable<HostSubject> Hosts => [Host];

    /// <summary>Whether it was named yet makes no difference.</summary>
    public bool Equals(DriveSubject? other) => other is not null && ReferenceEquals(Host, other.Host) && Drive.Equals(other.Drive) && Vm.Equals(other.Vm);

    public override int GetHashCode() => Drive.Id.GetHashCode();
}

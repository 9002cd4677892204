using HyperVDash.Model.Findings;
using HyperVDash.Model.Switches;

namespace HyperVDash.Rules.Engine;

/// <summary>A virtual switch on its host.</summary>
public sealed record SwitchSubject(VirtualSwitch Switch, HostSubject Host) : ISubject
{
    public ObjectRef Identity { get; } = new(ObjectKind.Switch, $"{Host.Id}/{Switch.Id}".ToLowerInvariant(), Switch.Name, Host.Id);

    public IEnumerable<HostSubject> Hosts => [Host];
}

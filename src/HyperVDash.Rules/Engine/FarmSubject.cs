using System.Collections.Immutable;
using HyperVDash.Model.Findings;

namespace HyperVDash.Rules.Engine;

/// <summary>All hosts of all agents.</summary>
public sealed record FarmSubject(ImmutableArray<HostSubject> Hosts) : ISubject
{
    public ObjectRef Identity => new(ObjectKind.Farm, "farm", "All hosts");

    IEnumerable<HostSubject> ISubject.Hosts => Hosts;
}

using System.Collections.Immutable;
using HyperVDash.Model.Findings;

namespace HyperVDash.Rules.Engine;

/// <summary>All hosts of all agents.</summary>
public sealed record FarmSubject(ImmutableArray<HostSubject> Hosts) : ISubject
{
    /// <summary>Of all hosts together; print farms have ids of their own.</summary>
    public const string WholeId = "farm";

    public ObjectRef Identity => new(ObjectKind.Farm, WholeId, "All hosts");

    IEnumerable<HostSubject> ISubject.Hosts => Hosts;
}

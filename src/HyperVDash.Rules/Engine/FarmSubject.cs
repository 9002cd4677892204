using System.Collections.Immutable;
using HyperVDash.Model.Findings;

namespace HyperVDash.Rules.Engine;

/// <summary>All hosts of all agents.</summary>
public sealed record FarmSubject(ImmutableArray<HostSubject> Hosts) : ISubject
{
    /// <summary>Of all hosts together; print farms have ids of their own.</summary>
    public const string WholeId = "farm";

    /// <summary>Kept from one look at the hosts to the next, where somebody looks again and again.</summary>
    internal FarmMemory Memory { get; init; } = new();

    /// <summary>What all hosts have, by key.</summary>
    internal FarmIndex<TKey, TItem> Joined<TKey, TItem>(FarmJoin<TKey, TItem> join) where TKey : notnull => Memory.Index(join, Hosts);

    public ObjectRef Identity => new(ObjectKind.Farm, WholeId, "All hosts");

    IEnumerable<HostSubject> ISubject.Hosts => Hosts;
}

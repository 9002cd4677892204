using System.Collections.Immutable;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Findings;

namespace HyperVDash.Rules.Engine;

/// <summary>A failover cluster with its nodes, each with its reading or without.</summary>
public sealed record ClusterSubject(ClusterView Cluster, ImmutableArray<ClusterMember> Members) : ISubject
{
    public ObjectRef Identity => new(ObjectKind.Cluster, Cluster.Id, Cluster.Name);

    public IEnumerable<HostSubject> Hosts => Members.Select(m => m.Host).OfType<HostSubject>();
}

using HyperVDash.Model.Clusters;

namespace HyperVDash.Rules.Engine;

/// <param name="Host">Null: no agent reads this node.</param>
public sealed record ClusterMember(ClusterNode Node, HostSubject? Host);

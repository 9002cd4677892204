using System.Collections.Immutable;
using HyperVDash.Model.Dns;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.LoadBalancing;
using HyperVDash.Model.Print;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Rules.LoadBalancing;

/// <summary>One server of an NLB cluster with its part in it.</summary>
public sealed record PrintFarmNode(HostSubject Host, NlbCluster Cluster)
{
    public string Name => Host.Name;

    /// <summary>What the node says of itself; null: it did not tell.</summary>
    public NlbNode? Self => Cluster.Nodes.FirstOrDefault(n => n.IsLocal);

    public NlbNodeState State => Self?.State ?? NlbNodeState.Unknown;

    public bool IsConverged => State is NlbNodeState.Converged or NlbNodeState.ConvergedAsDefault;

    /// <summary>Somebody took it out of service.</summary>
    public bool IsTakenOut => State is NlbNodeState.Draining or NlbNodeState.Suspended;

    /// <summary>Members by the first label of their names, as this node sees them, itself among them.</summary>
    public ImmutableHashSet<string> Members { get; } = [.. Cluster.Nodes.Select(n => Short(n.Name)).Append(Short(Host.Name))];

    /// <summary>Reads <c>printServer</c>; null: not read, or no print role.</summary>
    public PrintServer? Server => Host.Reading.PrintServer.Content;

    /// <summary>Its shared queues; empty without the print role, null: not known. Reads <c>printServer</c>.</summary>
    public ImmutableArray<PrintQueue>? Queues =>
        Host.Reading.PrintServer.State is SectionState.Absent or SectionState.Unsupported ? [] : Server?.Queues;

    /// <summary>The farms whose names it was asked to look up. Reads <c>dns</c>.</summary>
    public ImmutableArray<PrintFarmNames> Names => Host.Reading.Dns.Content?.Farms ?? [];

    /// <summary>The first label of a name, in upper case: NLB tells names with or without their domain.</summary>
    public static string Short(string name) => name.Split('.')[0].ToUpperInvariant();
}

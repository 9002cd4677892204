using System.Collections.Immutable;
using HyperVDash.Model.Dns;
using HyperVDash.Model.Findings;

namespace HyperVDash.Rules.LoadBalancing;

/// <summary>An NLB cluster whose servers share printers.</summary>
/// <param name="Id">Stable: the virtual address.</param>
/// <param name="Address">The virtual address.</param>
/// <param name="Nodes">Those that are read, by priority.</param>
public sealed record PrintFarm(string Id, string Address, ImmutableArray<PrintFarmNode> Nodes)
{
    /// <summary>The names under which clients look for it: those of the settings, else NLB's own. Reads <c>dns</c>.</summary>
    public ImmutableArray<PrintFarmNames> Names
    {
        get
        {
            ImmutableArray<PrintFarmNames> all = [.. Nodes.SelectMany(n => n.Names).DistinctBy(f => f.ClusterName, StringComparer.Ordinal)];
            ImmutableArray<PrintFarmNames> told = [.. all.Where(f => !f.IsFromNlb)];
            return told.IsEmpty ? all : told;
        }
    }

    /// <summary>Its name, or its address where none is known. Reads <c>dns</c>.</summary>
    public string Title => Names is [var only, ..] ? only.ClusterName : Address;

    public ObjectRef Identity => new(ObjectKind.LoadBalancingCluster, Id, Title);

    /// <summary>Every member that some node sees, by the first label of its name.</summary>
    public ImmutableArray<string> Members => [.. Nodes.SelectMany(n => n.Members).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>Members that no agent reads.</summary>
    public ImmutableArray<string> Unread => [.. Members.Except(Nodes.Select(n => PrintFarmNode.Short(n.Name)), StringComparer.Ordinal)];

    /// <summary>Old print servers' names, fully qualified. Reads <c>dns</c>.</summary>
    public ImmutableArray<string> OldNames => [.. Names.SelectMany(f => f.OldNames).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>One shared queue of the farm, by its share name.</summary>
    public ObjectRef Queue(string share) => new(ObjectKind.PrintQueue, $"{Id}/queue/{share.ToLowerInvariant()}", $"{share} of {Title}");

    /// <summary>One of its names in DNS.</summary>
    public ObjectRef DnsName(string name) => new(ObjectKind.DnsName, $"{Id}/name/{name}", name);

    /// <summary>The names by which its servers are called beside their own: the old ones and the farm's, without domain. Reads <c>dns</c>.</summary>
    public ImmutableArray<string> Aliases => [.. OldNames.Concat(Names.Select(f => f.ClusterName)).Select(PrintFarmNode.Short).Distinct(StringComparer.Ordinal)];
}

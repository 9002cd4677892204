using System.Collections.Immutable;
using HyperVDash.Model.Fleet;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Rules.LoadBalancing;

/// <summary>Finds the print farms among all hosts. Reads <c>loadBalancing</c>, <c>printServer</c> and <c>dns</c>.</summary>
public static class PrintFarms
{
    private const int MaxNames = 5;

    /// <summary>NLB clusters of print servers: a node shares a queue or does not tell its queues, or the settings call the cluster a print farm.</summary>
    public static ImmutableArray<PrintFarm> Of(IEnumerable<HostSubject> hosts) => [.. Clusters(hosts).Where(f => f.Nodes.Any(IsPrinting)).OrderBy(f => f.Id, StringComparer.Ordinal)];

    /// <summary>Set if some host may be a node of a print farm and nobody knows.</summary>
    public static Verdict.Unknown? NotKnown(ImmutableArray<HostSubject> hosts, RuleContext context)
    {
        var blind = hosts.Where(h => !h.Reading.LoadBalancing.HasContent()).Select(h => (h.Name, Verdict: SectionGate.Check(h, "loadBalancing", context) as Verdict.Unknown))
            .Concat(Clusters(hosts).Where(f => !f.Nodes.Any(IsPrinting)).SelectMany(f => f.Nodes).Where(n => n.Queues is null)
                .Select(n => (n.Name, Verdict: SectionGate.Check(n.Host, "printServer", context) as Verdict.Unknown)))
            .Where(b => b.Verdict is not null).ToList();
        if (blind.Count == 0)
        {
            return null;
        }

        string names = string.Join(", ", blind.Take(MaxNames).Select(b => b.Name)) + (blind.Count > MaxNames ? $" and {blind.Count - MaxNames} more" : "");
        return new Verdict.Unknown(blind[0].Verdict!.Section, $"Whether {names} belong{(blind.Count == 1 ? "s" : "")} to a print farm is not known: {blind[0].Verdict!.Reason}");
    }

    // Without a running spooler a print server lists no queue.
    private static bool IsPrinting(PrintFarmNode node) =>
        node.Queues is { IsEmpty: false } || (node.Queues is null && node.Server is not null) || node.Names.Any(f => !f.IsFromNlb);

    private static IEnumerable<PrintFarm> Clusters(IEnumerable<HostSubject> hosts) =>
        from host in hosts
        from cluster in host.Reading.LoadBalancing.Content?.Clusters ?? []
        group new PrintFarmNode(host, cluster) by cluster.Address into address
        from farm in Apart(address.Key, [.. address.OrderBy(n => n.Host.Id, StringComparer.Ordinal)])
        select farm;

    /// <summary>Two sites may use one private address: clusters of several members that share none are two.</summary>
    private static IEnumerable<PrintFarm> Apart(string address, List<PrintFarmNode> nodes)
    {
        var groups = new List<List<PrintFarmNode>>();
        foreach (var node in nodes)
        {
            var joined = groups.Where(g => g.Exists(n => Belong(n, node))).ToList();
            groups.RemoveAll(joined.Contains);
            groups.Add([.. joined.SelectMany(g => g), node]);
        }

        return groups.OrderBy(g => g.Min(n => n.Host.Id), StringComparer.Ordinal).Select((g, i) => new PrintFarm(
            i == 0 ? $"farm/{address}" : $"farm/{address}/{g.Min(n => n.Host.Id)}", address,
            [.. g.OrderBy(n => n.Cluster.HostPriority ?? int.MaxValue).ThenBy(n => n.Host.Id, StringComparer.Ordinal)]));
    }

    private static bool Belong(PrintFarmNode a, PrintFarmNode b) => a.Members.Count < 2 || b.Members.Count < 2 || a.Members.Overlaps(b.Members);
}

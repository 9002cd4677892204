using System.Collections.Immutable;
using HyperVDash.Model.Dns;
using HyperVDash.Model.LoadBalancing;
using HyperVDash.Model.Print;
using HyperVDash.Web.Fleet;

namespace HyperVDash.Web.Features.Print;

/// <summary>A print farm as its nodes tell it, or a print server that stands alone.</summary>
/// <param name="Address">The virtual address; null for a server without NLB.</param>
public sealed record PrintFarmView(string? Address, ImmutableArray<PrintFarmNode> Nodes)
{
    /// <summary>The name clients use, if it is known: from the setting, else NLB's own.</summary>
    public string? Name { get; init; }

    public string Title => Name ?? (Address is null ? Nodes[0].Host.Name : $"Cluster {Address}");

    /// <summary>Members that NLB names and no agent reads.</summary>
    public ImmutableArray<string> Unread { get; init; } = [];

    public ImmutableArray<QueueRow> Queues { get; init; } = [];

    /// <summary>What the farm's names lead to, by every source.</summary>
    public ImmutableArray<DnsLine> Names { get; init; } = [];

    public static ImmutableArray<PrintFarmView> Of(FleetView fleet)
    {
        var nodes = fleet.Hosts.SelectMany(h => (h.Reading.LoadBalancing.Content?.Clusters ?? []).Select(c => new PrintFarmNode(h, c))).ToList();
        var dns = fleet.Hosts.SelectMany(h => h.Reading.Dns.Content is { } content ? [content] : Array.Empty<DnsAnswers>()).ToList();
        var alone = fleet.Hosts.Where(h => h.Reading.PrintServer.HasContent() && nodes.TrueForAll(n => n.Host != h)).Select(h => new PrintFarmNode(h, null));
        return
        [
            // Two sites may use one private address; what their nodes name each other by tells them apart.
            .. nodes.GroupBy(n => (n.Cluster!.Address, Members: string.Join('|', n.Cluster.Nodes.Select(m => Short(m.Name)).Order(StringComparer.Ordinal))))
                .OrderBy(g => g.Key.Address, StringComparer.Ordinal).Select(g => Farm(g.Key.Address, [.. g.OrderBy(n => n.Cluster!.HostPriority)], dns)),
            .. alone.Select(n => Farm(null, [n], dns)),
        ];
    }

    /// <summary>Whether a queue is the same on every node, in words, and the shape before them if it takes one. Nothing is alike where nothing was compared.</summary>
    public (string? Kind, string Words) AlikenessOf(QueueRow row) => row switch
    {
        { Differing.IsEmpty: false } => (null, $"differ in {string.Join(", ", row.Differing)}"),
        { IsEqual: false } => (null, row.Cells.Any(c => c.IsMissing) ? "missing on a node" : "not read everywhere"),
        _ when !Unread.IsEmpty => (Standing.Unknown, row.Cells.Length == 1 ? "other nodes are not read" : "alike where read"),
        { Cells.Length: 1 } => (null, "– one server"),
        _ => (Standing.Ok, "alike"),
    };

    private static PrintFarmView Farm(string? address, ImmutableArray<PrintFarmNode> nodes, List<DnsAnswers> dns)
    {
        var names = address is null ? [] : nodes.SelectMany(n => n.Host.Reading.Dns.Content?.Farms ?? []).DistinctBy(f => f.ClusterName).ToList();
        var wanted = names.SelectMany(f => f.OldNames.Prepend(f.ClusterName)).ToHashSet(StringComparer.Ordinal);
        var read = nodes.Select(n => Short(n.Host.Name)).ToHashSet(StringComparer.Ordinal);
        return new PrintFarmView(address, nodes)
        {
            Name = names.Where(f => !f.IsFromNlb).ToList() is [var told] ? told.ClusterName : names is [var only] ? only.ClusterName : null,
            Unread = [.. nodes.SelectMany(n => n.Cluster?.Nodes ?? []).Select(m => m.Name).Where(m => !read.Contains(Short(m))).Distinct(StringComparer.OrdinalIgnoreCase)],
            Queues = QueueRow.Of(nodes),
            Names =
            [
                .. dns.SelectMany(d => d.Items).Where(a => wanted.Contains(a.Name)).DistinctBy(a => (a.Name, a.Source))
                    .Select(a => new DnsLine(a, names.Exists(f => f.ClusterName == a.Name), address)).OrderByDescending(l => l.IsClusterName).ThenBy(l => l.Answer.Name, StringComparer.Ordinal).ThenBy(l => l.Answer.Source, StringComparer.Ordinal),
            ],
        };
    }

    private static string Short(string name) => name.Split('.')[0].ToUpperInvariant();
}

/// <param name="Cluster">Null for a server without NLB.</param>
public sealed record PrintFarmNode(HostLine Host, NlbCluster? Cluster)
{
    public PrintServer? Server => Host.Reading.PrintServer.Content;

    /// <summary>Queues that were read; null: not known.</summary>
    public ImmutableArray<PrintQueue>? Queues => Server?.Queues;

    public NlbNode? Self => Cluster?.Nodes.FirstOrDefault(n => n.IsLocal);
}

/// <summary>One answer, held against the farm's address.</summary>
public sealed record DnsLine(DnsAnswer Answer, bool IsClusterName, string? Address)
{
    /// <summary>Null: not known.</summary>
    public bool? IsRight => Answer.Addresses is { } addresses && Address is not null ? addresses.Length == 1 && addresses[0] == Address : null;

    public string Words => Answer switch
    {
        { Error: { } error } => error,
        { Addresses: null } => "not said",
        { Addresses: { IsEmpty: true }, Alias: { } alias } => $"an alias of {alias}",
        { Addresses: { IsEmpty: true } } => "there is no such name",
        { Addresses: { } addresses } => string.Join(", ", addresses) + (Answer.Alias is { } target ? $" through {target}" : ""),
    };
}

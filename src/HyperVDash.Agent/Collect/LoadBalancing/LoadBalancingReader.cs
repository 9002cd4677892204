using System.Collections.Immutable;
using HyperVDash.Agent.Collect.Devices;
using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Cim;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.LoadBalancing;

namespace HyperVDash.Agent.Collect.LoadBalancing;

/// <summary>The NLB clusters of a host, with this host's part in each.</summary>
internal sealed class LoadBalancingReader() : SectionReader<LoadBalancingState>("loadBalancing", r => r.LoadBalancing, (r, s) => r with { LoadBalancing = s })
{
    public override IEnumerable<TableQuery> Queries(HostFacts host) => [LoadBalancingTables.Clusters];

    /// <summary>The rest only where the feature is: most hosts lack it.</summary>
    public override async Task FollowUpAsync(FollowUp follow, CancellationToken cancellationToken)
    {
        if (!follow.Tables[LoadBalancingTables.Clusters].IsRead)
        {
            return;
        }

        foreach (var query in new[] { LoadBalancingTables.OwnNodes, LoadBalancingTables.Nodes, LoadBalancingTables.PortRules })
        {
            await follow.AskAsync(query, cancellationToken).ConfigureAwait(false);
        }
    }

    protected override SectionResult<LoadBalancingState> Read(SectionSources sources)
    {
        var tables = sources.Tables;
        var clusters = tables[LoadBalancingTables.Clusters];
        if (clusters.Error is { Kind: CimErrorKind.NoSuchNamespace })
        {
            return SectionResult<LoadBalancingState>.Without(SectionState.Absent, "This host has no namespace root/MicrosoftNLB: the feature Network Load Balancing is not installed.");
        }

        if (clusters.Error is { } error)
        {
            return SectionResult<LoadBalancingState>.Failed(error);
        }

        var own = tables[LoadBalancingTables.OwnNodes];
        var nodes = tables[LoadBalancingTables.Nodes];
        var rules = tables[LoadBalancingTables.PortRules];
        var unnamed = clusters.Rows.Count(r => Address(r.String("ClusterIPAddress")) is null);
        return SectionResult<LoadBalancingState>.Read(
            new() { Clusters = Remembered(Parts(clusters.Rows, own.Rows).Select(p => Cluster(p, tables)), sources) },
            [
                own.IsRead ? null : $"settings of this node: {own.Error!.Message}",
                nodes.IsRead ? null : $"nodes: {nodes.Error!.Message}",
                rules.IsRead ? null : $"port rules: {rules.Error!.Message}",
                unnamed > 0 ? "clusters: NLB lists one without a cluster address, which is left out." : null,
            ]);
    }

    /// <summary>The clusters in order, each with since when this node is as it is there.</summary>
    private static ImmutableArray<NlbCluster> Remembered(IEnumerable<NlbCluster> clusters, SectionSources sources)
    {
        const string Prefix = "nlb/";
        ImmutableArray<NlbCluster> all =
        [
            .. clusters.OrderBy(c => c.Address, StringComparer.Ordinal)
                .Select(c => c with { StateSeenAt = c.Nodes.FirstOrDefault(n => n.IsLocal)?.State is { } state and not NlbNodeState.Unknown ? sources.Memory.Since(Prefix + c.Address, $"{state}", sources.Host.Now) : null }),
        ];
        sources.Memory.KeepOnly(Prefix, all.Select(c => Prefix + c.Address).ToHashSet(StringComparer.OrdinalIgnoreCase));
        return all;
    }

    /// <summary>
    /// A cluster row with the row of this node in it. The provider gives one cluster even on a host with several, so a node row of another adapter is a cluster
    /// of which only the address is told, in the row's name.
    /// </summary>
    private static List<Part> Parts(IReadOnlyList<CimRow> clusters, IReadOnlyList<CimRow> own)
    {
        var parts = clusters.Where(c => Address(c.String("ClusterIPAddress")) is not null)
            .Select(c => new Part(Address(c.String("ClusterIPAddress"))!, c, own.FirstOrDefault(n => BelongsTo(n, c)))).ToList();
        if (parts is [{ Own: null } single] && own is [var node])
        {
            parts[0] = single with { Own = node };
        }

        foreach (var other in own.Where(n => !parts.Exists(p => ReferenceEquals(p.Own, n))))
        {
            if (NodeName(other)?.Address is { } address && !parts.Exists(p => p.Address == address))
            {
                parts.Add(new Part(address, null, other));
            }
        }

        return parts;
    }

    private static bool BelongsTo(CimRow node, CimRow cluster) =>
        node.Guid("AdapterGuid") is { } adapter && cluster.Guid("AdapterGuid") is { } bound ? adapter == bound : NodeName(node)?.Address == Address(cluster.String("ClusterIPAddress"));

    private static NlbCluster Cluster(Part part, TableSet tables)
    {
        var (address, row, own) = part;
        var adapter = row?.Guid("AdapterGuid") ?? own?.Guid("AdapterGuid");
        var nodes = tables[LoadBalancingTables.Nodes];
        var rules = tables[LoadBalancingTables.PortRules];
        bool isOnly = tables[LoadBalancingTables.Clusters].Rows.Count <= 1 && tables[LoadBalancingTables.OwnNodes].Rows.Count <= 1;
        int? priority = own?.Int32("HostPriority");
        return new NlbCluster(address)
        {
            Name = Text.Cut(row?.String("ClusterName")),
            NetworkMask = Address(row?.String("ClusterNetworkMask")),
            MacAddress = MacAddress.Normalise(row?.String("ClusterMACAddress")),
            Mode = Mode(row),
            AdapterId = adapter,
            HostPriority = priority,
            DedicatedAddress = own is null ? null : Dedicated(own),
            StartsWithWindows = own?.String("ClusterModeOnStart") is null ? null : own.Boolean("ClusterModeOnStart") ?? (own.Int32("ClusterModeOnStart") is { } mode ? mode == 1 : null),
            Nodes =
            [
                .. nodes.Rows.Where(n => isOnly || NodeName(n)?.Address == address).Select(n => Node(n, priority)).OfType<NlbNode>()
                    .OrderBy(n => n.HostPriority ?? int.MaxValue).ThenBy(n => n.Name, StringComparer.OrdinalIgnoreCase),
            ],
            PortRules = rules.IsKnown
                ? [.. rules.Rows.Where(r => isOnly || r.Guid("AdapterGuid") is not { } at || at == adapter).Select(Rule).OfType<NlbPortRule>().OrderBy(r => r.StartPort).ThenBy(r => r.Protocol).ThenBy(r => r.Address, StringComparer.Ordinal)]
                : null,
        };
    }

    private static NlbNode? Node(CimRow row, int? ownPriority)
    {
        int? priority = row.Int32("HostPriority") ?? NodeName(row)?.Priority;
        int? code = row.Int32("StatusCode");
        // Without a name it is still a member that counts.
        string name = Text.Cut(row.String("ComputerName")) is { Length: > 0 } told ? told : Dedicated(row) ?? row.String("Name") ?? "";
        return name.Length == 0 ? null : new NlbNode(name, priority, State(code)) { StatusCode = code, DedicatedAddress = Dedicated(row), IsLocal = priority is not null && priority == ownPriority };
    }

    private static NlbPortRule? Rule(CimRow row) => row.Int32("StartPort") is { } start && row.Int32("EndPort") is { } end
        ? new NlbPortRule(start, end, row.Int32("Protocol") switch { 1 => NlbProtocol.Tcp, 2 => NlbProtocol.Udp, 3 => NlbProtocol.Both, _ => NlbProtocol.Unknown })
        {
            Filtering = row.Int32("FilteringMode") switch { 1 => NlbFiltering.Single, 2 => NlbFiltering.Multiple, 3 => NlbFiltering.Disabled, _ => NlbFiltering.Unknown },
            Affinity = row.Int32("Affinity") switch { 0 => NlbAffinity.None, 1 => NlbAffinity.Single, 2 => NlbAffinity.Network, _ => NlbAffinity.Unknown },
            Address = row.String("VirtualIpAddress") is { Length: > 0 } address && address != "255.255.255.255" ? Text.Cut(address) : null,
            IsEnabled = row.Int32("PortState") switch { 1 => true, 2 or 3 => false, _ => null },
        }
        : null;

    private static NlbMode Mode(CimRow? row) => (row?.Boolean("MulticastSupportEnabled"), row?.Boolean("IGMPSupport")) switch
    {
        (false, _) => NlbMode.Unicast,
        (true, true) => NlbMode.IgmpMulticast,
        (true, false) => NlbMode.Multicast,
        _ => NlbMode.Unknown,
    };

    private static NlbNodeState State(int? code) => code switch
    {
        1005 => NlbNodeState.Stopped, 1006 => NlbNodeState.Converging, 1007 => NlbNodeState.Converged, 1008 => NlbNodeState.ConvergedAsDefault,
        1009 => NlbNodeState.Draining, 1013 => NlbNodeState.Suspended, _ => NlbNodeState.Unknown,
    };

    /// <summary>The key <c>&lt;cluster address&gt;:&lt;host priority&gt;</c>; an IPv6 address has colons of its own.</summary>
    private static (string Address, int? Priority)? NodeName(CimRow row) =>
        row.String("Name") is { } name && name.LastIndexOf(':') is > 0 and var at ? (name[..at], int.TryParse(name[(at + 1)..], out int priority) ? priority : null) : null;

    private static string? Dedicated(CimRow row) => Address(row.Strings("DedicatedIPAddresses")?.FirstOrDefault()) ?? Address(row.String("DedicatedIPAddress"));

    /// <summary>NLB writes 0.0.0.0 where nothing is set.</summary>
    private static string? Address(string? text) => string.IsNullOrWhiteSpace(text) || text == "0.0.0.0" ? null : Text.Cut(text);

    /// <param name="Row">Null for a cluster of which the provider tells only this node.</param>
    private sealed record Part(string Address, CimRow? Row, CimRow? Own);
}

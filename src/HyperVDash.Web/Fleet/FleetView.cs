using System.Collections.Frozen;
using System.Collections.Immutable;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Switches;

namespace HyperVDash.Web.Fleet;

/// <summary>Everything the pages show, at one moment. Replaced, never changed; joined once, so that a page only picks.</summary>
public sealed class FleetView
{
    private const string StaleHostRule = "HVD110";

    public static FleetView Empty { get; } = new(DateTimeOffset.UnixEpoch, [], [], [], [], 0);

    public FleetView(
        DateTimeOffset at, ImmutableArray<AgentLink> agents, ImmutableArray<HostReading> hosts, ImmutableArray<Finding> findings, ImmutableArray<RuleTally> rules, int expectedHosts)
    {
        At = at;
        Agents = agents;
        ExpectedHosts = Math.Max(expectedHosts, hosts.Length);
        Findings = [.. findings.OrderByDescending(f => f.Severity).ThenByDescending(f => f.FirstSeen).ThenBy(f => f.Id, StringComparer.Ordinal)];
        Rules = rules;
        var stale = Findings.Where(f => f.RuleId == StaleHostRule).Select(f => f.Subject.Id).ToHashSet(StringComparer.OrdinalIgnoreCase);
        Hosts = [.. hosts.Select(h => new HostLine(h, SilentAgentOf(h), stale.Contains(h.Id ?? h.Key))).OrderBy(h => h.Name, StringComparer.OrdinalIgnoreCase)];
        Clusters = RuleEngine.ClustersOf([.. Hosts.Select(h => h.Facts)]);
        var clusterIds = Clusters.Select(c => c.Cluster.Id).ToList();
        var byVm = Findings.SelectMany(f => clusterIds.Where(c => f.Subject.Id.StartsWith(c + "/", StringComparison.OrdinalIgnoreCase)).Select(c => new ObjectRef(ObjectKind.Cluster, c, ""))
            .Concat(f.Affected.Select(a => a.Object)).Append(f.Subject).Select(o => (Key: Key(o), Finding: f)))
            .Where(p => p.Key is not null).DistinctBy(p => (p.Key, p.Finding.Id)).ToLookup(p => p.Key!, p => p.Finding, StringComparer.OrdinalIgnoreCase);
        FindingsOf = byVm;
        VirtualMachines = [.. Hosts.SelectMany(h => (h.Reading.VirtualMachines.Content?.Items ?? []).Select(v => new VirtualMachineLine(v, h, byVm[v.Id.ToString()].ToImmutableArray())))];
        VmsOf = VirtualMachines.ToLookup(v => v.Host);
        Switches = [.. Hosts.SelectMany(h => (h.Reading.Switches.Content?.Items ?? []).Select(s => new SwitchLine(s, h, [.. byVm[$"{h.Id}/{s.Id}"].Concat(OnNode(s.Name, h.Id)).DistinctBy(f => f.Id)])))];
        _disks = new(() => [.. Hosts.SelectMany(h => DiskLine.Of(h, VmsOf[h]))]);
        _findings = Findings.ToFrozenDictionary(f => f.Id, StringComparer.OrdinalIgnoreCase);
    }

    private readonly FrozenDictionary<string, Finding> _findings;
    private readonly Lazy<ImmutableArray<DiskLine>> _disks;

    public DateTimeOffset At { get; }

    /// <summary>The last hour of counters. It goes on while the view stands still.</summary>
    public History.CounterHistory History { get; init; } = new();

    public ImmutableArray<AgentLink> Agents { get; }

    public ImmutableArray<HostLine> Hosts { get; }

    public ImmutableArray<ClusterSubject> Clusters { get; }

    public ImmutableArray<VirtualMachineLine> VirtualMachines { get; }

    public ILookup<HostLine, VirtualMachineLine> VmsOf { get; }

    public ImmutableArray<SwitchLine> Switches { get; }

    /// <summary>Virtual disks of all hosts; joined when a page first asks for them.</summary>
    public ImmutableArray<DiskLine> Disks => _disks.Value;

    public int DiskCount => Hosts.Sum(h => h.Reading.VirtualDisks.Content?.Items.Length ?? 0);

    /// <summary>Open findings, worst first.</summary>
    public ImmutableArray<Finding> Findings { get; }

    public ImmutableArray<RuleTally> Rules { get; }

    /// <summary>Findings by the id of a host, VM, cluster or switch they are about.</summary>
    public ILookup<string, Finding> FindingsOf { get; }

    /// <summary>Hosts that agents are set to read, whether or not they were read yet.</summary>
    public int ExpectedHosts { get; }

    /// <summary>Hosts whose VM list was tried at least once.</summary>
    public int TriedHosts => Hosts.Count(h => h.Reading.VirtualMachines.Attempt.State != SectionState.Pending);

    /// <summary>Until every host was tried, nothing may be called healthy.</summary>
    public bool IsFirstReading => ExpectedHosts == 0 || TriedHosts < ExpectedHosts;

    public bool IsLab => Hosts.Any(h => h.Reading.Origin == Origin.Lab);

    public bool IsCapture => Hosts.Any(h => h.Reading.Origin == Origin.Capture);

    /// <summary>Objects that some rule could not judge.</summary>
    public int UnknownChecks => Rules.Sum(r => r.Unknown);

    /// <summary>Agents that were asked and do not answer.</summary>
    public IEnumerable<AgentLink> SilentAgents => Agents.Where(a => a.IsSilent);

    /// <summary>Shape of the worst thing about a host and its VMs.</summary>
    public string StandingOf(HostLine host) => Standing.Of(FindingsOn(host), host.IsFullyKnown);

    /// <summary>Shape of the worst thing about a cluster, its nodes and their VMs.</summary>
    public string StandingOf(ClusterSubject cluster) => Standing.Of(
        FindingsOn(cluster), cluster.Members.All(m => m.Host is { } node && FindHost(node.Id) is { IsFullyKnown: true }));

    /// <summary>Findings about a host itself and about the VMs on it.</summary>
    public IEnumerable<Finding> FindingsOn(HostLine host) =>
        FindingsOf[host.Id].Concat(VmsOf[host].SelectMany(v => v.Findings)).DistinctBy(f => f.Id);

    /// <summary>Findings about a cluster, its nodes and their VMs.</summary>
    public IEnumerable<Finding> FindingsOn(ClusterSubject cluster) => FindingsOf[cluster.Cluster.Id]
        .Concat(cluster.Members.SelectMany(m => m.Host is { } node && FindHost(node.Id) is { } host ? FindingsOn(host) : [])).DistinctBy(f => f.Id);

    public HostLine? FindHost(string id) =>
        Hosts.FirstOrDefault(h => h.Id.Equals(id, StringComparison.OrdinalIgnoreCase)) ?? Hosts.FirstOrDefault(h => h.Reading.Key.Equals(id, StringComparison.OrdinalIgnoreCase));

    public VirtualMachineLine? FindVm(string id) => Guid.TryParse(id, out var guid) ? VirtualMachines.FirstOrDefault(v => v.Vm.Id == guid) : null;

    public Finding? FindFinding(string id) => _findings.GetValueOrDefault(id);

    public ClusterSubject? FindCluster(string id) => Clusters.FirstOrDefault(c => c.Cluster.Id.Equals(id, StringComparison.OrdinalIgnoreCase));

    // A rule that compares nodes speaks of "this name on that node"; it concerns the switch that has the name there, or nearly.
    private IEnumerable<Finding> OnNode(string name, string hostId) => Findings.Where(f => f.Subject.Kind == ObjectKind.Switch
        && f.Subject.Id.Split('/') is [_, var hex, var node] && node.Equals(hostId, StringComparison.OrdinalIgnoreCase)
        && NameOf(hex) is { } wanted && (wanted == name || SwitchNames.NearMatch(wanted, [name]) is not null));

    private static string? NameOf(string hex) =>
        hex.Length % 2 == 0 && hex.All(char.IsAsciiHexDigit) ? System.Text.Encoding.UTF8.GetString(Convert.FromHexString(hex)) : null;

    // Two agents may read one host; it is cut off only if both say nothing.
    private AgentLink? SilentAgentOf(HostReading host)
    {
        var readers = Agents.Where(a => a.HostIds.Contains(host.Id ?? host.Key, StringComparer.OrdinalIgnoreCase)).ToList();
        return readers.Count > 0 && readers.TrueForAll(a => a.IsSilent) ? readers.MaxBy(a => a.HeardAt) : null;
    }

    private static string? Key(ObjectRef o) => o.Kind switch
    {
        ObjectKind.VirtualMachine or ObjectKind.Host or ObjectKind.Cluster or ObjectKind.Switch => o.Id,
        // The id of a device starts with its VM's.
        ObjectKind.Drive or ObjectKind.NetworkAdapter or ObjectKind.Controller when o.Id.Length > 46 => o.Id.Substring(10, 36),
        _ => null,
    };
}

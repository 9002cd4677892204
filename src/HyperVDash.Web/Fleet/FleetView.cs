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

    /// <param name="expectedHosts">Hosts that agents are set to read.</param>
    /// <param name="refusals">Why hosts were not read when somebody asked, by their ids.</param>
    /// <param name="lostHosts">Those of the expected that no reading ever came of and that their agents say nothing about.</param>
    public FleetView(
        DateTimeOffset at, ImmutableArray<AgentLink> agents, ImmutableArray<HostReading> hosts, ImmutableArray<Finding> findings, ImmutableArray<RuleTally> rules, int expectedHosts,
        ImmutableDictionary<string, string>? refusals = null, int lostHosts = 0)
    {
        At = at;
        Agents = agents;
        ExpectedHosts = Math.Max(expectedHosts, hosts.Length);
        var ordered = findings.OrderByDescending(f => f.Severity).ThenByDescending(f => f.FirstSeen).ThenBy(f => f.Id, StringComparer.Ordinal).ToList();
        Findings = [.. ordered.Where(f => f.Accepted is null)];
        Accepted = [.. ordered.Where(f => f.Accepted is not null)];
        Rules = rules;
        var stale = ordered.Where(f => f.RuleId == StaleHostRule).Select(f => f.Subject.Id).ToHashSet(StringComparer.OrdinalIgnoreCase);
        Refusals = refusals ?? ImmutableDictionary<string, string>.Empty;
        var readers = agents.SelectMany(a => a.HostIds.Select(id => (Id: id, Agent: a))).ToLookup(p => p.Id, p => p.Agent, StringComparer.OrdinalIgnoreCase);
        Hosts =
        [
            .. hosts.Select(h => (Reading: h, Id: h.Id ?? h.Key))
                .Select(h => new HostLine(h.Reading, at, Silent(h.Id, [.. readers[h.Id]]), stale.Contains(h.Id)) { Refusal = Refusals.GetValueOrDefault(h.Id) })
                .OrderBy(h => h.Name, StringComparer.OrdinalIgnoreCase),
        ];
        _hostById = First(Hosts, h => h.Id);
        _hostByKey = First(Hosts, h => h.Reading.Key);
        LostHosts = lostHosts;
        TriedHosts = Hosts.Count(h => h.IsTried);
        AwaitedHosts = Math.Max(0, ExpectedHosts - Hosts.Length - lostHosts) + Hosts.Count(h => h.IsAwaited);
        Clusters = RuleEngine.ClustersOf([.. Hosts.Select(h => h.Facts)]);
        _clusters = First(Clusters, c => c.Cluster.Id);
        FindingsOf = ByObject(Findings);
        AcceptedOf = ByObject(Accepted);
        VirtualMachines =
        [
            .. Hosts.SelectMany(h => (h.Reading.VirtualMachines.Content?.Items ?? [])
                .Select(v => new VirtualMachineLine(v, h, [.. FindingsOf[v.Id.ToString()]]) { Accepted = [.. AcceptedOf[v.Id.ToString()]] })),
        ];
        _vms = VirtualMachines.DistinctBy(v => v.Vm.Id).ToFrozenDictionary(v => v.Vm.Id);
        VmsOf = VirtualMachines.ToLookup(v => v.Host);
        var onNode = ordered.Select(f => f.Subject.Kind == ObjectKind.Switch && f.Subject.Id.Split('/') is [_, var hex, var node] && NameOf(hex) is { } wanted ? (Node: node, Wanted: wanted, Finding: f) : default)
            .Where(w => w.Node is not null).ToLookup(w => w.Node, StringComparer.OrdinalIgnoreCase);
        Switches =
        [
            .. Hosts.SelectMany(h => (h.Reading.Switches.Content?.Items ?? []).Select(s =>
            {
                string id = $"{h.Id}/{s.Id}";
                var about = FindingsOf[id].Concat(AcceptedOf[id]).Concat(onNode[h.Id].Where(w => IsNear(w.Wanted, s.Name)).Select(w => w.Finding)).DistinctBy(f => f.Id).ToList();
                return new SwitchLine(s, h, [.. about.Where(f => f.Accepted is null)]) { Accepted = [.. about.Where(f => f.Accepted is not null)] };
            })),
        ];
        var findingsOf = HostsOf(ordered);
        _findingsOn = findingsOf.Where(p => p.Finding.Accepted is null).ToLookup(p => p.Host, p => p.Finding);
        _acceptedOn = findingsOf.Where(p => p.Finding.Accepted is not null).ToLookup(p => p.Host, p => p.Finding);
        _disks = new(() => [.. Hosts.SelectMany(h => DiskLine.Of(h, VmsOf[h]))]);
        _findings = ordered.ToFrozenDictionary(f => f.Id, StringComparer.OrdinalIgnoreCase);
    }

    private readonly FrozenDictionary<string, Finding> _findings;
    private readonly ILookup<HostLine, Finding> _findingsOn;
    private readonly ILookup<HostLine, Finding> _acceptedOn;
    private readonly FrozenDictionary<string, HostLine> _hostById;
    private readonly FrozenDictionary<string, HostLine> _hostByKey;
    private readonly FrozenDictionary<Guid, VirtualMachineLine> _vms;
    private readonly FrozenDictionary<string, ClusterSubject> _clusters;
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

    /// <summary>Findings that somebody answers for until a day, worst first; they are not among <see cref="Findings"/>.</summary>
    public ImmutableArray<Finding> Accepted { get; }

    public ImmutableArray<RuleTally> Rules { get; }

    /// <summary>Ids of the rules that the settings switch off everywhere, as <see cref="RuleBook.Off"/> tells them; a rule that happens to meet nothing but exceptions is not off.</summary>
    public FrozenSet<string> Off { get; init; } = FrozenSet<string>.Empty;

    public int RulesOff => Off.Count;

    /// <summary>Rules that look at something.</summary>
    public int RulesOn => Rules.Count(r => !Off.Contains(r.RuleId));

    /// <summary>Hosts to which more than one target leads.</summary>
    public ImmutableArray<DoubleTarget> Doubles { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>The targets that lead to a host, if they are several; null: one does.</summary>
    public DoubleTarget? DoubleOf(HostLine host) => Doubles.FirstOrDefault(d => d.HostId.Equals(host.Id, StringComparison.OrdinalIgnoreCase));

    /// <summary>Findings by the id of a host, VM, cluster or switch they are about.</summary>
    public ILookup<string, Finding> FindingsOf { get; }

    /// <summary>The same for findings that somebody answers for.</summary>
    public ILookup<string, Finding> AcceptedOf { get; }

    /// <summary>Hosts that agents are set to read, whether or not they were read yet.</summary>
    public int ExpectedHosts { get; }

    /// <summary>Hosts whose VM list was tried at least once.</summary>
    public int TriedHosts { get; }

    /// <summary>Hosts whose first reading is on the way.</summary>
    public int AwaitedHosts { get; }

    /// <summary>Hosts without any reading that are not waited for: their agent is silent, or tells nothing of them.</summary>
    public int LostHosts { get; }

    /// <summary>There is more to come by itself, or nothing came yet. Not for ever: a host of which its agent says nothing is not waited for.</summary>
    public bool IsFirstReading => TriedHosts == 0 || AwaitedHosts > 0;

    /// <summary>Without this nothing may be called healthy, and nothing be said not to exist.</summary>
    public bool IsEveryHostTried => ExpectedHosts > 0 && TriedHosts == ExpectedHosts;

    public bool IsLab => Hosts.Any(h => h.Reading.Origin == Origin.Lab);

    public bool IsCapture => Hosts.Any(h => h.Reading.Origin == Origin.Capture);

    /// <summary>Objects that some rule could not judge.</summary>
    public int UnknownChecks => Rules.Sum(r => r.Unknown);

    /// <summary>Everything was read and judged, and nobody is silent: only then may the whole be called healthy.</summary>
    public bool IsFullyKnown => IsEveryHostTried && UnknownChecks == 0 && Agents.All(a => a.IsConnected) && Hosts.All(h => h.IsFullyKnown);

    /// <summary>Where the readings came from, in one word; a demo is never mistaken for reality.</summary>
    public string OriginWord => IsLab ? "lab" : IsCapture ? "capture" : "host";

    /// <summary>Why a host was not read when somebody asked for it, by its id.</summary>
    public ImmutableDictionary<string, string> Refusals { get; }

    /// <summary>Agents that were asked and do not answer.</summary>
    public IEnumerable<AgentLink> SilentAgents => Agents.Where(a => a.IsSilent);

    /// <summary>Shape of the worst thing about a host and its VMs.</summary>
    public string StandingOf(HostLine host) => Standing.Of(FindingsOn(host).Concat(AcceptedOn(host)), host.IsFullyKnown);

    /// <summary>Shape of the worst thing about a cluster, its nodes and their VMs.</summary>
    public string StandingOf(ClusterSubject cluster) => Standing.Of(
        FindingsOn(cluster).Concat(AcceptedOf[cluster.Cluster.Id]).Concat(cluster.Members.SelectMany(m => m.Host is { } node && FindHost(node.Id) is { } host ? AcceptedOn(host) : [])),
        cluster.Members.All(m => m.Host is { } node && FindHost(node.Id) is { IsFullyKnown: true }));

    /// <summary>
    /// Open findings on a host, worst first: those whose subject, or an object they affect, is the host, is a node of a cluster that it is, or is anything on it: a VM and its
    /// devices, a switch, an adapter, a volume. A finding about no host and no cluster, such as one of a print farm, is on the hosts whose facts it rests on. That facts were only
    /// compared with those of a host does not put a finding on it. Every count, list and marker of a host is of these.
    /// </summary>
    public IEnumerable<Finding> FindingsOn(HostLine host) => _findingsOn[host];

    /// <summary>The same for findings that somebody answers for.</summary>
    public IEnumerable<Finding> AcceptedOn(HostLine host) => _acceptedOn[host];

    /// <summary>Findings about a cluster, its nodes and their VMs.</summary>
    public IEnumerable<Finding> FindingsOn(ClusterSubject cluster) => FindingsOf[cluster.Cluster.Id]
        .Concat(cluster.Members.SelectMany(m => m.Host is { } node && FindHost(node.Id) is { } host ? FindingsOn(host) : [])).DistinctBy(f => f.Id);

    public HostLine? FindHost(string id) => _hostById.GetValueOrDefault(id) ?? _hostByKey.GetValueOrDefault(id);

    public VirtualMachineLine? FindVm(string id) => Guid.TryParse(id, out var guid) ? _vms.GetValueOrDefault(guid) : null;

    public Finding? FindFinding(string id) => _findings.GetValueOrDefault(id);

    public ClusterSubject? FindCluster(string id) => _clusters.GetValueOrDefault(id);

    private ILookup<string, Finding> ByObject(ImmutableArray<Finding> findings) => findings.SelectMany(f => Heads(f.Subject.Id).Where(_clusters.ContainsKey).Select(c => new ObjectRef(ObjectKind.Cluster, c, ""))
            .Concat(f.Affected.Select(a => a.Object)).Append(f.Subject).Select(o => (Key: Key(o), Finding: f)))
        .Where(p => p.Key is not null).DistinctBy(p => (p.Key, p.Finding.Id)).ToLookup(p => p.Key!, p => p.Finding, StringComparer.OrdinalIgnoreCase);

    private List<(HostLine Host, Finding Finding)> HostsOf(List<Finding> findings)
    {
        var ofVm = VirtualMachines.ToLookup(v => v.Vm.Id.ToString(), v => v.Host.Id, StringComparer.OrdinalIgnoreCase);
        var ofNode = Clusters.SelectMany(c => c.Members.Select(m => (Id: $"{c.Cluster.Id}/node/{m.Node.Name}", m.Host)))
            .Where(n => n.Host is not null).ToLookup(n => n.Id, n => n.Host!.Id, StringComparer.OrdinalIgnoreCase);
        return [.. findings.SelectMany(f => Names(f).Select(FindHost).OfType<HostLine>().Distinct().Select(h => (h, f)))];

        IEnumerable<string> Names(Finding finding)
        {
            var named = finding.Affected.Select(a => a.Object).Append(finding.Subject).SelectMany(Of).ToList();
            return named.Count > 0 || Heads(finding.Subject.Id).Append(finding.Subject.Id).Any(_clusters.ContainsKey) ? named : finding.Evidence.Select(e => e.HostId).OfType<string>();
        }

        IEnumerable<string> Of(ObjectRef o) => o.Kind switch
        {
            ObjectKind.Host => [o.Id],
            ObjectKind.ClusterNode => ofNode[o.Id],
            // A VM is where it is listed now, which may be elsewhere than when the finding was made.
            _ => [.. o.HostId is { } host ? [host] : (string[])[], .. o.Kind != ObjectKind.Switch && Key(o) is { } vm ? ofVm[vm] : []],
        };
    }

    private static FrozenDictionary<string, T> First<T>(IEnumerable<T> items, Func<T, string> id) =>
        items.DistinctBy(id, StringComparer.OrdinalIgnoreCase).ToFrozenDictionary(id, StringComparer.OrdinalIgnoreCase);

    // "a/b/c" may be about something in "a" or in "a/b".
    private static IEnumerable<string> Heads(string id)
    {
        for (int at = id.IndexOf('/', StringComparison.Ordinal); at >= 0; at = id.IndexOf('/', at + 1))
        {
            yield return id[..at];
        }
    }

    // A rule that compares nodes speaks of "this name on that node"; it concerns the switch that has the name there, or nearly.
    private static bool IsNear(string wanted, string name) => wanted == name || SwitchNames.NearMatch(wanted, [name]) is not null;

    private static string? NameOf(string hex) =>
        hex.Length % 2 == 0 && hex.All(char.IsAsciiHexDigit) ? System.Text.Encoding.UTF8.GetString(Convert.FromHexString(hex)) : null;

    // Two agents may read one host; it is cut off only if both say nothing.
    private static AgentLink? Silent(string host, List<AgentLink> readers) =>
        readers.Count > 0 && readers.TrueForAll(a => a.WhySilentAbout(host) is not null) ? readers.MaxBy(a => a.HeardAt) : null;

    private static string? Key(ObjectRef o) => o.Kind switch
    {
        ObjectKind.VirtualMachine or ObjectKind.Host or ObjectKind.Cluster or ObjectKind.Switch => o.Id,
        // The id of a device starts with its VM's.
        ObjectKind.Drive or ObjectKind.NetworkAdapter or ObjectKind.Controller when o.Id.Length > 46 => o.Id.Substring(10, 36),
        _ => null,
    };
}

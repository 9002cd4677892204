using System.Collections.Frozen;
using System.Collections.Immutable;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Guests;
using HyperVDash.Model.Switches;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Web.Fleet;

/// <summary>Everything the pages show, at one moment. Replaced, never changed; joined once, so that a page only picks.</summary>
public sealed class FleetView
{
    public static FleetView Empty { get; } = new(DateTimeOffset.UnixEpoch, [], [], [], [], 0);

    public FleetView(
        DateTimeOffset at, ImmutableArray<AgentLink> agents, ImmutableArray<HostReading> hosts, ImmutableArray<Finding> findings, ImmutableArray<RuleTally> rules, int expectedHosts)
    {
        At = at;
        Agents = agents;
        ExpectedHosts = Math.Max(expectedHosts, hosts.Length);
        Findings = [.. findings.OrderByDescending(f => f.Severity).ThenByDescending(f => f.FirstSeen).ThenBy(f => f.Id, StringComparer.Ordinal)];
        Rules = rules;
        Hosts = [.. hosts.Select(h => new HostLine(h)).OrderBy(h => h.Name, StringComparer.OrdinalIgnoreCase)];
        Clusters = RuleEngine.ClustersOf([.. Hosts.Select(h => h.Facts)]);
        var clusterIds = Clusters.Select(c => c.Cluster.Id).ToList();
        var byVm = Findings.SelectMany(f => clusterIds.Where(c => f.Subject.Id.StartsWith(c + "/", StringComparison.OrdinalIgnoreCase)).Select(c => new ObjectRef(ObjectKind.Cluster, c, ""))
            .Concat(f.Affected.Select(a => a.Object)).Append(f.Subject).Select(o => (Key: Key(o), Finding: f)))
            .Where(p => p.Key is not null).DistinctBy(p => (p.Key, p.Finding.Id)).ToLookup(p => p.Key!, p => p.Finding, StringComparer.OrdinalIgnoreCase);
        FindingsOf = byVm;
        VirtualMachines = [.. Hosts.SelectMany(h => (h.Reading.VirtualMachines.Content?.Items ?? []).Select(v => new VirtualMachineLine(v, h, byVm[v.Id.ToString()].ToImmutableArray())))];
        Switches = [.. Hosts.SelectMany(h => (h.Reading.Switches.Content?.Items ?? []).Select(s => new SwitchLine(s, h)))];
        _findings = Findings.ToFrozenDictionary(f => f.Id, StringComparer.OrdinalIgnoreCase);
    }

    private readonly FrozenDictionary<string, Finding> _findings;

    public DateTimeOffset At { get; }

    public ImmutableArray<AgentLink> Agents { get; }

    public ImmutableArray<HostLine> Hosts { get; }

    public ImmutableArray<ClusterSubject> Clusters { get; }

    public ImmutableArray<VirtualMachineLine> VirtualMachines { get; }

    public ImmutableArray<SwitchLine> Switches { get; }

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

    public HostLine? FindHost(string id) =>
        Hosts.FirstOrDefault(h => h.Id.Equals(id, StringComparison.OrdinalIgnoreCase)) ?? Hosts.FirstOrDefault(h => h.Reading.Key.Equals(id, StringComparison.OrdinalIgnoreCase));

    public VirtualMachineLine? FindVm(string id) => Guid.TryParse(id, out var guid) ? VirtualMachines.FirstOrDefault(v => v.Vm.Id == guid) : null;

    public Finding? FindFinding(string id) => _findings.GetValueOrDefault(id);

    public ClusterSubject? FindCluster(string id) => Clusters.FirstOrDefault(c => c.Cluster.Id.Equals(id, StringComparison.OrdinalIgnoreCase));

    private static string? Key(ObjectRef o) => o.Kind switch
    {
        ObjectKind.VirtualMachine or ObjectKind.Host or ObjectKind.Cluster or ObjectKind.Switch => o.Id,
        // The id of a device starts with its VM's.
        ObjectKind.Drive or ObjectKind.NetworkAdapter or ObjectKind.Controller when o.Id.Length > 46 => o.Id.Substring(10, 36),
        _ => null,
    };
}

/// <summary>A host with its joins.</summary>
public sealed class HostLine(HostReading reading)
{
    public HostReading Reading { get; } = reading;

    public HostSubject Facts { get; } = new(reading);

    public string Id => Reading.Id ?? Reading.Key;

    public string Name => Reading.Name;

    /// <summary>The VM list is from the newest attempt.</summary>
    public bool IsCurrent => Reading.VirtualMachines.IsReadable();

    public IEnumerable<NamedSection> Troubled => Reading.Sections().Where(s => s.Section.Attempt.State is SectionState.Denied or SectionState.Failed or SectionState.Partial);
}

/// <summary>A VM with its host and what is known of its guest.</summary>
public sealed record VirtualMachineLine(VirtualMachine Vm, HostLine Host, ImmutableArray<Finding> Findings)
{
    public Guest? Guest => Host.Facts.GuestOf.GetValueOrDefault(Vm.Id);

    public Model.Clusters.ClusteredVirtualMachine? Clustered => Host.Facts.Clustered.GetValueOrDefault(Vm.Id);

    public Model.Performance.VirtualMachinePerformance? Performance =>
        Host.Reading.Performance.Content?.VirtualMachines.FirstOrDefault(p => p.VirtualMachineId == Vm.Id);
}

public sealed record SwitchLine(VirtualSwitch Switch, HostLine Host);

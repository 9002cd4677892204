using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.LoadBalancing;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.LoadBalancing;

public sealed class NlbNodesMissing : PrintFarmRule
{
    public override RuleCard Card { get; } = new("HVD901", "nlb-nodes", RuleScope.Farm, RuleKind.State)
    {
        Title = "NLB print cluster has not exactly its expected, converged nodes",
        Why = "A print farm of one node is what the farm was built to get rid of; without a converged node nobody prints.",
        Fix = "Start or resume the node, and see that every node sees all others. Two nodes are expected; setting Rules:NlbExpectedNodes.",
        Quiet = "A node converges for less than five minutes (Rules:NlbConvergingTime). A node that was drained or suspended is a warning only.",
        Sections = ["loadBalancing"],
        Mentions = ["printServer", "dns", "operatingSystem"],
        Severities = [Severity.Warning, Severity.Error, Severity.Critical],
        Origin = "Field notes of December 2007, third post, step 1; published status codes of the NLB provider",
    };

    protected override IEnumerable<Verdict> Examine(PrintFarm farm, FarmSubject all, RuleContext context)
    {
        var read = farm.Nodes.Where(n => Blocked(n, context, "loadBalancing") is null).ToList();
        var faults = read.Count == 0 ? [] : Faults(farm, read, all, context).ToList();
        foreach (var fault in faults)
        {
            yield return fault;
        }

        var unknown = Unseen(farm, context, "loadBalancing") ?? Unnamed(farm, all, context)
            // A node that sees itself only does not tell of another that cannot be asked.
            ?? (farm.Members.Length < context.Settings.NlbExpectedNodes ? PrintFarms.NotKnown(all.Hosts, context) : null) ?? read.Select(NotSaidBy).FirstOrDefault(u => u is not null);
        if (unknown is not null)
        {
            yield return unknown;
        }
        else if (!faults.Exists(f => f is Verdict.Fire))
        {
            yield return Verdict.Passed;
        }
    }

    private static Verdict.Unknown? NotSaidBy(PrintFarmNode node) =>
        node.State == NlbNodeState.Unknown ? NotSaid("loadBalancing", $"the state of {node.Name}")
        : node.Cluster.HostPriority is null ? NotSaid("loadBalancing", $"the priority of {node.Name}")
        : node.Cluster.StartsWithWindows is null ? NotSaid("loadBalancing", $"whether {node.Name} joins when Windows starts") : null;

    private static IEnumerable<Verdict> Faults(PrintFarm farm, List<PrintFarmNode> read, FarmSubject all, RuleContext context)
    {
        int good = read.Count(n => n.IsConverged);
        bool isDead = good == 0 && farm.Unread.IsEmpty && read.Count == farm.Nodes.Length && read.TrueForAll(n => n.State != NlbNodeState.Unknown);
        if (isDead)
        {
            yield return None(farm, read);
        }

        foreach (var node in isDead ? [] : read.Where(n => !n.IsConverged))
        {
            if (State(farm, read, node, good, context) is { } fault)
            {
                yield return fault;
            }
        }

        int expected = context.Settings.NlbExpectedNodes;
        if (farm.Members.Length != expected)
        {
            yield return Fire(farm, read, "count", farm.Members.Length == 1 ? Severity.Error : Severity.Warning,
                $"{farm.Title} has {farm.Members.Length} node{(farm.Members.Length == 1 ? "" : "s")}: {string.Join(", ", farm.Members)}; {expected} are expected", [], $"{expected} nodes");
        }

        foreach (string key in Named(farm))
        {
            if (all.Hosts.FirstOrDefault(h => h.Reading.Key.Equals(key, StringComparison.OrdinalIgnoreCase)) is { } host && !farm.Nodes.Any(n => n.Host == host) && Unreadable(host, context, "loadBalancing") is null or Verdict.NotApplicable)
            {
                yield return Fire(farm, read, "configured", Severity.Error, $"{host.Name} is named as a node of {farm.Title}, but has no NLB of {farm.Address}", [new(AffectedRole.Cause, host.Identity)], null) with { Discriminator = host.Id };
            }
        }

        foreach (var node in read.Where(n => !n.Cluster.Nodes.IsEmpty))
        {
            if (read.Where(n => n != node && !node.Members.Contains(PrintFarmNode.Short(n.Name))).Select(n => n.Name).ToList() is { Count: > 0 } hidden)
            {
                yield return Fire(farm, read, "split", Severity.Error, $"{node.Name} does not see {string.Join(", ", hidden)} in {farm.Title}: each serves clients by itself", [new(AffectedRole.Cause, node.Host.Identity)], null) with { Discriminator = node.Host.Id };
            }
        }

        if (read.Where(n => n.Cluster.HostPriority is not null).GroupBy(n => n.Cluster.HostPriority).FirstOrDefault(g => g.Count() > 1) is { } same)
        {
            yield return Fire(farm, read, "priority", Severity.Error, $"{string.Join(" and ", same.Select(n => n.Name))} both have priority {same.Key} in {farm.Title}", [.. same.Select(n => new AffectedObject(AffectedRole.Cause, n.Host.Identity))], null);
        }

        foreach (var node in read.Where(n => n.Cluster.StartsWithWindows == false))
        {
            yield return Fire(farm, read, "start", Severity.Warning, $"{node.Name} does not join {farm.Title} when Windows starts", [new(AffectedRole.Cause, node.Host.Identity)], null) with { Discriminator = node.Host.Id };
        }
    }

    private static IEnumerable<string> Named(PrintFarm farm) => farm.Names.SelectMany(f => f.Hosts).Distinct(StringComparer.OrdinalIgnoreCase);

    /// <summary>A node that the settings name and nobody can look at.</summary>
    private static Verdict.Unknown? Unnamed(PrintFarm farm, FarmSubject all, RuleContext context)
    {
        foreach (string key in Named(farm))
        {
            var host = all.Hosts.FirstOrDefault(h => h.Reading.Key.Equals(key, StringComparison.OrdinalIgnoreCase));
            if (host is null)
            {
                return new Verdict.Unknown("loadBalancing", $"{key}, which the settings name as a node, is read by no agent.");
            }

            if (Unreadable(host, context, "loadBalancing") is Verdict.Unknown unknown)
            {
                return unknown with { Reason = $"{host.Name}: {unknown.Reason}" };
            }
        }

        return null;
    }

    /// <summary>Nobody answers at the virtual address, so whatever else is wrong with the farm waits.</summary>
    private static Verdict.Fire None(PrintFarm farm, List<PrintFarmNode> read) => Fire(farm, read, "none", Severity.Critical, $"No node of {farm.Title} is converged: {string.Join(", ", read.Select(n => $"{n.Name} {Word(n.State)}"))}",
        [
            new(AffectedRole.Impacted, farm.Identity), .. read.Select(n => new AffectedObject(AffectedRole.Impacted, n.Host.Identity)),
            .. farm.Nodes.SelectMany(n => n.Server?.Queues ?? []).Select(q => farm.Queue(q.ShareName)).DistinctBy(q => q.Id).Select(q => new AffectedObject(AffectedRole.Impacted, q)),
            .. farm.Names.Select(f => f.ClusterName).Concat(farm.OldNames).Distinct().Select(n => new AffectedObject(AffectedRole.Impacted, farm.DnsName(n))),
        ], null) with { Impact = "Nobody answers at the virtual address: no client can print." };

    private static Verdict.Fire? State(PrintFarm farm, List<PrintFarmNode> read, PrintFarmNode node, int good, RuleContext context)
    {
        (string Variant, Severity Severity)? fault = node.State switch
        {
            NlbNodeState.Stopped => ("stopped", Severity.Error),
            NlbNodeState.Draining or NlbNodeState.Suspended => ("drained", Severity.Warning),
            NlbNodeState.Converging when node.Cluster.StateSeenAt is { } since && context.Passed(since + context.Settings.NlbConvergingTime) => ("converging", Severity.Warning),
            _ => null,
        };
        return fault is not { } told ? null
            : Fire(farm, read, told.Variant, told.Severity, $"{node.Name} is {Word(node.State)} in {farm.Title}; {good} of {farm.Members.Length} nodes are converged", [new(AffectedRole.Cause, node.Host.Identity)], null) with { Discriminator = node.Host.Id };
    }

    private static Verdict.Fire Fire(PrintFarm farm, List<PrintFarmNode> read, string variant, Severity severity, string title, ImmutableArray<AffectedObject> affected, string? expected) => new(variant, severity, title)
    {
        Impact = "The farm has less redundancy than it was built for, or none.",
        Remedy = Remedy(farm, read, variant),
        Evidence =
        [
            Fact(read[0].Host, "loadBalancing", $"Virtual address of {farm.Title}", farm.Address, null, "MicrosoftNLB_ClusterSetting.ClusterIPAddress"),
            .. read.Select(n => Fact(n.Host, "loadBalancing", $"{n.Name}: its state", $"{Word(n.State)}{(n.Self?.StatusCode is { } code ? $" ({code.ToString(CultureInfo.InvariantCulture)})" : "")}", "converged", "MicrosoftNLB_Node.StatusCode")),
            .. read.Select(n => Fact(n.Host, "loadBalancing", $"{n.Name}: sees", string.Join(", ", n.Cluster.Nodes.Select(m => $"{m.Name} (priority {m.HostPriority?.ToString(CultureInfo.InvariantCulture) ?? "not said"})")), expected ?? "all nodes, each with a priority of its own", "MicrosoftNLB_Node.HostPriority")),
            .. read.Select(n => Fact(n.Host, "loadBalancing", $"{n.Name}: joins when Windows starts", n.Cluster.StartsWithWindows switch { true => "yes", false => "no", _ => null }, "yes", "MicrosoftNLB_NodeSetting.ClusterModeOnStart")),
        ],
        Affected = affected,
    };

    private static Remedy Remedy(PrintFarm farm, List<PrintFarmNode> read, string variant)
    {
        var host = read[0].Host;
        if (variant is "configured" or "count")
        {
            return new($"Make the nodes of {farm.Title} those that are meant: join the missing one to the cluster, or take it out of the settings (Agent:PrintFarms, Rules:NlbExpectedNodes).") { Commands = [PowerShell.Line($"Get-NlbClusterNode -HostName {host}")], Risk = RemedyRisk.Online };
        }

        var still = read.FindAll(n => !n.IsConverged);
        string[] commands = variant switch
        {
            "start" => [.. read.Where(n => n.Cluster.StartsWithWindows == false).Select(n => PowerShell.Line($"Get-NlbClusterNode -HostName {n.Host} -NodeName {n.Host} | Set-NlbClusterNode -InitialHostState Started"))],
            _ =>
            [
                PowerShell.Line($"Get-NlbClusterNode -HostName {host}"),
                .. still.Select(n => n.State == NlbNodeState.Suspended ? PowerShell.Line($"Resume-NlbClusterNode -HostName {n.Host}") : PowerShell.Line($"Start-NlbClusterNode -HostName {n.Host}")),
            ],
        };
        return Mend(host, RemedyRisk.Online, $"Bring every node of {farm.Title} back and check that each sees all others.",
            $"In Network Load Balancing Manager start the nodes of {farm.Title}, or on each: nlb.exe start {farm.Address}.", commands);
    }

    private static string Word(NlbNodeState state) => state switch
    {
        NlbNodeState.Converged => "converged", NlbNodeState.ConvergedAsDefault => "converged as default host", NlbNodeState.Converging => "converging", NlbNodeState.Draining => "draining",
        NlbNodeState.Stopped => "stopped", NlbNodeState.Suspended => "suspended", _ => "state not said",
    };

    public override ImmutableArray<Example<FarmSubject>> Examples { get; } =
    [
        Fires(Severity.Error, "P1 converged as default host, P2 stopped", GivenPrint.Farm(GivenPrint.Node(1), GivenPrint.Node(2).Is(NlbNodeState.Stopped))),
        Passes("P1 converged as default host, P2 converged", GivenPrint.Healthy),
        Fires(Severity.Critical, "both nodes stopped", GivenPrint.Farm(GivenPrint.Node(1).Is(NlbNodeState.Stopped), GivenPrint.Node(2).Is(NlbNodeState.Stopped))),
        Fires(Severity.Warning, "P2 is drained", GivenPrint.Farm(GivenPrint.Node(1), GivenPrint.Node(2).Is(NlbNodeState.Draining))),
        Fires(Severity.Warning, "P2 is suspended", GivenPrint.Farm(GivenPrint.Node(1), GivenPrint.Node(2).Is(NlbNodeState.Suspended))),
        Passes("P2 converges for exactly five minutes", GivenPrint.Farm(GivenPrint.Node(1), Converging(TimeSpan.FromMinutes(5)))),
        Fires(Severity.Warning, "P2 converges for five minutes and a second", GivenPrint.Farm(GivenPrint.Node(1), Converging(new TimeSpan(0, 5, 1)))),
        Fires(Severity.Error, "one node alone in its cluster", GivenPrint.Farm(GivenPrint.Node(1).Nlb(c => c with { Nodes = [.. c.Nodes.Where(n => n.IsLocal)] }))),
        Fires(Severity.Warning, "three nodes", GivenPrint.Farm(Third(1), Third(2))),
        CannotTell("three nodes where three are expected, the third read by no agent", GivenPrint.Farm(Third(1), Third(2)), new() { NlbExpectedNodes = 3 }),
        Fires(Severity.Error, "two nodes that do not see each other", GivenPrint.Farm(Alone(1), Alone(2))),
        Fires(Severity.Error, "both have priority 1", GivenPrint.Farm(GivenPrint.Node(1), GivenPrint.Node(2).Nlb(c => c with { HostPriority = 1 }))),
        Fires(Severity.Warning, "P2 does not join when Windows starts", GivenPrint.Farm(GivenPrint.Node(1), GivenPrint.Node(2).Nlb(c => c with { StartsWithWindows = false }))),
        Fires(Severity.Error, "a third host is named as a node and has no NLB", GivenPrint.Farm(Naming("HV01"), GivenPrint.Node(2), GivenPrint.Other)),
        CannotTell("a third host is named as a node and read by nobody", GivenPrint.Farm(Naming("P3"), GivenPrint.Node(2))),
        CannotTell("P2 is read by no agent", GivenPrint.Farm(GivenPrint.Node(1))),
        CannotTell("P2 does not tell its state", GivenPrint.Farm(GivenPrint.Node(1), GivenPrint.Node(2).Is(NlbNodeState.Unknown))),
        CannotTell("NLB of P2 is denied", GivenPrint.Farm(GivenPrint.Node(1), GivenPrint.Node(2) with { LoadBalancing = Sample.Failed<LoadBalancingState>(SectionState.Denied, "needs Remote Enable") })),
        Skips("a cluster of web servers: no node has the print role", GivenPrint.Farm(Web(1), Web(2))),
        Skips("a host without NLB", GivenPrint.Farm(GivenPrint.Other)),
    ];

    private static HostReading Converging(TimeSpan since) => GivenPrint.Node(2).Is(NlbNodeState.Converging).Nlb(c => c with { StateSeenAt = Sample.Now - since });

    private static HostReading Third(int number) => GivenPrint.Node(number).Nlb(c => c with { Nodes = c.Nodes.Add(new("P3.lab", 3, NlbNodeState.Unknown)) });

    private static HostReading Alone(int number) => GivenPrint.Node(number).Nlb(c => c with { Nodes = [.. c.Nodes.Where(n => n.IsLocal)] });

    private static HostReading Naming(string key) => GivenPrint.Node(1).Asked(new() { Farms = [new(GivenPrint.Name) { Hosts = ["P1", "P2", key] }] });

    private static HostReading Web(int number) => GivenPrint.Node(number) with { PrintServer = Sample.Host.PrintServer, Dns = Sample.Host.Dns };
}

using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Clusters;

public sealed class ClusterPartNotUp : Rule<ClusterSubject>
{
    public override RuleCard Card { get; } = new("HVD302", "node-or-network-not-up", RuleScope.Cluster, RuleKind.State)
    {
        Title = "Cluster node, network or interface is not up",
        Why = "The capacity for a failover, or the path of the heartbeat, is already gone: the next fault takes VMs down.",
        Fix = "Start or resume the node, end its quarantine, mend the link, or let the cluster use a second network.",
        Quiet = "A node paused for less than the setting NodePausedTime, draining, or tagged maintenance; networks that the cluster does not use; interfaces of a node that is down.",
        Sections = ["cluster"],
        Mentions = ["eventLog", "operatingSystem"],
        Severities = [Severity.Warning, Severity.Critical],
        Origin = "Published states of the Health Service and of failover clusters",
    };

    public override IEnumerable<Verdict> Examine(ClusterSubject subject, RuleContext context)
    {
        if (ClusterFacts.Gap(subject, h => Unreadable(h, context, "cluster")) is { } gap)
        {
            yield return gap;
            yield break;
        }

        var teller = ClusterFacts.Teller(subject, h => Unreadable(h, context, "cluster"));
        foreach (var member in subject.Members)
        {
            yield return Node(subject, teller, member, context) with { Object = ClusterFacts.NodeOf(subject, member.Node) };
        }

        bool isWhole = true;
        foreach (var fault in Networks(subject, teller).Concat(Interfaces(subject, teller)))
        {
            isWhole = false;
            yield return fault;
        }

        if (subject.Cluster.Networks is null || subject.Cluster.Interfaces is null)
        {
            yield return NotSaid("cluster", "its networks and their interfaces");
        }
        else if (isWhole)
        {
            yield return Verdict.Passed;
        }
    }

    private static Verdict Node(ClusterSubject cluster, HostSubject teller, ClusterMember member, RuleContext context)
    {
        var node = member.Node;
        return member.Host is not null && context.Settings.HasTag(member.Host.Id, "maintenance") ? NotFor("The node is tagged maintenance.")
            : node.IsQuarantined == true ? Fire("quarantined", Severity.Critical, $"Node {node.Name} is in quarantine", PowerShell.Line($"Start-ClusterNode -Name {node.Name} -ClearQuarantine"))
            : node.IsIsolated == true ? Fire("isolated", Severity.Critical, $"Node {node.Name} is isolated: it runs, but the others do not hear it", PowerShell.Line($"Test-Cluster -Node {node.Name} -Include Network"))
            : node.State switch
            {
                ClusterNodeState.Up or ClusterNodeState.Joining => Verdict.Passed,
                ClusterNodeState.Down => Fire("down", Severity.Critical, $"Node {node.Name} is down", PowerShell.Line($"Start-ClusterNode -Name {node.Name}")),
                // 1: the cluster is moving its groups away at this moment.
                ClusterNodeState.Paused when node.DrainStatus == 1 => Verdict.Passed,
                ClusterNodeState.Paused when node.StateSeenAt is null => NotSaid("cluster", $"since when {node.Name} is paused"),
                ClusterNodeState.Paused => context.Passed(node.StateSeenAt.Value + context.Settings.NodePausedTime)
                    ? Fire("paused", Severity.Warning, $"Node {node.Name} has been paused since {node.StateSeenAt.Value.ToString("u", CultureInfo.InvariantCulture)} or longer", PowerShell.Line($"Resume-ClusterNode -Name {node.Name} -Failback NoFailback"))
                    : Verdict.Passed,
                _ => NotSaid("cluster", $"the state of {node.Name}"),
            };

        Verdict.Fire Fire(string variant, Severity severity, string title, string command) => new(variant, severity, title)
        {
            Impact = $"{cluster.Cluster.Name} has one node less for a failover.",
            Remedy = Mend(teller, RemedyRisk.Online, "Find out why in the node's event log, then bring it back.", "Find out why in the node's event log, then bring it back in Failover Cluster Manager.", command),
            Evidence =
            [
                .. cluster.Cluster.Nodes.Select(n => Fact(teller, "cluster", $"Node {n.Name}", Words(n), "up", "MSCluster_Node.State")),
                .. cluster.Hosts.SelectMany(h => (h.Reading.EventLog.Content?.Items ?? []).Where(g => g.Id == 1135).Select(g => Fact(h, "eventLog", $"{h.Name}: a node left (event 1135)", $"{g.Count} times, last {g.LastAt?.ToString("u", CultureInfo.InvariantCulture) ?? "not said"}"))),
            ],
            Affected = [.. member.Host is null ? Array.Empty<AffectedObject>() : [new AffectedObject(AffectedRole.Cause, member.Host.Identity)], new AffectedObject(AffectedRole.Context, cluster.Identity)],
        };
    }

    private static IEnumerable<Verdict> Networks(ClusterSubject cluster, HostSubject teller)
    {
        // 0: the cluster does not use it.
        var used = (cluster.Cluster.Networks ?? []).Where(n => n.Role is not 0).ToList();
        foreach (var network in used.Where(n => n.State is ClusterNetworkState.Partitioned or ClusterNetworkState.Down or ClusterNetworkState.Unavailable))
        {
            bool isPartitioned = network.State == ClusterNetworkState.Partitioned;
            yield return Fire(cluster, teller, isPartitioned ? "partitioned" : "network", isPartitioned ? Severity.Critical : Severity.Warning, network.Name,
                $"Cluster network {VisibleText.Of(network.Name)} is {network.State.ToString().ToLowerInvariant()}", isPartitioned ? "Nodes do not hear each other over it; VMs may fail over without need." : "The heartbeat has one path less.",
                "Mend switch, cable or adapter of this network.", PowerShell.Line($"Get-ClusterNetworkInterface -Network {network.Name}"));
        }

        foreach (var network in used.Where(n => n.State == ClusterNetworkState.Unknown))
        {
            yield return NotSaid("cluster", $"the state of network {VisibleText.Of(network.Name)}");
        }

        if (cluster.Cluster.Networks is null || cluster.Cluster.Nodes.Length < 2 || used.Count(n => n.Role is not null) > 1)
        {
            yield break;
        }

        if (used.Find(n => n.Role is null) is { } silent)
        {
            yield return NotSaid("cluster", $"what network {VisibleText.Of(silent.Name)} is used for") with { Variant = "oneNetwork" };
        }
        else
        {
            yield return Fire(cluster, teller, "oneNetwork", Severity.Warning, "", used.Count == 0 ? "No network carries cluster traffic" : $"Only {VisibleText.Of(used[0].Name)} carries cluster traffic",
                "When it fails, the nodes take each other for dead.", "Give the cluster a second network, or let it use one that is there.", PowerShell.Line($"(Get-ClusterNetwork -Name '<network>').Role = {3}"));
        }
    }

    private static IEnumerable<Verdict> Interfaces(ClusterSubject cluster, HostSubject teller)
    {
        var down = cluster.Cluster.Nodes.Where(n => n.State != ClusterNodeState.Up).Select(n => n.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var lost = (cluster.Cluster.Networks ?? []).Where(n => n.State != ClusterNetworkState.Up || n.Role == 0).Select(n => n.Name).ToHashSet(StringComparer.Ordinal);
        return (cluster.Cluster.Interfaces ?? [])
            // What the state of node or network already says is not told again for each interface.
            .Where(i => i.State != ClusterInterfaceState.Up && !down.Contains(i.Node ?? "") && !lost.Contains(i.Network ?? ""))
            .Select(i => i.State == ClusterInterfaceState.Unknown ? (Verdict)NotSaid("cluster", $"the state of the interface of {i.Node ?? "a node"} on {VisibleText.Of(i.Network ?? i.Name)}")
                : Fire(cluster, teller, "interface", Severity.Warning, $"{i.Node}|{i.Network}".ToLowerInvariant(), $"Interface of {i.Node ?? "a node"} on {VisibleText.Of(i.Network ?? i.Name)} {(i.State == ClusterInterfaceState.Failed ? "has failed" : i.State == ClusterInterfaceState.Unreachable ? "is unreachable" : "is not available")}",
                "The node has lost a path of the heartbeat.", $"Mend the link of {VisibleText.Of(i.Adapter ?? i.Name)} on {i.Node}.", PowerShell.Line($"Get-ClusterNetworkInterface -Node {i.Node} -Network {i.Network}")));
    }

    private static Verdict.Fire Fire(ClusterSubject cluster, HostSubject teller, string variant, Severity severity, string discriminator, string title, string impact, string fix, string command) => new(variant, severity, title)
    {
        Discriminator = discriminator,
        Impact = impact,
        Remedy = Mend(teller, RemedyRisk.Online, fix, fix, command),
        Evidence =
        [
            .. (cluster.Cluster.Networks ?? []).Select(n => Fact(teller, "cluster", $"Network {VisibleText.Of(n.Name)}", $"{n.State.ToString().ToLowerInvariant()}, role {n.Role?.ToString(CultureInfo.InvariantCulture) ?? "not said"}", n.Role == 0 ? null : "up", "MSCluster_Network.State")),
            .. (cluster.Cluster.Interfaces ?? []).Where(i => i.State != ClusterInterfaceState.Up).Take(10).Select(i => Fact(teller, "cluster", $"Interface of {i.Node} on {VisibleText.Of(i.Network ?? "")}", $"{i.State.ToString().ToLowerInvariant()}, {i.Address}", "up", "MSCluster_NetworkInterface.State")),
            Fact(teller, "cluster", "Networks that carry cluster traffic", $"{(cluster.Cluster.Networks ?? []).Count(n => n.Role is not 0)}", "2 or more", "MSCluster_Network.Role"),
        ],
    };

    private static string Words(ClusterNode node) => string.Join(", ", new[]
    {
        node.State.ToString().ToLowerInvariant(), node.IsQuarantined == true ? "quarantined" : null, node.IsIsolated == true ? "isolated" : null,
        node.DrainStatus is > 0 and var drain ? $"drain status {drain}" : null, node.StateSeenAt is { } at ? $"seen since {at.ToString("u", CultureInfo.InvariantCulture)}" : null,
    }.Where(w => w is not null));

    public override ImmutableArray<Example<ClusterSubject>> Examples { get; } =
    [
        Fires(Severity.Warning, "a node that has been paused for nine hours", Cluster(c => c with { Nodes = [c.Nodes[0], c.Nodes[1] with { State = ClusterNodeState.Paused, StateSeenAt = Sample.Now.AddHours(-9) }] })),
        Passes("two nodes that are up, two networks", Cluster(c => c)),
        Passes("paused for four hours", Cluster(c => c with { Nodes = [c.Nodes[0], c.Nodes[1] with { State = ClusterNodeState.Paused, StateSeenAt = Sample.Now.AddHours(-4) }] })),
        Fires(Severity.Warning, "paused for a second more", Cluster(c => c with { Nodes = [c.Nodes[0], c.Nodes[1] with { State = ClusterNodeState.Paused, StateSeenAt = Sample.Now.AddHours(-4).AddSeconds(-1) }] })),
        Fires(Severity.Critical, "a node that is down", Cluster(c => c with { Nodes = [c.Nodes[0], c.Nodes[1] with { State = ClusterNodeState.Down }] })),
        Passes("a node that is down and tagged maintenance", Cluster(c => c with { Nodes = [c.Nodes[0], c.Nodes[1] with { State = ClusterNodeState.Down }] }), Given.Tagged("maintenance", "n1")),
        Fires(Severity.Critical, "a node in quarantine", Cluster(c => c with { Nodes = [c.Nodes[0], c.Nodes[1] with { IsQuarantined = true }] })),
        Fires(Severity.Critical, "an isolated node", Cluster(c => c with { Nodes = [c.Nodes[0], c.Nodes[1] with { IsIsolated = true }] })),
        Fires(Severity.Critical, "a network that is partitioned", Cluster(c => c with { Networks = [c.Networks!.Value[0], c.Networks.Value[1] with { State = ClusterNetworkState.Partitioned }] })),
        Fires(Severity.Warning, "an interface that has failed", Cluster(c => c with { Interfaces = [new("N1 - pNIC2", ClusterInterfaceState.Failed) { Node = "N1", Network = "Heartbeat" }] })),
        Fires(Severity.Warning, "only one network for cluster traffic", Cluster(c => c with { Networks = [c.Networks!.Value[0], c.Networks.Value[1] with { Role = 0 }] })),
        Fires(Severity.Warning, "an interface that is not available", Cluster(c => c with { Interfaces = [new("N1 - pNIC2", ClusterInterfaceState.Unavailable) { Node = "N1", Network = "Heartbeat" }] })),
        CannotTell("an interface whose state was not said", Cluster(c => c with { Interfaces = [new("N1 - pNIC2", ClusterInterfaceState.Unknown) { Node = "N1", Network = "Heartbeat" }] })),
        CannotTell("a network whose state was not said", Cluster(c => c with { Networks = [c.Networks!.Value[0], c.Networks.Value[1] with { State = ClusterNetworkState.Unknown }] })),
        CannotTell("one network for cluster traffic, and another that does not say what it is for", Cluster(c => c with { Networks = [c.Networks!.Value[0], c.Networks.Value[1] with { Role = null }] })),
        CannotTell("networks that were not read", Cluster(c => c with { Networks = null })),
        CannotTell("a paused node of which nobody knows since when", Cluster(c => c with { Nodes = [c.Nodes[0], c.Nodes[1] with { State = ClusterNodeState.Paused }] })),
        CannotTell("a cluster that may not be read", new(View, [new(View.Nodes[0], new(Given.Host() with { Cluster = Sample.Failed<ClusterView>(SectionState.Denied, "no right") }))])),
    ];

    private static ClusterView View { get; } = new()
    {
        Id = "c", Name = "LAB", Nodes = [new("N0", ClusterNodeState.Up), new("N1", ClusterNodeState.Up)], Interfaces = [],
        Networks = [new("Clients", ClusterNetworkState.Up) { Role = 3 }, new("Heartbeat", ClusterNetworkState.Up) { Role = 1 }],
    };

    private static ClusterSubject Cluster(Func<ClusterView, ClusterView> change)
    {
        var view = change(View);
        return new(view, [.. view.Nodes.Select((n, i) => new ClusterMember(n, new(Given.Host().With(view) with { Id = $"n{i}", Key = n.Name, Name = n.Name })))]);
    }
}

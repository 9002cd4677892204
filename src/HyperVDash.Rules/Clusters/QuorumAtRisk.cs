using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Clusters;

public sealed class QuorumAtRisk : Rule<ClusterSubject>
{
    // Names of resource types in the cluster's registry; they are never translated.
    private static readonly string[] WitnessTypes = ["File Share Witness", "Cloud Witness", "Physical Disk"];

    public override RuleCard Card { get; } = new("HVD303", "quorum-at-risk", RuleScope.Cluster, RuleKind.State)
    {
        Title = "One more failure takes the cluster down, or no witness",
        Why = "When the votes that are left are no majority, the cluster stops, and every clustered VM with it.",
        Fix = "Bring nodes and witness back; give the cluster a witness.",
        Quiet = "A cluster of one node; without a witness five nodes or more; before the release of Hyper-V.",
        Sections = ["cluster"],
        Mentions = ["operatingSystem"],
        Severities = [Severity.Warning, Severity.Error, Severity.Critical],
        Origin = "Published quorum states of the Health Service",
    };

    public override IEnumerable<Verdict> Examine(ClusterSubject subject, RuleContext context)
    {
        Verdict? Gate(HostSubject host) => Unreadable(host, context, "cluster");
        yield return ClusterFacts.Gap(subject, Gate) ?? Judge(subject, ClusterFacts.Teller(subject, Gate));
    }

    private static Verdict Judge(ClusterSubject subject, HostSubject teller)
    {
        var cluster = subject.Cluster;
        if (cluster.Nodes.Length < 2)
        {
            return NotFor("The cluster has one node.");
        }

        if (subject.Hosts.Any(h => h.Profile?.Profile.IsPreRelease == true))
        {
            return NotFor("Before the release of Hyper-V clusters are for trials.");
        }

        if (cluster.Nodes.Any(n => (n.DynamicVote ?? n.Vote) is null))
        {
            return NotSaid("cluster", "the votes of its nodes");
        }

        if (cluster.Resources is not { } resources)
        {
            return NotSaid("cluster", "its witness");
        }

        var count = Votes.Of(cluster, resources.FirstOrDefault(r => r.IsCore == true && WitnessTypes.Contains(r.Type, StringComparer.OrdinalIgnoreCase)));
        string witness = count.Witness is null ? "no witness" : $"{count.Witness.Type} {count.Witness.State.ToString().ToLowerInvariant()}";
        return count.Margin < 1 && count.IsSomethingDown ? Fire(subject, teller, count, "margin", Severity.Critical, $"{cluster.Name} goes down with the next failure: {count.Up} of {count.All} votes are up, {count.Needed} are needed; {witness}")
            : count.Margin < 1 ? Fire(subject, teller, count, "margin", Severity.Error, $"{cluster.Name} goes down with the first failure: {count.All} votes, {count.Needed} are needed; {witness}")
            : count.Witness is { State: not ClusterResourceState.Online } ? Fire(subject, teller, count, "witness", Severity.Warning, $"The witness of {cluster.Name} is not online: {witness}")
            : count.Witness is null && cluster.Nodes.Length is 3 or 4 ? Fire(subject, teller, count, "noWitness", Severity.Warning, $"{cluster.Name} has {cluster.Nodes.Length} nodes and no witness")
            : Verdict.Passed;
    }

    private static Verdict.Fire Fire(ClusterSubject subject, HostSubject host, Votes count, string variant, Severity severity, string title) => new(variant, severity, title)
    {
        Impact = $"Without quorum all {subject.Cluster.VirtualMachines?.Length.ToString(CultureInfo.InvariantCulture)} clustered VMs stop.",
        Remedy = Mend(host, RemedyRisk.Online, count.IsSomethingDown ? "Bring the nodes and the witness back that are down." : "Give the cluster a witness that fails apart from the nodes.", "Set the quorum in Failover Cluster Manager, More Actions, Configure Cluster Quorum Settings.",
            [
                .. subject.Cluster.Nodes.Where(n => n.State == ClusterNodeState.Down).Select(n => PowerShell.Line($"Start-ClusterNode -Name {n.Name}")),
                .. count.Witness is null ? [PowerShell.Line($"Set-ClusterQuorum -Cluster {subject.Cluster.Name} -FileShareWitness '\\\\<server>\\<share>'")] : count.IsWitnessUp ? Array.Empty<string>() : [PowerShell.Line($"Start-ClusterResource -Cluster {subject.Cluster.Name} -Name {count.Witness.Name}")],
            ]),
        Evidence =
        [
            .. subject.Cluster.Nodes.Select(n => Fact(host, "cluster", $"Node {n.Name}", $"{n.State.ToString().ToLowerInvariant()}, vote {n.DynamicVote ?? n.Vote} (configured {n.Vote?.ToString(CultureInfo.InvariantCulture) ?? "not said"})", null, "MSCluster_Node.DynamicWeight")),
            Fact(host, "cluster", "Witness", count.Witness is null ? "none" : $"{count.Witness.Type}, {count.Witness.State.ToString().ToLowerInvariant()}, vote {count.WitnessVote}", "online", "MSCluster_Cluster.WitnessDynamicWeight"),
            Fact(host, "cluster", "Votes up, needed, to spare", $"{count.Up}, {count.Needed}, {count.Margin}", "at least 1 to spare"),
        ],
    };

    /// <param name="WitnessVote">0 if the cluster does not count it at present.</param>
    private sealed record Votes(int All, int Up, int WitnessVote, ClusterResource? Witness, bool IsSomethingDown)
    {
        public int Needed => All / 2 + 1;

        public int Margin => Up - Needed;

        public bool IsWitnessUp => Witness?.State == ClusterResourceState.Online;

        public static Votes Of(ClusterView cluster, ClusterResource? witness)
        {
            // Before 2012 R2 a witness always has its vote.
            int vote = witness is null ? 0 : cluster.WitnessVote ?? 1;
            // A node that is paused still votes.
            int up = cluster.Nodes.Where(n => n.State is ClusterNodeState.Up or ClusterNodeState.Paused or ClusterNodeState.Joining).Sum(Vote) + (witness?.State == ClusterResourceState.Online ? vote : 0);
            bool isDown = cluster.Nodes.Any(n => n.State is ClusterNodeState.Down or ClusterNodeState.Unknown && n.Vote is not 0) || witness is { State: not ClusterResourceState.Online };
            return new(cluster.Nodes.Sum(Vote) + vote, up, vote, witness, isDown);
        }

        private static int Vote(ClusterNode node) => (node.DynamicVote ?? node.Vote)!.Value;
    }

    public override ImmutableArray<Example<ClusterSubject>> Examples { get; } =
    [
        Fires(Severity.Error, "two nodes without witness (2 votes, 2 needed)", Cluster(null, 0, Up, Up)),
        Fires(Severity.Warning, "three nodes without witness (3 votes, 2 needed)", Cluster(null, 0, Up, Up, Up)),
        Passes("two nodes with a witness that is online", Cluster(ClusterResourceState.Online, 1, Up, Up)),
        Fires(Severity.Critical, "one of two nodes down", Cluster(ClusterResourceState.Online, 1, Up, Down)),
        Fires(Severity.Critical, "two nodes whose witness is offline", Cluster(ClusterResourceState.Offline, 1, Up, Up)),
        Fires(Severity.Warning, "three nodes whose witness is offline", Cluster(ClusterResourceState.Failed, 0, Up, Up, Up)),
        Fires(Severity.Warning, "four nodes without witness, of which the cluster counts three", Cluster(null, 0, Up, Up, Up, Up with { DynamicVote = 0 })),
        Passes("five nodes without witness", Cluster(null, 0, Up, Up, Up, Up, Up)),
        Skips("a cluster of one node", Cluster(null, 0, Up)),
        CannotTell("nodes that do not say their votes", Cluster(ClusterResourceState.Online, 1, Up, Up with { Vote = null })),
        CannotTell("resources that were not read", Given.Cluster(Given.Host().With(new ClusterView { Id = "c", Name = "LAB" }), Given.Host()) is var c ? c with { Cluster = c.Cluster with { Nodes = [Up, Up with { Name = "N1" }] } } : null!),
        CannotTell("a cluster that may not be read", new(new ClusterView { Id = "c", Name = "LAB", Nodes = [Up] }, [new(Up, new(Given.Host() with { Cluster = Sample.Failed<ClusterView>(SectionState.Denied, "no right") }))])),
    ];

    private static ClusterNode Up { get; } = new("N0", ClusterNodeState.Up) { Vote = 1 };

    private static ClusterNode Down { get; } = Up with { State = ClusterNodeState.Down };

    private static ClusterSubject Cluster(ClusterResourceState? witness, int vote, params ClusterNode[] nodes)
    {
        var view = new ClusterView
        {
            Id = "c", Name = "LAB", Nodes = [.. nodes.Select((n, i) => n with { Name = $"N{i}" })], WitnessVote = vote, VirtualMachines = [],
            Resources = witness is { } state ? [new("Witness", "File Share Witness", state) { IsCore = true }] : [],
        };
        return new(view, [.. view.Nodes.Select((n, i) => new ClusterMember(n, new(Given.Host().With(view) with { Id = $"n{i}", Key = n.Name, Name = n.Name })))]);
    }
}

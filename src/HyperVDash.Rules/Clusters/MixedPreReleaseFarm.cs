using System.Collections.Immutable;
using HyperVDash.Model;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Hosts;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Releases;

namespace HyperVDash.Rules.Clusters;

public sealed class MixedPreReleaseFarm : Rule<ClusterSubject>
{
    public override RuleCard Card { get; } = new("HVD802", "mixed-prerelease-farm", RuleScope.Cluster, RuleKind.Configuration)
    {
        Title = "Different pre-release builds, or pre-release and released builds, share VMs",
        Why = "A VM that moves between stages may not start, or start with unpredictable results.",
        Fix = "Bring all hosts to one build in one maintenance window.",
        Quiet = "All nodes run released builds: a rolling upgrade is another matter.",
        Sections = ["operatingSystem"],
        Severities = [Severity.Error],
        Origin = "Field notes of December 2007, second post, item 3",
    };

    public override IEnumerable<Verdict> Examine(ClusterSubject subject, RuleContext context)
    {
        var read = subject.Members.Where(m => m.Host is not null && Unreadable(m.Host, context, "operatingSystem") is null && m.Host.Profile is { Stage: not ReleaseStage.Unknown }).ToList();
        var builds = read.Select(m => (m.Host!.Profile!.Stage, m.Host.Reading.OperatingSystem.Content!.HyperVVersion, m.Host.Reading.OperatingSystem.Content.Build)).Distinct().Count();
        if (builds > 1 && read.Exists(m => m.Host!.Profile!.IsPreRelease))
        {
            yield return Fire(subject, read);
            yield break;
        }

        yield return subject.Members.Length < 2
            ? new Verdict.NotApplicable("The cluster has one node.")
            : read.Count < subject.Members.Length
                ? new Verdict.Unknown("operatingSystem", $"The build is not known on {string.Join(", ", subject.Members.Except(read).Select(m => m.Node.Name))}.")
                : new Verdict.Pass();
    }

    private static Verdict.Fire Fire(ClusterSubject cluster, List<ClusterMember> read) => new("cluster", Severity.Error,
        $"{cluster.Cluster.Name} mixes Hyper-V builds: {string.Join(", ", read.Select(m => $"{m.Node.Name} {StageNames.Of(m.Host!.Profile!.Stage)}"))}")
    {
        Impact = "Do not move or import VMs between these nodes; results are unpredictable.",
        Remedy = new("Bring all nodes to one build in one maintenance window; until then leave every VM where it is.") { Commands = ["wusa.exe <package>.msu /quiet", "shutdown /r /t 0"], Risk = RemedyRisk.NeedsHostRestart },
        Evidence =
        [
            .. read.Select(m => Fact(m.Host!, "operatingSystem", $"{m.Node.Name}: stage, vmms.exe, build",
                $"{StageNames.Of(m.Host!.Profile!.Stage)}, {m.Host.Reading.OperatingSystem.Content!.HyperVVersion ?? "not said"}, {m.Host.Reading.OperatingSystem.Content.Build}", "equal on all nodes", "BuildLabEx, CIM_DataFile.Version")),
        ],
        Affected = [.. read.Select(m => new AffectedObject(AffectedRole.Cause, m.Host!.Identity))],
    };

    public override ImmutableArray<Example<ClusterSubject>> Examples { get; } =
    [
        Fires(Severity.Error, "a CTP node beside a beta node", Cluster(Beta("6001.16659.x", "6.0.6001.16659"), Beta("6001.17051.x", "6.0.6001.17051"))),
        Fires(Severity.Error, "the same stage with two versions of vmms.exe", Cluster(Beta("6001.17051.x", "6.0.6001.17051"), Beta("6001.17051.x", "6.0.6001.17101"))),
        Passes("two nodes of one beta build", Cluster(Beta("6001.17051.x", "6.0.6001.17051"), Beta("6001.17051.x", "6.0.6001.17051"))),
        Passes("2019 beside 2022, both released", Cluster(new HostOperatingSystem { Build = 17763 }, new HostOperatingSystem { Build = 20348 })),
        CannotTell("a node that no agent reads", Cluster(new HostOperatingSystem { Build = 20348 }, null)),
    ];

    private static HostOperatingSystem Beta(string lab, string vmms) => new() { Build = 6001, BuildLab = lab, HyperVVersion = vmms, Hotfixes = [] };

    private static ClusterSubject Cluster(params HostOperatingSystem?[] nodes) => new(new ClusterView { Id = "c", Name = "LAB" },
        [.. nodes.Select((os, i) => new ClusterMember(new($"N{i}", ClusterNodeState.Up), os is null ? null : new HostSubject(Sample.Host with { Id = $"n{i}", Name = $"N{i}", OperatingSystem = Sample.Read(os) })))]);
}

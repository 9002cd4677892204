using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Hosts;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;
using HyperVDash.Rules.Releases;

namespace HyperVDash.Rules.Clusters;

public sealed class MixedPreReleaseFarm : Rule<ClusterSubject>, IExamines<FarmSubject>
{
    public override RuleCard Card { get; } = new("HVD802", "mixed-prerelease-farm", RuleScope.Cluster, RuleKind.Configuration)
    {
        Title = "Different pre-release builds, or pre-release and released builds, share VMs",
        Why = "A VM that moves between stages may not start, or start with unpredictable results. Worst inside one cluster; hosts that stand alone exchange VMs by export and import.",
        Fix = "Bring all hosts to one build in one maintenance window.",
        Quiet = "All hosts run released builds: a rolling upgrade is another matter.",
        Sections = ["operatingSystem"],
        Mentions = ["virtualMachines", "cluster"],
        ExplainedBy = [new("HVD801", Relation.SameHost)],
        Severities = [Severity.Info, Severity.Warning, Severity.Error],
        Origin = "Field notes of December 2007, second post, item 3",
    };

    public override IEnumerable<Verdict> Examine(ClusterSubject subject, RuleContext context)
    {
        var read = Readable(subject.Hosts, context);
        yield return read.Exists(h => h.Profile!.IsPreRelease) && Differ(read)
            ? Fire("cluster", Severity.Error, $"{subject.Cluster.Name} mixes Hyper-V builds: {Stages(read)}", "Do not move or import VMs between these nodes; results are unpredictable.", read, [])
            : subject.Members.Length < 2 ? NotFor("The cluster has one node.")
            : read.Count < subject.Members.Length ? NotKnown(subject.Members.Where(m => m.Host is null || !read.Contains(m.Host)).Select(m => m.Node.Name))
            : Verdict.Passed;
    }

    public IEnumerable<Verdict> Examine(FarmSubject subject, RuleContext context)
    {
        var read = Readable(subject.Hosts, context);
        if (!read.Exists(h => h.Profile!.IsPreRelease))
        {
            yield return read.Count < subject.Hosts.Length ? NotKnown(subject.Hosts.Except(read).Select(h => h.Name)) : NotFor("No host runs a pre-release.");
            yield break;
        }

        var strangers = (from a in read from b in read where string.CompareOrdinal(a.Id, b.Id) < 0 && (a.Profile!.IsPreRelease || b.Profile!.IsPreRelease) && Differ([a, b]) && !AreInOneCluster(a, b) select (A: a, B: b)).ToList();
        if (strangers.Count == 0)
        {
            yield return read.Count < subject.Hosts.Length ? NotKnown(subject.Hosts.Except(read).Select(h => h.Name)) : Verdict.Passed;
            yield break;
        }

        var shared = strangers.Select(p => (p.A, p.B, Vm: p.A.Reading.VirtualMachines.Content?.Items.FirstOrDefault(v => p.B.Reading.VirtualMachines.Content?.Items.Any(o => o.Id == v.Id) == true))).Where(p => p.Vm is not null).ToList();
        if (shared.Count > 0)
        {
            yield return Fire("exchanged", Severity.Warning, $"{shared[0].A.Name} and {shared[0].B.Name} run different builds and both have {shared[0].Vm!.Name}",
                "A VM that was taken over between these builds may not start, or start with unpredictable results.",
                [.. shared.SelectMany(p => new[] { p.A, p.B }).Distinct()], [.. shared.Select(p => new AffectedObject(AffectedRole.Impacted, new VirtualMachineSubject(p.Vm!, p.A).Identity))]);
        }

        var mixed = read.Where(h => strangers.Exists(p => p.A == h || p.B == h)).ToList();
        yield return Fire("beside", Severity.Info, $"Pre-release hosts stand beside hosts of other builds: {Stages(mixed)}", "Do not export and import VMs between them.", mixed, []);
        yield return NotCollected("exchanged", "virtualMachines", "Whether a VM went from one of these hosts to another needs their history; only a VM that both list now is seen.");
    }

    private static List<HostSubject> Readable(IEnumerable<HostSubject> hosts, RuleContext context) =>
        [.. hosts.Where(h => Unreadable(h, context, "operatingSystem") is null && h.Profile is { Stage: not ReleaseStage.Unknown })];

    private static Verdict.Unknown NotKnown(IEnumerable<string> hosts) => new("operatingSystem", $"The build is not known on {string.Join(", ", hosts)}.");

    /// <summary>By what both of two hosts said; what one of them did not say is no difference.</summary>
    private static bool Differ(List<HostSubject> hosts)
    {
        var systems = hosts.ConvertAll(h => h.Reading.OperatingSystem.Content!);
        return hosts.Select(h => h.Profile!.Stage).Distinct().Count() > 1
            || Many(systems.Select(s => s.HyperVVersion)) || Many(systems.Select(s => s.Build?.ToString(CultureInfo.InvariantCulture))) || Many(systems.Select(s => s.UpdateRevision?.ToString(CultureInfo.InvariantCulture)));

        static bool Many(IEnumerable<string?> values) => values.Where(v => v is not null).Distinct(StringComparer.OrdinalIgnoreCase).Count() > 1;
    }

    private static bool AreInOneCluster(HostSubject a, HostSubject b) => a.Reading.Cluster.Content is { Id.Length: > 0 } cluster && cluster.Id == b.Reading.Cluster.Content?.Id;

    private static string Stages(List<HostSubject> hosts) => string.Join(", ", hosts.Select(h => $"{h.Name} {StageNames.Of(h.Profile!.Stage)}"));

    private static Verdict.Fire Fire(string variant, Severity severity, string title, string impact, List<HostSubject> hosts, ImmutableArray<AffectedObject> vms) => new(variant, severity, title)
    {
        Impact = impact,
        Remedy = new("Bring all of these hosts to one build in one maintenance window; until then leave every VM where it is.")
        {
            // The update of 2008; a later preview is left by a new installation.
            Commands = hosts.Exists(h => h.Profile!.Profile.IsPreRelease) ? ["wusa.exe <package>.msu /quiet", "shutdown /r /t 0"] : [], Risk = RemedyRisk.NeedsHostRestart,
        },
        Evidence = [.. hosts.Select(h => Fact(h, "operatingSystem", $"{h.Name}: stage, vmms.exe, build", Said(h), "equal on all hosts that share VMs", "registry BuildLabEx, CIM_DataFile.Version"))],
        Affected = [.. hosts.Select(h => new AffectedObject(AffectedRole.Cause, h.Identity)), .. vms],
    };

    private static string Said(HostSubject host) =>
        $"{StageNames.Of(host.Profile!.Stage)}, {host.Reading.OperatingSystem.Content!.HyperVVersion ?? "not said"}, {host.Reading.OperatingSystem.Content.Build}";

    public override ImmutableArray<RuleCase> Cases => [.. base.Cases, .. FarmExamples.Select(e => RuleCase.Of(this, e))];

    public override ImmutableArray<Example<ClusterSubject>> Examples { get; } =
    [
        Fires(Severity.Error, "a CTP node beside a beta node", Cluster(Ctp, Beta)),
        Fires(Severity.Error, "the same stage with two versions of vmms.exe", Cluster(Beta with { HyperVVersion = "6.0.6001.17051" }, Beta)),
        Passes("two nodes of one beta build", Cluster(Beta, Beta)),
        Passes("two nodes of one beta build, one of which does not say the version of vmms.exe", Cluster(Beta with { HyperVVersion = null }, Beta)),
        Passes("2019 beside 2022, both released", Cluster(Given.OperatingSystem("2019"), Given.OperatingSystem("2022"))),
        CannotTell("a node that no agent reads", Cluster(Given.OperatingSystem("2022"), null)),
        Skips("a cluster of one node", Cluster(Beta)),
    ];

    private static ImmutableArray<Example<FarmSubject>> FarmExamples { get; } =
    [
        new("stand-alone hosts of two builds, one a beta, that both have a VM", Farm(Beta, "released"), "fires Warning"),
        new("a beta host beside a released one", Farm(Beta, "empty"), "fires Info"),
        new("released hosts of two releases", Farm(Given.OperatingSystem("2019"), "released"), "does not apply to"),
        new("a host that did not tell its build", Farm(new HostOperatingSystem(), "released"), "cannot tell for"),
    ];

    private static HostOperatingSystem Beta => Given.OperatingSystem("pre2008");

    private static HostOperatingSystem Ctp => Beta with { BuildLab = "6001.16659.amd64fre.winmain.070916-1443", HyperVVersion = "6.0.6001.16659" };

    private static ClusterSubject Cluster(params HostOperatingSystem?[] nodes) => Given.Cluster([.. nodes.Select(os => os is null ? null : Given.Host().With(os))]);

    private static FarmSubject Farm(HostOperatingSystem first, string second) => new(
    [
        new(Given.Host().With(first) with { Id = "a", Name = "HV1" }),
        new((second == "empty" ? Given.Host().With(Array.Empty<Model.VirtualMachines.VirtualMachine>()) : Given.Host()) with { Id = "b", Name = "HV2" }),
    ]);
}

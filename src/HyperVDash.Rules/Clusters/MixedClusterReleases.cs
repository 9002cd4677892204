using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Hosts;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Clusters;

public sealed class MixedClusterReleases : Rule<ClusterSubject>
{
    private const string Planned = "upgrade:";
    private static readonly TimeSpan Weeks = TimeSpan.FromDays(28);

    public override RuleCard Card { get; } = new("HVD306", "mixed-os-or-functional-level", RuleScope.Cluster, RuleKind.Configuration)
    {
        Title = "Cluster runs mixed Windows releases or an old functional level for too long",
        Why = "A mixed cluster is meant for the weeks of an upgrade: VM versions cannot be raised, and the way back ends at some point.",
        Fix = "Upgrade the nodes that are left, then raise the functional level and the versions of the VMs. Neither can be undone.",
        Quiet = "The cluster is tagged upgrade:2026-12-31 with a date to come. Since when it is mixed is told from the day Windows was installed on the newer nodes.",
        Sections = ["operatingSystem", "cluster"],
        Severities = [Severity.Info, Severity.Warning, Severity.Error],
        Confidence = 0.75,
        Origin = "Published steps of a rolling upgrade; field notes of December 2007, second post, item 3 in spirit; field values for the levels after 2016",
    };

    public override IEnumerable<Verdict> Examine(ClusterSubject subject, RuleContext context)
    {
        if (subject.Members.Length < 2)
        {
            yield return NotFor("The cluster has one node.");
            yield break;
        }

        var told = ClusterFacts.Told(subject, h => Unreadable(h, context, "operatingSystem") ?? (h.Profile is null ? NotSaid("operatingSystem", "its build") : null));
        var nodes = told.ConvertAll(m => m.Host!);
        if (nodes.Select(h => h.Reading.OperatingSystem.Content!.Build).Distinct().Count() > 1)
        {
            foreach (var verdict in Mixed(subject, nodes, context))
            {
                yield return verdict;
            }
        }
        else
        {
            yield return ClusterFacts.Blind(subject, told, "operatingSystem", "The release is") ?? ClusterFacts.Gap(subject, h => Unreadable(h, context, "cluster")) ?? Level(subject, nodes, context);
        }
    }

    private static IEnumerable<Verdict> Mixed(ClusterSubject subject, List<HostSubject> nodes, RuleContext context)
    {
        var oldest = nodes.MinBy(h => h.Profile!.Profile.Order)!;
        var newest = nodes.MaxBy(h => h.Reading.OperatingSystem.Content!.Build)!;
        string words = string.Join(", ", nodes.Select(h => $"{h.Name} {h.Profile!.Profile.Name}"));
        if (!oldest.Profile!.IsFrom("2012R2"))
        {
            return [Fire(subject, nodes, "mixed", Severity.Error, $"{subject.Cluster.Name} mixes releases that no cluster may mix: {words}", null)];
        }

        if (newest.Profile!.Profile.Order - oldest.Profile.Profile.Order > 1)
        {
            return [Fire(subject, nodes, "skips", Severity.Error, $"{subject.Cluster.Name} mixes releases that are no neighbours: {words}", null)];
        }

        if (IsPlanned(subject, context))
        {
            return [NotFor("Tagged as an upgrade that goes on.")];
        }

        // The mix began with the first node that has the newer release.
        var installed = nodes.Where(h => h.Reading.OperatingSystem.Content!.Build == newest.Reading.OperatingSystem.Content!.Build).Select(h => h.Reading.OperatingSystem.Content!.InstalledAt).ToList();
        var since = installed.Min();
        bool isLong = since is { } at && context.Passed(at + Weeks);
        var fire = Fire(subject, nodes, "mixed", isLong ? Severity.Warning : Severity.Info, $"{subject.Cluster.Name} runs two releases{(since is { } day ? $" since {day.ToString("d MMM yyyy", CultureInfo.InvariantCulture)}" : "")}: {words}", since);
        return isLong || !installed.Contains(null) ? [fire] : [fire, NotSaid("operatingSystem", "since when the newer release is there") with { Variant = "mixed" }];
    }

    private static Verdict Level(ClusterSubject subject, List<HostSubject> nodes, RuleContext context)
    {
        if (nodes.Count == 0 || nodes.TrueForAll(h => h.Profile!.Profile.Cluster.FunctionalLevel is null))
        {
            return nodes.Count == 0 ? new Verdict.Unknown("operatingSystem", "No node is read.") : Verdict.Passed;
        }

        int expected = nodes.Max(h => h.Profile!.Profile.Cluster.FunctionalLevel ?? 0);
        // The class has no level before 2016, so that 2012 R2 does not say its own.
        if (subject.Cluster.FunctionalLevel is not { } level)
        {
            return nodes.TrueForAll(h => !h.Profile!.IsFrom("2016")) ? Verdict.Passed : NotSaid("cluster", "its functional level");
        }

        if (level >= expected)
        {
            return Verdict.Passed;
        }

        // It could have been raised since the last node was upgraded.
        var since = nodes.Select(h => h.Reading.OperatingSystem.Content!.InstalledAt).Max();
        return IsPlanned(subject, context) ? NotFor("Tagged as an upgrade that goes on.")
            : nodes.Exists(h => h.Reading.OperatingSystem.Content!.InstalledAt is null) ? NotSaid("operatingSystem", "when Windows was installed on each node")
            : !context.Passed(since!.Value + Weeks) ? Verdict.Passed
            : Fire(subject, nodes, "level", Severity.Warning, $"{subject.Cluster.Name} has functional level {level}; all nodes could have {expected} since {since.Value.ToString("d MMM yyyy", CultureInfo.InvariantCulture)}", since);
    }

    private static bool IsPlanned(ClusterSubject subject, RuleContext context) => context.Settings.TagsOf(subject.Cluster.Id, Planned)
        .Any(t => DateOnly.TryParseExact(t[Planned.Length..], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            && !context.Reached(new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero).AddDays(1)));

    private static Verdict.Fire Fire(ClusterSubject subject, List<HostSubject> nodes, string variant, Severity severity, string title, DateTimeOffset? since) => new(variant, severity, title)
    {
        Impact = variant == "level" ? "New functions of the release, and VM versions made for it, stay away." : "VM versions cannot be raised, and VMs of the newer release do not go back.",
        Remedy = Mend(nodes[0], RemedyRisk.Online, variant == "level" ? "Raise the level after a look at the backups; it cannot be undone." : "Upgrade the nodes that are left, then raise the level; it cannot be undone.", "Bring all nodes to one release.",
            PowerShell.Line($"Update-ClusterFunctionalLevel -Cluster {subject.Cluster.Name} -WhatIf"), PowerShell.Line($"Update-ClusterFunctionalLevel -Cluster {subject.Cluster.Name}")),
        Evidence =
        [
            .. nodes.Select(h => Fact(h, "operatingSystem", $"{h.Name}: build", $"{h.Reading.OperatingSystem.Content!.Build} ({h.Profile!.Profile.Name})", variant == "level" ? null : "one build on all nodes", "Win32_OperatingSystem.BuildNumber")),
            .. nodes.Select(h => Fact(h, "operatingSystem", $"{h.Name}: installed", h.Reading.OperatingSystem.Content!.InstalledAt?.ToString("u", CultureInfo.InvariantCulture), null, "Win32_OperatingSystem.InstallDate")),
            Fact(nodes[0], "cluster", "Functional level", subject.Cluster.FunctionalLevel?.ToString(CultureInfo.InvariantCulture), variant == "level" ? nodes.Max(h => h.Profile!.Profile.Cluster.FunctionalLevel)?.ToString(CultureInfo.InvariantCulture) : null, "MSCluster_Cluster.ClusterFunctionalLevel"),
            .. since is { } at ? [Fact(nodes[0], "operatingSystem", "Since", at.ToString("u", CultureInfo.InvariantCulture), "less than 28 days")] : Array.Empty<Evidence>(),
        ],
        Affected = [.. nodes.Select(h => new AffectedObject(AffectedRole.Context, h.Identity))],
    };

    public override ImmutableArray<Example<ClusterSubject>> Examples { get; } =
    [
        Fires(Severity.Warning, "2019 and 2022 together for 41 days", Cluster(10, ("2019", 400), ("2022", 41))),
        Passes("two nodes of 2022 at level 11", Cluster(11, ("2022", 400), ("2022", 400))),
        Fires(Severity.Info, "2019 and 2022 together for 28 days", Cluster(10, ("2019", 400), ("2022", 28))),
        Fires(Severity.Error, "2016 and 2022 together", Cluster(9, ("2016", 400), ("2022", 1))),
        Fires(Severity.Error, "2008 R2 and 2012 together", Cluster(null, ("2008R2", 400), ("2012", 1))),
        Fires(Severity.Warning, "two nodes of 2022 at level 10 for 29 days", Cluster(10, ("2022", 400), ("2022", 29))),
        Passes("at level 10 for 28 days", Cluster(10, ("2022", 400), ("2022", 28))),
        Skips("tagged as an upgrade that ends in a week", Cluster(10, ("2019", 400), ("2022", 41)), Given.Tagged("upgrade:2026-03-09", "c")),
        Fires(Severity.Warning, "tagged as an upgrade that should have ended yesterday", Cluster(10, ("2019", 400), ("2022", 41)), Given.Tagged("upgrade:2026-03-01", "c")),
        Passes("two nodes of 2012 R2, which have no level", Cluster(null, ("2012R2", 400), ("2012R2", 400))),
        Fires(Severity.Info, "2019 and 2022 together, and nobody knows since when", Cluster(10, ("2019", 400), ("2022", null))),
        CannotTell("a node that no agent reads", Given.Cluster(Given.Host(), null)),
        CannotTell("nodes of one release in a cluster that no node can read any more", Given.Unread(Cluster(10, ("2022", 400), ("2022", 29)))),
        CannotTell("a cluster of 2022 that does not say its level", Cluster(null, ("2022", 400), ("2022", 400))),
    ];

    private static ClusterSubject Cluster(int? level, params (string Release, int? Days)[] nodes) => Given.Cluster([.. nodes.Select(n =>
        Given.Host(n.Release).With(new ClusterView { Id = "c", Name = "LAB", FunctionalLevel = level }) is var h ? h with { OperatingSystem = Sample.Read(h.OperatingSystem.Content! with { InstalledAt = n.Days is { } days ? Sample.Now.AddDays(-days) : null }) } : null)]);
}

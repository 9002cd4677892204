using System.Collections.Immutable;
using HyperVDash.Model;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Hosts;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Rules.Clusters;

public sealed class LocaleDiffersBetweenNodes : Rule<ClusterSubject>
{
    public override RuleCard Card { get; } = new("HVD102", "locale-differs-between-nodes", RuleScope.Cluster, RuleKind.Configuration)
    {
        Title = "Cluster nodes run different system languages",
        Why = "Groups, resources and services are named in the language of whichever node made them; scripts and monitors then match on some nodes only.",
        Fix = "Install all nodes in one language and give them one system locale.",
        Quiet = "Fewer than two nodes were read.",
        Sections = ["locale"],
        Severities = [Severity.Warning],
        Origin = "Follows from the language rule of the field notes",
    };

    public override IEnumerable<Verdict> Examine(ClusterSubject subject, RuleContext context)
    {
        var read = subject.Members.Where(m => m.Host is not null && Unreadable(m.Host, context, "locale") is null).ToList();
        var known = read.Where(m => m.Host!.Reading.Locale.Content is { OsLanguage: not null, SystemLocale: not null }).ToList();
        if (known.Select(m => (m.Host!.Reading.Locale.Content!.OsLanguage, m.Host.Reading.Locale.Content.SystemLocale)).Distinct().Count() > 1)
        {
            yield return Fire(subject, known);
            yield break;
        }

        yield return subject.Members.Length < 2
            ? new Verdict.NotApplicable("The cluster has one node.")
            : known.Count < subject.Members.Length
                ? new Verdict.Unknown("locale", $"Not read on {string.Join(", ", subject.Members.Except(known).Select(m => m.Node.Name))}.")
                : new Verdict.Pass();
    }

    private static Verdict.Fire Fire(ClusterSubject subject, List<ClusterMember> known) => new("language", Severity.Warning,
        $"Nodes of {subject.Cluster.Name} run different languages: {string.Join(", ", known.Select(m => $"{m.Node.Name} {m.Host!.Reading.Locale.Content!.OsLanguage}/{m.Host.Reading.Locale.Content.SystemLocale}"))}")
    {
        Impact = "Names made on one node are not found by scripts written against another.",
        Remedy = new("Set one system locale on every node; reinstall those that were installed in another language, one at a time.") { Commands = ["Set-WinSystemLocale en-US"], Risk = RemedyRisk.NeedsHostRestart },
        Evidence =
        [
            .. known.Select(m => Fact(m.Host!, "locale", $"{m.Node.Name}: system language, system locale",
                $"{m.Host!.Reading.Locale.Content!.OsLanguage}, {m.Host.Reading.Locale.Content.SystemLocale}", "equal on all nodes", "Win32_OperatingSystem.OSLanguage, Nls\\Language Default")),
        ],
        Affected = [.. known.Select(m => new AffectedObject(AffectedRole.Cause, m.Host!.Identity))],
    };

    public override ImmutableArray<Example<ClusterSubject>> Examples { get; } =
    [
        Fires(Severity.Warning, "one German node among English ones", Cluster(1033, 1031)),
        Passes("two English nodes", Cluster(1033, 1033)),
        CannotTell("a node that no agent reads", Cluster(1033, null)),
        Skips("a cluster of one node", Cluster(1033)),
    ];

    private static ClusterSubject Cluster(params int?[] languages) => new(new ClusterView { Id = "c", Name = "LAB" },
    [
        .. languages.Select((l, i) => new ClusterMember(new($"N{i}", ClusterNodeState.Up), l is null ? null : new HostSubject(Sample.Host with
        {
            Id = $"n{i}", Name = $"N{i}", Locale = Sample.Read(new LocaleSettings { OsLanguage = l, SystemLocale = l }),
        }))),
    ]);
}

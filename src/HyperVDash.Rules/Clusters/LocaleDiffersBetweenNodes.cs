using System.Collections.Immutable;
using HyperVDash.Model;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Hosts;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Clusters;

public sealed class LocaleDiffersBetweenNodes : Rule<ClusterSubject>
{
    public override RuleCard Card { get; } = new("HVD102", "locale-differs-between-nodes", RuleScope.Cluster, RuleKind.Configuration)
    {
        Title = "Cluster nodes run different system languages",
        Why = "Groups, resources and services are named in the language of whichever node made them; scripts and monitors then match on some nodes only.",
        Fix = "Install all nodes in one language and give them one system locale.",
        Quiet = "Fewer than two nodes were read; only formats or display languages differ.",
        Sections = ["locale"],
        Mentions = ["operatingSystem"],
        Severities = [Severity.Warning],
        Origin = "Follows from the language rule of the field notes",
    };

    public override IEnumerable<Verdict> Examine(ClusterSubject subject, RuleContext context)
    {
        var read = subject.Members.Where(m => m.Host is not null && Unreadable(m.Host, context, "locale") is null).Select(m => new Node(m.Host!, m.Host!.Reading.Locale.Content!)).ToList();
        // Each of the two numbers can tell by itself; a node that lacks one is compared by the other.
        if (Differs(read, l => l.OsLanguage) || Differs(read, l => l.SystemLocale))
        {
            yield return Fire(subject, read);
            yield break;
        }

        int known = read.Count(n => n.Locale is { OsLanguage: not null, SystemLocale: not null });
        yield return subject.Members.Length < 2
            ? NotFor("The cluster has one node.")
            : known < subject.Members.Length
                ? new Verdict.Unknown("locale", $"Not read, or in part, on {string.Join(", ", subject.Members.Where(m => !read.Exists(n => n.Host == m.Host && n.Locale is { OsLanguage: not null, SystemLocale: not null })).Select(m => m.Node.Name))}.")
                : Verdict.Passed;
    }

    private static bool Differs(List<Node> nodes, Func<LocaleSettings, int?> number) => nodes.Select(n => number(n.Locale)).Where(n => n is not null).Distinct().Count() > 1;

    private static Verdict.Fire Fire(ClusterSubject subject, List<Node> nodes)
    {
        var usual = nodes.GroupBy(n => n.Key).OrderByDescending(g => g.Count()).ThenBy(g => g.Key.Language).First();
        var others = nodes.Where(n => n.Key != usual.Key).ToList();
        return new("language", Severity.Warning, $"Nodes of {subject.Cluster.Name} run different languages: {string.Join(", ", nodes.Select(n => $"{n.Host.Name} {n.Words}"))}")
        {
            Impact = "Names made on one node are not found by scripts written against another.",
            Remedy = Mend(others[0].Host, RemedyRisk.NeedsHostRestart,
                $"Bring {Names(others)} to the language of the others ({usual.First().Words}), one node at a time; the language of the installed system changes only by a new installation.",
                $"Move all groups off {Names(others)}, run 'control intl.cpl' there, Administrative, Change system locale, and restart; the language of the installed system changes only by a new installation.",
                [.. others.SelectMany(n => new[] { PowerShell.Line($"Suspend-ClusterNode -Name {n.Host} -Drain"), $"{PowerShell.Line($"Invoke-Command -ComputerName {n.Host}")} {{ Set-WinSystemLocale {usual.First().Culture}; Restart-Computer }}", PowerShell.Line($"Resume-ClusterNode -Name {n.Host}") })]),
            Evidence =
            [
                .. nodes.Select(n => Fact(n.Host, "locale", $"{n.Host.Name}: system language / system locale", n.Words, "equal on all nodes", "Win32_OperatingSystem.OSLanguage, registry Nls Language Default")),
                .. nodes.Select(n => Fact(n.Host, "locale", $"{n.Host.Name}: display languages", n.Locale.DisplayLanguages is { } l ? string.Join(", ", l) : null, null, "Win32_OperatingSystem.MUILanguages")),
            ],
            Affected = [.. others.Select(n => new AffectedObject(AffectedRole.Cause, n.Host.Identity)), .. usual.Select(n => new AffectedObject(AffectedRole.Context, n.Host.Identity))],
        };
    }

    private static string Names(List<Node> nodes) => string.Join(", ", nodes.Select(n => n.Host.Name));

    private sealed record Node(HostSubject Host, LocaleSettings Locale)
    {
        public (int? Language, int? Locale) Key => (Locale.OsLanguage, Locale.SystemLocale);

        public string Words => $"{Hosts.Lcid.Words(Locale.OsLanguage) ?? "not said"} / {Hosts.Lcid.Words(Locale.SystemLocale) ?? "not said"}";

        public string Culture => Hosts.Lcid.Culture(Locale.SystemLocale) ?? "<locale>";
    }

    public override ImmutableArray<Example<ClusterSubject>> Examples { get; } =
    [
        Fires(Severity.Warning, "one German node among English ones", Cluster((1033, 1033), (1031, 1031))),
        Fires(Severity.Warning, "two system languages, where the registry was not said", Cluster((1033, null), (1036, null))),
        Fires(Severity.Warning, "one installed language, two system locales", Cluster((1033, 1033), (1033, 1031))),
        Passes("two English nodes", Cluster((1033, 1033), (1033, 1033))),
        Passes("two German nodes", Cluster((1031, 1031), (1031, 1031))),
        CannotTell("a node that does not say its system locale", Cluster((1033, 1033), (1033, null))),
        CannotTell("a node that no agent reads", Cluster((1033, 1033), null)),
        Skips("a cluster of one node", Cluster((1033, 1033))),
    ];

    private static ClusterSubject Cluster(params (int? Language, int? Locale)?[] nodes) =>
        Given.Cluster([.. nodes.Select(n => n is { } l ? Given.Host() with { Locale = Sample.Read(new LocaleSettings { OsLanguage = l.Language, SystemLocale = l.Locale }) } : null)]);
}

using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Hosts;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Releases;

public sealed class HostReleaseEndOfSupport : OneVerdictRule<HostSubject>
{
    public override RuleCard Card { get; } = new("HVD807", "host-release-end-of-support", RuleScope.Host, RuleKind.Configuration)
    {
        Title = "Windows release of the host is near or past the end of support",
        Why = "There are no fixes any more, also none for ways out of a VM into the host.",
        Fix = "Plan an upgrade in place, or a rolling upgrade of the cluster.",
        Quiet = "More than a year before the end. Museum hosts (tag lab:retro) and hosts with paid updates (tag host:esu, while those are sold) are information. Releases that never were supported are said by HVD801.",
        Sections = ["operatingSystem"],
        Mentions = ["cluster"],
        ExplainedBy = [new("HVD801", Relation.SameObject)],
        Severities = [Severity.Info, Severity.Warning, Severity.Error],
        Origin = "Published lifecycle of Windows Server",
    };

    public override Verdict Decide(HostSubject subject, RuleContext context) =>
        Unreadable(subject, context, "operatingSystem") ?? subject.Profile switch
        {
            null => NotSaid("operatingSystem", "its build"),
            { Profile.IsPreRelease: true } => NotFor("Never supported: HVD801 says so."),
            { Stage: ReleaseStage.Preview } => NotFor("A preview: HVD801 says so."),
            var match when subject.Reading.OperatingSystem.Content!.ProductType == ProductType.Workstation || !match.Profile.Builds.Contains(subject.Reading.OperatingSystem.Content.Build!.Value) =>
                new Verdict.Unknown("operatingSystem", "The end of support of this build is not known."),
            var match => Judge(subject, context, match.Profile),
        };

    private static Verdict Judge(HostSubject host, RuleContext context, ReleaseProfile profile)
    {
        if (profile.EndOfSupport is not { } last)
        {
            return new Verdict.Unknown("operatingSystem", "The end of support of this release is not known.");
        }

        var end = At(last);
        Severity? severity = context.Reached(end.AddDays(1)) ? Severity.Error
            : context.Reached(end.AddDays(-context.Settings.SupportWarnDays)) ? Severity.Warning
            : context.Reached(end.AddDays(-context.Settings.SupportInfoDays)) ? Severity.Info
            : null;
        if (severity is not { } grade)
        {
            return Verdict.Passed;
        }

        bool isPaid = context.Settings.HasTag(host.Id, "host:esu") && (profile.EndOfPaidUpdates is not { } paid || !context.Reached(At(paid).AddDays(1)));
        bool isAccepted = isPaid || context.Settings.HasTag(host.Id, "lab:retro");
        return Fire(host, profile, last, isAccepted ? Severity.Info : profile.IsEndOfSupportUnverified && grade == Severity.Error ? Severity.Warning : grade, grade == Severity.Error);
    }

    private static DateTimeOffset At(DateOnly day) => new(day, default, TimeSpan.Zero);

    private static string Word(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "none";

    private static Verdict.Fire Fire(HostSubject host, ReleaseProfile profile, DateOnly last, Severity severity, bool isPast) => new("end", severity,
        $"Support of {profile.Name} on {host.Name} {(isPast ? "ended" : "ends")} on {Word(last)}")
    {
        Impact = isPast ? "No fixes come any more." : null,
        Remedy = Mend(host, RemedyRisk.NeedsHostRestart, $"Upgrade {host.Name}, in place or node by node; raise the cluster's level at the end.", $"Install a later Windows Server beside {host.Name} and move its VMs by export and import.",
            host.Reading.Cluster.HasContent() ? [PowerShell.Line($"Suspend-ClusterNode -Name {host.Name} -Drain"), "Update-ClusterFunctionalLevel"] : []),
        Evidence =
        [
            Fact(host, "operatingSystem", "Release", $"{profile.Name}, build {host.Reading.OperatingSystem.Content!.Build}", null, "Win32_OperatingSystem.BuildNumber"),
            new Evidence("Last day of support", $"{Word(last)}{(profile.IsEndOfSupportUnverified ? " (estimated)" : "")}") { Expected = "more than a year away" },
            new Evidence("Last day of mainstream support", Word(profile.EndOfMainstream)),
            new Evidence("Last day of paid updates", Word(profile.EndOfPaidUpdates)),
        ],
    };

    public override ImmutableArray<Example<HostSubject>> Examples { get; } =
    [
        Fires(Severity.Error, "2012 R2 in 2026", Host("2012R2")),
        Passes("2022 in 2026", Host("2022")),
        Fires(Severity.Info, "2016, 316 days before the end", Host("2016")),
        Fires(Severity.Warning, "the same where 317 days are a warning", Host("2016"), new() { SupportWarnDays = 317 }),
        Passes("the same where 315 days are information", Host("2016"), new() { SupportInfoDays = 315 }),
        Fires(Severity.Info, "a museum", Host("2008R2"), Given.Tagged("lab:retro", Sample.Host.Id)),
        Fires(Severity.Info, "2012 R2 with paid updates", Host("2012R2"), Given.Tagged("host:esu", Sample.Host.Id)),
        Fires(Severity.Error, "2008 R2, for which none are sold any more", Host("2008R2"), Given.Tagged("host:esu", Sample.Host.Id)),
        Skips("a beta of 2008", Host("pre2008")),
        CannotTell("a host that did not tell its build", new(Sample.Host with { OperatingSystem = Sample.Read(new HostOperatingSystem()) })),
        CannotTell("an annual build, which ends by itself", new(Given.Host().With(new HostOperatingSystem { Build = 25398, ProductType = ProductType.Server }))),
    ];

    private static HostSubject Host(string release) => new(Given.Host(release));
}

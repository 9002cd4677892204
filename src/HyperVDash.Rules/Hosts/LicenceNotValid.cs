using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Hosts;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Hosts;

public sealed class LicenceNotValid : OneVerdictRule<HostSubject>
{
    public override RuleCard Card { get; } = new("HVD108", "licence-evaluation-or-unactivated", RuleScope.Host, RuleKind.Configuration)
    {
        Title = "Evaluation licence near its end, expired, or Windows not activated",
        Why = "An expired evaluation server is reported to switch itself off about every hour, taking its VMs down.",
        Fix = "Turn the evaluation into a licensed edition, or activate Windows.",
        Quiet = "Windows is activated, also by a KMS server for the next 180 days; before the release of 2008.",
        Sections = ["licence", "operatingSystem"],
        Severities = [Severity.Warning, Severity.Error, Severity.Critical],
        Origin = "Published checks of server health; licensing classes of Windows; field practice for what an expired server does",
    };

    public override Verdict Decide(HostSubject subject, RuleContext context) =>
        Unreadable(subject, context, "operatingSystem", "licence")
            ?? (subject.Profile?.Profile.IsPreRelease == true ? NotFor("Before the release of 2008.") : Judge(subject, context));

    private static Verdict Judge(HostSubject host, RuleContext context)
    {
        var licence = host.Reading.Licence.Content!;
        if (licence.IsEvaluation != true)
        {
            return licence.Status switch
            {
                LicenceStatus.Unknown => NotSaid("licence", "whether Windows is activated"),
                LicenceStatus.Licensed => licence.IsEvaluation is null ? NotSaid("licence", "whether it is an evaluation") : Verdict.Passed,
                _ => Fire(host, "notActivated", Severity.Warning, $"Windows on {host.Name} is not activated ({Words(licence.Status)})", null),
            };
        }

        var end = licence.EvaluationEndsAt ?? (licence.GraceRemaining is { } grace ? host.Reading.Licence.ReadAt + grace : null);
        return (end, licence.Status) switch
        {
            (_, LicenceStatus.Notification or LicenceStatus.Unlicensed) => Ends(Severity.Critical, "has expired"),
            (null, _) => NotSaid("licence", "when the evaluation ends"),
            ({ } at, _) when context.Reached(at) => Ends(Severity.Critical, $"expired on {at:yyyy-MM-dd}"),
            ({ } at, _) when context.Reached(at.AddDays(-context.Settings.LicenceErrorDays)) => Ends(Severity.Error, $"ends on {at:yyyy-MM-dd}"),
            ({ } at, _) when context.Reached(at.AddDays(-context.Settings.LicenceWarnDays)) => Ends(Severity.Warning, $"ends on {at:yyyy-MM-dd}"),
            _ => Verdict.Passed,
        };

        Verdict Ends(Severity severity, string what) => Fire(host, "evaluation", severity, $"The evaluation of Windows on {host.Name} {what}", end);
    }

    private static Verdict.Fire Fire(HostSubject host, string variant, Severity severity, string title, DateTimeOffset? end)
    {
        var licence = host.Reading.Licence.Content!;
        return new(variant, severity, title)
        {
            Impact = variant == "evaluation" ? "Once expired, the host may switch itself off about every hour, and its VMs with it." : "Windows reminds and may refuse updates; support asks for a licence.",
            Remedy = variant == "evaluation"
                ? new($"Give {host.Name} a licensed edition (not possible on a domain controller), or extend the evaluation, which is limited.")
                {
                    Commands = ["DISM /Online /Set-Edition:ServerStandard /ProductKey:<key> /AcceptEula", "slmgr /rearm"], Risk = RemedyRisk.NeedsHostRestart,
                }
                : new($"Activate Windows on {host.Name}.") { Commands = ["slmgr /ipk <key>", "slmgr /ato"], Risk = RemedyRisk.Online },
            Evidence =
            [
                Fact(host, "licence", "Status", Words(licence.Status), "licensed", "SoftwareLicensingProduct.LicenseStatus"),
                Fact(host, "licence", "Ends", end?.ToString("u", CultureInfo.InvariantCulture), null, "SoftwareLicensingProduct.EvaluationEndDate, GracePeriodRemaining"),
                Fact(host, "licence", "Key ends in", licence.PartialKey, null, "SoftwareLicensingProduct.PartialProductKey"),
                Fact(host, "licence", "Product", licence.ProductName, null, "SoftwareLicensingProduct.Name"),
                Fact(host, "operatingSystem", "SKU", host.Reading.OperatingSystem.Content?.Sku?.ToString(CultureInfo.InvariantCulture), null, "Win32_OperatingSystem.OperatingSystemSKU"),
            ],
        };
    }

    private static string Words(LicenceStatus status) => status switch
    {
        LicenceStatus.InitialGrace => "initial grace", LicenceStatus.AdditionalGrace => "additional grace", LicenceStatus.NonGenuineGrace => "not genuine",
        LicenceStatus.ExtendedGrace => "extended grace", _ => status.ToString().ToLowerInvariant(),
    };

    public override ImmutableArray<Example<HostSubject>> Examples { get; } =
    [
        Fires(Severity.Error, "an evaluation with 4,000 minutes left", Evaluation(TimeSpan.FromMinutes(4000))),
        Fires(Severity.Warning, "an evaluation with exactly 30 days left", Evaluation(TimeSpan.FromDays(30))),
        Passes("an evaluation with a minute more than 30 days left", Evaluation(TimeSpan.FromDays(30) + TimeSpan.FromMinutes(1))),
        Fires(Severity.Error, "an evaluation with exactly 3 days left", Evaluation(TimeSpan.FromDays(3))),
        Fires(Severity.Critical, "an evaluation that ended now", Evaluation(TimeSpan.Zero)),
        Fires(Severity.Critical, "an evaluation by its end date", Host(new LicenceState { Status = LicenceStatus.Licensed, IsEvaluation = true, EvaluationEndsAt = Sample.Now.AddDays(-2) })),
        Fires(Severity.Warning, "a standard edition that is not activated", Host(new LicenceState { Status = LicenceStatus.Notification, IsEvaluation = false })),
        Passes("an activated edition", Host(new LicenceState { Status = LicenceStatus.Licensed, IsEvaluation = false, GraceRemaining = TimeSpan.Zero })),
        Passes("activated by a KMS server", Host(new LicenceState { Status = LicenceStatus.Licensed, IsEvaluation = false, GraceRemaining = TimeSpan.FromDays(170) })),
        Skips("a beta of 2008", new(Given.Host("pre2008"))),
        CannotTell("an evaluation without an end", Host(new LicenceState { Status = LicenceStatus.Licensed, IsEvaluation = true })),
        CannotTell("a query that was denied", new(Sample.Host with { Licence = Sample.Failed<LicenceState>(SectionState.Denied, "no right") })),
    ];

    private static HostSubject Evaluation(TimeSpan left) => Host(new LicenceState { Status = LicenceStatus.Licensed, IsEvaluation = true, GraceRemaining = left });

    private static HostSubject Host(LicenceState licence) => new(Sample.Host with { Licence = Sample.Read(licence) });
}

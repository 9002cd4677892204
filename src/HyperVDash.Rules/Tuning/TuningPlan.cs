using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using HyperVDash.Model.Findings;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Rules.Tuning;

/// <summary>What the settings say of each rule, looked up once for every settings.</summary>
internal sealed class TuningPlan
{
    private static readonly ConditionalWeakTable<RuleSettings, TuningPlan> Plans = [];

    private readonly Dictionary<string, RulePlan> _rules = new(StringComparer.OrdinalIgnoreCase);

    private TuningPlan(RuleSettings settings)
    {
        foreach (string id in settings.Tuning.Select(t => t.Rule).Concat(settings.AcceptedRisks.Select(r => r.Rule)).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            _rules[id] = new RulePlan(
                [.. settings.Tuning.Where(t => t.Rule.Equals(id, StringComparison.OrdinalIgnoreCase))],
                [.. settings.AcceptedRisks.Where(r => r.Rule.Equals(id, StringComparison.OrdinalIgnoreCase))]);
        }
    }

    public static TuningPlan Of(RuleSettings settings) => Plans.GetValue(settings, s => new(s));

    /// <summary>Null: the rule is as it comes.</summary>
    public RulePlan? For(string ruleId) => _rules.GetValueOrDefault(ruleId);
}

/// <summary>What the settings say of one rule.</summary>
internal sealed class RulePlan(ImmutableArray<RuleTuning> tunings, ImmutableArray<AcceptedRisk> risks)
{
    /// <summary>The verdict for every object, if the rule is off whatever the object is: it need not be asked.</summary>
    public Verdict.NotApplicable? Always { get; } = RuleTuning.OffEverywhere(tunings) is { } off ? NotApplied(off) : null;

    /// <summary>The verdict as the settings want it.</summary>
    public Verdict Apply(RuleCard card, ISubject subject, ObjectRef identity, Verdict verdict, RuleContext context)
    {
        var at = verdict.Object ?? identity;
        RuleTuning? off = null;
        var severity = (verdict as Verdict.Fire)?.Severity ?? default;
        TuningScope? unclear = null;
        foreach (var tuning in tunings)
        {
            bool? covers = tuning.IsEverywhere ? true : tuning.Covers(subject, at, context.Settings);
            if (tuning.Off is not null && covers != false)
            {
                // An entry that may fit leaves no doubt if it says what holds without it.
                (off, unclear) = covers == true ? (tuning, null) : unclear is null && tuning.Off == (off?.Off ?? false) ? (off, null) : (off, tuning);
            }

            // Nobody is told of less than there may be: an entry that may fit makes a finding more severe and never less.
            if (tuning.Severity is { } set && (covers == true || (covers is null && set > severity)))
            {
                severity = set;
            }
        }

        // What is unknown of a whole stands for everything in it, of which a name, or a tag of the cluster, says nothing.
        bool isOfMore = verdict is Verdict.Unknown && off is { IsEverywhere: false }
            && ((off.Name is not null && at.Kind is ObjectKind.Host or ObjectKind.Cluster or ObjectKind.ClusterNode or ObjectKind.Farm)
                || (off.Tag is not null && at.Kind is ObjectKind.Cluster or ObjectKind.ClusterNode or ObjectKind.Farm));
        if (unclear is null && off is { Off: true } && !isOfMore)
        {
            return NotApplied(off) with { Object = verdict.Object };
        }

        if (verdict is not Verdict.Fire fire)
        {
            return verdict;
        }

        if (unclear is not null)
        {
            return Unclear(unclear, fire);
        }

        if (severity != fire.Severity)
        {
            fire = fire with { Severity = severity, OriginalSeverity = fire.Severity, Word = $"fires {severity}" };
        }

        var (risk, doubt) = Accepting(card, subject, at, fire, context);
        return risk is not null ? fire with { Accepted = new Acceptance(risk.Owner ?? "", risk.ReviewBy ?? default) { Reason = risk.Reason } }
            : doubt is not null ? Unclear(doubt, fire)
            : fire;
    }

    // To open it would wake somebody for what may be settled, to leave it out would call well what may be broken.
    private static Verdict.Unknown Unclear(TuningScope scope, Verdict.Fire fire) =>
        new("cluster", $"The settings say something of this {scope.Words}, and whether that is meant is not known, for the host's cluster was not read.") { Object = fire.Object };

    /// <summary>Of several risks that fit, the one that is accepted longest; without one, a risk of which nobody knows whether it fits.</summary>
    private (AcceptedRisk? Longest, AcceptedRisk? Doubt) Accepting(RuleCard card, ISubject subject, ObjectRef at, Verdict.Fire fire, RuleContext context)
    {
        AcceptedRisk? longest = null, doubt = null;
        string? id = null;
        foreach (var risk in risks)
        {
            if ((risk.Finding is null || risk.Finding.Equals(id ??= new FiredVerdict(card, at, fire).Id, StringComparison.OrdinalIgnoreCase))
                && (risk.IsEverywhere ? true : risk.Covers(subject, at, context.Settings)) is not false and var covers && !context.Reached(risk.End))
            {
                doubt = covers is null ? risk : doubt;
                longest = covers == true && (longest is null || risk.End > longest.End) ? risk : longest;
            }
        }

        return (longest, doubt);
    }

    private static Verdict.NotApplicable NotApplied(RuleTuning off) =>
        new($"Switched off in the settings {off.Words}{(off.Reason is null ? "" : $": {VisibleText.Of(off.Reason).TrimEnd('.')}")}.") { IsSwitchedOff = true };
}

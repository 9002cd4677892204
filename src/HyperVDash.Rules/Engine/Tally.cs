using System.Collections.Immutable;
using HyperVDash.Model.Findings;

namespace HyperVDash.Rules.Engine;

/// <summary>Counts what rules said; every object is in exactly one of the four counts.</summary>
public static class Tally
{
    /// <summary>How many objects that pass are named.</summary>
    internal const int MaxPassed = 50;

    public static ImmutableArray<RuleTally> Of(Examination examination)
    {
        var tallies = ImmutableArray.CreateBuilder<RuleTally>();
        foreach (var rule in examination.ByRule)
        {
            VerdictColumn? only = null;
            bool isOne = true;
            foreach (var column in rule)
            {
                isOne = only is null;
                only ??= column;
            }

            if (isOne && only!.Summary.IsOfItsObjects && only.Objects.IsUnique)
            {
                if (only.Tally is { } tally)
                {
                    tallies.Add(tally);
                }
            }
            else if (rule.SelectMany(c => c.Listed()).ToList() is { Count: > 0 } verdicts)
            {
                tallies.Add(Of(rule.Key, verdicts, rule.Select(c => c.Summary.Fault).LastOrDefault(f => f is not null)));
            }
        }

        tallies.Sort((a, b) => string.CompareOrdinal(a.RuleId, b.RuleId));
        return tallies.DrainToImmutable();
    }

    private static RuleTally Of(string ruleId, List<Examined> verdicts, string? fault)
    {
        // One object may get several verdicts; the worst counts.
        var objects = verdicts.GroupBy(v => (v.Subject.Kind, v.Subject.Id)).Select(o => o.OrderByDescending(v => Weight(v.Verdict)).First()).ToList();
        return new RuleTally(
            ruleId,
            objects.Count,
            objects.Count(o => o.Verdict is Verdict.Pass),
            objects.Count(o => o.Verdict is Verdict.Fire),
            objects.Count(o => o.Verdict is Verdict.Unknown),
            objects.Count(o => o.Verdict is Verdict.NotApplicable))
        {
            SwitchedOff = objects.Count(o => o.Verdict is Verdict.NotApplicable { IsSwitchedOff: true }),
            Reasons = Reasons(objects),
            PassedObjects = [.. objects.Where(o => o.Verdict is Verdict.Pass).Take(MaxPassed).Select(o => o.Subject)],
            NotEvaluated = fault,
        };
    }

    /// <summary>The same objects, when nobody can look at them any more.</summary>
    internal static RuleTally Unseen(RuleTally tally, string reason) => tally.Passed + tally.Fired + tally.Unknown is > 0 and var count
        ? tally with { Passed = 0, Fired = 0, Unknown = count, PassedObjects = [], Reasons = [new("unknown", reason, count), .. tally.Reasons.Where(r => r.Outcome != "unknown")] }
        : tally;

    /// <summary>Sums the tallies of several hosts and clusters, and lists the rules nobody evaluated.</summary>
    public static ImmutableArray<RuleTally> Sum(IEnumerable<RuleTally> tallies) =>
    [
        .. tallies.GroupBy(t => t.RuleId).Select(g => new RuleTally(
            g.Key, g.Sum(t => t.Checked), g.Sum(t => t.Passed), g.Sum(t => t.Fired), g.Sum(t => t.Unknown), g.Sum(t => t.NotApplicable))
        {
            SwitchedOff = g.Sum(t => t.SwitchedOff),
            Reasons = [.. g.SelectMany(t => t.Reasons).GroupBy(r => (r.Outcome, r.Reason)).Select(r => new TallyReason(r.Key.Outcome, r.Key.Reason, r.Sum(x => x.Count))).OrderByDescending(r => r.Count).ThenBy(r => r.Reason, StringComparer.Ordinal)],
            PassedObjects = [.. g.SelectMany(t => t.PassedObjects).Take(MaxPassed)],
            NotEvaluated = g.Select(t => t.NotEvaluated).FirstOrDefault(n => n is not null),
        }).OrderBy(t => t.RuleId, StringComparer.Ordinal),
    ];

    private static ImmutableArray<TallyReason> Reasons(List<Examined> objects) =>
    [
        .. objects.Select(o => o.Verdict switch
            {
                Verdict.Unknown unknown => new TallyReason("unknown", unknown.Reason, 1),
                Verdict.NotApplicable none => new TallyReason("notApplicable", none.Reason, 1),
                _ => null,
            })
            .OfType<TallyReason>()
            .GroupBy(r => (r.Outcome, r.Reason))
            .Select(g => new TallyReason(g.Key.Outcome, g.Key.Reason, g.Count()))
            .OrderByDescending(r => r.Count).ThenBy(r => r.Reason, StringComparer.Ordinal),
    ];

    internal static int Weight(Verdict verdict) => verdict switch { Verdict.Fire => 3, Verdict.Unknown => 2, Verdict.Pass => 1, _ => 0 };
}

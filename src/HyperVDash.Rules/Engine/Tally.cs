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
        var tallies = ImmutableArray.CreateBuilder<RuleTally>(examination.Columns.Length);
        foreach (var rule in examination.ByRule)
        {
            if (OfColumns(rule.Key, rule.Value) is { } tally)
            {
                tallies.Add(tally);
            }
        }

        tallies.Sort((a, b) => string.CompareOrdinal(a.RuleId, b.RuleId));
        return tallies.DrainToImmutable();
    }

    private static RuleTally? OfColumns(string ruleId, List<VerdictColumn> columns)
    {
        if (columns is [var only])
        {
            return only.Tally;
        }

        string? fault = columns.Select(c => c.Summary.Fault).LastOrDefault(f => f is not null);
        // Objects of different kinds are never one another: their counts add up.
        return columns.TrueForAll(c => c.IsOfItsObjects) && columns.DistinctBy(c => c.Objects[0].Kind).Count() == columns.Count
            ? Together(ruleId, [.. columns.Select(c => c.Tally).OfType<RuleTally>()], fault)
            : OfListed(ruleId, columns, fault);
    }

    private static RuleTally? Together(string ruleId, RuleTally[] parts, string? fault) => parts.Length == 0 ? null : new(
        ruleId, parts.Sum(t => t.Checked), parts.Sum(t => t.Passed), parts.Sum(t => t.Fired), parts.Sum(t => t.Unknown), parts.Sum(t => t.NotApplicable))
    {
        SwitchedOff = parts.Sum(t => t.SwitchedOff),
        Reasons = Merged(parts.SelectMany(t => t.Reasons)),
        PassedObjects = [.. parts.SelectMany(t => t.PassedObjects).Take(MaxPassed)],
        NotEvaluated = fault,
    };

    /// <summary>For verdicts about parts of what the rule was asked about, and of several columns. Null where nothing was said.</summary>
    internal static RuleTally? OfListed(string ruleId, IEnumerable<VerdictColumn> columns, string? fault)
    {
        // One object may get several verdicts; the worst counts.
        var places = new Dictionary<(ObjectKind Kind, string Id), int>();
        var objects = new List<(ObjectRef Subject, Verdict Verdict)>();
        foreach (var (subject, verdict) in columns.SelectMany(c => c.Spoken()))
        {
            if (places.TryAdd((subject.Kind, subject.Id), objects.Count))
            {
                objects.Add((subject, verdict));
            }
            else if (places[(subject.Kind, subject.Id)] is var place && Weight(verdict) > Weight(objects[place].Verdict))
            {
                objects[place] = (subject, verdict);
            }
        }

        return objects.Count == 0 ? null : new RuleTally(
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
            Reasons = Merged(g.SelectMany(t => t.Reasons)),
            PassedObjects = [.. g.SelectMany(t => t.PassedObjects).Take(MaxPassed)],
            NotEvaluated = g.Select(t => t.NotEvaluated).FirstOrDefault(n => n is not null),
        }).OrderBy(t => t.RuleId, StringComparer.Ordinal),
    ];

    private static ImmutableArray<TallyReason> Reasons(List<(ObjectRef Subject, Verdict Verdict)> objects) => Merged(
        objects.Select(o => o.Verdict switch
            {
                Verdict.Unknown unknown => new TallyReason("unknown", unknown.Reason, 1),
                Verdict.NotApplicable none => new TallyReason("notApplicable", none.Reason, 1),
                _ => null,
            })
            .OfType<TallyReason>());

    /// <summary>The same sentences together, the most frequent first.</summary>
    internal static ImmutableArray<TallyReason> Merged(IEnumerable<TallyReason> reasons)
    {
        if (reasons is IReadOnlyList<TallyReason> { Count: <= 1 } few)
        {
            return [.. few];
        }

        return
        [
            .. reasons.GroupBy(r => (r.Outcome, r.Reason)).Select(r => new TallyReason(r.Key.Outcome, r.Key.Reason, r.Sum(x => x.Count)))
                .OrderByDescending(r => r.Count).ThenBy(r => r.Reason, StringComparer.Ordinal),
        ];
    }

    internal static int Weight(Verdict verdict) => verdict switch { Verdict.Fire => 3, Verdict.Unknown => 2, Verdict.Pass => 1, _ => 0 };
}

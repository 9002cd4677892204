using System.Collections.Immutable;
using System.Runtime.InteropServices;
using HyperVDash.Model.Findings;

namespace HyperVDash.Rules.Engine;

/// <summary>One rule's verdict about one object.</summary>
/// <param name="SampleAt">When the youngest section the verdict rests on was read; null for a rule of the clock alone.</param>
public sealed record Examined(RuleCard Rule, ObjectRef Subject, Verdict Verdict, DateTimeOffset? SampleAt);

/// <summary>What all rules of some scopes say at one moment.</summary>
public sealed record Examination(DateTimeOffset At)
{
    /// <summary>Every verdict in a line of its own. They are kept rule by rule: listing thousands that pass takes longer than to examine them.</summary>
    public ImmutableArray<Examined> Verdicts
    {
        get => field.IsDefault ? field = [.. Columns.SelectMany(c => c.Listed())] : field;
        init
        {
            field = value.IsDefault ? [] : value;
            Columns = [.. field.Select(VerdictColumn.Of)];
        }
    }

    /// <summary>Rules that threw, with the sentence to report; the others went on.</summary>
    public ImmutableDictionary<string, string> Faults => Columns.Where(c => c.Summary.Fault is not null)
        .GroupBy(c => c.Rule.Id).ToImmutableDictionary(g => g.Key, g => g.Last().Summary.Fault!);

    /// <summary>When an answer can change without a new reading.</summary>
    public DateTimeOffset? NextInstant { get; init; }

    /// <summary>No other sample will ever come, as from a capture: what it shows counts at once.</summary>
    public bool IsOnlySample { get; init; }

    internal ImmutableArray<VerdictColumn> Columns { get; init; } = [];

    /// <summary>The columns of each rule; most rules look at one kind of object and have one.</summary>
    internal Dictionary<string, List<VerdictColumn>> ByRule => field ??= Grouped();

    private Dictionary<string, List<VerdictColumn>> Grouped()
    {
        var byRule = new Dictionary<string, List<VerdictColumn>>(Columns.Length, StringComparer.Ordinal);
        foreach (var column in Columns)
        {
            ref var columns = ref CollectionsMarshal.GetValueRefOrAddDefault(byRule, column.Rule.Id, out _);
            (columns ??= new(1)).Add(column);
        }

        return byRule;
    }
}

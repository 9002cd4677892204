using System.Collections.Immutable;
using HyperVDash.Model.Findings;

namespace HyperVDash.Rules.Engine;

/// <summary>One rule's verdict about one object.</summary>
/// <param name="SampleAt">When the youngest section the verdict rests on was read; null for a rule of the clock alone.</param>
public sealed record Examined(RuleCard Rule, ObjectRef Subject, Verdict Verdict, DateTimeOffset? SampleAt);

/// <summary>What all rules of some scopes say at one moment.</summary>
public sealed record Examination(DateTimeOffset At)
{
    public ImmutableArray<Examined> Verdicts { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Rules that threw, with the sentence to report; the others went on.</summary>
    public ImmutableDictionary<string, string> Faults { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>When an answer can change without a new reading.</summary>
    public DateTimeOffset? NextInstant { get; init; }

    /// <summary>No other sample will ever come, as from a capture: what it shows counts at once.</summary>
    public bool IsOnlySample { get; init; }
}

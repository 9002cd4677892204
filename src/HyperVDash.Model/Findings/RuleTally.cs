using System.Collections.Immutable;

namespace HyperVDash.Model.Findings;

/// <summary>What one rule said about all the objects it looked at. The four counts add up to <see cref="Checked"/>.</summary>
public sealed record RuleTally(string RuleId, int Checked, int Passed, int Fired, int Unknown, int NotApplicable)
{
    /// <summary>For how many of <see cref="NotApplicable"/> the settings switch the rule off.</summary>
    public int SwitchedOff { get; init; }

    /// <summary>Why objects are unknown or not applicable, each reason with its count.</summary>
    public ImmutableArray<TallyReason> Reasons { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Some objects it passes on, for "show me one that is right".</summary>
    public ImmutableArray<ObjectRef> PassedObjects { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Set if the rule is not evaluated here (a host's agent does not see clusters), or threw; a sentence.</summary>
    public string? NotEvaluated { get; init; }
}

public sealed record TallyReason(string Outcome, string Reason, int Count);

using System.ComponentModel.DataAnnotations;
using HyperVDash.Model.Findings;

namespace HyperVDash.Rules.Tuning;

/// <summary>A rule set otherwise than it comes, everywhere or for some objects; an entry of the setting <c>Rules:Tuning</c>. Of several that fit the last one holds.</summary>
public sealed record RuleTuning : TuningScope
{
    /// <summary>The rule is not applied; false applies it where an entry before this one does not.</summary>
    public bool? Off { get; init; }

    /// <summary>How severe its findings are, instead of what the rule says.</summary>
    public Severity? Severity { get; init; }

    /// <summary>Why, for whoever reads it later.</summary>
    [MinLength(1)]
    public string? Reason { get; init; }

    /// <summary>The entry that switches a rule off whatever the object is; null: none does, or a later one switches it on for some.</summary>
    /// <param name="ofOneRule">In the order of the settings.</param>
    public static RuleTuning? OffEverywhere(IEnumerable<RuleTuning> ofOneRule) => ofOneRule.LastOrDefault(t => t.Off is not null) is { Off: true, IsEverywhere: true } off ? off : null;
}

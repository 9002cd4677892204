using System.ComponentModel.DataAnnotations;
using HyperVDash.Model.Findings;

namespace HyperVDash.Rules.Tuning;

/// <summary>
/// Findings that somebody answers for until a day; an entry of the setting <c>Rules:AcceptedRisks</c>. They stay in the data, marked, and do not count as open. The day
/// after <see cref="ReviewBy"/> they are open again.
/// </summary>
public sealed record AcceptedRisk : TuningScope
{
    /// <summary>Id of one finding, as in the address of its page; without it every finding of the rule in the scope is accepted.</summary>
    [MinLength(1)]
    public string? Finding { get; init; }

    /// <summary>Who answers for it.</summary>
    [MinLength(1)]
    public string? Owner { get; init; }

    /// <summary>The last day on which it is accepted, in UTC.</summary>
    public DateOnly? ReviewBy { get; init; }

    /// <summary>Why it is accepted.</summary>
    [MinLength(1)]
    public string? Reason { get; init; }

    /// <summary>From when on it is open again.</summary>
    public DateTimeOffset End => ReviewBy is { } day ? Acceptance.EndOf(day) : DateTimeOffset.MinValue;

    public override bool IsEverywhere => Finding is null && base.IsEverywhere;

    private protected override List<string> Phrases() => Finding is null ? base.Phrases() : [.. base.Phrases(), $"finding {VisibleText.Of(Finding)[..Math.Min(12, VisibleText.Of(Finding).Length)]}"];
}

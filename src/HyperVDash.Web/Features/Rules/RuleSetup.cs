using System.Collections.Immutable;
using HyperVDash.Model.Findings;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Tuning;
using HyperVDash.Web.Fleet;

namespace HyperVDash.Web.Features.Rules;

/// <summary>What the settings say of one rule.</summary>
/// <param name="Thresholds">All that the rule has, set or not.</param>
public sealed record RuleSetup(ImmutableArray<RuleTuning> Tuning, ImmutableArray<AcceptedRisk> Risks, ImmutableArray<Threshold> Thresholds)
{
    /// <summary>It looks at nothing.</summary>
    public bool IsOff => RuleTuning.OffEverywhere(Tuning) is not null;

    /// <summary>It is not as it comes.</summary>
    public bool IsSet => !Tuning.IsEmpty || !Risks.IsEmpty || Thresholds.Any(t => t.IsSet);

    /// <summary>What differs, in a word or two each.</summary>
    public IEnumerable<string> Marks
    {
        get
        {
            if (IsOff)
            {
                yield return "off";
            }
            else if (Tuning.Any(t => t.Off == true))
            {
                yield return "off in part";
            }

            if (Tuning.Any(t => t.Severity is not null))
            {
                yield return "severity set";
            }

            if (Thresholds.Count(t => t.IsSet) is > 0 and var count)
            {
                yield return count == 1 ? "threshold set" : $"{count} thresholds set";
            }
        }
    }

    public static RuleSetup Of(string ruleId, RuleSettings settings) => new(
        [.. settings.Tuning.Where(t => t.Rule.Equals(ruleId, StringComparison.OrdinalIgnoreCase))],
        [.. settings.AcceptedRisks.Where(r => r.Rule.Equals(ruleId, StringComparison.OrdinalIgnoreCase))],
        Threshold.Of(ruleId, settings));

    /// <summary>One entry as a phrase, e.g. "Off on host HV1".</summary>
    public static string Words(RuleTuning tuning) => $"{(tuning.Off, tuning.Severity) switch
    {
        (true, null) => "Off",
        (true, { } severity) => $"Off, else {severity}",
        (false, null) => "On",
        (false, { } severity) => $"On, {severity}",
        (_, { } severity) => severity.ToString(),
        _ => "As it comes",
    }} {tuning.Words}";

    /// <summary>Shape of a rule: what could not be judged outranks what passes, for a rule that saw nothing says nothing, and what somebody answers for is not well.</summary>
    /// <param name="findings">Of this rule, open and accepted.</param>
    public static string KindOf(RuleTally? tally, IReadOnlyCollection<Finding> findings) => tally switch
    {
        null or { NotEvaluated: not null } => Standing.Unknown,
        // What fired and is not a finding yet waits for a second sample.
        { Fired: > 0 } when findings.Count == 0 => "info",
        { Fired: > 0 } when findings.Any(f => f.Accepted is null) => Standing.Of(findings.Where(f => f.Accepted is null).Max(f => f.Severity)),
        { Unknown: > 0 } => Standing.Unknown,
        { Fired: > 0 } => Standing.Worst(findings.Select(f => Standing.Of(f with { IsStale = false }))),
        { Passed: > 0 } => Standing.Ok,
        _ => Standing.Off,
    };
}

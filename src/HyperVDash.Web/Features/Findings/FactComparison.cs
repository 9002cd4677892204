using System.Collections.Immutable;
using HyperVDash.Model.Findings;
using HyperVDash.Rules.Switches;

namespace HyperVDash.Web.Features.Findings;

/// <summary>Which of a finding's facts show the fault.</summary>
public static class FactComparison
{
    private const string Contains = "contains ";

    /// <summary>Facts that are not as expected, near misses first; all that expect something if none stands out.</summary>
    public static ImmutableArray<Evidence> Telling(Finding finding)
    {
        var compared = finding.Evidence.Where(e => e.Expected is not null).ToList();
        var wrong = compared.Where(e => !Fits(e)).ToList();
        return [.. (wrong.Count > 0 ? wrong : compared).OrderByDescending(IsNearMiss)];
    }

    /// <summary>The value is what was expected, as far as text can tell.</summary>
    public static bool Fits(Evidence evidence) => evidence.Expected is { } expected
        && (evidence.Value == expected || (expected.StartsWith(Contains, StringComparison.Ordinal) && evidence.Value.Contains(expected[Contains.Length..], StringComparison.Ordinal)));

    /// <summary>The eye alone cannot tell the two apart.</summary>
    public static bool IsNearMiss(Evidence evidence) => evidence.Expected is { } expected && evidence.Value != expected && evidence.Value.Length <= 64
        && SwitchNames.Fold(Bare(evidence.Value)) == SwitchNames.Fold(Bare(expected));

    /// <summary>Without the quotes that rules put around names, and with the blanks that they draw.</summary>
    public static string Bare(string text) => text.Length > 1 && text[0] == '\'' && text[^1] == '\'' ? text[1..^1].Replace("␠", " ", StringComparison.Ordinal) : text;
}

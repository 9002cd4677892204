using System.Collections.Immutable;
using System.Text.RegularExpressions;
using HyperVDash.Model.Findings;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Rules.Own;

/// <summary>One rule as it stands in the user's file.</summary>
internal sealed partial record OwnRuleText(string Id, RuleScope Scope, Severity Severity, ImmutableArray<string> Sections, Placed When, Placed Text, string File, long Line)
{
    public string Remedy { get; init; } = "";

    public string Why { get; init; } = "";

    /// <summary>Facts by path, e.g. <c>it.notes</c>, or <c>drives[].path</c> for every row, that may be unsaid without making the verdict unknown.</summary>
    public ImmutableArray<string> Optional { get; init; } = [];

    public bool MayBeUnsaid(string path) => Optional.Contains(path) || (Optional.Length > 0 && path.Contains('[', StringComparison.Ordinal) && Optional.Contains(Row().Replace(path, "[]")));

    [GeneratedRegex(@"\[\d+\]")]
    private static partial Regex Row();
}

/// <summary>A text with the place where it begins.</summary>
internal sealed record Placed(string Value, long Line, long Column, bool IsBlock)
{
    /// <param name="line">From 1, within the text.</param>
    /// <param name="column">From 0, within its line.</param>
    public (long Line, long Column) At(int line, int column)
    {
        string[] lines = Value.TrimEnd('\n').Split('\n');
        if (line > lines.Length)
        {
            // What is missing at the end is missed behind it.
            (line, column) = (lines.Length, lines[^1].Length);
        }

        return IsBlock ? (Line + line, column + 1) : line == 1 ? (Line, Column + column) : (Line + line - 1, column + 1);
    }
}

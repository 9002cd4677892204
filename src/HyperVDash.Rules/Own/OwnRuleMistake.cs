namespace HyperVDash.Rules.Own;

/// <summary>Why one of the user's rules is refused; the others still run.</summary>
/// <param name="File">Name of the file.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
public sealed record OwnRuleMistake(string File, long Line, long Column, string Reason)
{
    /// <summary>Id of the rule; null: it has none that can be read, or all of the file is refused.</summary>
    public string? RuleId { get; init; }

    /// <summary>The mistake, and what follows from it.</summary>
    public string Sentence => $"{this} (this rule does not run)";

    public override string ToString() => $"{File}:{Line}:{Column}: {Reason}";
}

namespace HyperVDash.Rules.Engine;

/// <summary>A small case with its verdict. Run as a test and printed on the rule page.</summary>
public sealed record Example<TSubject>(string Name, TSubject Subject, string Expected)
{
    public RuleSettings Settings { get; init; } = new();
}

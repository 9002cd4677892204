using System.Collections.Immutable;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Rules.Own;

/// <summary>The rules that run: the catalogue, and after it the user's own.</summary>
/// <param name="Own">With those that are refused.</param>
public sealed record RuleSet(OwnRules Own)
{
    public static RuleSet Catalogue { get; } = new(OwnRules.None);

    public ImmutableArray<IRule> All { get; } = [.. RuleCatalogue.All, .. Own.Rules];

    /// <exception cref="IOException">The file that the settings name cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static RuleSet Of(RuleSettings settings) => settings.OwnRules is { Length: > 0 } path ? new(OwnRuleFile.Load(path)) : Catalogue;

    /// <summary>There is such a rule, or may be among those of the user's file that are refused.</summary>
    public bool Knows(string id) => Find(id) is not null || Own.Mistakes.Any(m => m.RuleId is null ? !id.StartsWith("HVD", StringComparison.OrdinalIgnoreCase) : m.RuleId.Equals(id, StringComparison.OrdinalIgnoreCase));

    /// <summary>Null if no such rule runs.</summary>
    public IRule? Find(string id) => All.FirstOrDefault(r => r.Card.Id.Equals(id, StringComparison.OrdinalIgnoreCase));
}

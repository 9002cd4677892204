using System.Collections.Immutable;

namespace HyperVDash.Cim.Wql;

/// <summary>A parsed query: <c>SELECT cols|* FROM Class [WHERE …]</c>.</summary>
/// <param name="Class">The class asked for.</param>
public sealed record WqlQuery(string Class)
{
    /// <summary>Empty for <c>*</c>.</summary>
    public ImmutableArray<string> Columns { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Null without WHERE.</summary>
    public WqlCondition? Where { get; init; }

    /// <exception cref="WqlException">The text is no query of this subset.</exception>
    public static WqlQuery Parse(string text) => new WqlParser(text).ReadQuery();

    /// <summary>A condition alone: the text after WHERE.</summary>
    /// <exception cref="WqlException">The text is no condition of this subset.</exception>
    public static WqlCondition ParseCondition(string text) => new WqlParser(text).ReadWhere();

    /// <summary>The names that WHERE compares, for "does this release know them".</summary>
    public IEnumerable<string> ComparedColumns() => Where?.Columns() ?? [];

    /// <summary>True if the instance is selected. <paramref name="property"/> gives its values; absent and null are null.</summary>
    public bool Matches(Func<string, object?> property) => Where is null || Where.IsTrue(property) == true;
}

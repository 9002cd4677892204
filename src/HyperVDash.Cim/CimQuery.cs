using System.Collections.Immutable;

namespace HyperVDash.Cim;

/// <summary>One question: all instances of a class, or those that a WHERE clause selects, whole or cut to columns.</summary>
/// <param name="Namespace">With forward slashes and no host, e.g. <c>root/virtualization/v2</c>.</param>
/// <param name="Class">The class asked for; instances of its subclasses answer too.</param>
public sealed record CimQuery(string Namespace, string Class)
{
    /// <summary>The columns to read; empty asks for all of them (<c>SELECT *</c>).</summary>
    public ImmutableArray<string> Columns { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>The text after WHERE in WQL, without the word; null selects every instance.</summary>
    public string? Where { get; init; }

    /// <summary>How long the whole answer may take; null leaves it to the session's own limit.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>True if plain enumeration of the class answers it, so that no WQL is needed.</summary>
    public bool IsWholeClass => Columns.IsEmpty && Where is null;

    /// <summary>The question in WQL.</summary>
    public string Wql =>
        $"SELECT {(Columns.IsEmpty ? "*" : string.Join(',', Columns))} FROM {Class}{(Where is null ? "" : $" WHERE {Where}")}";
}

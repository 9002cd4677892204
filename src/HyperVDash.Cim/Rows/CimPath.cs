using System.Collections.Immutable;

namespace HyperVDash.Cim;

/// <summary>
/// A reference to one instance: class and keys. Host and namespace are dropped, because sources spell them differently.
/// </summary>
/// <param name="Class">The class, in the spelling of the source; compare without case.</param>
public sealed record CimPath(string Class)
{
    /// <summary>Key values with single backslashes; the keys compare without case.</summary>
    public ImmutableDictionary<string, string> Keys { get; init; } =
        ImmutableDictionary.Create<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>A key's value, or null.</summary>
    public string? this[string key] => Keys.GetValueOrDefault(key);
}

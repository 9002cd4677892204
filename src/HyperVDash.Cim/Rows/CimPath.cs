using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace HyperVDash.Cim;

/// <summary>
/// A reference to one instance: class and keys. Host and namespace are dropped, because sources spell them differently.
/// </summary>
/// <param name="Class">The class, in the spelling of the source; compare without case.</param>
public sealed record CimPath(string Class)
{
    private static readonly ImmutableDictionary<string, string> NoKeys =
        ImmutableDictionary.Create<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Key values with single backslashes; the keys compare without case.</summary>
    public ImmutableDictionary<string, string> Keys { get; init; } = NoKeys;

    /// <summary>A key's value, or null.</summary>
    public string? this[string key] => Keys.GetValueOrDefault(key);

    /// <summary>True if the class is this one, whatever its spelling.</summary>
    public bool Is(string className) => Class.Equals(className, StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads the text WMI prints: <c>[\\HOST\]namespace:Class.Key="value",…</c>, backslashes doubled inside the quotes.</summary>
    /// <exception cref="FormatException">The text is no object path.</exception>
    public static CimPath Parse(string text) =>
        TryParse(text, out var path) ? path : throw new FormatException($"'{Cut(text)}' is not an object path (namespace:Class.Key=\"value\").");

    /// <inheritdoc cref="Parse"/>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out CimPath? path)
    {
        path = null;
        if (string.IsNullOrEmpty(text))
        {
            return false;
        }

        // The namespace ends at the first colon outside quotes; a path without one is relative and starts with the class.
        int quote = text.IndexOf('"', StringComparison.Ordinal);
        int colon = text.AsSpan(0, quote < 0 ? text.Length : quote).IndexOf(':');
        int at = colon + 1;
        int end = at;
        while (end < text.Length && IsNameCharacter(text[end]))
        {
            end++;
        }

        if (end == at || (end < text.Length && text[end] is not ('.' or '=')))
        {
            return false;
        }

        string className = text[at..end];
        if (end == text.Length || text.AsSpan(end).SequenceEqual("=@"))
        {
            path = colon < 0 && end == text.Length ? null : new CimPath(className);
            return path is not null;
        }

        return text[end] == '.' && TryReadKeys(text.AsSpan(end + 1), className, out path);
    }

    /// <summary>One key of a path as text, without making a path of it; null if the text is no path or has no such key.</summary>
    public static string? KeyOf(string text, string key)
    {
        // Nearly every reference of Hyper-V has one key and no quote in its value.
        int open = text.IndexOf('"', StringComparison.Ordinal);
        int start = open - 2 - key.Length;
        if (start > 0 && text.Length > open + 1 && text.IndexOf('"', open + 1) == text.Length - 1 && text[^2] != '\\' && text[open - 1] == '=' && text[start] == '.'
            && text.AsSpan(start + 1, key.Length).Equals(key, StringComparison.OrdinalIgnoreCase) && EndsWithClass(text.AsSpan(0, start)))
        {
            return text[(open + 1)..^1].Replace(@"\\", @"\", StringComparison.Ordinal);
        }

        return TryParse(text, out var path) ? path[key] : null;
    }

    /// <summary>True for a class name, alone or behind the colon that ends a namespace.</summary>
    private static bool EndsWithClass(ReadOnlySpan<char> text)
    {
        var name = text[(text.IndexOf(':') + 1)..];
        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '_')
            {
                return false;
            }
        }

        return !name.IsEmpty;
    }

    private static bool TryReadKeys(ReadOnlySpan<char> rest, string className, [NotNullWhen(true)] out CimPath? path)
    {
        path = null;
        var keys = NoKeys.ToBuilder();
        while (true)
        {
            int equals = rest.IndexOf('=');
            if (equals <= 0)
            {
                return false;
            }

            string key = rest[..equals].Trim().ToString();
            if (key.Length == 0 || !key.All(IsNameCharacter))
            {
                return false;
            }

            rest = rest[(equals + 1)..];
            if (!TryReadValue(ref rest, out string? value))
            {
                return false;
            }

            keys[key] = value;
            if (rest.IsEmpty)
            {
                path = new CimPath(className) { Keys = keys.ToImmutable() };
                return true;
            }

            if (rest[0] != ',')
            {
                return false;
            }

            rest = rest[1..];
        }
    }

    private static bool TryReadValue(ref ReadOnlySpan<char> rest, [NotNullWhen(true)] out string? value)
    {
        if (rest.IsEmpty || rest[0] != '"')
        {
            int comma = rest.IndexOf(',');
            value = (comma < 0 ? rest : rest[..comma]).ToString();
            rest = comma < 0 ? [] : rest[comma..];
            return value.Length > 0;
        }

        var text = new StringBuilder();
        for (int i = 1; i < rest.Length; i++)
        {
            if (rest[i] == '\\' && i + 1 < rest.Length && rest[i + 1] is '\\' or '"')
            {
                text.Append(rest[++i]);
            }
            else if (rest[i] == '"')
            {
                value = text.ToString();
                rest = rest[(i + 1)..];
                return true;
            }
            else
            {
                text.Append(rest[i]);
            }
        }

        value = null;
        return false;
    }

    private static bool IsNameCharacter(char one) => char.IsAsciiLetterOrDigit(one) || one == '_';

    private static string Cut(string text) => text.Length <= 80 ? text : text[..80] + "…";

    /// <summary>The relative path as WMI writes it: <c>Class.Key="value"</c>.</summary>
    public override string ToString() => Keys.IsEmpty
        ? Class
        : $"{Class}.{string.Join(',', Keys.OrderBy(k => k.Key, StringComparer.OrdinalIgnoreCase)
            .Select(k => $"{k.Key}=\"{k.Value.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\""))}";

    public bool Equals(CimPath? other) =>
        other is not null && Is(other.Class) && Keys.Count == other.Keys.Count
        && Keys.All(k => string.Equals(other[k.Key], k.Value, StringComparison.OrdinalIgnoreCase));

    public override int GetHashCode() => HashCode.Combine(StringComparer.OrdinalIgnoreCase.GetHashCode(Class), Keys.Count);
}

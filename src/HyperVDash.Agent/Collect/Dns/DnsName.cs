using System.Globalization;

namespace HyperVDash.Agent.Collect.Dns;

/// <summary>Names as DNS knows them: lower case, ASCII, without the dot at the end.</summary>
internal static class DnsName
{
    private const int MaxLength = 253;
    private const int MaxLabel = 63;

    /// <summary>Null if the text can be no name of a host.</summary>
    public static string? Of(string? text)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > MaxLength)
        {
            return null;
        }

        string name;
        try
        {
            name = new IdnMapping().GetAscii(text.Trim().TrimEnd('.')).ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            return null;
        }

        bool isName = name.Length is > 0 and <= MaxLength
            && name.Split('.').All(l => l.Length is > 0 and <= MaxLabel && l.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            && !name.Split('.')[^1].All(char.IsAsciiDigit);
        return isName ? name : null;
    }

    /// <summary>Null unless the name says its domain.</summary>
    public static string? Qualified(string? text) => Of(text) is { } name && name.Contains('.', StringComparison.Ordinal) ? name : null;

    /// <summary>A short name gets this domain.</summary>
    public static string? In(string domain, string? text) => Of(text) is { } name ? name.Contains('.', StringComparison.Ordinal) ? name : Of($"{name}.{domain}") : null;

    public static string DomainOf(string qualified) => qualified[(qualified.IndexOf('.', StringComparison.Ordinal) + 1)..];

    public static bool IsIn(string zone, string name) => name.Equals(zone, StringComparison.Ordinal) || name.EndsWith("." + zone, StringComparison.Ordinal);
}

using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace HyperVDash.Cim.Capture.Redaction;

/// <summary>What a text looks like, whatever it means.</summary>
internal static partial class TextShape
{
    public static bool IsGuid(string text) => text.Length is 32 or 36 or 38 && Guid.TryParse(text, out _);

    public static bool IsNumberOrTime(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _) || text is "true" or "false" or "True" or "False" or "TRUE" or "FALSE" || Time().IsMatch(text);

    /// <summary>Of a telephone, a person, a contract.</summary>
    public static bool IsLongNumber(string text) => text.Count(char.IsAsciiDigit) > 4 && !Time().IsMatch(text);

    public static bool IsPath(string text) => (text.Length > 2 && char.IsAsciiLetter(text[0]) && text[1] == ':' && text[2] is '\\' or '/') || text.StartsWith(@"\\", StringComparison.Ordinal) || text.StartsWith(@"\??\", StringComparison.Ordinal);

    // "7" and "1.2" are addresses too for the parser.
    public static bool IsWritten(IPAddress ip, string text) => ip.AddressFamily == AddressFamily.InterNetworkV6 || text.Count(c => c == '.') == 3;

    [GeneratedRegex(@"(?<guid>(?<![0-9A-Fa-f])[0-9A-Fa-f]{8}-([0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}(?![0-9A-Fa-f]))|(?<mac>(?<![\w:-])[0-9A-Fa-f]{2}([:-])([0-9A-Fa-f]{2}\1){4}[0-9A-Fa-f]{2}(?![\w:-]))|(?<digits>(?<![0-9A-Za-z])[0-9A-Fa-f]{12}(?![0-9A-Za-z]))|(?<path>(?<!\w)[A-Za-z]:\\[^""'<>|\r\n]+)|(?<ip>(?<![\d.])\d{1,3}(\.\d{1,3}){3}(?!\.?\d))|(?<ip6>(?<![\w:.])[0-9A-Fa-f]{0,4}(:[0-9A-Fa-f]{0,4}){2,7}(?![\w:]))", RegexOptions.CultureInvariant)]
    public static partial Regex Tokens();

    [GeneratedRegex(@"([\\/])", RegexOptions.CultureInvariant)]
    public static partial Regex Separators();

    [GeneratedRegex(@"\A(?<before>(IP_|WSD-)?)(?<name>(?<dns>[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+)|.+?)(?<after>(_\d{1,3})?)\z", RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    public static partial Regex PortParts();

    [GeneratedRegex(@"\.[A-Za-z0-9]{1,6}\z", RegexOptions.CultureInvariant)]
    public static partial Regex Extension();

    [GeneratedRegex(@"[_-]?\{?[0-9A-Fa-f]{8}-([0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}\}?\z|\z", RegexOptions.CultureInvariant)]
    public static partial Regex TrailingGuid();

    [GeneratedRegex(@"\A(\d{14}\.[\d*]{6}[+-]\d{3}|\d{8}\d{6}\.[\d*]{6}:\d{3}|\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:?\d\d)?)?|-?P(\d+[YMD])*(T([\d.]+[HMS])+)?|\d{1,2}/\d{1,2}/\d{4})\z", RegexOptions.CultureInvariant)]
    public static partial Regex Time();

    [GeneratedRegex(@"\A((Msvm|Win32|MSFT|CIM|MSCluster|MicrosoftNLB|MicrosoftDNS|MSNdis)_\w+|StdRegProv|root[/\\][\w/\\]+)\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    public static partial Regex Identifier();

    [GeneratedRegex(@"\A\d+(\.\d+){1,3}\z", RegexOptions.CultureInvariant)]
    public static partial Regex Version();

    [GeneratedRegex(@"\A[\d\W]*\z|\A[a-z]+-[a-z0-9]+(\.example)?\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    public static partial Regex Placeholder();

    [GeneratedRegex(@"'(?<text>[^'\r\n]+)'", RegexOptions.CultureInvariant)]
    public static partial Regex Quoted();

    [GeneratedRegex(@"(?<![\w\\:./-])[\w.-]+\\[\w.$-]+", RegexOptions.CultureInvariant)]
    public static partial Regex DomainUser();

    [GeneratedRegex(@"(?<scheme>https?://)(?<host>[^/:\s\[\]]+)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    public static partial Regex Url();

    [GeneratedRegex(@"(?<before>(?<column>\w+)\s*(=|<>|!=|<=|>=|<|>|LIKE)\s*)'(?<value>(\\.|[^'\\])*)'", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    public static partial Regex Compared();
}

using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml;

namespace HyperVDash.Cim.WsMan;

/// <summary>A SOAP fault: its subcode, the codes found in it and its own (localised) words.</summary>
internal sealed partial record WsManFault(string Subcode, uint? WsManCode, uint? WbemCode, string Text)
{
    /// <summary>What HTTP 413 amounts to, which comes without a fault.</summary>
    public const uint HttpTooLarge = 0x80338049;

    /// <summary>What Windows' own client makes of HTTP 503.</summary>
    public const uint HttpUnavailable = 0x80338112;

    private const uint FirstWsManCode = 0x80338000;

    /// <summary>The code that says most: WMI's own if there is one, and what the subcode stands for if there is no number at all.</summary>
    public uint? Code => WbemCode ?? WsManCode ?? Subcode switch
    {
        "TimedOut" => 0x80338029,
        "QuotaLimit" => 0x8033803F,
        "EncodingLimit" => 0x80338035,
        "InvalidEnumerationContext" => 0x8033801B,
        _ => null,
    };

    public bool IsTimeout => WsManCode is 0x80338029 or 0x8033801C || Subcode == "TimedOut" || WbemCode is 0x80041032 or 0x80041088;

    /// <summary>The host is busy with too many operations; a little later it may answer.</summary>
    public bool IsQuota => WsManCode is 0x803381A6 or 0x803381A7 or 0x803381A8 or 0x803381E5 or 0x803381E7 or 0x803381E8 or 0x8033803F
        || WbemCode is 0x80041045 or 0x8004106C || Subcode == "QuotaLimit";

    /// <summary>The answer does not fit into the envelope.</summary>
    public static bool IsTooLarge(uint? code) => code is 0x80338026 or 0x80338035 or 0x80338047 or 0x80338048 or 0x80338049;

    /// <summary>Too large, or the host lost the place in an enumeration.</summary>
    public static bool IsWorthAnotherStart(uint? code) => IsTooLarge(code) || code is 0x80338007 or 0x8033801B or 0x80338084;

    public CimErrorKind Kind => this switch
    {
        { WbemCode: 0x8004100E } => CimErrorKind.NoSuchNamespace,
        { WbemCode: 0x80041010 or 0x80041017 or 0x80041002 or 0x8004102E or 0x8004102F or 0x80041024 } => CimErrorKind.NoSuchClassOrProperty,
        { WbemCode: 0x80041003 or 0x80070005 } => CimErrorKind.AccessDenied,
        { WsManCode: 5 or 1326 or 0x80338104 or 0x80338105 or 0x80338106 } or { Subcode: "AccessDenied" } => CimErrorKind.AccessDenied,
        { IsTimeout: true } => CimErrorKind.Timeout,
        { WbemCode: null, WsManCode: 0x80338000 or 0x8033801A } => CimErrorKind.NoSuchClassOrProperty,
        { WbemCode: null, Subcode: "CannotProcessFilter" or "DestinationUnreachable" } => CimErrorKind.NoSuchClassOrProperty,
        _ => CimErrorKind.Protocol,
    };

    /// <summary>Reads the fault the reader stands on, to its end.</summary>
    public static WsManFault Read(XmlReader reader)
    {
        string subcode = "", text = "";
        uint? wsman = null, wbem = null;
        int depth = reader.Depth;
        bool isInSubcode = false;
        while (reader.ReadWithin() && reader.Depth > depth)
        {
            if (reader.NodeType == XmlNodeType.Element)
            {
                isInSubcode |= reader.LocalName == "Subcode";
                if (reader.LocalName == "WSManFault" && Number(reader.GetAttribute("Code")) is { } code && code != 0)
                {
                    // The innermost one is the provider's own; Win32 codes are small numbers.
                    wsman = code;
                    wbem = code is >= 0x80041000 and <= 0x80041FFF ? code : wbem;
                }
            }
            else if (reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA)
            {
                string value = reader.Value;
                if (isInSubcode && subcode.Length == 0)
                {
                    subcode = value[(value.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
                }
                else if (text.Length == 0 && value.Trim().Length > 0 && !value.StartsWith("s:", StringComparison.Ordinal))
                {
                    text = value.Trim();
                }

                wbem ??= FindCode(value);
            }
        }

        return new WsManFault(subcode, wsman, wbem, text.Length > 300 ? text[..300] + "…" : text);
    }

    private static uint? FindCode(string text)
    {
        if (HexCode().Match(text) is { Success: true } hex)
        {
            return uint.Parse(hex.ValueSpan[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        }

        // error_Code of an MSFT_WmiError is decimal.
        return Number(text.Trim()) is >= 0x80041000 and < FirstWsManCode and var code ? code : null;
    }

    private static uint? Number(string? text) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint code) ? code : null;

    [GeneratedRegex("0x8004[0-9a-fA-F]{4}|0x8007[0-9a-fA-F]{4}", RegexOptions.CultureInvariant)]
    private static partial Regex HexCode();
}

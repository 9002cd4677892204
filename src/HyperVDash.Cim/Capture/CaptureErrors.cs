using System.Globalization;

namespace HyperVDash.Cim.Capture;

/// <summary>How a host's error stands in a capture, and back.</summary>
internal static class CaptureErrors
{
    /// <summary>An entry's error. A sentence of ours is kept; another writer's bare text gets host and class around it.</summary>
    private static CimException Of(string host, string what, uint? code, string? message, string? kind) =>
        Enum.TryParse<CimErrorKind>(kind, ignoreCase: true, out var sorted) && Enum.IsDefined(sorted) && message is { Length: > 0 }
            ? new CimException(sorted, message, code)
            : new CimException(Sorted(code), $"{host} answered for {what} with {(code is { } number ? $"0x{number:X8}" : "an error")}{(message is { Length: > 0 } ? $": {message.TrimEnd('.')}" : "")}.", code);

    /// <summary>The error as an entry or a call holds it.</summary>
    public static CimException Of(string host, string what, CimRow error) => Of(host, what, Code(error.String("code")), error.String("message"), error.String("kind"));

    private static uint? Code(string? text) =>
        text is null ? null
        : text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && uint.TryParse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out uint hex) ? hex
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? unchecked((uint)number) : null;

    private static CimErrorKind Sorted(uint? code) => code switch
    {
        0x8004100E => CimErrorKind.NoSuchNamespace,
        0x80041010 or 0x80041017 or 0x80041002 => CimErrorKind.NoSuchClassOrProperty,
        0x80041003 or 0x80070005 => CimErrorKind.AccessDenied,
        0x80041069 or 0x80338029 => CimErrorKind.Timeout,
        _ => CimErrorKind.Protocol,
    };
}

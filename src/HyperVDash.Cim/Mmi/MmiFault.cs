using System.Globalization;
using HyperVDash.Cim.WsMan;
using Microsoft.Management.Infrastructure;
using NativeException = Microsoft.Management.Infrastructure.CimException;

namespace HyperVDash.Cim.Mmi;

/// <summary>An error of the library: its own short list of codes, and the HRESULT behind it, which says more.</summary>
/// <param name="MessageId">E.g. <c>HRESULT 0x80041010</c>; not localised.</param>
/// <param name="ErrorCode">MSFT_WmiError.error_Code.</param>
/// <param name="Text">In the language of the system that runs this.</param>
internal sealed record MmiFault(NativeErrorCode Native, string? MessageId, uint? ErrorCode, string Text)
{
    public static MmiFault Of(NativeException error) => new(
        error.NativeErrorCode,
        error.MessageId,
        error.ErrorData?.CimInstanceProperties["error_Code"]?.Value as uint?,
        error.Message);

    /// <summary>WMI's code if there is one, else that of the wire.</summary>
    public uint? Code => HResult ?? Native switch
    {
        NativeErrorCode.AccessDenied => 0x80041003,
        NativeErrorCode.InvalidNamespace => 0x8004100E,
        NativeErrorCode.InvalidClass => 0x80041010,
        NativeErrorCode.InvalidQuery => 0x80041017,
        NativeErrorCode.NotFound => 0x80041002,
        _ => null,
    };

    public CimErrorKind Kind => HResult switch
    {
        // RPC: server unavailable, call failed; sockets: unknown name, refused, unreachable; WinRM: cannot connect, name does not resolve.
        0x800706BA or 0x800706BE or 0x800706BF or 0x80072EE7 or 0x80072EFD or 0x80072EFE or 0x8007274D or 0x80072751 or 0x80072AF9 or 0x80070035
            or 0x80338012 or 0x803380E4 or 0x80338126 => CimErrorKind.Unreachable,
        0x80072EE2 or 0x8007274C or 0x800705B4 => CimErrorKind.Timeout,

        // Wrong password, locked or expired account, no ticket, untrusted way to authenticate.
        0x8007052E or 0x80070532 or 0x80070533 or 0x80070775 or 0x8009030C or 0x8009030E or 0x80090311 or 0x80090322 or 0x8033809D => CimErrorKind.AccessDenied,
        { } code when FromWire(code) is not CimErrorKind.Protocol and var kind => kind,
        _ => FromLibrary,
    };

    /// <summary>The fault as every door throws it.</summary>
    /// <param name="what">Class and namespace that were asked for.</param>
    public CimException AsException(MmiTarget target, CimTopic what, Exception inner)
    {
        string code = Code is { } number ? $" (0x{number:X8})" : "";
        return new CimException(Kind, Kind switch
        {
            CimErrorKind.NoSuchNamespace => $"{target} has no such namespace: {what}{code}.",
            CimErrorKind.NoSuchClassOrProperty => $"{target} does not know the class, or a column of it: {what}{code}.",
            CimErrorKind.AccessDenied => $"{target} denies access to {what}{code}. {what.Advice(target.IsLocal)}",
            CimErrorKind.Timeout => $"{target} did not finish {what} in the time allowed{code}.",
            CimErrorKind.Unreachable => $"{target} cannot be reached{code}: {Line}",
            _ => $"{target} reports a fault for {what}{code}: {Line}",
        }, Code, inner);
    }

    private uint? HResult
    {
        get
        {
            const string prefix = "HRESULT 0x";
            return MessageId is { } id && id.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)
                && uint.TryParse(id.AsSpan(prefix.Length), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out uint code)
                    ? code
                    : ErrorCode is { } given && given >= 0x80000000 ? given : null;
        }
    }

    private CimErrorKind FromLibrary => Native switch
    {
        NativeErrorCode.AccessDenied => CimErrorKind.AccessDenied,
        NativeErrorCode.InvalidNamespace => CimErrorKind.NoSuchNamespace,
        NativeErrorCode.InvalidClass
            or NativeErrorCode.NoSuchProperty
            or NativeErrorCode.InvalidQuery
            or NativeErrorCode.NotFound
            or NativeErrorCode.MethodNotFound
            or NativeErrorCode.MethodNotAvailable => CimErrorKind.NoSuchClassOrProperty,
        _ => CimErrorKind.Protocol,
    };

    private string Line => Text.ReplaceLineEndings(" ").Trim() is { Length: > 300 } line ? line[..300] + "…" : Text.ReplaceLineEndings(" ").Trim();

    // The same codes mean the same on both ways to a host; one table sorts them.
    private static CimErrorKind FromWire(uint code) =>
        (code >> 16 is 0x8004 or 0x8007 ? new WsManFault("", null, code, "") : new WsManFault("", code, null, "")).Kind;
}

namespace HyperVDash.Cim;

/// <summary>Why a host did not answer, sorted by what an operator can do about it.</summary>
public enum CimErrorKind
{
    /// <summary>The host has no such namespace (0x8004100E): a feature is not installed.</summary>
    NoSuchNamespace,

    /// <summary>The release has no such class (0x80041010), or lacks a column (0x80041017).</summary>
    NoSuchClassOrProperty,

    /// <summary>Sign-in failed or a right is missing (HTTP 401, 0x80041003).</summary>
    AccessDenied,

    /// <summary>No answer, or no end of it, within the time limit.</summary>
    Timeout,

    /// <summary>Nothing listens, the name does not resolve, or the connection broke before an answer began.</summary>
    Unreachable,

    /// <summary>An answer that is not what the protocol allows: not XML, cut in half, too large, a fault of the provider.</summary>
    Protocol,

    /// <summary>The capture file does not hold this answer.</summary>
    NotRecorded,
}

/// <summary>The answer of a host that gave none. <see cref="Exception.Message"/> is a sentence for an operator.</summary>
/// <param name="code">The WBEM code (0x8004….) or WS-Man code, if the host gave one.</param>
public sealed class CimException(CimErrorKind kind, string message, uint? code = null, Exception? inner = null)
    : Exception(message, inner)
{
    public CimErrorKind Kind { get; } = kind;

    public uint? Code { get; } = code;

    /// <summary>The account itself was refused, before WMI was asked: nothing else will be answered until it is put right. HTTP 401 has no code; the others are Windows' words for a wrong, locked, disabled or expired account.</summary>
    public bool IsSignIn => Kind == CimErrorKind.AccessDenied
        && Code is null or 1326 or 0x8007052E or 0x80070532 or 0x80070533 or 0x80070775 or 0x8009030C or 0x8009030E or 0x80090311 or 0x80090322;
}

using System.Text;

namespace HyperVDash.Cim.WsMan.SignIn.Kerberos;

/// <summary>What the Kerberos library answered instead of a token.</summary>
/// <param name="principal">Whose credential it was, if known.</param>
internal sealed class KerberosException(uint major, uint minor, string? principal) : Exception(Describe(major, minor))
{
    public KerberosCode Code { get; } = major switch
    {
        _ when (major & 0x00FF0000) == Gss.BadBindings => KerberosCode.BadBindings,
        _ when (major & 0x00FF0000) == Gss.CredentialsExpired => KerberosCode.TicketExpired,
        _ => (KerberosCode)(unchecked((int)minor) - ErrorTable),
    };

    public string? Principal { get; } = principal;

    // ERROR_TABLE_BASE_krb5; the protocol's own codes follow from it.
    private const int ErrorTable = -1765328384;

    private static string Describe(uint major, uint minor) =>
        minor != 0 && Text(minor, 2) is { Length: > 0 } specific ? specific : Text(major, 1);

    private static string Text(uint status, int type)
    {
        uint more = 0;
        uint result = Gss.gss_display_status(out _, status, type, GssConstants.Kerberos, ref more, out var text);
        return Gss.IsError(result) ? $"status {status}" : Encoding.UTF8.GetString(text.Take());
    }
}

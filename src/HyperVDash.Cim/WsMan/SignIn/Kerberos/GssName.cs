using System.Text;

namespace HyperVDash.Cim.WsMan.SignIn.Kerberos;

/// <summary>A user or a service in the library's own form.</summary>
internal sealed class GssName : IDisposable
{
    private IntPtr _name;

    private GssName(IntPtr name) => _name = name;

    public IntPtr Pointer => _name;

    /// <summary>E.g. <c>watcher@CORP.EXAMPLE</c>.</summary>
    public static GssName User(string principal) => Import(principal, GssConstants.Principal);

    /// <summary>E.g. <c>HTTP/hv01.corp.example</c>: the realm follows from the host's name as krb5.conf says; or complete with its realm.</summary>
    public static GssName Service(string principal) =>
        principal.Contains('@', StringComparison.Ordinal) || principal.IndexOf('/', StringComparison.Ordinal) is not (> 0 and var slash)
            ? Import(principal, GssConstants.Principal)
            : Import($"{principal[..slash]}@{principal[(slash + 1)..]}", GssConstants.HostService);

    public void Dispose() => _ = Gss.gss_release_name(out _, ref _name);

    private static GssName Import(string text, IntPtr type)
    {
        using var pins = new PinnedBytes(Encoding.UTF8.GetBytes(text));
        var buffer = pins.Buffer(0);
        uint major = Gss.gss_import_name(out uint minor, ref buffer, type, out IntPtr name);
        return Gss.IsError(major) ? throw new KerberosException(major, minor, null) : new GssName(name);
    }
}

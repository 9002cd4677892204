using System.Text;

namespace HyperVDash.Cim.WsMan.SignIn.Kerberos;

/// <summary>Tickets of one account: from a password, a key file, a ticket cache, or wherever the system keeps them.</summary>
internal sealed class KerberosCredential : IDisposable
{
    private GssCredential _kerberos = new();
    private GssCredential _spnego = new();

    private KerberosCredential()
    {
    }

    /// <summary>For direct use; its failures carry Kerberos' own numbers.</summary>
    public GssCredential Kerberos => _kerberos;

    /// <summary>The same tickets for Negotiate, which offers nothing but Kerberos.</summary>
    public GssCredential Spnego => _spnego;

    /// <summary>E.g. <c>watcher@CORP.EXAMPLE</c>.</summary>
    public string? Principal { get; private set; }

    /// <summary>When a new one is due; null if the library looks after that itself.</summary>
    public DateTimeOffset? RenewAt { get; private set; }

    /// <param name="cache">Name of this session's own cache in memory.</param>
    /// <exception cref="KerberosException">There is none, or the domain gave none.</exception>
    public static KerberosCredential Acquire(WsManTarget target, string cache, TimeProvider time)
    {
        var credential = new KerberosCredential();
        try
        {
            credential.Open(target, cache, time);
            return credential;
        }
        catch
        {
            credential.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _kerberos.Dispose();
        _spnego.Dispose();
    }

    private void Open(WsManTarget target, string cache, TimeProvider time)
    {
        string memory = "MEMORY:" + cache;
        using var user = target.User is { } name ? GssName.User(name) : null;
        using var store = target switch
        {
            { Keytab: { } keytab } => new GssStore(("client_keytab", keytab), ("ccache", memory)),
            { TicketCache: { } tickets } => new GssStore(("ccache", tickets)),
            { User: not null, Password: not null } => new GssStore(("ccache", memory)),
            _ => null,
        };
        if (target is { User: not null, Password: { } password, Keytab: null, TicketCache: null })
        {
            FillFromPassword(user!.Pointer, password, store!.Pointer, target.User);
        }

        IntPtr from = store?.Pointer ?? IntPtr.Zero;
        IntPtr wanted = user?.Pointer ?? IntPtr.Zero;
        uint major = Gss.gss_acquire_cred_from(out uint minor, wanted, uint.MaxValue, GssConstants.OnlyKerberos, Gss.Initiate, from, out _kerberos, IntPtr.Zero, out _);
        ThrowIf(major, minor, target.User);
        major = Gss.gss_acquire_cred_from(out minor, wanted, uint.MaxValue, GssConstants.OnlySpnego, Gss.Initiate, from, out _spnego, IntPtr.Zero, out _);
        ThrowIf(major, minor, target.User);
        ThrowIf(Gss.gss_set_neg_mechs(out minor, _spnego, GssConstants.OnlyKerberos), minor, target.User);
        Inquire(target, time);
    }

    // One exchange with the domain: the tickets go to memory, and everything after takes them from there.
    private static void FillFromPassword(IntPtr user, string password, IntPtr store, string name)
    {
        byte[] secret = Encoding.UTF8.GetBytes(password);
        using var pins = new PinnedBytes(secret);
        var buffer = pins.Buffer(0);
        var filled = new GssCredential();
        try
        {
            uint major = Gss.gss_acquire_cred_with_password(
                out uint minor, user, ref buffer, uint.MaxValue, GssConstants.OnlyKerberos, Gss.Initiate, out filled, IntPtr.Zero, IntPtr.Zero);
            ThrowIf(major, minor, name);
            major = Gss.gss_store_cred_into(out minor, filled, Gss.Initiate, GssConstants.Kerberos, 1, 0, store, IntPtr.Zero, IntPtr.Zero);
            ThrowIf(major, minor, name);
        }
        finally
        {
            Array.Clear(secret);
            filled.Dispose();
        }
    }

    private void Inquire(WsManTarget target, TimeProvider time)
    {
        uint major = Gss.gss_inquire_cred(out uint minor, _kerberos, out IntPtr name, out uint seconds, IntPtr.Zero, IntPtr.Zero);
        try
        {
            ThrowIf(major, minor, target.User);
            Principal = Gss.IsError(Gss.gss_display_name(out _, name, out var text, IntPtr.Zero)) ? target.User : Encoding.UTF8.GetString(text.Take());
        }
        finally
        {
            _ = Gss.gss_release_name(out _, ref name);
        }

        // A little early: a ticket must outlive the handshake it is used for. Caches that others fill are looked into each time.
        bool isOwn = target.Keytab is not null || (target.Password is not null && target.TicketCache is null);
        RenewAt = isOwn ? time.GetUtcNow() + (TimeSpan.FromSeconds(seconds) * 0.9) : null;
    }

    private static void ThrowIf(uint major, uint minor, string? principal)
    {
        if (Gss.IsError(major))
        {
            throw new KerberosException(major, minor, principal);
        }
    }
}

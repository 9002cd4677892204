using System.Globalization;

namespace HyperVDash.Cim.WsMan.SignIn.Kerberos;

/// <summary>A failed Kerberos sign-in in words: what happened, and what to do next.</summary>
internal static class KerberosSentence
{
    public const string LibraryMissing =
        "Kerberos needs the MIT library on this machine: install libgssapi-krb5-2 (Debian, Ubuntu) or krb5-libs (RHEL, Alpine).";

    /// <summary>Transient causes are <see cref="CimErrorKind.Unreachable"/>: asking again soon locks no account.</summary>
    public static CimException Of(KerberosException failed, WsManTarget target, TimeProvider time)
    {
        string who = failed.Principal is { } principal ? $"the user '{principal}'" : target.Who;
        var kind = failed.Code is KerberosCode.DomainUnreachable or KerberosCode.RealmUnknown or KerberosCode.RealmNotConfigured
            ? CimErrorKind.Unreachable : CimErrorKind.AccessDenied;
        return new CimException(kind, failed.Code switch
        {
            KerberosCode.TicketExpired =>
                $"The Kerberos ticket of {who} has expired, so {target} was not asked. Renew it: kinit {Principal(target)}; or set PasswordEnv or Keytab for this host, then tickets renew themselves.",
            KerberosCode.ClocksApart or KerberosCode.TicketNotYetValid or KerberosCode.ClocksApartFromDomain =>
                $"The clocks of this machine, {target} and the domain differ by more than Kerberos allows (5 minutes); here it is {Text(time.GetUtcNow())} UTC. Set all to one time source.",
            KerberosCode.PasswordWrong or KerberosCode.PasswordWrongWithoutProof =>
                $"The domain refuses the password of {who}. It was tried once. Correct it, or make a new key file if the password was changed.",
            KerberosCode.ClientUnknown =>
                $"The domain does not know {who}. Write the user as name@REALM with the realm in capitals, e.g. watcher@CORP.EXAMPLE.",
            KerberosCode.ClientLocked => $"The account of {who} is disabled, locked or expired in the domain.",
            KerberosCode.PasswordExpired => $"The password of {who} has expired in the domain. Set a new one; a monitoring account is best exempt from that.",
            KerberosCode.ServiceUnknown =>
                $"The domain does not know the service {target.ServicePrincipal}. Use the host's full name in Url, not an address or an alias; or set Spn to one that 'setspn -L' lists for the host, e.g. WSMAN/hv01.corp.example.",
            KerberosCode.WrongServiceKey => WrongKey(target),
            KerberosCode.DomainUnreachable =>
                $"No domain controller of {RealmOf(target)} answers. Check the network and TCP and UDP 88, or name one as kdc in krb5.conf.",
            KerberosCode.RealmUnknown or KerberosCode.RealmNotConfigured =>
                $"This machine knows no domain controller of {RealmOf(target)}. Check the realm's spelling and DNS (_kerberos._tcp), or name one as kdc in krb5.conf.",
            KerberosCode.NoCommonEncryption =>
                $"Domain and this machine share no encryption type for {who}. Allow AES for the account (msDS-SupportedEncryptionTypes) and set its password anew.",
            KerberosCode.BadBindings =>
                $"{target} does not accept the channel binding: something between here and there opens the TLS connection.",
            KerberosCode.KeyNotFound => $"The key file holds no usable key of {who}. Make it anew, e.g. ktpass or ktutil, for exactly this name and realm.",
            KerberosCode.CacheFileMissing or KerberosCode.CacheNotFound => NoTicket(target),
            _ when target is { User: null, Keytab: null } && !HasNumber(failed.Code) => NoTicket(target),
            _ => $"Kerberos cannot sign in {who} at {target}: {failed.Message.TrimEnd('.')}.",
        });
    }

    /// <summary>The host itself said why it does not take the ticket.</summary>
    public static CimException Of(KerberosRefusal refusal, WsManTarget target, TimeProvider time) => new(CimErrorKind.AccessDenied, refusal.Code switch
    {
        KerberosCode.ClocksApart or KerberosCode.TicketNotYetValid or KerberosCode.TicketExpired =>
            $"The clock of {target} says {Text(refusal.HostTime)} UTC, here it is {Text(time.GetUtcNow())} UTC, and Kerberos allows 5 minutes between them. Set both to one time source, e.g. w32tm /resync on the host.",
        KerberosCode.WrongServiceKey or KerberosCode.PasswordWrongWithoutProof or KerberosCode.NotForUs or KerberosCode.WrongKeyVersion or KerberosCode.NoKey => WrongKey(target),
        var code => $"{target} did not accept the Kerberos ticket (KRB-ERROR {(int)code}).",
    });

    private static string WrongKey(WsManTarget target) =>
        $"{target} cannot read the ticket for {target.ServicePrincipal}: that name belongs to another account, e.g. of a web site. Set Spn to WSMAN/… or HOST/… for this host.";

    private static string NoTicket(WsManTarget target) =>
        $"No password is set for {target}, and this machine holds no Kerberos ticket. Set User with PasswordEnv, PasswordFile or Keytab; or run kinit as the account that runs the agent; or point KRB5_CLIENT_KTNAME at a key file.";

    private static bool HasNumber(KerberosCode code) => (int)code is >= 0 and < 128;

    private static string Principal(WsManTarget target) => target.User ?? "name@REALM";

    private static string RealmOf(WsManTarget target) =>
        target.User?.Split('@') is [_, var realm] ? realm : "the domain";

    private static string Text(DateTimeOffset at) => at.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}

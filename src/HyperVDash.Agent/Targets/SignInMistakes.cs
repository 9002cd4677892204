using System.Security.Cryptography;
using HyperVDash.Cim.WsMan;
using HyperVDash.Cim.WsMan.SignIn;

namespace HyperVDash.Agent.Targets;

/// <summary>What is wrong with how a target signs in: told at the start, before a host or a domain sees an attempt.</summary>
internal static class SignInMistakes
{
    public static SignInWay? Way(string? word) => word switch
    {
        "basic" => SignInWay.Basic,
        "kerberos" => SignInWay.Kerberos,
        "ntlm" => SignInWay.Ntlm,
        "certificate" => SignInWay.Certificate,
        _ => null,
    };

    /// <summary>The way a target with an address will sign in, told without opening its files.</summary>
    public static SignInWay EffectiveWay(TargetOptions target) => target is { SignIn: null, ClientCertificate: not null }
        ? SignInWay.Certificate
        : new WsManTarget(target.Url!) { SignIn = Way(target.SignIn), User = target.User }.EffectiveSignIn;

    public static IEnumerable<string> OfOtherDoor(TargetOptions target, string section) =>
        new (string Name, object? Value)[]
        {
            (nameof(target.SignIn), target.SignIn), (nameof(target.Keytab), target.Keytab), (nameof(target.TicketCache), target.TicketCache), (nameof(target.Spn), target.Spn),
            (nameof(target.ClientCertificate), target.ClientCertificate), (nameof(target.CertificateAuthority), target.CertificateAuthority),
        }.Where(setting => setting.Value is not null).Select(setting => $"{section}:{setting.Name} is for the door wsman; the door {target.Door} does not use it.");

    public static IEnumerable<string> Of(TargetOptions target, string section)
    {
        if (target.SignIn is not null && Way(target.SignIn) is null)
        {
            yield return $"{section}:SignIn is '{target.SignIn}'; it may be basic, kerberos, ntlm or certificate.";
            yield break;
        }

        if (target.Url is not { IsAbsoluteUri: true } url)
        {
            yield break;
        }

        bool isHttps = url.Scheme == Uri.UriSchemeHttps;
        var mistakes = EffectiveWay(target) switch
        {
            SignInWay.Kerberos => Kerberos(target, url),
            SignInWay.Certificate => Certificate(target, isHttps),
            SignInWay.Ntlm => Password(target, "ntlm").Concat(Ntlm(target, isHttps)),
            _ => Password(target, "basic").Concat(Basic(target, url)),
        };
        foreach (string mistake in mistakes.Concat(Trust(target, isHttps)))
        {
            yield return $"{section}:{mistake}";
        }
    }

    private static IEnumerable<string> Kerberos(TargetOptions target, Uri url)
    {
        if (target.Spn is null && url.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6)
        {
            yield return target is { User: null, SignIn: null, Keytab: null, TicketCache: null }
                ? "User is missing. Set User with PasswordEnv or PasswordFile; or write the host's full name in Url to sign in with this machine's Kerberos ticket."
                : "Url names an address, and Kerberos knows hosts by name; use the full name, or set Spn, e.g. HTTP/hv01.corp.example.";
        }

        bool hasPassword = HasPassword(target);
        int ways = (hasPassword ? 1 : 0) + (target.Keytab is null ? 0 : 1) + (target.TicketCache is null ? 0 : 1);
        if (ways > 1)
        {
            yield return "Keytab, TicketCache and a password exclude each other; set one of them.";
        }

        if (hasPassword && (target.User is null || !target.User.Contains('@', StringComparison.Ordinal)))
        {
            yield return $"User is '{target.User}'; Kerberos needs name@REALM with the realm in capitals, e.g. watcher@CORP.EXAMPLE.";
        }

        if (target.Keytab is { } keytab && !File.Exists(keytab))
        {
            yield return $"Keytab '{keytab}' does not exist.";
        }

        if (target.Keytab is not null && target.User is null)
        {
            yield return "Keytab is set without User; name whose key it is, e.g. watcher@CORP.EXAMPLE.";
        }

        if (OperatingSystem.IsWindows() && (target.Keytab ?? target.TicketCache) is not null)
        {
            yield return "Keytab and TicketCache are for other systems; on Windows leave User out and run the agent as the account.";
        }

        foreach (string mistake in EmptyPassword(target))
        {
            yield return mistake;
        }
    }

    private static IEnumerable<string> Password(TargetOptions target, string way)
    {
        if (target.User is null && !(way == "ntlm" && OperatingSystem.IsWindows()))
        {
            yield return $"User is missing; SignIn {way} needs one, with PasswordEnv or PasswordFile.";
        }
        else if (target.User is not null && !HasPassword(target))
        {
            yield return $"User is '{target.User}', but there is no password; set PasswordEnv or PasswordFile. For a Kerberos ticket or key file write the user as name@REALM.";
        }

        foreach (string mistake in EmptyPassword(target).Concat(Unused(target, way, (nameof(target.Keytab), target.Keytab), (nameof(target.TicketCache), target.TicketCache), (nameof(target.ClientCertificate), target.ClientCertificate))))
        {
            yield return mistake;
        }
    }

    private static IEnumerable<string> Basic(TargetOptions target, Uri url)
    {
        if (target.AcceptAnyCertificate && url is { Scheme: "https", IsLoopback: false })
        {
            yield return "AcceptAnyCertificate would hand the password to whoever answers; set CertificateThumbprint or CertificateAuthority, or sign in with kerberos or ntlm.";
        }
    }

    // NTLM proves no host: over plain HTTP anybody may answer, so somebody has to have decided that.
    private static IEnumerable<string> Ntlm(TargetOptions target, bool isHttps)
    {
        if (!isHttps && target.SignIn is null)
        {
            yield return $"User '{target.User}' over plain http would mean NTLM, which does not prove who the host is; write name@REALM for Kerberos, use https, or set SignIn to ntlm to have it so.";
        }
    }

    private static IEnumerable<string> Certificate(TargetOptions target, bool isHttps)
    {
        if (target.ClientCertificate is not { } file)
        {
            yield return "ClientCertificate is missing; SignIn certificate needs a PFX or PEM file with its key.";
            yield break;
        }

        if (!isHttps)
        {
            yield return "ClientCertificate needs an https address, e.g. https://hv01.corp.example:5986/wsman.";
        }

        if (target.User is not null)
        {
            yield return "User and ClientCertificate exclude each other; the host maps the certificate to an account.";
        }

        if (Readable(() => TargetCertificates.Own(file, TargetSessions.Password(target), out _).Dispose()) is { } why)
        {
            yield return $"ClientCertificate '{file}' cannot be used: {why}";
        }
    }

    private static IEnumerable<string> Trust(TargetOptions target, bool isHttps)
    {
        if (target.CertificateAuthority is { } file && Readable(() => TargetCertificates.Authorities(file)) is { } why)
        {
            yield return $"CertificateAuthority '{file}' cannot be used: {why}";
        }

        if (!isHttps && (target.CertificateAuthority ?? target.CertificateThumbprint) is not null)
        {
            yield return "CertificateAuthority and CertificateThumbprint are for https addresses; over plain http there is no certificate to check.";
        }

        if (target.CertificateAuthority is not null && target.CertificateThumbprint is not null)
        {
            yield return "CertificateAuthority and CertificateThumbprint exclude each other; the thumbprint names one certificate whoever issued it.";
        }

        if (target.AcceptAnyCertificate && (target.CertificateAuthority ?? target.CertificateThumbprint) is not null)
        {
            yield return "AcceptAnyCertificate makes CertificateAuthority and CertificateThumbprint void; remove it.";
        }
    }

    private static bool HasPassword(TargetOptions target) => (target.Password ?? target.PasswordEnv ?? target.PasswordFile) is not null;

    private static IEnumerable<string> EmptyPassword(TargetOptions target) =>
        target is { Password: null, PasswordFile: null, PasswordEnv: { } name } && string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name))
            // The value is not repeated: it may be the password itself.
            ? ["PasswordEnv names no environment variable that holds anything; it must be the variable's name, not the password."]
            : [];

    private static IEnumerable<string> Unused(TargetOptions target, string way, params (string Name, string? Value)[] settings) =>
        settings.Where(s => s.Value is not null).Select(s => $"{s.Name} is not used by SignIn {way} with User '{target.User}'; remove it, or set SignIn.");

    /// <summary>Null if it can be read; else why not.</summary>
    internal static string? Readable(Action read)
    {
        try
        {
            read();
            return null;
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or CryptographicException or FormatException)
        {
            return wrong.Message;
        }
    }
}

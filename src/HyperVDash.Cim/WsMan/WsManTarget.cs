using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using HyperVDash.Cim.WsMan.SignIn;

namespace HyperVDash.Cim.WsMan;

/// <summary>Where a host's WinRM listens and how to sign in there.</summary>
/// <param name="Url">E.g. <c>https://hv01.corp.example:5986/wsman</c>.</param>
public sealed record WsManTarget(Uri Url)
{
    /// <summary>What messages call the place instead of its URL.</summary>
    public string? Name { get; init; }

    /// <summary>How to sign in; null: by what else is set, see <see cref="EffectiveSignIn"/>.</summary>
    public SignInWay? SignIn { get; init; }

    /// <summary><c>name@REALM</c> for Kerberos, <c>DOMAIN\name</c>, <c>.\name</c> or a bare name otherwise. Null: the account of the agent, or whose ticket it has.</summary>
    public string? User { get; init; }

    public string? Password { get; init; }

    /// <summary>File with the user's keys, instead of a password; Kerberos outside Windows.</summary>
    public string? Keytab { get; init; }

    /// <summary>Ticket cache to use, e.g. <c>FILE:/run/hypervdash/tickets</c>; null: the system's (KRB5CCNAME, KRB5_CLIENT_KTNAME). Kerberos outside Windows.</summary>
    public string? TicketCache { get; init; }

    /// <summary>The host's name in the domain; null: <c>HTTP/</c> and the name in <see cref="Url"/>.</summary>
    public string? Spn { get; init; }

    /// <summary>Signs in instead of a user, by TLS.</summary>
    public X509Certificate2? ClientCertificate { get; init; }

    /// <summary>Issuers between <see cref="ClientCertificate"/> and its root, to send along.</summary>
    public X509Certificate2Collection? ClientCertificateChain { get; init; }

    /// <summary>The only issuers to believe for this host; null: the system's.</summary>
    public X509Certificate2Collection? CertificateAuthorities { get; init; }

    /// <summary>Sends the password over plain HTTP to other machines too. Off by default: only loopback is exempt.</summary>
    public bool AllowBasicOverHttp { get; init; }

    /// <summary>SHA-256 thumbprint of the one certificate to accept, in hexadecimal; null: the issuer decides.</summary>
    public string? CertificateThumbprint { get; init; }

    /// <summary>Accepts any certificate. For a first look at a lab, never for more.</summary>
    public bool AcceptAnyCertificate { get; init; }

    /// <summary>What one answer may hold, in bytes; hosts cap it silently to their own limit.</summary>
    public int MaxEnvelopeSize { get; init; } = 512_000;

    /// <summary>Instances a batch may hold.</summary>
    public int MaxElements { get; init; } = 1000;

    /// <summary>Bytes that all batches of one answer may have together; the largest class of a host of 1,000 VMs has a tenth of that.</summary>
    internal long MaxAnswerLength { get; init; } = 256 << 20;

    /// <summary>What a host may take for one request; more than 60 s it does not grant.</summary>
    public TimeSpan OperationTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Grace on top of <see cref="OperationTimeout"/> for the way there and back.</summary>
    public TimeSpan NetworkDelay { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>True if the way there is encrypted, or never leaves this machine, or the setting allows the rest.</summary>
    internal bool MaySendPassword => Url.Scheme == Uri.UriSchemeHttps || Url.IsLoopback || AllowBasicOverHttp;

    /// <summary>The way that is set, or the one that fits: a certificate if there is one, Kerberos for <c>name@REALM</c> and for nobody, NTLM for <c>DOMAIN\name</c>, else Basic.</summary>
    public SignInWay EffectiveSignIn => SignIn
        ?? (ClientCertificate is not null ? SignInWay.Certificate
        : User is null || User.Contains('@', StringComparison.Ordinal) ? SignInWay.Kerberos
        : User.Contains('\\', StringComparison.Ordinal) ? SignInWay.Ntlm
        : SignInWay.Basic);

    internal string ServicePrincipal => Spn ?? $"HTTP/{Url.IdnHost}";

    /// <summary>Whom messages blame.</summary>
    internal string Who => User is { } user ? $"the user '{user}'" : "the account that runs the agent";

    internal string WhyNotTrusted => CertificateThumbprint is not null ? "It is not the one whose thumbprint is set."
        : CertificateAuthorities is not null ? "It was not issued by CertificateAuthority, or not for this name."
        : "No authority that this machine trusts issued it, or not for this name.";

    internal bool Accepts(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (AcceptAnyCertificate)
        {
            return true;
        }

        if (CertificateThumbprint is { } thumbprint)
        {
            return certificate is not null && certificate.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256)
                .Equals(thumbprint.Replace(":", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);
        }

        return CertificateAuthorities is null || certificate is null
            ? errors == SslPolicyErrors.None
            : (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) == 0 && IsIssuedByOwn(certificate, chain);
    }

    private bool IsIssuedByOwn(X509Certificate certificate, X509Chain? sent)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(CertificateAuthorities!);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new("1.3.6.1.5.5.7.3.1"));
        foreach (var element in sent?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
        {
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        using var leaf = new X509Certificate2(certificate);
        return chain.Build(leaf);
    }

    /// <summary>The name, or the URL without what must not be seen.</summary>
    public override string ToString() => Name ?? Url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
}

using System.Security.Cryptography.X509Certificates;

namespace HyperVDash.Cim.WsMan;

/// <summary>Where a host's WinRM listens and how to sign in there.</summary>
/// <param name="Url">E.g. <c>https://hv01.corp.example:5986/wsman</c>.</param>
public sealed record WsManTarget(Uri Url)
{
    /// <summary>What messages call the place instead of its URL.</summary>
    public string? Name { get; init; }

    public string? User { get; init; }

    public string? Password { get; init; }

    /// <summary>Sends the password over plain HTTP to other machines too. Off by default: only loopback is exempt.</summary>
    public bool AllowBasicOverHttp { get; init; }

    /// <summary>SHA-256 thumbprint of the one certificate to accept, in hexadecimal; null: the system's trust decides.</summary>
    public string? CertificateThumbprint { get; init; }

    /// <summary>Accepts any certificate. For a first look at a lab, never for more.</summary>
    public bool AcceptAnyCertificate { get; init; }

    /// <summary>What one answer may hold, in bytes; hosts cap it silently to their own limit.</summary>
    public int MaxEnvelopeSize { get; init; } = 512_000;

    /// <summary>Instances a batch may hold.</summary>
    public int MaxElements { get; init; } = 1000;

    /// <summary>What a host may take for one request; more than 60 s it does not grant.</summary>
    public TimeSpan OperationTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Grace on top of <see cref="OperationTimeout"/> for the way there and back.</summary>
    public TimeSpan NetworkDelay { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>True if the way there is encrypted, or never leaves this machine, or the setting allows the rest.</summary>
    internal bool MaySendPassword => Url.Scheme == Uri.UriSchemeHttps || Url.IsLoopback || AllowBasicOverHttp;

    internal bool Accepts(X509Certificate? certificate, bool isTrusted) =>
        AcceptAnyCertificate
        || (CertificateThumbprint is null
            ? isTrusted
            : certificate is not null && certificate.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256)
                .Equals(CertificateThumbprint.Replace(":", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase));

    /// <summary>The name, or the URL without what must not be seen.</summary>
    public override string ToString() => Name ?? Url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
}

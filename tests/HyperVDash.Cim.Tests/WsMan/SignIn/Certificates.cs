using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace HyperVDash.Cim.Tests.WsMan.SignIn;

/// <summary>An authority of a test, and what it issues.</summary>
internal sealed class Certificates : IDisposable
{
    private static readonly DateTimeOffset From = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Until = new(2045, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public Certificates()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=Lab authority", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        Authority = request.CreateSelfSigned(From, Until);
    }

    public X509Certificate2 Authority { get; }

    /// <summary>A host's, for localhost.</summary>
    public X509Certificate2 Host() => Issue("CN=localhost", "1.3.6.1.5.5.7.3.1", names => names.AddDnsName("localhost"));

    /// <summary>A client's, with the name that a host maps to an account.</summary>
    public X509Certificate2 Client() => Issue("CN=watcher", "1.3.6.1.5.5.7.3.2", names => names.AddUserPrincipalName("watcher@localhost"));

    private X509Certificate2 Issue(string subject, string purpose, Action<SubjectAlternativeNameBuilder> name)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], critical: false));
        var names = new SubjectAlternativeNameBuilder();
        name(names);
        request.CertificateExtensions.Add(names.Build());
        using var issued = request.Create(Authority, From, Until.AddDays(-1), RandomNumberGenerator.GetBytes(12));
        using var whole = issued.CopyWithPrivateKey(key);

        // Only a key that came from a file can be used for TLS on every system.
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pfx), null);
    }

    public static string Pem(X509Certificate2 certificate)
    {
        using var key = certificate.GetRSAPrivateKey();
        return certificate.ExportCertificatePem() + "\n" + key!.ExportPkcs8PrivateKeyPem() + "\n";
    }

    public void Dispose() => Authority.Dispose();
}

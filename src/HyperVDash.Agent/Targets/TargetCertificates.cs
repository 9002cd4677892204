using System.Security.Cryptography.X509Certificates;

namespace HyperVDash.Agent.Targets;

/// <summary>Certificates that a target's settings name by file.</summary>
internal static class TargetCertificates
{
    /// <param name="chain">The issuers that came with it, to send along.</param>
    /// <exception cref="System.Security.Cryptography.CryptographicException">It is no certificate with a key, or the password is wrong.</exception>
    public static X509Certificate2 Own(string file, string? password, out X509Certificate2Collection chain)
    {
        var all = IsPem(file) ? Pem(file, password) : X509CertificateLoader.LoadPkcs12CollectionFromFile(file, password);
        var own = all.FirstOrDefault(c => c.HasPrivateKey) ?? throw new FormatException("it holds no private key.");
        all.Remove(own);
        chain = all;
        return own;
    }

    /// <exception cref="FormatException">There is none.</exception>
    public static X509Certificate2Collection Authorities(string file)
    {
        var all = new X509Certificate2Collection();
        all.ImportFromPemFile(file);
        return all.Count > 0 ? all : throw new FormatException("it holds no certificate; it must be a PEM file with -----BEGIN CERTIFICATE-----.");
    }

    private static X509Certificate2Collection Pem(string file, string? password)
    {
        using var pem = password is null ? X509Certificate2.CreateFromPemFile(file) : X509Certificate2.CreateFromEncryptedPemFile(file, password);
        var all = new X509Certificate2Collection();
        all.ImportFromPemFile(file);
        for (int i = all.Count - 1; i >= 0; i--)
        {
            if (all[i].Thumbprint == pem.Thumbprint)
            {
                all.RemoveAt(i);
            }
        }

        // A key straight from PEM is not one that Windows can use for TLS.
        all.Add(X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pfx), null));
        return all;
    }

    private static bool IsPem(string file)
    {
        using var reader = File.OpenText(file);
        char[] start = new char[10];
        int length = reader.ReadBlock(start, 0, start.Length);
        return new string(start, 0, length).StartsWith("-----BEGIN", StringComparison.Ordinal);
    }
}

using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace HyperVDash.Agent.Collect.Replication;

/// <summary>A certificate as the Windows store keeps it in the registry: properties, each with number, one reserved word, length and bytes.</summary>
internal static class StoredCertificate
{
    private const uint EncodedCertificate = 32;
    private const int HeadLength = 12;

    /// <summary>When the certificate ends; null if the bytes hold none that can be read.</summary>
    public static DateTimeOffset? EndOf(ReadOnlySpan<byte> blob)
    {
        while (blob.Length >= HeadLength)
        {
            uint property = BinaryPrimitives.ReadUInt32LittleEndian(blob);
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(blob[8..]);
            if (length > blob.Length - HeadLength)
            {
                return null;
            }

            if (property == EncodedCertificate)
            {
                try
                {
                    using var certificate = X509CertificateLoader.LoadCertificate(blob.Slice(HeadLength, (int)length));
                    return new DateTimeOffset(certificate.NotAfter.ToUniversalTime());
                }
                catch (CryptographicException)
                {
                    return null;
                }
            }

            blob = blob[(HeadLength + (int)length)..];
        }

        return null;
    }
}

using System.Security.Cryptography;
using System.Text;

namespace HyperVDash.Lab.Scenarios.Description;

/// <summary>Ids that are the same in every run, because they come from a name.</summary>
public static class Ids
{
    public static Guid Of(string name)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16);
        bytes[7] = (byte)((bytes[7] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes);
    }

    /// <summary>A unicast address with Hyper-V's prefix.</summary>
    public static string Mac(string name) => "00155D" + Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 3));

    /// <summary>As Hyper-V writes most of them.</summary>
    public static string Upper(this Guid id) => id.ToString().ToUpperInvariant();
}

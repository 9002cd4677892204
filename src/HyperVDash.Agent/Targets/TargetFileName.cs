using System.Security.Cryptography;
using System.Text;

namespace HyperVDash.Agent.Targets;

/// <summary>A file name for a target's key: the key itself where a file may be called so, else one that no other key has.</summary>
internal static class TargetFileName
{
    private const int MaxLength = 100;

    /// <summary>Lower case, because keys differ in more than their case. A key with characters that are replaced, or that is long, ends in <c>~</c> and a hash of it.</summary>
    public static string Of(string key)
    {
        string plain = string.Concat(key.Select(c => IsPlain(c) ? char.ToLowerInvariant(c) : '_'));
        if (plain.Length <= MaxLength && key.All(IsPlain))
        {
            return plain;
        }

        // As keys are compared: without regard to case.
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key.ToUpperInvariant())))[..8];
        return $"{plain[..Math.Min(plain.Length, MaxLength)]}~{hash}";
    }

    private static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_';
}

using System.Security.Cryptography;
using System.Text;
using HyperVDash.Model.Findings;

namespace HyperVDash.Rules.Engine;

/// <summary>The identity of a finding: it stays when an object is renamed, a value grows or the severity rises.</summary>
public static class Fingerprint
{
    private static readonly string[] Names = [.. Enum.GetValues<RuleScope>().Order().Select(s => s.ToString())];

    public static string Of(string ruleId, RuleScope scope, ObjectRef subject, string discriminator)
    {
        string ids = subject.Id.ToLowerInvariant();
        if (subject.HostId is { } on && subject.Kind is not ObjectKind.Host and not ObjectKind.VirtualMachine)
        {
            string host = on.ToLowerInvariant();
            ids = string.CompareOrdinal(ids, host) <= 0 ? $"{ids},{host}" : $"{host},{ids}";
        }

        string text = $"{ruleId}|{Names[(int)scope]}|{ids}|{discriminator}";
        int most = Encoding.UTF8.GetMaxByteCount(text.Length);
        Span<byte> bytes = most <= 1024 ? stackalloc byte[1024] : new byte[most];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes[..Encoding.UTF8.GetBytes(text, bytes)], hash);
        return Convert.ToHexStringLower(hash);
    }
}

using System.Security.Cryptography;
using System.Text;
using HyperVDash.Model.Findings;

namespace HyperVDash.Rules.Engine;

/// <summary>The identity of a finding: it stays when an object is renamed, a value grows or the severity rises.</summary>
public static class Fingerprint
{
    public static string Of(string ruleId, RuleScope scope, ObjectRef subject, string discriminator)
    {
        string[] ids = subject.HostId is { } host && subject.Kind is not ObjectKind.Host and not ObjectKind.VirtualMachine
            ? [subject.Id.ToLowerInvariant(), host.ToLowerInvariant()]
            : [subject.Id.ToLowerInvariant()];
        Array.Sort(ids, StringComparer.Ordinal);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{ruleId}|{scope}|{string.Join(',', ids)}|{discriminator}")));
    }
}

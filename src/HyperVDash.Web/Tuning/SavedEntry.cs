using System.Security.Cryptography;
using System.Text;
using HyperVDash.Rules.Tuning;

namespace HyperVDash.Web.Tuning;

/// <summary>An entry of <c>Rules:Tuning</c> or <c>Rules:AcceptedRisks</c> that was saved from a page.</summary>
/// <param name="List">The last part of that key.</param>
/// <param name="Json">As it stands in the file: what cannot be used is kept too.</param>
/// <param name="Value">As it was read. With a <paramref name="Mistake"/> it fits more than was meant and must not be applied.</param>
/// <param name="Mistake">Why it is not applied; null: it is.</param>
public sealed record SavedEntry(string List, string Json, TuningScope Value, string? Mistake = null)
{
    /// <summary>The same for the same text, so that a link leads to no other entry after somebody changed the list.</summary>
    public string Id { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{List}\n{Json}")))[..16];

    public bool IsOf(string ruleId) => Value.Rule.Equals(ruleId, StringComparison.OrdinalIgnoreCase);
}

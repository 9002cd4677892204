using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model.LoadBalancing;

namespace HyperVDash.Rules.LoadBalancing;

/// <summary>Ports that a service needs of one protocol.</summary>
internal sealed record PortNeed(int From, int To, NlbProtocol Protocol)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(From == To ? $"{From}" : $"{From}–{To}")}/{(Protocol == NlbProtocol.Tcp ? "TCP" : "UDP")}");
}

/// <summary>Which ports the rules of one node balance.</summary>
internal static class PortCoverage
{
    /// <summary>What no rule takes of a need; empty: all of it is balanced, by one or several rules.</summary>
    public static ImmutableArray<PortNeed> Gaps(IEnumerable<NlbPortRule> rules, PortNeed need, string address)
    {
        var gaps = ImmutableArray.CreateBuilder<PortNeed>();
        int next = need.From;
        foreach (var rule in rules.Where(r => Serves(r, address) && Takes(r.Protocol, need.Protocol) && r.EndPort >= need.From && r.StartPort <= need.To).OrderBy(r => r.StartPort))
        {
            if (rule.StartPort > next)
            {
                gaps.Add(need with { From = next, To = rule.StartPort - 1 });
            }

            next = Math.Max(next, rule.EndPort + 1);
        }

        if (next <= need.To)
        {
            gaps.Add(need with { From = next });
        }

        return gaps.ToImmutable();
    }

    public static bool Overlaps(NlbPortRule rule, PortNeed need) => Takes(rule.Protocol, need.Protocol) && rule.EndPort >= need.From && rule.StartPort <= need.To;

    /// <summary>What the rule does is known.</summary>
    public static bool IsTold(NlbPortRule rule) => rule.Protocol != NlbProtocol.Unknown && rule.Filtering != NlbFiltering.Unknown;

    /// <summary>A rule for one host only serves too; one that is switched off or blocks does not.</summary>
    private static bool Serves(NlbPortRule rule, string address) =>
        rule.Filtering is NlbFiltering.Multiple or NlbFiltering.Single && rule.IsEnabled != false && (rule.Address is null || rule.Address == address);

    private static bool Takes(NlbProtocol rule, NlbProtocol need) => rule == NlbProtocol.Both || rule == need;
}

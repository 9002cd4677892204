using System.Collections.Immutable;
using HyperVDash.Model.Dns;

namespace HyperVDash.Agent.Collect.Dns;

/// <summary>What was looked up for one host.</summary>
/// <param name="HasFarms">Some farm is known at all, here or elsewhere.</param>
/// <param name="Names">The names to look up from the agent: those of farms this host is a node of.</param>
/// <param name="Zones">The names in zones of this host.</param>
internal sealed record DnsLookUp(bool HasFarms, ImmutableArray<PrintFarmNames> Farms, ImmutableArray<string> Names, ILookup<string, string> Zones)
{
    public bool IsAsked { get; init; }

    public ImmutableArray<DnsAnswer> Answers { get; init; } = [];
}

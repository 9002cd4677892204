using HyperVDash.Agent.Collect.Dns;
using HyperVDash.Lab.Scenarios.Description;
using HyperVDash.Model.Dns;

namespace HyperVDash.Agent.Commands;

/// <summary>The lab's names, as its DNS servers would answer: no real server knows them.</summary>
internal sealed class LabNames(LabDescription lab) : INameResolver
{
    private const string Source = "DNS server of the lab";

    public Task<IReadOnlyList<DnsAnswer>> AskAsync(string name, CancellationToken cancellationToken)
    {
        var records = lab.Hosts.SelectMany(h => h.Zones).SelectMany(z => z.Records).Where(r => r.Owner.Equals(name, StringComparison.OrdinalIgnoreCase)).ToList();
        return Task.FromResult<IReadOnlyList<DnsAnswer>>(
        [
            new DnsAnswer(name, Source)
            {
                Addresses = [.. records.Where(r => !r.IsAlias).Select(r => r.Data).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
                Alias = records.Find(r => r.IsAlias)?.Data,
                TimeToLive = records.Count == 0 ? null : records[0].TimeToLive,
            },
        ]);
    }
}

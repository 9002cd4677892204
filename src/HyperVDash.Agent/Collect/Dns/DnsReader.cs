using System.Collections.Immutable;
using HyperVDash.Agent.Collect.LoadBalancing;
using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Model.Dns;
using HyperVDash.Model.Fleet;

namespace HyperVDash.Agent.Collect.Dns;

/// <summary>
/// What the names of print farms lead to: for a node of a farm as the agent's DNS servers answer, for a DNS server as its own zones hold them.
/// </summary>
internal sealed class DnsReader() : SectionReader<DnsAnswers>("dns", r => r.Dns, (r, s) => r with { Dns = s })
{
    private const string Key = "dns";
    private const int MaxNames = 64;
    private const int AtATime = 16;

    // What NLB Manager writes until somebody types a name.
    private const string Placeholder = "cluster.domain.com";

    public override IEnumerable<TableQuery> Queries(HostFacts host) => [LoadBalancingTables.Clusters];

    public override async Task FollowUpAsync(FollowUp follow, CancellationToken cancellationToken)
    {
        var tables = follow.Tables;
        var lookUp = Plan(follow);
        if (lookUp.HasFarms)
        {
            await follow.AskAsync(DnsTables.Zones, cancellationToken).ConfigureAwait(false);
            lookUp = Plan(follow);
        }

        foreach (var zone in lookUp.Zones)
        {
            await follow.AskAsync(DnsTables.Addresses(zone.Key, zone), cancellationToken).ConfigureAwait(false);
            await follow.AskAsync(DnsTables.Aliases(zone.Key, zone), cancellationToken).ConfigureAwait(false);
        }

        if (follow.Options.Names is { } resolver)
        {
            var answers = new List<DnsAnswer>();
            foreach (string[] some in lookUp.Names.Chunk(AtATime))
            {
                answers.AddRange((await Task.WhenAll(some.Select(n => resolver.AskAsync(n, cancellationToken))).ConfigureAwait(false)).SelectMany(a => a));
            }

            lookUp = lookUp with { IsAsked = true, Answers = [.. answers] };
        }

        tables.Note(Key, lookUp);
    }

    protected override SectionResult<DnsAnswers> Read(SectionSources sources)
    {
        var tables = sources.Tables;
        if (tables.Noted<DnsLookUp>(Key) is not { } lookUp || !lookUp.HasFarms)
        {
            return SectionResult<DnsAnswers>.Without(SectionState.Off, "No print farm is configured (Agent:PrintFarms), and no NLB cluster of this host has a fully qualified name to look up.");
        }

        if (lookUp.Names.IsEmpty && lookUp.Zones.Count == 0)
        {
            return (Trouble(tables[DnsTables.Zones]) ?? Trouble(tables[LoadBalancingTables.Clusters])) is { } error
                ? SectionResult<DnsAnswers>.Failed(error)
                : SectionResult<DnsAnswers>.Without(SectionState.Absent, "This host is no node of a print farm and holds no DNS zone of one.");
        }

        if (!lookUp.IsAsked && lookUp.Zones.Count == 0)
        {
            return SectionResult<DnsAnswers>.Without(SectionState.Off, "Names are not looked up for a recorded host: the network it was in is not here.");
        }

        ImmutableArray<DnsAnswer> answers = [.. lookUp.Answers, .. ZoneReader.Answers(tables, lookUp.Zones, sources.Before.Name)];
        return SectionResult<DnsAnswers>.Read(
            new() { Farms = lookUp.Farms, Items = [.. answers.OrderBy(a => a.Name, StringComparer.Ordinal).ThenBy(a => a.Source, StringComparer.Ordinal)] },
            [
                Trouble(tables[DnsTables.Zones]) is { } unread ? $"zones: {unread.Message}" : null,
                .. answers.Where(a => a.Error is not null).Select(a => $"{a.Name}: {a.Error}"),
            ]);
    }

    private static HyperVDash.Cim.CimException? Trouble(Table table) => table.IsAbsent ? null : table.Error;

    private static DnsLookUp Plan(FollowUp follow)
    {
        var configured = follow.Options.PrintFarms.Select(f => (Names: f.Names(), f.Hosts)).Where(f => f.Names is not null).Select(f => (Names: f.Names!, f.Hosts)).ToList();
        var nlb = follow.Tables[LoadBalancingTables.Clusters].Rows;
        var own = configured.Where(f => f.Hosts.Count == 0 ? nlb.Count > 0 : f.Hosts.Contains(follow.Host.Key, StringComparer.OrdinalIgnoreCase)).Select(f => f.Names).ToList();
        // NLB's own name is often a placeholder; only one that says its domain can be looked up.
        own.AddRange(nlb.Select(c => DnsName.Qualified(c.String("ClusterName"))).OfType<string>().Distinct(StringComparer.Ordinal)
            .Where(n => n != Placeholder && configured.TrueForAll(f => f.Names.ClusterName != n)).Select(n => new PrintFarmNames(n) { IsFromNlb = true }));
        var all = configured.Select(f => f.Names).Concat(own).DistinctBy(f => f.ClusterName, StringComparer.Ordinal).ToList();
        var zones = ZoneReader.ZonesOf(follow.Tables, NamesOf(all));
        return new DnsLookUp(all.Count > 0, [.. all.Where(f => own.Contains(f) || NamesOf([f]).Any(n => zones.Any(z => z.Contains(n))))], [.. NamesOf(own)], zones);
    }

    private static IEnumerable<string> NamesOf(IEnumerable<PrintFarmNames> farms) =>
        farms.SelectMany(f => f.OldNames.Prepend(f.ClusterName)).Distinct(StringComparer.Ordinal).Take(MaxNames);
}

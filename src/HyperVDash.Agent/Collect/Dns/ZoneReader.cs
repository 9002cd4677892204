using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Cim;
using HyperVDash.Model.Dns;

namespace HyperVDash.Agent.Collect.Dns;

/// <summary>What the zones of this host say of some names.</summary>
internal static class ZoneReader
{
    // Stub zones and forwarders hold no records of their own.
    private const int FirstWithoutRecords = 3;

    /// <summary>The names by the zone of this server that holds each; names of other servers' zones are not there.</summary>
    public static ILookup<string, string> ZonesOf(TableSet tables, IEnumerable<string> names)
    {
        var zones = tables[DnsTables.Zones].Rows.Where(z => z.Int32("ZoneType") is not >= FirstWithoutRecords).Select(z => DnsName.Of(z.String("Name"))).OfType<string>()
            .OrderByDescending(z => z.Length).ToList();
        return names.Distinct(StringComparer.Ordinal).Select(n => (Zone: zones.Find(z => DnsName.IsIn(z, n)), Name: n)).Where(p => p.Zone is not null).ToLookup(p => p.Zone!, p => p.Name, StringComparer.Ordinal);
    }

    public static IEnumerable<DnsAnswer> Answers(TableSet tables, ILookup<string, string> zones, string host) =>
        from zone in zones
        let addresses = tables[DnsTables.Addresses(zone.Key, zone)]
        let aliases = tables[DnsTables.Aliases(zone.Key, zone)]
        from name in zone.Order(StringComparer.Ordinal)
        select Answer(new DnsAnswer(name, $"zone {zone.Key} of {host}"), addresses, aliases);

    private static DnsAnswer Answer(DnsAnswer answer, Table addresses, Table aliases)
    {
        if (addresses.Error is { } error)
        {
            return answer with { Error = error.Message };
        }

        var records = addresses.Rows.Where(r => DnsName.Of(r.String("OwnerName")) == answer.Name).ToList();
        var alias = aliases.Rows.FirstOrDefault(r => DnsName.Of(r.String("OwnerName")) == answer.Name);
        if (alias is null && records.Count == 0 && aliases.Error is { } unread)
        {
            return answer with { Error = unread.Message };
        }

        var first = records.FirstOrDefault() ?? alias;
        return answer with
        {
            Addresses = [.. records.Select(r => Text.Cut(r.String("IPAddress"))).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            Alias = DnsName.Of(alias?.String("PrimaryName")),
            TimeToLive = first?.Int64("TTL") is { } seconds and >= 0 and <= uint.MaxValue ? TimeSpan.FromSeconds(seconds) : null,
            IsDynamic = records.Count == 0 ? IsDynamic(alias) : records.Any(r => IsDynamic(r) == true) ? true : records.Any(r => IsDynamic(r) is null) ? null : false,
        };
    }

    /// <summary>A record that was typed in has no time stamp.</summary>
    private static bool? IsDynamic(CimRow? row) => row?.Int64("TimeStamp") is { } hours ? hours != 0 : null;
}

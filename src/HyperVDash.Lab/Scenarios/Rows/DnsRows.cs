namespace HyperVDash.Lab.Scenarios.Rows;

/// <summary>The zones of a DNS server with their records.</summary>
internal static class DnsRows
{
    private const string Ns = "root/MicrosoftDNS";

    public static void Write(HostTables t)
    {
        if (!t.Host.HasNamespace(Ns))
        {
            return;
        }

        string server = t.Description.Fqdn;
        foreach (var zone in t.Description.Zones)
        {
            t.Add(Ns, new("MicrosoftDNS_Zone")
            {
                ["Name"] = zone.Name, ["ContainerName"] = zone.Name, ["DnsServerName"] = server, ["ZoneType"] = 1, ["DsIntegrated"] = true, ["Reverse"] = false, ["Aging"] = false, ["AllowUpdate"] = 2,
            });
            foreach (var record in zone.Records)
            {
                t.Add(Ns, new(record.IsAlias ? "MicrosoftDNS_CNAMEType" : "MicrosoftDNS_AType")
                {
                    ["ContainerName"] = zone.Name, ["DnsServerName"] = server, ["DomainName"] = zone.Name, ["OwnerName"] = record.Owner, ["RecordClass"] = 1,
                    [record.IsAlias ? "PrimaryName" : "IPAddress"] = record.IsAlias ? $"{record.Data}." : record.Data, ["RecordData"] = record.Data,
                    ["TTL"] = (uint)record.TimeToLive.TotalSeconds, ["TimeStamp"] = record.IsDynamic ? 3_740_000u : 0u,
                    ["TextRepresentation"] = $"{record.Owner} IN {(record.IsAlias ? "CNAME" : "A")} {record.Data}",
                });
            }
        }
    }
}

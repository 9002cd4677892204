using System.Collections.Immutable;
using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Cim;
using HyperVDash.Model.PhysicalNetwork;

namespace HyperVDash.Agent.Collect.PhysicalNetwork;

/// <summary>IP settings per interface; size and forwarding come from a second class, where the release has it.</summary>
internal static class IpConfigurationReader
{
    private const int ActiveStore = 1;

    public static ImmutableArray<IpConfiguration>? Read(TableSet tables)
    {
        var configurations = tables[Plan.IpConfigurations];
        if (!configurations.IsKnown)
        {
            return null;
        }

        // An interface may stand in two stores; what is in force counts.
        var interfaces = tables[Plan.IpInterfaces].Rows.Where(r => r.Int64("InterfaceIndex") is not null)
            .GroupBy(r => r.Int64("InterfaceIndex")!.Value)
            .ToDictionary(g => g.Key, g => g.OrderBy(r => r.Int32("Store") is null or ActiveStore ? 0 : 1).First());
        return
        [
            .. from row in configurations.Rows
               let id = row.Guid("SettingID")
               where id is not null
               orderby id
               let face = row.Int64("InterfaceIndex") is { } index ? interfaces.GetValueOrDefault(index) : null
               select new IpConfiguration(id.Value)
               {
                   Addresses = List(row, "IPAddress"),
                   Subnets = List(row, "IPSubnet"),
                   Gateways = List(row, "DefaultIPGateway"),
                   DnsServers = List(row, "DNSServerSearchOrder"),
                   IsDhcp = row.Boolean("DHCPEnabled"),
                   RegistersInDns = row.Boolean("FullDNSRegistrationEnabled"),
                   Mtu = face?.Int64("NlMtu"),
                   IsForwarding = face?.Int32("Forwarding") switch { null => null, var code => code == 1 },
               },
        ];
    }

    private static ImmutableArray<string> List(CimRow row, string name) => [.. (row.Strings(name) ?? []).Where(s => s.Length > 0).Select(s => Text.Cut(s)!)];
}

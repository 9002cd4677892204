using HyperVDash.Agent.Collect.Devices;
using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Cim;
using HyperVDash.Model.PhysicalNetwork;
using HyperVDash.Model.Switches;

namespace HyperVDash.Agent.Collect.Switches;

/// <summary>Finds what hangs on each switch, by the ports' settings and by the associations between endpoints.</summary>
internal static class SwitchPortReader
{
    /// <summary>Null if the tables it needs are not known.</summary>
    public static SwitchPortIndex? Read(TableSet tables, HostFacts host, HashSet<string> switches) => host.IsV1 ? V1(tables, host, switches) : V2(tables, host, switches);

    public static List<SwitchLink> Links(TableSet tables, HostFacts host, HashSet<string> switches) =>
        SwitchLink.Of(tables[Plan.ActiveConnections(host)].Rows, tables[host.IsV1 ? Plan.GlobalPortSap : Plan.PortSap].Rows, switches);

    private static SwitchPortIndex? V2(TableSet tables, HostFacts host, HashSet<string> switches)
    {
        var connections = tables[Plan.Connections];
        var external = tables[Plan.ExternalPorts(host)];
        if (!connections.IsKnown || !external.IsKnown)
        {
            return null;
        }

        var index = new SwitchPortIndex();
        var adapters = ByDevice(Adapters(external.Rows, NetworkMedium.Unknown).Concat(Adapters(tables[Plan.WiFiPorts].Rows, NetworkMedium.WiFi)));
        foreach (var row in connections.Rows)
        {
            // A switch-side row carries the switch as owner; a VM's row carries the VM.
            string? owner = InstanceId.Owner(row.String("InstanceID"))?.ToString();
            foreach (var path in owner is not null && switches.Contains(owner) ? row.Paths("HostResource") ?? [] : [])
            {
                Add(index, owner!, path, adapters);
            }
        }

        AddLinks(index, tables, host, switches, adapters);
        foreach (var team in tables[Plan.TeamMembers].Rows.Where(m => m.Path("Antecedent")?["DeviceID"] is not null).GroupBy(m => m.Path("Antecedent")!["DeviceID"]!, StringComparer.OrdinalIgnoreCase))
        {
            index.ReplaceTeam(team.Key, team.Select(m => m.Path("Dependent")?["DeviceID"]).OfType<string>(), adapters);
        }

        return index;
    }

    private static SwitchPortIndex? V1(TableSet tables, HostFacts host, HashSet<string> switches)
    {
        if (!tables[Plan.ActiveConnections(host)].IsKnown || !tables[Plan.GlobalPortSap].IsKnown)
        {
            return null;
        }

        var index = new SwitchPortIndex();
        AddLinks(index, tables, host, switches, ByDevice(Adapters(tables[Plan.ExternalPorts(host)].Rows, NetworkMedium.Unknown)));
        return index;
    }

    /// <summary>The same facts by another way, for releases whose plain enumeration leaves the switch side out.</summary>
    private static void AddLinks(SwitchPortIndex index, TableSet tables, HostFacts host, HashSet<string> switches, Dictionary<string, SwitchUplink> adapters)
    {
        foreach (var link in Links(tables, host, switches))
        {
            Add(index, link.SwitchId, link.Device, adapters);
        }
    }

    private static void Add(SwitchPortIndex index, string switchId, CimPath device, Dictionary<string, SwitchUplink> adapters)
    {
        if (device.Is("Msvm_ExternalEthernetPort") || device.Is("Msvm_WiFiPort"))
        {
            index.AddUplink(switchId, device["DeviceID"], adapters, device.Is("Msvm_WiFiPort") ? NetworkMedium.WiFi : NetworkMedium.Unknown);
        }
        else if (device.Is("Msvm_ComputerSystem") || device.Is("Msvm_InternalEthernetPort"))
        {
            index.AddHost(switchId);
        }
    }

    private static Dictionary<string, SwitchUplink> ByDevice(IEnumerable<(string Device, SwitchUplink Uplink)> adapters) =>
        adapters.DistinctBy(a => a.Device, StringComparer.OrdinalIgnoreCase).ToDictionary(a => a.Device, a => a.Uplink, StringComparer.OrdinalIgnoreCase);

    private static IEnumerable<(string Device, SwitchUplink Uplink)> Adapters(IReadOnlyList<CimRow> rows, NetworkMedium medium)
    {
        foreach (var row in rows)
        {
            if (row.String("DeviceID") is { } device)
            {
                yield return (device, new SwitchUplink
                {
                    AdapterId = SwitchPortIndex.AdapterId(device),
                    Description = Text.Cut(row.String("ElementName") ?? row.String("Name")),
                    MacAddress = MacAddress.Normalise(row.String("PermanentAddress")),
                    Medium = medium,
                    BitsPerSecond = row.Int64("Speed"),
                });
            }
        }
    }
}

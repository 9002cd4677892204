using System.Collections.Immutable;
using HyperVDash.Agent.Collect.Devices;
using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Cim;
using HyperVDash.Model.Switches;

namespace HyperVDash.Agent.Collect.Switches;

/// <summary>The management operating system's own adapters, with the switch and the VLAN of each.</summary>
internal static class HostAdapterReader
{
    /// <summary>Null if the ports themselves are not known.</summary>
    public static ImmutableArray<HostAdapter>? Read(TableSet tables, HostFacts host, HashSet<string> switches)
    {
        var ports = tables[Plan.InternalPorts(host)];
        if (!ports.IsKnown)
        {
            return null;
        }

        var links = SwitchPortReader.Links(tables, host, switches)
            .Where(l => l.Device.Is("Msvm_InternalEthernetPort") && l.Device["DeviceID"] is not null)
            .DistinctBy(l => l.Device["DeviceID"], StringComparer.OrdinalIgnoreCase)
            .ToDictionary(l => l.Device["DeviceID"]!, StringComparer.OrdinalIgnoreCase);
        var rows = ports.Rows.Where(r => r.String("DeviceID") is not null).DistinctBy(r => r.String("DeviceID"), StringComparer.OrdinalIgnoreCase).ToList();
        Func<CimRow, SwitchLink?, (string? Switch, PortVlan Vlan)> find = host.IsV1 ? V1(tables) : V2(tables, switches, rows);
        return
        [
            .. rows.Select(r => Adapter(r, find(r, links.GetValueOrDefault(r.String("DeviceID")!))))
                .OrderBy(a => a.Name, StringComparer.OrdinalIgnoreCase).ThenBy(a => a.Id, StringComparer.OrdinalIgnoreCase),
        ];
    }

    private static HostAdapter Adapter(CimRow row, (string? Switch, PortVlan Vlan) found)
    {
        string id = row.String("DeviceID")!;
        return new HostAdapter(id, Text.Cut(row.String("ElementName")) ?? id)
        {
            SwitchId = found.Switch,
            AdapterId = SwitchPortIndex.AdapterId(id),
            MacAddress = MacAddress.Normalise(row.String("PermanentAddress")),
            Vlan = found.Vlan.Mode,
            VlanId = found.Vlan.Id,
            TrunkVlanIds = found.Vlan.Trunk,
            PrivateVlan = found.Vlan.Private,
            PrimaryVlanId = found.Vlan.Primary,
            SecondaryVlanId = found.Vlan.Secondary,
        };
    }

    private static Func<CimRow, SwitchLink?, (string?, PortVlan)> V1(TableSet tables)
    {
        var vlans = new V1PortVlans(tables);
        return (_, link) => (link?.SwitchId, vlans.Of(link?.Port));
    }

    private static Func<CimRow, SwitchLink?, (string?, PortVlan)> V2(TableSet tables, HashSet<string> switches, List<CimRow> rows)
    {
        var features = new PortFeatures(tables);
        var connections = HostConnections(tables[Plan.Connections].Rows, switches);
        var namesakes = rows.ToLookup(r => r.String("ElementName") ?? "", StringComparer.Ordinal);
        return (row, link) =>
        {
            var mine = connections.FindAll(c => link is not null ? c.Switch.Equals(link.SwitchId, StringComparison.OrdinalIgnoreCase) : true);
            string name = row.String("ElementName") ?? "";

            // By the port's own id; where the associations do not tell it, by a name that only one port and one connection have.
            var port = mine.Find(c => link?.Port is { } p && p.Equals(InstanceId.LastSegment(c.Id), StringComparison.OrdinalIgnoreCase));
            var named = mine.FindAll(c => c.Name == name);
            port = port.Id is null && named.Count == 1 && namesakes[name].Count() == 1 ? named[0] : port;
            return (link?.SwitchId ?? port.Switch, port.Id is null ? PortVlan.Unknown : features.Vlan(port.Id));
        };
    }

    private static List<(string Id, string Switch, string? Name)> HostConnections(IReadOnlyList<CimRow> rows, HashSet<string> switches)
    {
        var connections = new List<(string, string, string?)>();
        foreach (var row in rows)
        {
            if (InstanceId.Owner(row.String("InstanceID")) is { } owner && switches.TryGetValue(owner.ToString(), out string? id)
                && row.Paths("HostResource")?.Any(p => p.Is("Msvm_ComputerSystem")) == true)
            {
                connections.Add((row.String("InstanceID")!, id, row.String("ElementName")));
            }
        }

        return connections;
    }
}

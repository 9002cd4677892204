using HyperVDash.Agent.Collect.Switches;
using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Cim;
using HyperVDash.Model.Devices;

namespace HyperVDash.Agent.Collect.Devices;

/// <summary>Connections of the older namespace: the adapter names a switch port, the port names its switch.</summary>
internal sealed class V1Ports
{
    private readonly Dictionary<string, string?> _switches = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, CimRow> _ports = new(StringComparer.OrdinalIgnoreCase);
    private readonly V1PortVlans _vlans;
    private readonly bool _knowsSwitches;

    public V1Ports(TableSet tables)
    {
        _knowsSwitches = tables[Plan.SwitchesV1].IsKnown;
        _vlans = new(tables);
        foreach (var row in tables[Plan.SwitchesV1].Rows)
        {
            if (row.String("Name") is { } name)
            {
                _switches[name] = row.String("ElementName");
            }
        }

        foreach (var row in tables[Plan.SwitchPorts].Rows)
        {
            if (row.String("Name") is { } name)
            {
                _ports[name] = row;
            }
        }
    }

    public NetworkAdapter Connect(CimRow row, NetworkAdapter nic)
    {
        var path = row.Paths("Connection")?.FirstOrDefault();
        if (path?["Name"] is not { } port)
        {
            return nic with { Connection = row.Has("Connection") ? ConnectionState.Disconnected : ConnectionState.Unknown };
        }

        var settings = _ports.GetValueOrDefault(port);
        string? switchId = path["SystemName"] ?? settings?.String("SystemName");
        string? name = null;
        bool exists = switchId is not null && _switches.TryGetValue(switchId, out name);
        var vlan = _vlans.Of(port);
        return nic with
        {
            SwitchId = switchId,
            SwitchName = Text.Cut(name),
            Connection = exists ? ConnectionState.Connected : _knowsSwitches ? ConnectionState.SwitchMissing : ConnectionState.Unknown,
            Vlan = vlan.Mode,
            VlanId = vlan.Id,
            TrunkVlanIds = vlan.Trunk,
            AllowsMacSpoofing = settings?.Boolean("AllowMacSpoofing"),
            VmqWeight = settings?.Int32("VMQOffloadWeight"),
        };
    }
}

using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Cim;
using HyperVDash.Model.Devices;

namespace HyperVDash.Agent.Collect.Devices;

/// <summary>Connections of the older namespace: the adapter names a switch port, the port names its switch.</summary>
internal sealed class V1Ports
{
    private readonly Dictionary<string, string?> _switches = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, CimRow> _ports = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, CimRow> _vlans = new(StringComparer.OrdinalIgnoreCase);
    private readonly bool _knowsSwitches;
    private readonly bool _knowsVlans;

    public V1Ports(TableSet tables)
    {
        _knowsSwitches = tables[Plan.SwitchesV1].IsKnown;
        _knowsVlans = tables[Plan.VlanEndpoints].IsKnown && tables[Plan.BindsTo].IsKnown && tables[Plan.ElementSettings].IsKnown;
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

        var settings = tables[Plan.VlanEndpoints].Rows.Where(r => r.String("InstanceID") is not null)
            .DistinctBy(r => r.String("InstanceID"), StringComparer.OrdinalIgnoreCase)
            .ToDictionary(r => r.String("InstanceID")!, StringComparer.OrdinalIgnoreCase);
        var settingOf = new Dictionary<string, CimRow>(StringComparer.OrdinalIgnoreCase);
        foreach (var row in tables[Plan.ElementSettings].Rows)
        {
            // Rows whose references are all null occur and are passed over.
            if (row.Path("ManagedElement")?["Name"] is { } endpoint && InstanceId.Of(row.Path("SettingData")) is { } id && settings.TryGetValue(id, out var setting))
            {
                settingOf[endpoint] = setting;
            }
        }

        foreach (var row in tables[Plan.BindsTo].Rows)
        {
            if (row.Path("Antecedent")?["Name"] is { } port && row.Path("Dependent")?["Name"] is { } endpoint && settingOf.TryGetValue(endpoint, out var setting))
            {
                _vlans[port] = setting;
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

        string? switchId = path["SystemName"] ?? _ports.GetValueOrDefault(port)?.String("SystemName");
        string? name = null;
        bool exists = switchId is not null && _switches.TryGetValue(switchId, out name);
        int? vlan = _vlans.GetValueOrDefault(port)?.Int32("AccessVLAN");
        return nic with
        {
            SwitchId = switchId,
            SwitchName = Text.Cut(name),
            Connection = exists ? ConnectionState.Connected : _knowsSwitches ? ConnectionState.SwitchMissing : ConnectionState.Unknown,
            Vlan = !_knowsVlans ? VlanMode.Unknown : vlan > 0 ? VlanMode.Access : VlanMode.Untagged,
            VlanId = _knowsVlans && vlan > 0 ? vlan : null,
            AllowsMacSpoofing = _ports.GetValueOrDefault(port)?.Boolean("AllowMacSpoofing"),
        };
    }
}

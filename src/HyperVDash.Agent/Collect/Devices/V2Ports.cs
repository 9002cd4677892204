using HyperVDash.Agent.Collect.Switches;
using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Cim;
using HyperVDash.Model.Devices;

namespace HyperVDash.Agent.Collect.Devices;

/// <summary>Connections of the newer namespace and the features of their ports, joined by the longest id that is a prefix.</summary>
internal sealed class V2Ports
{
    private readonly Dictionary<string, CimRow> _connectionOf = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string?> _switches = new(StringComparer.OrdinalIgnoreCase);
    private readonly PortFeatures _features;
    private readonly bool _knowsSwitches;
    private readonly bool _knowsConnections;

    public V2Ports(TableSet tables, IEnumerable<string> nicIds)
    {
        var nics = nicIds.ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var row in tables[Plan.Connections].Rows)
        {
            string? id = row.String("InstanceID");
            string? nic = id is null ? null : InstanceId.Longest(id, nics) ?? (row.KeyOf("Parent", "InstanceID") is { } parent && nics.Contains(parent) ? parent : null);
            if (nic is not null)
            {
                _connectionOf.TryAdd(nic, row);
            }
        }

        _features = new(tables);
        foreach (var row in tables[Plan.SwitchesV2].Rows)
        {
            if (row.String("Name") is { } name)
            {
                _switches[name] = row.String("ElementName");
            }
        }

        _knowsConnections = tables[Plan.Connections].IsKnown;
        _knowsSwitches = tables[Plan.SwitchesV2].IsKnown;
    }

    public NetworkAdapter Connect(CimRow row, NetworkAdapter nic)
    {
        if (!_knowsConnections)
        {
            return nic;
        }

        var connection = _connectionOf.GetValueOrDefault(nic.Id);
        nic = WithFeatures(nic, connection?.String("InstanceID"));
        if (connection is null)
        {
            return nic with { Connection = ConnectionState.Disconnected };
        }

        string? lastKnown = Text.Cut(connection.String("LastKnownSwitchName")) is { Length: > 0 } last ? last : null;
        string? id = connection.Paths("HostResource")?.FirstOrDefault(p => p.Is("Msvm_VirtualEthernetSwitch"))?["Name"];
        string? pool = connection.String("PoolID") is { Length: > 0 } named ? named : null;
        if (id is null)
        {
            return nic with
            {
                Connection = pool is not null ? ConnectionState.Pooled : lastKnown is not null ? ConnectionState.SwitchMissing : ConnectionState.Disconnected,
                PoolId = pool,
                SwitchName = lastKnown,
            };
        }

        bool exists = _switches.TryGetValue(id, out string? name);
        return nic with
        {
            SwitchId = id,
            SwitchName = Text.Cut(name) ?? lastKnown,
            Connection = !exists ? _knowsSwitches ? ConnectionState.SwitchMissing : ConnectionState.Unknown
                : connection.Int32("EnabledState") == 3 ? ConnectionState.Unplugged : ConnectionState.Connected,
        };
    }

    private NetworkAdapter WithFeatures(NetworkAdapter nic, string? port)
    {
        var vlan = _features.Vlan(port);
        var security = _features.Security(port);
        var bandwidth = _features.Bandwidth(port);
        var offload = _features.Offload(port);

        // A feature that was never set has no row, and its defaults hold.
        bool? Allows(string column) => !_features.KnowsSecurity ? null : security is null ? false : security.Boolean(column);
        return nic with
        {
            Vlan = vlan.Mode,
            VlanId = vlan.Id,
            TrunkVlanIds = vlan.Trunk,
            PrivateVlan = vlan.Private,
            PrimaryVlanId = vlan.Primary,
            SecondaryVlanId = vlan.Secondary,
            AllowsMacSpoofing = Allows("AllowMacSpoofing"),
            HasDhcpGuard = Allows("EnableDhcpGuard"),
            HasRouterGuard = Allows("EnableRouterGuard"),
            AllowsTeaming = Allows("AllowTeaming"),
            MonitorMode = !_features.KnowsSecurity ? null : security is null ? 0 : security.Int32("MonitorMode"),
            MinimumBitsPerSecond = bandwidth?.Int64("Reservation"),
            BandwidthWeight = bandwidth?.Int32("Weight"),
            MaximumBitsPerSecond = bandwidth?.Int64("Limit"),
            VmqWeight = offload?.Int32("VMQOffloadWeight"),
            SrIovWeight = offload?.Int32("IOVOffloadWeight"),
        };
    }
}

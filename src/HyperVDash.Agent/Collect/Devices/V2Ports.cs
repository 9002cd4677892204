using System.Collections.Immutable;
using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Cim;
using HyperVDash.Model.Devices;

namespace HyperVDash.Agent.Collect.Devices;

/// <summary>Connections, VLANs and port security of the newer namespace, joined by the longest id that is a prefix.</summary>
internal sealed class V2Ports
{
    private readonly Dictionary<string, CimRow> _connectionOf = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, CimRow> _vlanOf;
    private readonly Dictionary<string, CimRow> _securityOf;
    private readonly Dictionary<string, string?> _switches = new(StringComparer.OrdinalIgnoreCase);
    private readonly bool _knowsSwitches;
    private readonly bool _knowsConnections;
    private readonly bool _knowsVlans;
    private readonly bool _knowsSecurity;

    public V2Ports(TableSet tables, IEnumerable<string> nicIds)
    {
        var nics = nicIds.ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var row in tables[Plan.Connections].Rows)
        {
            string? id = row.String("InstanceID");
            // A legacy adapter's id has one segment more than a synthetic one's, so "the first two GUIDs" would miss it.
            string? nic = id is null ? null : Longest(id, nics) ?? (InstanceId.Of(row.Path("Parent")) is { } parent && nics.Contains(parent) ? parent : null);
            if (nic is not null)
            {
                _connectionOf.TryAdd(nic, row);
            }
        }

        var ports = _connectionOf.ToDictionary(c => c.Value.String("InstanceID")!, c => c.Key, StringComparer.OrdinalIgnoreCase);
        _vlanOf = Features(tables[Plan.Vlans], ports);
        _securityOf = Features(tables[Plan.PortSecurity], ports);
        foreach (var row in tables[Plan.SwitchesV2].Rows)
        {
            if (row.String("Name") is { } name)
            {
                _switches[name] = row.String("ElementName");
            }
        }

        _knowsConnections = tables[Plan.Connections].IsKnown;
        _knowsSwitches = tables[Plan.SwitchesV2].IsKnown;
        _knowsVlans = tables[Plan.Vlans].IsKnown;
        _knowsSecurity = tables[Plan.PortSecurity].IsKnown;
    }

    public NetworkAdapter Connect(CimRow row, NetworkAdapter nic)
    {
        if (!_knowsConnections)
        {
            return nic;
        }

        nic = WithFeatures(nic);
        if (_connectionOf.GetValueOrDefault(nic.Id) is not { } connection)
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

    private NetworkAdapter WithFeatures(NetworkAdapter nic)
    {
        var vlan = _vlanOf.GetValueOrDefault(nic.Id);
        var mode = !_knowsVlans ? VlanMode.Unknown : vlan?.Int32("OperationMode") switch
        {
            // No row: the feature was never set.
            null when vlan is null => VlanMode.Untagged,
            0 => VlanMode.Untagged,
            1 => VlanMode.Access,
            2 => VlanMode.Trunk,
            3 => VlanMode.Private,
            _ => VlanMode.Unknown,
        };
        return nic with
        {
            Vlan = mode,
            VlanId = mode switch
            {
                VlanMode.Access => vlan?.Int32("AccessVlanId"),
                VlanMode.Trunk => vlan?.Int32("NativeVlanId"),
                _ => null,
            },
            TrunkVlanIds = mode == VlanMode.Trunk ? [.. (vlan?.Numbers("TrunkVlanIdArray") ?? []).Select(n => (int)n)] : [],
            AllowsMacSpoofing = _knowsSecurity ? _securityOf.GetValueOrDefault(nic.Id) is { } security ? security.Boolean("AllowMacSpoofing") : false : null,
        };
    }

    private static Dictionary<string, CimRow> Features(Table table, Dictionary<string, string> ports)
    {
        var features = new Dictionary<string, CimRow>(StringComparer.OrdinalIgnoreCase);
        foreach (var row in table.Rows)
        {
            if (row.String("InstanceID") is { } id && !InstanceId.IsTemplate(id) && Longest(id, ports) is { } nic)
            {
                features.TryAdd(nic, row);
            }
        }

        return features;
    }

    private static string? Longest(string id, HashSet<string> known)
    {
        for (string? prefix = InstanceId.Cut(id, 1); prefix is not null; prefix = InstanceId.Cut(prefix, 1))
        {
            if (known.TryGetValue(prefix, out string? found))
            {
                return found;
            }
        }

        return null;
    }

    private static string? Longest(string id, Dictionary<string, string> known)
    {
        for (string? prefix = InstanceId.Cut(id, 1); prefix is not null; prefix = InstanceId.Cut(prefix, 1))
        {
            if (known.TryGetValue(prefix, out string? found))
            {
                return found;
            }
        }

        return null;
    }
}

using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Cim;

namespace HyperVDash.Agent.Collect.Switches;

/// <summary>What is set at the ports of the newer namespace: each feature's id begins with that of its port, and the longest port id that fits is meant. Each kind is joined when it is first asked for.</summary>
internal sealed class PortFeatures
{
    private readonly Lazy<Dictionary<string, CimRow>?> _vlans;
    private readonly Lazy<Dictionary<string, CimRow>?> _security;
    private readonly Lazy<Dictionary<string, CimRow>?> _bandwidth;
    private readonly Lazy<Dictionary<string, CimRow>?> _offload;

    public PortFeatures(TableSet tables)
    {
        var ports = tables[Plan.Connections].Rows.Select(r => r.String("InstanceID")).OfType<string>().ToHashSet(StringComparer.OrdinalIgnoreCase);
        _vlans = new(() => Rows(tables[Plan.Vlans], ports));
        _security = new(() => Rows(tables[Plan.PortSecurity], ports));
        _bandwidth = new(() => Rows(tables[Plan.PortBandwidth], ports));
        _offload = new(() => Rows(tables[Plan.PortOffload], ports));
    }

    public bool KnowsSecurity => _security.Value is not null;

    /// <param name="port">InstanceID of the port's allocation settings; null: it has none, so nothing was set.</param>
    public PortVlan Vlan(string? port) => _vlans.Value is not { } vlans ? PortVlan.Unknown : PortVlan.Of(Find(vlans, port));

    public CimRow? Security(string? port) => Find(_security.Value, port);

    public CimRow? Bandwidth(string? port) => Find(_bandwidth.Value, port);

    public CimRow? Offload(string? port) => Find(_offload.Value, port);

    private static CimRow? Find(Dictionary<string, CimRow>? rows, string? port) => port is null ? null : rows?.GetValueOrDefault(port);

    private static Dictionary<string, CimRow>? Rows(Table table, HashSet<string> ports)
    {
        if (!table.IsKnown)
        {
            return null;
        }

        var rows = new Dictionary<string, CimRow>(StringComparer.OrdinalIgnoreCase);
        foreach (var row in table.Rows)
        {
            if (row.String("InstanceID") is { } id && !InstanceId.IsTemplate(id) && InstanceId.Longest(id, ports) is { } port)
            {
                rows.TryAdd(port, row);
            }
        }

        return rows;
    }
}

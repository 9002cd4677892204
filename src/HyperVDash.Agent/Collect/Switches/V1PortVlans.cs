using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Cim;

namespace HyperVDash.Agent.Collect.Switches;

/// <summary>VLANs of the older namespace: the port binds to an endpoint, which has the mode, and that to settings, which have the numbers.</summary>
internal sealed class V1PortVlans
{
    private readonly Dictionary<string, (CimRow Setting, int? Mode)> _vlans = new(StringComparer.OrdinalIgnoreCase);
    private readonly bool _isKnown;

    public V1PortVlans(TableSet tables)
    {
        _isKnown = tables[Plan.VlanEndpoints].IsKnown && tables[Plan.BindsTo].IsKnown && tables[Plan.ElementSettings].IsKnown;
        var settings = ByText(tables[Plan.VlanEndpoints].Rows, "InstanceID");
        var modes = ByText(tables[Plan.VlanModes].Rows, "Name");
        var settingOf = new Dictionary<string, CimRow>(StringComparer.OrdinalIgnoreCase);
        foreach (var row in tables[Plan.ElementSettings].Rows)
        {
            // Rows whose references are all null occur and are passed over.
            if (row.KeyOf("ManagedElement", "Name") is { } endpoint && row.KeyOf("SettingData", "InstanceID") is { } id && settings.TryGetValue(id, out var setting))
            {
                settingOf[endpoint] = setting;
            }
        }

        foreach (var row in tables[Plan.BindsTo].Rows)
        {
            if (row.KeyOf("Antecedent", "Name") is { } port && row.KeyOf("Dependent", "Name") is { } endpoint && settingOf.TryGetValue(endpoint, out var setting))
            {
                _vlans[port] = (setting, modes.GetValueOrDefault(endpoint)?.Int32("DesiredEndpointMode"));
            }
        }
    }

    /// <param name="port">Name of the switch port; null: not known.</param>
    public PortVlan Of(string? port) =>
        !_isKnown || port is null ? PortVlan.Unknown : _vlans.TryGetValue(port, out var vlan) ? PortVlan.Of(vlan.Setting, vlan.Mode) : PortVlan.Untagged;

    private static Dictionary<string, CimRow> ByText(IReadOnlyList<CimRow> rows, string column) => rows.Where(r => r.String(column) is not null)
        .DistinctBy(r => r.String(column), StringComparer.OrdinalIgnoreCase)
        .ToDictionary(r => r.String(column)!, StringComparer.OrdinalIgnoreCase);
}

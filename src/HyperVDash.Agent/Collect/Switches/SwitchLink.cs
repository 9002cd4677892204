using HyperVDash.Cim;

namespace HyperVDash.Agent.Collect.Switches;

/// <summary>A port of the host, physical or its own, and the switch port it is plugged into.</summary>
/// <param name="Device">Msvm_ExternalEthernetPort, Msvm_WiFiPort or Msvm_InternalEthernetPort.</param>
/// <param name="Port">Name of the switch port, without prefix.</param>
internal sealed record SwitchLink(CimPath Device, string SwitchId, string? Port)
{
    private const string Prefix = "Microsoft:";

    /// <summary>Follows device → endpoint → switch port over two association tables, which both namespaces have in the same shape.</summary>
    public static List<SwitchLink> Of(IReadOnlyList<CimRow> connections, IReadOnlyList<CimRow> implementations, HashSet<string> switches)
    {
        var portOf = new Dictionary<string, (string Switch, string? Port)>(StringComparer.OrdinalIgnoreCase);
        foreach (var row in connections)
        {
            // Either side may be the switch's; its SystemName is a switch's id.
            foreach (var (near, far) in ((CimPath?, CimPath?)[])[(row.Path("Antecedent"), row.Path("Dependent")), (row.Path("Dependent"), row.Path("Antecedent"))])
            {
                if (near?["SystemName"] is { } system && switches.Contains(system) && far?["Name"] is { } endpoint)
                {
                    portOf[endpoint] = (system, near["Name"] is { } name ? name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? name[Prefix.Length..] : name : null);
                }
            }
        }

        var links = new List<SwitchLink>();
        foreach (var row in implementations)
        {
            if (row.Path("Dependent")?["Name"] is { } endpoint && portOf.TryGetValue(endpoint, out var port) && row.Path("Antecedent") is { } device)
            {
                links.Add(new(device, port.Switch, port.Port));
            }
        }

        return links;
    }
}

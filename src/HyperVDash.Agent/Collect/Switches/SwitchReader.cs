using System.Collections.Immutable;
using HyperVDash.Agent.Collect.Devices;
using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Cim;
using HyperVDash.Model.PhysicalNetwork;
using HyperVDash.Model.Switches;

namespace HyperVDash.Agent.Collect.Switches;

/// <summary>Virtual switches with their type, uplinks and attributes.</summary>
internal static class SwitchReader
{
    public static SectionResult<VirtualSwitchList> Read(TableSet tables, HostFacts host)
    {
        var table = host.IsV1 ? tables[Plan.SwitchesV1] : tables[Plan.SwitchesV2];
        if (table.Error is { } error)
        {
            return SectionResult<VirtualSwitchList>.Failed(error);
        }

        var ports = host.IsV1 ? PortsV1(tables, host) : PortsV2(tables, host);
        var settings = host.IsV1 ? [] : tables[Plan.SwitchSettings].Rows
            .Where(r => r.String("VirtualSystemIdentifier") is not null)
            .DistinctBy(r => r.String("VirtualSystemIdentifier"), StringComparer.OrdinalIgnoreCase)
            .ToDictionary(r => r.String("VirtualSystemIdentifier")!, StringComparer.OrdinalIgnoreCase);
        var extensions = host.IsV1 ? null : tables[Plan.SwitchExtensions];
        var items = table.Rows
            .Where(r => r.String("Name") is not null)
            .DistinctBy(r => r.String("Name"), StringComparer.OrdinalIgnoreCase)
            .Select(r => Read(r, ports, settings.GetValueOrDefault(r.String("Name")!), extensions))
            .OrderBy(s => s.Name, StringComparer.Ordinal).ThenBy(s => s.Id, StringComparer.OrdinalIgnoreCase);
        return SectionResult<VirtualSwitchList>.Read(new() { Items = [.. items] },
        [
            PortError(tables, host) is { } why ? $"ports: {why}" : null,
            host.IsV1 ? null : Outcome.Gap("settings", tables[Plan.SwitchSettings]),
            extensions is null ? null : Outcome.Gap("extensions", extensions),
            host.IsV1 ? null : Outcome.Gap("wireless ports", tables[Plan.WiFiPorts]),
            host.IsV1 ? Outcome.Gap("uplinks", tables[Plan.ExternalPorts(host)]) : Outcome.Gap("active connections", tables[Plan.ActiveConnections(host)]),
            host.IsV1 ? null : Outcome.Gap("port endpoints", tables[Plan.PortSap]),
            host.IsV1 ? null : Outcome.Gap("members of embedded teams", tables[Plan.TeamMembers]),
        ]);
    }

    private static string? PortError(TableSet tables, HostFacts host) =>
        (host.IsV1
            ? tables[Plan.ActiveConnections(host)].Error ?? tables[Plan.GlobalPortSap].Error
            : tables[Plan.Connections].Error ?? tables[Plan.ExternalPorts(host)].Error)?.Message;

    private static VirtualSwitch Read(CimRow row, SwitchPortIndex? ports, CimRow? settings, Table? extensions)
    {
        string id = row.String("Name")!;
        var uplinks = ports?.UplinksOf(id);
        bool? isShared = ports?.IsShared(id);
        return new VirtualSwitch(id, Text.Cut(row.String("ElementName")) ?? id)
        {
            Type = ports is null ? SwitchType.Unknown
                : uplinks is { IsEmpty: false } ? SwitchType.External
                : isShared == true ? SwitchType.Internal
                : SwitchType.Private,
            IsSharedWithHost = isShared,
            Uplinks = uplinks,
            IsSrIovPreferred = settings?.Boolean("IOVPreferred"),
            BandwidthMode = settings?.Int32("BandwidthReservationMode") switch
            {
                0 => BandwidthMode.Default, 1 => BandwidthMode.Weight, 2 => BandwidthMode.Absolute, 3 => BandwidthMode.None, null => null, _ => BandwidthMode.Unknown,
            },
            IsEmbeddedTeaming = settings?.Boolean("TeamingEnabled"),
            IsPacketDirect = settings?.Boolean("PacketDirectEnabled"),
            Extensions = extensions is { IsKnown: true }
                ? [.. extensions.Rows.Where(e => id.Equals(e.String("SystemName"), StringComparison.OrdinalIgnoreCase) && e.Int32("EnabledState") == 2)
                    .Select(e => e.String("Name")).OfType<string>().Order(StringComparer.OrdinalIgnoreCase)]
                : null,
            CreatedAt = settings?.DateTime("CreationTime"),
            Notes = settings?.Strings("Notes") is { Count: > 0 } notes && Text.Cut(string.Join('\n', notes)) is { Length: > 0 } note ? note : null,
        };
    }

    private static SwitchPortIndex? PortsV2(TableSet tables, HostFacts host)
    {
        var connections = tables[Plan.Connections];
        var external = tables[Plan.ExternalPorts(host)];
        if (!connections.IsKnown || !external.IsKnown)
        {
            return null;
        }

        var index = new SwitchPortIndex();
        var adapters = Adapters(external.Rows, NetworkMedium.Unknown).Concat(Adapters(tables[Plan.WiFiPorts].Rows, NetworkMedium.WiFi))
            .DistinctBy(a => a.Device, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(a => a.Device, a => a.Uplink, StringComparer.OrdinalIgnoreCase);
        var switches = tables[Plan.SwitchesV2].Rows.Select(r => r.String("Name")).OfType<string>().ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var row in connections.Rows)
        {
            // A switch-side row carries the switch as owner; a VM's row carries the VM.
            string? owner = InstanceId.Owner(row.String("InstanceID"))?.ToString();
            foreach (var path in owner is not null && switches.Contains(owner) ? row.Paths("HostResource") ?? [] : [])
            {
                if (path.Is("Msvm_ExternalEthernetPort") || path.Is("Msvm_WiFiPort"))
                {
                    index.AddUplink(owner!, path["DeviceID"], adapters, path.Is("Msvm_WiFiPort") ? NetworkMedium.WiFi : NetworkMedium.Unknown);
                }
                else if (path.Is("Msvm_ComputerSystem"))
                {
                    index.AddHost(owner!);
                }
            }
        }

        AddActiveConnections(index, tables[Plan.ActiveConnections(host)].Rows, tables[Plan.PortSap].Rows, adapters, switches);
        AddTeamMembers(index, tables[Plan.TeamMembers].Rows, adapters);
        return index;
    }

    /// <summary>The same facts by another way, for releases whose plain enumeration leaves the switch side out.</summary>
    private static void AddActiveConnections(
        SwitchPortIndex index, IReadOnlyList<CimRow> active, IReadOnlyList<CimRow> saps, Dictionary<string, SwitchUplink> adapters, HashSet<string> switches)
    {
        var switchOf = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var row in active)
        {
            // Either side may be the switch's; its SystemName is a switch's id.
            foreach (var (near, far) in ((CimPath?, CimPath?)[])[(row.Path("Antecedent"), row.Path("Dependent")), (row.Path("Dependent"), row.Path("Antecedent"))])
            {
                if (near?["SystemName"] is { } system && switches.Contains(system) && far?["Name"] is { } endpoint)
                {
                    switchOf[endpoint] = system;
                }
            }
        }

        foreach (var row in saps)
        {
            if (row.Path("Dependent")?["Name"] is { } endpoint && switchOf.TryGetValue(endpoint, out string? system) && row.Path("Antecedent") is { } port)
            {
                if (port.Is("Msvm_InternalEthernetPort"))
                {
                    index.AddHost(system);
                }
                else if (port.Is("Msvm_ExternalEthernetPort") || port.Is("Msvm_WiFiPort"))
                {
                    index.AddUplink(system, port["DeviceID"], adapters, port.Is("Msvm_WiFiPort") ? NetworkMedium.WiFi : NetworkMedium.Unknown);
                }
            }
        }
    }

    private static void AddTeamMembers(SwitchPortIndex index, IReadOnlyList<CimRow> members, Dictionary<string, SwitchUplink> adapters)
    {
        foreach (var team in members.Where(m => m.Path("Antecedent")?["DeviceID"] is not null).GroupBy(m => m.Path("Antecedent")!["DeviceID"]!, StringComparer.OrdinalIgnoreCase))
        {
            index.ReplaceTeam(team.Key, team.Select(m => m.Path("Dependent")?["DeviceID"]).OfType<string>(), adapters);
        }
    }

    private static SwitchPortIndex? PortsV1(TableSet tables, HostFacts host)
    {
        var active = tables[Plan.ActiveConnections(host)];
        var saps = tables[Plan.GlobalPortSap];
        if (!active.IsKnown || !saps.IsKnown)
        {
            return null;
        }

        var index = new SwitchPortIndex();
        var adapters = Adapters(tables[Plan.ExternalPorts(host)].Rows, NetworkMedium.Unknown)
            .DistinctBy(a => a.Device, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(a => a.Device, a => a.Uplink, StringComparer.OrdinalIgnoreCase);
        var switches = tables[Plan.SwitchesV1].Rows.Select(r => r.String("Name")).OfType<string>().ToHashSet(StringComparer.OrdinalIgnoreCase);
        AddActiveConnections(index, active.Rows, saps.Rows, adapters, switches);
        return index;
    }

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

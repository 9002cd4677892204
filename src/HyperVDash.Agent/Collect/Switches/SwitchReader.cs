using System.Collections.Immutable;
using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Cim;
using HyperVDash.Model.Switches;

namespace HyperVDash.Agent.Collect.Switches;

/// <summary>Virtual switches with their type, uplinks and attributes, and the host's own adapters on them.</summary>
internal sealed class SwitchReader() : SectionReader<VirtualSwitchList>("switches", r => r.Switches, (r, s) => r with { Switches = s })
{
    public override bool NeedsHyperV => true;

    public override IEnumerable<TableQuery> Queries(HostFacts host) =>
    [
        Plan.ActiveConnections(host), Plan.ExternalPorts(host), Plan.InternalPorts(host),
        .. host.IsV1
            ? new[] { Plan.SwitchesV1, Plan.GlobalPortSap, Plan.BindsTo, Plan.ElementSettings, Plan.VlanEndpoints, Plan.VlanModes }
            : [
                Plan.SwitchesV2, Plan.SwitchSettings, Plan.SwitchTeaming, Plan.SwitchOffload, Plan.SwitchExtensions, Plan.Connections, Plan.PortSap, Plan.TeamMembers, Plan.WiFiPorts,
                Plan.Vlans,
            ],
    ];

    protected override SectionResult<VirtualSwitchList> Read(SectionSources sources)
    {
        var (tables, host) = (sources.Tables, sources.Host);
        var table = host.IsV1 ? tables[Plan.SwitchesV1] : tables[Plan.SwitchesV2];
        if (table.Error is { } error)
        {
            return SectionResult<VirtualSwitchList>.Failed(error);
        }

        var ids = table.Rows.Select(r => r.String("Name")).OfType<string>().ToHashSet(StringComparer.OrdinalIgnoreCase);
        var ports = SwitchPortReader.Read(tables, host, ids);
        var attributes = host.IsV1 ? null : new SwitchAttributes(tables);
        var items = table.Rows
            .Where(r => r.String("Name") is not null)
            .DistinctBy(r => r.String("Name"), StringComparer.OrdinalIgnoreCase)
            .Select(r => Switch(r, ports, attributes))
            .OrderBy(s => s.Name, StringComparer.Ordinal).ThenBy(s => s.Id, StringComparer.OrdinalIgnoreCase);
        return SectionResult<VirtualSwitchList>.Read(
            new() { Items = [.. items], HostAdapters = HostAdapterReader.Read(tables, host, ids) },
            [
                PortError(tables, host) is { } why ? $"ports: {why}" : null,
                Outcome.Gap("host adapters", tables[Plan.InternalPorts(host)]),
                Outcome.Gap("VLANs of host adapters", tables[host.IsV1 ? Plan.VlanEndpoints : Plan.Vlans]),
                .. host.IsV1
                    ? new[] { Outcome.Gap("VLANs of host adapters", tables[Plan.BindsTo]) ?? Outcome.Gap("VLANs of host adapters", tables[Plan.ElementSettings]) ?? Outcome.Gap("VLANs of host adapters", tables[Plan.VlanModes]) }
                    : [],
                host.IsV1 ? Outcome.Gap("uplinks", tables[Plan.ExternalPorts(host)]) : Outcome.Gap("active connections", tables[Plan.ActiveConnections(host)]),
                .. host.IsV1 ? [] : new[]
                {
                    Outcome.Gap("port endpoints", tables[Plan.PortSap]), Outcome.Gap("members of embedded teams", tables[Plan.TeamMembers]),
                    Outcome.Gap("settings", tables[Plan.SwitchSettings]), Outcome.Gap("teaming", tables[Plan.SwitchTeaming]), Outcome.Gap("hardware offload", tables[Plan.SwitchOffload]),
                    Outcome.Gap("extensions", tables[Plan.SwitchExtensions]), Outcome.Gap("wireless ports", tables[Plan.WiFiPorts]),
                },
            ]);
    }

    private static string? PortError(TableSet tables, HostFacts host) =>
        (host.IsV1
            ? tables[Plan.ActiveConnections(host)].Error ?? tables[Plan.GlobalPortSap].Error
            : tables[Plan.Connections].Error ?? tables[Plan.ExternalPorts(host)].Error)?.Message;

    private static VirtualSwitch Switch(CimRow row, SwitchPortIndex? ports, SwitchAttributes? attributes)
    {
        string id = row.String("Name")!;
        ImmutableArray<SwitchUplink>? uplinks = ports?.UplinksOf(id);
        bool? isShared = ports?.IsShared(id);
        var one = new VirtualSwitch(id, Text.Cut(row.String("ElementName")) ?? id)
        {
            Type = ports is null ? SwitchType.Unknown
                : uplinks is { IsEmpty: false } ? SwitchType.External
                : isShared == true ? SwitchType.Internal
                : SwitchType.Private,
            IsSharedWithHost = isShared,
            Uplinks = uplinks,
        };
        return attributes?.AddTo(one) ?? one;
    }
}

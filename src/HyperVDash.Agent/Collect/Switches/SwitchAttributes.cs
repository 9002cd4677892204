using System.Collections.Immutable;
using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Cim;
using HyperVDash.Model.Switches;

namespace HyperVDash.Agent.Collect.Switches;

/// <summary>Settings, teaming, extensions and hardware of the switches of the newer namespace, by the switch's id.</summary>
internal sealed class SwitchAttributes(TableSet tables)
{
    private readonly Dictionary<string, CimRow> _settings = By(tables[Plan.SwitchSettings], r => r.String("VirtualSystemIdentifier"));
    private readonly Dictionary<string, CimRow> _offload = By(tables[Plan.SwitchOffload], r => r.String("SystemName"));
    private readonly Dictionary<string, CimRow> _teaming = By(tables[Plan.SwitchTeaming], r => InstanceId.Owner(r.String("InstanceID"))?.ToString());
    private readonly ILookup<string, CimRow>? _extensions = tables[Plan.SwitchExtensions] is { IsKnown: true } table
        ? table.Rows.Where(r => r.String("Name") is not null).ToLookup(r => r.String("SystemName") ?? "", StringComparer.OrdinalIgnoreCase)
        : null;

    public VirtualSwitch AddTo(VirtualSwitch one)
    {
        var settings = _settings.GetValueOrDefault(one.Id);
        var offload = _offload.GetValueOrDefault(one.Id);
        var teaming = settings?.Boolean("TeamingEnabled") == true ? _teaming.GetValueOrDefault(one.Id) : null;
        return one with
        {
            IsSrIovPreferred = settings?.Boolean("IOVPreferred"),
            BandwidthMode = settings?.Int32("BandwidthReservationMode") switch
            {
                0 => BandwidthMode.Default, 1 => BandwidthMode.Weight, 2 => BandwidthMode.Absolute, 3 => BandwidthMode.None, null => null, _ => BandwidthMode.Unknown,
            },
            IsEmbeddedTeaming = settings?.Boolean("TeamingEnabled"),
            IsPacketDirect = settings?.Boolean("PacketDirectEnabled"),
            TeamingMode = teaming?.Int32("TeamingMode"),
            TeamLoadBalancing = teaming?.Int32("LoadBalancingAlgorithm"),
            Extensions = _extensions is null
                ? null
                : [.. _extensions[one.Id].Where(e => e.Int32("EnabledState") == 2).Select(e => e.String("Name")!).Order(StringComparer.OrdinalIgnoreCase)],
            ExtensionList = Extensions(one.Id, settings),
            VmqCapacity = offload?.Int32("VmqCapacity"),
            VmqUsage = offload?.Int32("VmqUsage"),
            SrIovCapacity = offload?.Int32("IovVfCapacity"),
            SrIovUsage = offload?.Int32("IovVfUsage"),
            CreatedAt = settings?.DateTime("CreationTime"),
            Notes = settings?.Strings("Notes") is { Count: > 0 } notes && Text.Cut(string.Join('\n', notes)) is { Length: > 0 } note ? note : null,
        };
    }

    /// <summary>In the order of the switch; those it does not name come after, by id.</summary>
    private ImmutableArray<SwitchExtension>? Extensions(string id, CimRow? settings)
    {
        if (_extensions is null)
        {
            return null;
        }

        var order = (settings?.Paths("ExtensionOrder") ?? []).Select(p => p["Name"] ?? "").ToList();
        return
        [
            .. _extensions[id].DistinctBy(e => e.String("Name"), StringComparer.OrdinalIgnoreCase)
                .OrderBy(e => order.FindIndex(o => o.Equals(e.String("Name"), StringComparison.OrdinalIgnoreCase)) is >= 0 and var at ? at : int.MaxValue)
                .ThenBy(e => e.String("Name"), StringComparer.OrdinalIgnoreCase)
                .Select(e => new SwitchExtension(e.String("Name")!, Text.Cut(e.String("ElementName")), e.Int32("EnabledState") switch { 2 => true, 3 => false, _ => null })),
        ];
    }

    private static Dictionary<string, CimRow> By(Table table, Func<CimRow, string?> key) => table.Rows.Where(r => key(r) is not null)
        .DistinctBy(r => key(r)!, StringComparer.OrdinalIgnoreCase)
        .ToDictionary(r => key(r)!, StringComparer.OrdinalIgnoreCase);
}

using System.Collections.Immutable;
using HyperVDash.Cim;
using HyperVDash.Model.Devices;

namespace HyperVDash.Agent.Collect.Switches;

/// <summary>The VLAN setting of a port, of a VM or of the host.</summary>
internal sealed record PortVlan(VlanMode Mode)
{
    public static readonly PortVlan Unknown = new(VlanMode.Unknown);
    public static readonly PortVlan Untagged = new(VlanMode.Untagged);

    /// <summary>Access or native VLAN.</summary>
    public int? Id { get; private init; }

    public ImmutableArray<int> Trunk { get; private init; } = [];

    public PrivateVlanMode Private { get; private init; }

    public int? Primary { get; private init; }

    public int? Secondary { get; private init; }

    /// <param name="row">Null: the feature was never set.</param>
    public static PortVlan Of(CimRow? row) => row is null ? Untagged : row.Int32("OperationMode") switch
    {
        0 => Untagged,
        1 => new(VlanMode.Access) { Id = row.Int32("AccessVlanId") },
        2 => new(VlanMode.Trunk) { Id = row.Int32("NativeVlanId"), Trunk = Ids(row, "TrunkVlanIdArray") },
        3 => new(VlanMode.Private)
        {
            Private = row.Int32("PvlanMode") switch { 1 => PrivateVlanMode.Isolated, 2 => PrivateVlanMode.Community, 3 => PrivateVlanMode.Promiscuous, _ => PrivateVlanMode.Unknown },
            Primary = Some(row.Int32("PrimaryVlanId")),
            Secondary = Some(row.Int32("SecondaryVlanId")),
        },
        _ => Unknown,
    };

    /// <summary>The older namespace: the mode stands at the endpoint, the numbers in its settings.</summary>
    /// <param name="setting">Null: the port has none.</param>
    /// <param name="mode">DesiredEndpointMode: 2 access, 5 trunk; null: not read.</param>
    public static PortVlan Of(CimRow? setting, int? mode)
    {
        if (setting is null)
        {
            return Untagged;
        }

        int access = setting.Int32("AccessVLAN") ?? 0;
        var trunk = Ids(setting, "TrunkedVLANList");
        return mode == 5 || (mode is null && access == 0 && !trunk.IsEmpty)
            ? new(VlanMode.Trunk) { Id = setting.Int32("NativeVLAN"), Trunk = trunk }
            : access > 0 ? new(VlanMode.Access) { Id = access } : Untagged;
    }

    private static ImmutableArray<int> Ids(CimRow row, string name) => [.. (row.Numbers(name) ?? []).Where(n => n is > 0 and < 4096).Select(n => (int)n).Order()];

    private static int? Some(int? id) => id > 0 ? id : null;
}

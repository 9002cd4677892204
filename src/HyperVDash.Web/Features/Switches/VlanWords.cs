using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Switches;

namespace HyperVDash.Web.Features.Switches;

/// <summary>VLAN settings in the words a page uses, for ports of VMs and of hosts alike.</summary>
public static class VlanWords
{
    public static string Of(NetworkAdapter nic) => Of(nic.Vlan, nic.VlanId, nic.TrunkVlanIds, nic.PrivateVlan, nic.PrimaryVlanId, nic.SecondaryVlanId);

    public static string Of(HostAdapter adapter) => Of(adapter.Vlan, adapter.VlanId, adapter.TrunkVlanIds, adapter.PrivateVlan, adapter.PrimaryVlanId, adapter.SecondaryVlanId);

    private static string Of(VlanMode mode, int? id, ImmutableArray<int> trunk, PrivateVlanMode kind, int? primary, int? secondary) => mode switch
    {
        VlanMode.Untagged => "untagged",
        VlanMode.Access => $"access {Number(id)}",
        VlanMode.Trunk => $"trunk {(trunk.IsEmpty ? "of none" : string.Join(", ", trunk))}, native {Number(id)}",
        VlanMode.Private => $"private, {(kind == PrivateVlanMode.Unknown ? "kind not said" : kind.ToString().ToLowerInvariant())}, primary {Number(primary)}, secondary {Number(secondary)}",
        _ => "not said",
    };

    private static string Number(int? id) => id?.ToString(CultureInfo.InvariantCulture) ?? "not said";
}

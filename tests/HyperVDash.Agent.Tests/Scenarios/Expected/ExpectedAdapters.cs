using System.Collections.Immutable;
using HyperVDash.Lab.Scenarios.Description;
using HyperVDash.Model.Devices;

namespace HyperVDash.Agent.Tests.Scenarios.Expected;

/// <summary>Network adapters of VMs and the VLANs of ports.</summary>
internal static class ExpectedAdapters
{
    public static NetworkAdapter Of(DescribedHost h, LabVm vm, LabNic nic)
    {
        var on = h.Host.Switches.FirstOrDefault(s => s.Id == nic.SwitchId);
        bool hasPort = on is not null;
        var one = new NetworkAdapter($@"Microsoft:{vm.Id.Upper()}\{nic.Id.Upper()}{(nic.IsLegacy ? @"\0" : "")}", vm.Id, nic.IsLegacy ? NetworkAdapterKind.Legacy : NetworkAdapterKind.Synthetic)
        {
            Name = nic.Name ?? (nic.IsLegacy ? h.Words.LegacyNetworkAdapter : h.Words.NetworkAdapter),
            MacAddress = nic.Mac,
            IsStaticMac = nic.HasStaticMac,
            SwitchId = nic.SwitchId?.Upper(),
            SwitchName = on?.Name ?? (h.Since("2016") ? nic.LastKnownSwitchName : null),
            Connection = hasPort ? nic.IsUnplugged && !h.IsOld ? ConnectionState.Unplugged : ConnectionState.Connected
                : nic.SwitchId is not null || (nic.LastKnownSwitchName is not null && h.Since("2016")) ? ConnectionState.SwitchMissing : ConnectionState.Disconnected,
        };
        if (h.IsOld)
        {
            // There the port holds what the adapter does not, and without a switch there is no port.
            var vlan = nic.SwitchId is null ? (VlanMode.Unknown, null, []) : Vlan(hasPort ? nic.PortVlan : null);
            return one with
            {
                Vlan = vlan.Mode, VlanId = vlan.Id, TrunkVlanIds = vlan.Trunk, AllowsMacSpoofing = hasPort && h.Since("2008R2") ? nic.AllowsMacSpoofing : null,
                VmqWeight = hasPort && h.Since("2008R2") ? (int)nic.VmqWeight : null,
            };
        }

        var (mode, id, trunk) = Vlan(nic.PortVlan);
        bool isPrivate = mode == VlanMode.Private;
        return one with
        {
            Vlan = mode, VlanId = id, TrunkVlanIds = trunk, PrivateVlan = isPrivate ? (PrivateVlanMode)nic.PortVlan!.PrivateMode : PrivateVlanMode.Unknown,
            PrimaryVlanId = isPrivate ? nic.PortVlan!.Primary : null, SecondaryVlanId = isPrivate ? nic.PortVlan!.Secondary : null,
            AllowsMacSpoofing = nic.AllowsMacSpoofing, HasDhcpGuard = nic.HasDhcpGuard, HasRouterGuard = nic.HasRouterGuard, AllowsTeaming = nic.AllowsTeaming, MonitorMode = (int)nic.MonitorMode,
            MinimumBitsPerSecond = (long?)nic.Bandwidth?.Reservation, BandwidthWeight = (int?)nic.Bandwidth?.Weight, MaximumBitsPerSecond = (long?)nic.Bandwidth?.Limit,
            VmqWeight = (int)nic.VmqWeight, SrIovWeight = (int)nic.SrIovWeight, IsClusterMonitored = h.Since("2012R2") ? nic.IsClusterMonitored : null,
        };
    }

    public static (VlanMode Mode, int? Id, ImmutableArray<int> Trunk) Vlan(LabVlan? vlan) => vlan switch
    {
        null => (VlanMode.Untagged, null, []),
        { Mode: 1 } => (VlanMode.Access, vlan.Id, []),
        { Mode: 2 } => (VlanMode.Trunk, vlan.Id, vlan.Trunk),
        _ => (VlanMode.Private, null, []),
    };
}

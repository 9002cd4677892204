using HyperVDash.Lab.Scenarios.Description;

namespace HyperVDash.Lab.Scenarios.Rows.Version2;

/// <summary>Network adapters of a VM, their connection and the features of its port.</summary>
internal sealed class NicRows(HostTables t)
{
    private const string Ns = HostTables.V2;

    public void Write(LabVm vm, string id)
    {
        foreach (var nic in vm.Nics)
        {
            string className = nic.IsLegacy ? "Msvm_EmulatedEthernetPortSettingData" : "Msvm_SyntheticEthernetPortSettingData";
            string instance = $@"{id}\{nic.Id.Upper()}{(nic.IsLegacy ? @"\0" : "")}";
            string name = nic.Name ?? (nic.IsLegacy ? t.Words.LegacyNetworkAdapter : t.Words.NetworkAdapter);
            var row = t.Add(Ns, new(className)
            {
                ["InstanceID"] = instance, ["ElementName"] = name, ["Address"] = nic.Mac, ["StaticMacAddress"] = nic.HasStaticMac, ["ResourceType"] = 10,
                ["ResourceSubType"] = nic.IsLegacy ? "Microsoft:Hyper-V:Emulated Ethernet Port" : "Microsoft:Hyper-V:Synthetic Ethernet Port", ["PoolID"] = "", ["Weight"] = 0,
                ["VirtualQuantity"] = 1UL, ["ConsumerVisibility"] = 3,
            });
            if (!nic.IsLegacy)
            {
                row["VirtualSystemIdentifiers"] = (string[])[nic.Id.ToString("B")];
            }

            if (t.Since("2012R2"))
            {
                row["ClusterMonitored"] = nic.IsClusterMonitored;
            }

            WriteConnection(nic, className, instance);
        }
    }

    private void WriteConnection(LabNic nic, string className, string instance)
    {
        var row = t.Add(Ns, new("Msvm_EthernetPortAllocationSettingData")
        {
            ["InstanceID"] = $@"{instance}\C", ["ElementName"] = "Dynamic Ethernet Switch Port", ["ResourceType"] = 33, ["ResourceSubType"] = "Microsoft:Hyper-V:Ethernet Connection",
            ["Parent"] = t.Path(Ns, className, ("InstanceID", instance)), ["EnabledState"] = nic.IsUnplugged || (nic.SwitchId is null && nic.LastKnownSwitchName is null) ? 3 : 2, ["PoolID"] = "", ["Address"] = "",
            ["HostResource"] = nic.SwitchId is { } id ? (string[])[SwitchRows.SwitchPath(t, id)] : null,
        });
        if (t.Since("2016"))
        {
            row["LastKnownSwitchName"] = nic.LastKnownSwitchName ?? t.Description.Switches.FirstOrDefault(s => s.Id == nic.SwitchId)?.Name;
        }

        if (nic.PortVlan is { } vlan)
        {
            WriteVlan(t, $@"{instance}\C", vlan);
        }

        if (nic.HasSecurityRow)
        {
            t.Add(Ns, new("Msvm_EthernetSwitchPortSecuritySettingData")
            {
                ["InstanceID"] = $@"{instance}\C\{Ids.Of("feature/security").Upper()}", ["AllowMacSpoofing"] = nic.AllowsMacSpoofing, ["EnableDhcpGuard"] = nic.HasDhcpGuard,
                ["EnableRouterGuard"] = nic.HasRouterGuard, ["AllowTeaming"] = nic.AllowsTeaming, ["MonitorMode"] = nic.MonitorMode, ["VirtualSubnetId"] = 0,
            });
        }

        if (nic.Bandwidth is { } bandwidth)
        {
            t.Add(Ns, new("Msvm_EthernetSwitchPortBandwidthSettingData")
            {
                ["InstanceID"] = $@"{instance}\C\{Ids.Of("feature/bandwidth").Upper()}", ["Reservation"] = bandwidth.Reservation, ["Weight"] = bandwidth.Weight, ["Limit"] = bandwidth.Limit,
                ["BurstLimit"] = 0UL, ["BurstSize"] = 0UL,
            });
        }

        t.Add(Ns, new("Msvm_EthernetSwitchPortOffloadSettingData")
        {
            ["InstanceID"] = $@"{instance}\C\{Ids.Of("feature/offload").Upper()}", ["VMQOffloadWeight"] = nic.VmqWeight, ["IOVOffloadWeight"] = nic.SrIovWeight, ["IPSecOffloadLimit"] = 512,
        });
    }

    public static void WriteVlan(HostTables t, string port, LabVlan vlan) => t.Add(Ns, new("Msvm_EthernetSwitchPortVlanSettingData")
    {
        ["InstanceID"] = $@"{port}\{Ids.Of("feature/vlan").Upper()}", ["OperationMode"] = vlan.Mode, ["AccessVlanId"] = vlan.Mode == 1 ? vlan.Id : 0, ["NativeVlanId"] = vlan.Mode == 2 ? vlan.Id : 0,
        ["TrunkVlanIdArray"] = vlan.Mode == 2 ? vlan.Trunk.ToArray() : null, ["PvlanMode"] = vlan.PrivateMode, ["PrimaryVlanId"] = vlan.Primary, ["SecondaryVlanId"] = vlan.Secondary,
    });
}

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
                row["ClusterMonitored"] = true;
            }

            WriteConnection(nic, className, instance);
        }
    }

    private void WriteConnection(LabNic nic, string className, string instance)
    {
        var row = t.Add(Ns, new("Msvm_EthernetPortAllocationSettingData")
        {
            ["InstanceID"] = $@"{instance}\C", ["ElementName"] = "Dynamic Ethernet Switch Port", ["ResourceType"] = 33, ["ResourceSubType"] = "Microsoft:Hyper-V:Ethernet Connection",
            ["Parent"] = t.Path(Ns, className, ("InstanceID", instance)), ["EnabledState"] = nic.SwitchId is null && nic.LastKnownSwitchName is null ? 3 : 2, ["PoolID"] = "", ["Address"] = "",
            ["HostResource"] = nic.SwitchId is { } id ? (string[])[SwitchRows.SwitchPath(t, id)] : null,
        });
        if (t.Since("2016"))
        {
            row["LastKnownSwitchName"] = nic.LastKnownSwitchName ?? t.Description.Switches.FirstOrDefault(s => s.Id == nic.SwitchId)?.Name;
        }

        if (nic.VlanId > 0)
        {
            t.Add(Ns, new("Msvm_EthernetSwitchPortVlanSettingData")
            {
                ["InstanceID"] = $@"{instance}\C\{Ids.Of("feature/vlan").Upper()}", ["OperationMode"] = 1, ["AccessVlanId"] = nic.VlanId, ["NativeVlanId"] = 0,
            });
        }

        if (nic.AllowsMacSpoofing)
        {
            t.Add(Ns, new("Msvm_EthernetSwitchPortSecuritySettingData")
            {
                ["InstanceID"] = $@"{instance}\C\{Ids.Of("feature/security").Upper()}", ["AllowMacSpoofing"] = true, ["EnableDhcpGuard"] = false, ["EnableRouterGuard"] = false,
                ["AllowTeaming"] = false, ["MonitorMode"] = 0, ["VirtualSubnetId"] = 0,
            });
        }

        t.Add(Ns, new("Msvm_EthernetSwitchPortOffloadSettingData")
        {
            ["InstanceID"] = $@"{instance}\C\{Ids.Of("feature/offload").Upper()}", ["VMQOffloadWeight"] = 100, ["IOVOffloadWeight"] = 0, ["IPSecOffloadLimit"] = 512,
        });
    }
}

using HyperVDash.Lab.Hosts;
using HyperVDash.Lab.Scenarios.Description;

namespace HyperVDash.Lab.Scenarios.Rows.Version1;

/// <summary>Virtual switches with their ports, and what each port is connected to.</summary>
internal static class SwitchRows
{
    private const string Ns = HostTables.V1;

    public static string PortOf(LabNic nic) => Ids.Of($"port/{nic.Id}").Upper();

    public static (string, string)[] PortKeys(Guid switchId, string port) =>
        [("CreationClassName", "Msvm_SwitchPort"), ("Name", port), ("SystemCreationClassName", "Msvm_VirtualSwitch"), ("SystemName", switchId.Upper())];

    public static void Write(HostTables t)
    {
        foreach (var nic in t.Description.BindableNics)
        {
            var row = Device(t, "Msvm_ExternalEthernetPort", nic.Id, nic.Description, nic.Mac, nic.Speed);
            row["IsBound"] = t.Description.Switches.Any(s => s.Uplinks.Contains(nic.Id));
        }

        foreach (var one in t.Description.Switches)
        {
            var row = t.Add(Ns, new("Msvm_VirtualSwitch")
            {
                ["CreationClassName"] = "Msvm_VirtualSwitch", ["Name"] = one.Id.Upper(), ["ElementName"] = one.Name, ["ScopeOfResidence"] = "", ["NumLearnableAddresses"] = 1024,
                ["EnabledState"] = 2, ["HealthState"] = 5, ["OperationalStatus"] = (ushort[])[2], ["InstallDate"] = WellKnown.Never,
            });
            if (t.Since("2008R2"))
            {
                row["MaxVMQOffloads"] = 0;
            }

            foreach (var uplink in one.Uplinks)
            {
                Connect(t, one, $"uplink/{uplink}", "Msvm_ExternalEthernetPort", uplink, null);
            }

            foreach (var (id, name, kind, vlan) in HostAdapterIds.All(one))
            {
                Device(t, "Msvm_InternalEthernetPort", id, name, Ids.Mac($"internal/{t.Description.Name}/{id}"), 10_000_000_000);
                Connect(t, one, kind, "Msvm_InternalEthernetPort", id, vlan);
            }

            foreach (var nic in t.Description.Vms.SelectMany(v => v.Nics).Where(n => n.SwitchId == one.Id))
            {
                AddPort(t, one, PortOf(nic), nic, nic.PortVlan);
            }
        }
    }

    private static LabInstance Device(HostTables t, string className, Guid id, string name, string mac, ulong speed) => t.Add(Ns, new LabInstance(className)
    {
        ["CreationClassName"] = className, ["DeviceID"] = $"Microsoft:{id.ToString("B").ToUpperInvariant()}", ["SystemCreationClassName"] = "Msvm_ComputerSystem",
        ["SystemName"] = t.Description.Name, ["ElementName"] = name, ["Name"] = name, ["PermanentAddress"] = mac, ["Speed"] = speed, ["EnabledState"] = 2, ["HealthState"] = 5,
        ["OperationalStatus"] = (ushort[])[2], ["InstallDate"] = WellKnown.Never,
    });

    private static void AddPort(HostTables t, LabSwitch one, string port, LabNic? nic, LabVlan? vlan)
    {
        var row = t.Add(Ns, new("Msvm_SwitchPort")
        {
            ["CreationClassName"] = "Msvm_SwitchPort", ["Name"] = port, ["SystemCreationClassName"] = "Msvm_VirtualSwitch", ["SystemName"] = one.Id.Upper(), ["ElementName"] = port,
            ["EnabledState"] = 2, ["HealthState"] = 5, ["OperationalStatus"] = (ushort[])[2],
        });
        if (t.Since("2008R2"))
        {
            row["AllowMacSpoofing"] = nic?.AllowsMacSpoofing ?? false;
            row["PreventIPSpoofing"] = false;
            row["VMQOffloadWeight"] = nic?.VmqWeight ?? 0;
        }

        if (vlan is { Mode: 1 or 2 })
        {
            WriteVlan(t, one, port, vlan);
        }
    }

    private static void WriteVlan(HostTables t, LabSwitch one, string port, LabVlan vlan)
    {
        t.Add(Ns, new("Msvm_VLANEndpoint")
        {
            ["CreationClassName"] = "Msvm_VLANEndpoint", ["Name"] = port, ["SystemCreationClassName"] = "Msvm_VirtualSwitch", ["SystemName"] = one.Id.Upper(), ["ElementName"] = port,
            ["DesiredEndpointMode"] = vlan.Mode == 2 ? 5 : 2, ["EnabledState"] = 2,
        });
        t.Add(Ns, new("Msvm_VLANEndpointSettingData") { ["InstanceID"] = $"Microsoft:{port}", ["ElementName"] = port, ["AccessVLAN"] = vlan.Mode == 1 ? vlan.Id : 0, ["NativeVLAN"] = vlan.Mode == 2 ? vlan.Id : 0, ["DefaultVLAN"] = 0, ["TrunkedVLANList"] = vlan.Mode == 2 ? vlan.Trunk.ToArray() : null });
        var endpoint = new LabReference("Msvm_VLANEndpoint",
            ("CreationClassName", "Msvm_VLANEndpoint"), ("Name", port), ("SystemCreationClassName", "Msvm_VirtualSwitch"), ("SystemName", one.Id.Upper()));
        t.Add(Ns, new("Msvm_BindsTo") { ["Antecedent"] = new LabReference("Msvm_SwitchPort", PortKeys(one.Id, port)), ["Dependent"] = endpoint });
        t.Add(Ns, new("Msvm_NetworkElementSettingData")
        {
            ["ManagedElement"] = endpoint, ["SettingData"] = new LabReference("Msvm_VLANEndpointSettingData", ("InstanceID", $"Microsoft:{port}")),
        });
    }

    /// <summary>Port of the switch, endpoint of the device, and the two associations between them.</summary>
    private static void Connect(HostTables t, LabSwitch one, string kind, string deviceClass, Guid device, LabVlan? vlan)
    {
        string port = Ids.Of($"{kind}/{one.Id}").Upper();
        string deviceId = $"Microsoft:{device.ToString("B").ToUpperInvariant()}";
        AddPort(t, one, port, null, vlan);
        string name = Ids.Of($"endpoint/{kind}/{one.Id}").Upper();
        t.Add(Ns, new("Msvm_SwitchLANEndpoint")
        {
            ["CreationClassName"] = "Msvm_SwitchLANEndpoint", ["Name"] = name, ["SystemCreationClassName"] = "Msvm_ComputerSystem", ["SystemName"] = t.Description.Name,
            ["ElementName"] = name, ["Connected"] = true, ["MACAddress"] = Ids.Mac($"{kind}/{one.Id}"), ["EnabledState"] = 2,
        });
        var endpoint = new LabReference("Msvm_SwitchLANEndpoint",
            ("CreationClassName", "Msvm_SwitchLANEndpoint"), ("Name", name), ("SystemCreationClassName", "Msvm_ComputerSystem"), ("SystemName", t.Description.Name));
        t.Add(Ns, new("Msvm_ActiveConnection") { ["Antecedent"] = new LabReference("Msvm_SwitchPort", PortKeys(one.Id, port)), ["Dependent"] = endpoint });
        t.Add(Ns, new("Msvm_GlobalEthernetPortSAPImplementation")
        {
            ["Antecedent"] = new LabReference(deviceClass,
                ("CreationClassName", deviceClass), ("DeviceID", deviceId), ("SystemCreationClassName", "Msvm_ComputerSystem"), ("SystemName", t.Description.Name)),
            ["Dependent"] = endpoint,
        });
    }
}

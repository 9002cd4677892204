using HyperVDash.Lab.Hosts;
using HyperVDash.Lab.Scenarios.Description;

namespace HyperVDash.Lab.Scenarios.Rows.Version2;

/// <summary>Virtual switches, the ports of the host on them, and the physical ports they are bound to.</summary>
internal static class SwitchRows
{
    private const string Ns = HostTables.V2;
    private const string Computer = "Msvm_ComputerSystem";

    public static void Write(HostTables t)
    {
        foreach (var nic in t.Description.BindableNics)
        {
            WriteExternalPort(t, nic, t.Description.Switches.Any(s => s.Uplinks.Contains(nic.Id)));
        }

        foreach (var one in t.Description.Switches)
        {
            WriteSwitch(t, one);
            if (!one.Uplinks.IsEmpty)
            {
                WriteUplink(t, one);
            }

            foreach (var (id, name, kind, vlan) in HostAdapterIds.All(one))
            {
                WriteHostPort(t, one, id, name, kind, vlan);
            }
        }
    }

    public static string SwitchPath(HostTables t, Guid id) =>
        t.Path(Ns, "Msvm_VirtualEthernetSwitch", ("CreationClassName", "Msvm_VirtualEthernetSwitch"), ("Name", id.Upper()));

    private static void WriteSwitch(HostTables t, LabSwitch one)
    {
        string name = one.Id.Upper();
        t.Add(Ns, new("Msvm_VirtualEthernetSwitch")
        {
            ["CreationClassName"] = "Msvm_VirtualEthernetSwitch", ["Name"] = name, ["ElementName"] = one.Name, ["Caption"] = t.Words.VirtualSwitch, ["EnabledState"] = 5, ["EnabledDefault"] = 2,
            ["RequestedState"] = 12, ["HealthState"] = 5, ["OperationalStatus"] = (ushort[])[2], ["StatusDescriptions"] = (string[])[t.Words.OperatingNormally], ["Status"] = "OK",
            ["MaxVMQOffloads"] = 1, ["MaxIOVOffloads"] = one.PrefersIov ? 1 : 0, ["InstallDate"] = one.CreatedAt,
        });
        string[] extensions = one.Extensions is { } own ? [.. own] : ["430BDADD-BAB0-41AB-A369-94B67FA5BE0A", "E7C3B2F0-F3C5-48DF-AF2B-10FED6D72E7A"];
        var settings = t.Add(Ns, new("Msvm_VirtualEthernetSwitchSettingData")
        {
            ["InstanceID"] = $"Microsoft:{name}", ["VirtualSystemIdentifier"] = name, ["ElementName"] = one.Name, ["VirtualSystemType"] = "Msvm_VirtualEthernetSwitch",
            ["IOVPreferred"] = one.PrefersIov, ["BandwidthReservationMode"] = one.BandwidthMode, ["CreationTime"] = one.CreatedAt, ["Notes"] = (string[])[""],
            ["MaxNumMACAddress"] = 1024, ["ExtensionOrder"] = extensions.Select(e => ExtensionPath(t, e, name)).ToArray(),
        });
        if (t.Since("2016"))
        {
            settings["TeamingEnabled"] = one.Uplinks.Length > 1;
            settings["PacketDirectEnabled"] = false;
            if (one.Uplinks.Length > 1)
            {
                t.Add(Ns, new("Msvm_VirtualEthernetSwitchNicTeamingSettingData")
                {
                    ["InstanceID"] = $@"Microsoft:{name}\{Ids.Of("feature/teaming").Upper()}", ["TeamingMode"] = 1, ["LoadBalancingAlgorithm"] = one.TeamLoadBalancing,
                });
            }
        }

        t.Add(Ns, new("Msvm_EthernetSwitchHardwareOffloadData")
        {
            ["CreationClassName"] = "Msvm_EthernetSwitchHardwareOffloadData", ["DeviceID"] = $"Microsoft:{name}", ["SystemCreationClassName"] = "Msvm_VirtualEthernetSwitch", ["SystemName"] = name,
            ["VmqCapacity"] = one.Uplinks.IsEmpty ? 0 : 63, ["VmqUsage"] = t.Description.Vms.Where(v => v.HasWorker).SelectMany(v => v.Nics).Count(n => n.SwitchId == one.Id && n.VmqWeight > 0),
            ["IovVfCapacity"] = one.PrefersIov ? 62 : 0, ["IovVfUsage"] = 0, ["IovQueuePairCapacity"] = 0, ["IovQueuePairUsage"] = 0, ["IPsecSACapacity"] = 0, ["IPsecSAUsage"] = 0,
        });
        foreach (string extension in extensions)
        {
            t.Add(Ns, new("Msvm_EthernetSwitchExtension")
            {
                ["CreationClassName"] = "Msvm_EthernetSwitchExtension", ["Name"] = extension, ["SystemCreationClassName"] = "Msvm_VirtualEthernetSwitch", ["SystemName"] = name,
                ["ElementName"] = t.Words.SwitchExtension, ["EnabledState"] = one.ExtensionsOff.Contains(extension) ? 3 : 2, ["ExtensionType"] = 3, ["Vendor"] = "Microsoft", ["Version"] = t.Description.WindowsVersion,
            });
        }
    }

    private static string ExtensionPath(HostTables t, string extension, string switchName) =>
        t.Path(Ns, "Msvm_EthernetSwitchExtension", ("CreationClassName", "Msvm_EthernetSwitchExtension"), ("Name", extension),
            ("SystemCreationClassName", "Msvm_VirtualEthernetSwitch"), ("SystemName", switchName));

    private static void WriteExternalPort(HostTables t, LabPhysicalNic nic, bool isBound) => t.Add(Ns, new(PortClass(nic))
    {
        ["CreationClassName"] = PortClass(nic), ["DeviceID"] = $"Microsoft:{nic.Id.ToString("B").ToUpperInvariant()}", ["SystemCreationClassName"] = Computer,
        ["SystemName"] = t.Description.Name, ["ElementName"] = nic.Description, ["Name"] = nic.Description, ["PermanentAddress"] = nic.Mac, ["IsBound"] = isBound,
        ["Speed"] = nic.Speed, ["MaxSpeed"] = nic.Speed, ["EnabledState"] = 2, ["HealthState"] = 5, ["OperationalStatus"] = (ushort[])[2], ["LinkTechnology"] = 2,
        ["FullDuplex"] = true, ["NetworkAddresses"] = (string[])[nic.Mac], ["InstallDate"] = WellKnown.Never,
    });

    private static string PortClass(LabPhysicalNic nic) => nic.PhysicalMedium is 1 or 9 ? "Msvm_WiFiPort" : "Msvm_ExternalEthernetPort";

    private static LabReference PortOf(HostTables t, LabPhysicalNic nic) => new(PortClass(nic), ("CreationClassName", PortClass(nic)),
        ("DeviceID", $"Microsoft:{nic.Id.ToString("B").ToUpperInvariant()}"), ("SystemCreationClassName", Computer), ("SystemName", t.Description.Name));

    /// <summary>A team has a port of its own, with one member after the other behind it.</summary>
    private static void WriteUplink(HostTables t, LabSwitch one)
    {
        var members = one.Uplinks.Select(u => t.Description.BindableNics.Single(n => n.Id == u)).ToList();
        var port = PortOf(t, members[0]);
        if (members.Count > 1)
        {
            var team = new LabPhysicalNic(Ids.Of($"team/{one.Id}"), one.Name, "Microsoft Network Adapter Multiplexor Driver", members[0].Mac)
            {
                Speed = members.Aggregate(0UL, (sum, m) => sum + m.Speed),
            };
            WriteExternalPort(t, team, isBound: true);
            port = PortOf(t, team);
            foreach (var member in members)
            {
                t.Add(Ns, new("Msvm_VirtualEthernetSwitchNicTeamingMember") { ["Antecedent"] = port, ["Dependent"] = PortOf(t, member) });
            }
        }

        WritePort(t, one, "uplink", port, one.Name);
        WriteConnection(t, one, "uplink", port);
    }

    private static void WriteHostPort(HostTables t, LabSwitch one, Guid id, string name, string kind, LabVlan? vlan)
    {
        string device = $"Microsoft:{id.ToString("B").ToUpperInvariant()}";
        t.Add(Ns, new("Msvm_InternalEthernetPort")
        {
            ["CreationClassName"] = "Msvm_InternalEthernetPort", ["DeviceID"] = device, ["SystemCreationClassName"] = Computer,
            ["SystemName"] = t.Description.Name, ["ElementName"] = name, ["Name"] = name, ["PermanentAddress"] = Ids.Mac($"internal/{t.Description.Name}/{id}"), ["EnabledState"] = 2,
            ["HealthState"] = 5, ["OperationalStatus"] = (ushort[])[2], ["Speed"] = 10_000_000_000UL,
        });
        string port = WritePort(t, one, kind, new LabReference(Computer, ("CreationClassName", Computer), ("Name", t.Description.Name)), name);
        WriteConnection(t, one, kind, new LabReference("Msvm_InternalEthernetPort",
            ("CreationClassName", "Msvm_InternalEthernetPort"), ("DeviceID", device), ("SystemCreationClassName", Computer), ("SystemName", t.Description.Name)));
        if (vlan is not null)
        {
            NicRows.WriteVlan(t, port, vlan);
        }
    }

    /// <returns>InstanceID of the port's settings.</returns>
    private static string WritePort(HostTables t, LabSwitch one, string kind, LabReference to, string name)
    {
        string port = PortOf(one, kind);
        string id = $@"Microsoft:{one.Id.Upper()}\{port}";
        t.Add(Ns, new("Msvm_EthernetPortAllocationSettingData")
        {
            ["InstanceID"] = id, ["ElementName"] = name, ["ResourceType"] = 33, ["ResourceSubType"] = "Microsoft:Hyper-V:Ethernet Connection",
            ["HostResource"] = (string[])[t.Path(Ns, to.ClassName, to.Keys)], ["EnabledState"] = 2, ["PoolID"] = "",
        });
        t.Add(Ns, new("Msvm_EthernetSwitchPort")
        {
            ["CreationClassName"] = "Msvm_EthernetSwitchPort", ["DeviceID"] = $"Microsoft:{port}", ["Name"] = port, ["SystemCreationClassName"] = "Msvm_VirtualEthernetSwitch",
            ["SystemName"] = one.Id.Upper(), ["ElementName"] = name, ["EnabledState"] = 2, ["HealthState"] = 5, ["OperationalStatus"] = (ushort[])[2],
        });
        return id;
    }

    private static string PortOf(LabSwitch one, string kind) => Ids.Of($"{kind}/{one.Id}").Upper();

    /// <summary>An endpoint on either side, and the associations from the device over both to the switch.</summary>
    private static void WriteConnection(HostTables t, LabSwitch one, string kind, LabReference device)
    {
        // The case of the ids differs between the two sides.
        var near = Endpoint(t, "Msvm_VirtualEthernetSwitch", one.Id.Upper(), $"Microsoft:{PortOf(one, kind)}");
        var far = Endpoint(t, Computer, t.Description.Name, $"Microsoft:{Ids.Of($"endpoint/{kind}/{one.Id}")}");
        t.Add(Ns, new("Msvm_ActiveConnection") { ["Antecedent"] = near, ["Dependent"] = far });
        t.Add(Ns, new("Msvm_EthernetDeviceSAPImplementation") { ["Antecedent"] = device, ["Dependent"] = far });
    }

    private static LabReference Endpoint(HostTables t, string systemClass, string system, string name)
    {
        t.Add(Ns, new("Msvm_LANEndpoint")
        {
            ["CreationClassName"] = "Msvm_LANEndpoint", ["Name"] = name, ["SystemCreationClassName"] = systemClass, ["SystemName"] = system, ["ElementName"] = name, ["Connected"] = true,
            ["EnabledState"] = 2,
        });
        return new("Msvm_LANEndpoint", ("CreationClassName", "Msvm_LANEndpoint"), ("Name", name), ("SystemCreationClassName", systemClass), ("SystemName", system));
    }
}

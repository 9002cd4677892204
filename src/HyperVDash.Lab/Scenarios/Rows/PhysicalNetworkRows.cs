using System.Globalization;
using HyperVDash.Lab.Scenarios.Description;

namespace HyperVDash.Lab.Scenarios.Rows;

/// <summary>The network adapters of a host with their settings, in the classes of old and new releases.</summary>
internal static class PhysicalNetworkRows
{
    private const string Standard = "root/StandardCimv2";
    private const string Multiplexor = @"COMPOSITEBUS\MS_IMPLAT_MP";

    public static void Write(HostTables t)
    {
        uint index = 6;
        foreach (var nic in t.Description.BindableNics)
        {
            index++;
            bool isTeam = t.Description.Teams.Any(team => team.Adapter.Id == nic.Id);
            WriteOld(t, nic, index, isTeam);
            if (t.Since("2012"))
            {
                WriteNew(t, nic, index, isTeam);
                WriteSettings(t, nic);
            }
        }

        foreach (var team in t.Since("2012") ? t.Description.Teams : [])
        {
            WriteTeam(t, team);
        }
    }

    private static void WriteOld(HostTables t, LabPhysicalNic nic, uint index, bool isTeam)
    {
        string mac = string.Join(':', Enumerable.Range(0, 6).Select(i => nic.Mac.Substring(i * 2, 2)));
        t.Add(HostTables.Cimv2, new("Win32_NetworkAdapter")
        {
            ["DeviceID"] = index.ToString(CultureInfo.InvariantCulture), ["GUID"] = nic.Id.ToString("B").ToUpperInvariant(), ["Index"] = index, ["InterfaceIndex"] = index + 4,
            ["NetConnectionID"] = nic.Name, ["Name"] = nic.Description, ["Description"] = nic.Description, ["ProductName"] = nic.Description, ["PhysicalAdapter"] = !isTeam,
            ["AdapterType"] = "Ethernet 802.3", ["AdapterTypeID"] = 0, ["NetConnectionStatus"] = nic.IsConnected ? 2 : 7, ["NetEnabled"] = true, ["MACAddress"] = mac,
            ["Speed"] = nic.Speed, ["SystemName"] = t.Description.Name, ["Installed"] = true, ["PNPDeviceID"] = $@"PCI\VEN_8086&DEV_{index:X4}\{index}",
        });
        t.Add("root/wmi", new("MSNdis_PhysicalMediumType") { ["Active"] = true, ["InstanceName"] = nic.Description, ["NdisPhysicalMediumType"] = nic.PhysicalMedium });
    }

    private static void WriteNew(HostTables t, LabPhysicalNic nic, uint index, bool isTeam) => t.Add(Standard, new("MSFT_NetAdapter")
    {
        ["DeviceID"] = nic.Id.ToString("B").ToUpperInvariant(), ["InterfaceGuid"] = nic.Id.ToString("B").ToUpperInvariant(), ["Name"] = nic.Name,
        ["ElementName"] = nic.Name, ["InterfaceDescription"] = nic.Description, ["Description"] = nic.Description, ["InterfaceIndex"] = index + 4,
        ["PermanentAddress"] = nic.Mac, ["NetworkAddresses"] = (string[])[nic.Mac], ["NdisMedium"] = nic.Medium, ["NdisPhysicalMedium"] = nic.PhysicalMedium,
        ["MediaConnectState"] = nic.IsConnected ? 1 : 2, ["InterfaceOperationalStatus"] = nic.IsConnected ? 1 : 2, ["State"] = 2, ["Speed"] = nic.Speed,
        ["ReceiveLinkSpeed"] = nic.Speed, ["TransmitLinkSpeed"] = nic.Speed, ["ConnectorPresent"] = !isTeam, ["HardwareInterface"] = !isTeam, ["Virtual"] = isTeam,
        ["Hidden"] = false, ["IMFilter"] = false, ["PnPDeviceID"] = isTeam ? $@"COMPOSITEBUS\MS_IMPLAT_MP\{index}" : $@"PCI\VEN_8086&DEV_{index:X4}\{index}", ["CreationClassName"] = "MSFT_NetAdapter",
        ["SystemCreationClassName"] = "CIM_NetworkPort", ["SystemName"] = t.Description.Fqdn, ["DriverVersionString"] = nic.DriverVersion,
        ["DriverProvider"] = isTeam ? "Microsoft" : nic.DriverProvider, ["ComponentID"] = isTeam ? Multiplexor : $@"pci\ven_8086&dev_{index:x4}", ["MtuSize"] = nic.Mtu, ["VlanID"] = nic.VlanId,
    });

    private static void WriteSettings(HostTables t, LabPhysicalNic nic)
    {
        string id = nic.Id.ToString("B").ToUpperInvariant();
        if (nic.JumboPacket is { } jumbo)
        {
            t.Add(Standard, new("MSFT_NetAdapterAdvancedPropertySettingData")
            {
                ["InstanceID"] = $"{id}::*JumboPacket", ["Name"] = nic.Name, ["InterfaceDescription"] = nic.Description, ["SystemName"] = t.Description.Fqdn,
                ["RegistryKeyword"] = "*JumboPacket", ["RegistryValue"] = (string[])[$"{jumbo}"], ["DisplayName"] = t.Words.JumboPacket, ["DisplayValue"] = jumbo > 1514 ? $"{jumbo} Bytes" : t.Words.Disabled,
            });
        }

        if (nic.PhysicalMedium != 14)
        {
            return;
        }

        t.Add(Standard, new("MSFT_NetAdapterVmqSettingData")
        {
            ["InstanceID"] = id, ["Name"] = nic.Name, ["InterfaceDescription"] = nic.Description, ["SystemName"] = t.Description.Fqdn, ["Enabled"] = nic is { HasQueues: true, IsVmqEnabled: true },
            ["NumberOfReceiveQueues"] = nic.HasQueues ? 63 : 0, ["BaseProcessorGroup"] = 0, ["BaseProcessorNumber"] = 0, ["MaxProcessors"] = nic.HasQueues ? 16 : 0,
        });
        t.Add(Standard, new("MSFT_NetAdapterRssSettingData")
        {
            ["InstanceID"] = id, ["Name"] = nic.Name, ["InterfaceDescription"] = nic.Description, ["SystemName"] = t.Description.Fqdn, ["Enabled"] = nic.IsRssEnabled,
            ["NumberOfReceiveQueues"] = nic.HasQueues ? 8 : 2, ["BaseProcessorGroup"] = 0, ["BaseProcessorNumber"] = 0, ["MaxProcessors"] = 8, ["Profile"] = 4,
        });
    }

    private static void WriteTeam(HostTables t, LabTeam team)
    {
        string id = team.Adapter.Id.ToString("B").ToUpperInvariant();
        t.Add(Standard, new("MSFT_NetLbfoTeam")
        {
            ["InstanceID"] = id, ["Name"] = team.Name, ["ElementName"] = team.Name, ["TeamingMode"] = team.Mode, ["LoadBalancingAlgorithm"] = team.LoadBalancing, ["Status"] = 0,
        });
        t.Add(Standard, new("MSFT_NetLbfoTeamNic")
        {
            ["InstanceID"] = id, ["Name"] = team.Adapter.Name, ["InterfaceDescription"] = team.Adapter.Description, ["Team"] = team.Name, ["Default"] = true, ["Primary"] = true, ["VlanID"] = null,
        });
        foreach (int vlan in team.VlanInterfaces)
        {
            string name = $"{team.Name} - VLAN {vlan}";
            t.Add(Standard, new("MSFT_NetLbfoTeamNic")
            {
                ["InstanceID"] = Ids.Of($"{id}/{vlan}").ToString("B").ToUpperInvariant(), ["Name"] = name, ["InterfaceDescription"] = $"{team.Adapter.Description} #{vlan}", ["Team"] = team.Name,
                ["Default"] = false, ["Primary"] = false, ["VlanID"] = vlan,
            });
        }

        foreach (var member in t.Description.Nics.Where(n => team.Members.Contains(n.Name)))
        {
            t.Add(Standard, new("MSFT_NetLbfoTeamMember")
            {
                ["InstanceID"] = member.Id.ToString("B").ToUpperInvariant(), ["Name"] = member.Name, ["InterfaceDescription"] = member.Description, ["Team"] = team.Name,
                ["AdministrativeMode"] = 0, ["OperationalMode"] = 0,
            });
        }
    }
}

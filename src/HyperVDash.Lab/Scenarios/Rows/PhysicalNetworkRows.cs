using System.Globalization;

namespace HyperVDash.Lab.Scenarios.Rows;

/// <summary>The network adapters of a host, in the classes of old and new releases.</summary>
internal static class PhysicalNetworkRows
{
    public static void Write(HostTables t)
    {
        uint index = 6;
        foreach (var nic in t.Description.Nics)
        {
            index++;
            string mac = string.Join(':', Enumerable.Range(0, 6).Select(i => nic.Mac.Substring(i * 2, 2)));
            t.Add(HostTables.Cimv2, new("Win32_NetworkAdapter")
            {
                ["DeviceID"] = index.ToString(CultureInfo.InvariantCulture), ["GUID"] = nic.Id.ToString("B").ToUpperInvariant(), ["Index"] = index, ["InterfaceIndex"] = index + 4,
                ["NetConnectionID"] = nic.Name, ["Name"] = nic.Description, ["Description"] = nic.Description, ["ProductName"] = nic.Description, ["PhysicalAdapter"] = true,
                ["AdapterType"] = "Ethernet 802.3", ["AdapterTypeID"] = 0, ["NetConnectionStatus"] = nic.IsConnected ? 2 : 7, ["NetEnabled"] = true, ["MACAddress"] = mac,
                ["Speed"] = nic.Speed, ["SystemName"] = t.Description.Name, ["Installed"] = true, ["PNPDeviceID"] = $@"PCI\VEN_8086&DEV_{index:X4}\{index}",
            });
            t.Add("root/wmi", new("MSNdis_PhysicalMediumType") { ["Active"] = true, ["InstanceName"] = nic.Description, ["NdisPhysicalMediumType"] = nic.PhysicalMedium });
            if (t.Since("2012"))
            {
                t.Add("root/StandardCimv2", new("MSFT_NetAdapter")
                {
                    ["DeviceID"] = nic.Id.ToString("B").ToUpperInvariant(), ["InterfaceGuid"] = nic.Id.ToString("B").ToUpperInvariant(), ["Name"] = nic.Name,
                    ["ElementName"] = nic.Name, ["InterfaceDescription"] = nic.Description, ["Description"] = nic.Description, ["InterfaceIndex"] = index + 4,
                    ["PermanentAddress"] = nic.Mac, ["NetworkAddresses"] = (string[])[nic.Mac], ["NdisMedium"] = nic.Medium, ["NdisPhysicalMedium"] = nic.PhysicalMedium,
                    ["MediaConnectState"] = nic.IsConnected ? 1 : 2, ["InterfaceOperationalStatus"] = nic.IsConnected ? 1 : 2, ["State"] = 2, ["Speed"] = nic.Speed,
                    ["ReceiveLinkSpeed"] = nic.Speed, ["TransmitLinkSpeed"] = nic.Speed, ["ConnectorPresent"] = true, ["HardwareInterface"] = true, ["Virtual"] = false,
                    ["Hidden"] = false, ["IMFilter"] = false, ["PnPDeviceID"] = $@"PCI\VEN_8086&DEV_{index:X4}\{index}", ["CreationClassName"] = "MSFT_NetAdapter",
                    ["SystemCreationClassName"] = "CIM_NetworkPort", ["SystemName"] = t.Description.Fqdn, ["DriverVersionString"] = "4.1.254.0",
                });
            }
        }
    }
}

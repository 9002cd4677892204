using HyperVDash.Lab.Scenarios.Description;

namespace HyperVDash.Lab.Scenarios.Rows;

/// <summary>Windows NLB as one node tells it.</summary>
internal static class LoadBalancingRows
{
    private const string Ns = "root/MicrosoftNLB";

    public static void Write(HostTables t)
    {
        if (t.Description.LoadBalancing is not { } nlb || !t.Host.HasNamespace(Ns))
        {
            return;
        }

        string adapter = nlb.Adapter.ToString("B").ToUpperInvariant();
        string own = $"{nlb.Address}:{nlb.Priority}";
        t.Add(Ns, new("MicrosoftNLB_ClusterSetting")
        {
            ["Name"] = own, ["ClusterName"] = nlb.Name, ["ClusterIPAddress"] = nlb.Address, ["ClusterNetworkMask"] = nlb.NetworkMask, ["ClusterMACAddress"] = nlb.MacAddress ?? Mac(nlb),
            ["MulticastSupportEnabled"] = nlb.IsMulticast, ["IGMPSupport"] = nlb.IsIgmp, ["MulticastIPAddress"] = nlb.IsIgmp ? "239.255.0.50" : "0.0.0.0", ["AdapterGuid"] = adapter,
            ["RemoteControlEnabled"] = false, ["UnicastInterHostCommSupportEnabled"] = false, ["ClusterIPToMulticastIPEnable"] = true,
        });
        t.Add(Ns, new("MicrosoftNLB_NodeSetting")
        {
            ["Name"] = own, ["AdapterGuid"] = adapter, ["HostPriority"] = nlb.Priority, ["ClusterModeOnStart"] = nlb.ModeOnStart, ["DedicatedIPAddress"] = nlb.DedicatedAddress,
            ["DedicatedIPAddresses"] = (string[])[nlb.DedicatedAddress], ["DedicatedNetworkMask"] = nlb.NetworkMask, ["DedicatedNetworkMasks"] = (string[])[nlb.NetworkMask],
            ["NumberOfRules"] = nlb.Rules.Length, ["AliveMessagePeriod"] = 1000, ["AliveMessageTolerance"] = 5, ["PersistSuspendOnReboot"] = false, ["RemoteControlUDPPort"] = 2504,
        });
        foreach (var node in nlb.Members)
        {
            // A node answers for itself only.
            t.Add(Ns, new("MicrosoftNLB_Node")
            {
                ["Name"] = $"{nlb.Address}:{node.Priority}", ["ComputerName"] = node.Name, ["HostPriority"] = node.Priority, ["DedicatedIPAddress"] = node.DedicatedAddress,
                ["StatusCode"] = node.Priority == nlb.Priority ? node.StatusCode : 0, ["CreationClassName"] = "MicrosoftNLB_Node",
            });
        }

        foreach (var rule in nlb.Rules)
        {
            t.Add(Ns, new("MicrosoftNLB_PortRuleEx")
            {
                ["Name"] = $"{own}:{rule.StartPort}:{rule.Protocol}", ["AdapterGuid"] = adapter, ["VirtualIpAddress"] = "255.255.255.255", ["StartPort"] = rule.StartPort, ["EndPort"] = rule.EndPort,
                ["Protocol"] = rule.Protocol, ["FilteringMode"] = rule.Filtering, ["Affinity"] = rule.Affinity, ["EqualLoad"] = true, ["LoadWeight"] = 0, ["Priority"] = 0, ["PortState"] = 1,
                ["ClientStickinessTimeout"] = 0,
            });
        }
    }

    /// <summary>NLB makes it of the address: 02-bf unicast, 03-bf multicast, 01-00-5e-7f IGMP.</summary>
    private static string Mac(LabLoadBalancing nlb)
    {
        byte[] address = [.. nlb.Address.Split('.').Select(byte.Parse)];
        byte[] mac = nlb.IsIgmp ? [0x01, 0x00, 0x5e, 0x7f, address[2], address[3]] : [(byte)(nlb.IsMulticast ? 0x03 : 0x02), 0xbf, .. address];
        return string.Join('-', mac.Select(b => $"{b:x2}"));
    }
}

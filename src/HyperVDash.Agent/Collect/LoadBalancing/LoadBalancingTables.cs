using HyperVDash.Agent.Collect.Tables;

namespace HyperVDash.Agent.Collect.LoadBalancing;

/// <summary>The classes of Windows NLB. The namespace is there if the feature is.</summary>
internal static class LoadBalancingTables
{
    private const string Nlb = "root/MicrosoftNLB";

    public static readonly TableQuery Clusters = new(Nlb, "MicrosoftNLB_ClusterSetting",
        "Name", "ClusterName", "ClusterIPAddress", "ClusterNetworkMask", "ClusterMACAddress", "MulticastSupportEnabled", "IGMPSupport", "AdapterGuid") { Identity = "Name" };

    public static readonly TableQuery OwnNodes = new(Nlb, "MicrosoftNLB_NodeSetting",
        "Name", "HostPriority", "ClusterModeOnStart", "DedicatedIPAddress", "DedicatedIPAddresses", "AdapterGuid") { Identity = "Name" };

    public static readonly TableQuery Nodes = new(Nlb, "MicrosoftNLB_Node", "Name", "ComputerName", "DedicatedIPAddress", "HostPriority", "StatusCode") { Identity = "Name" };

    public static readonly TableQuery PortRules = new(Nlb, "MicrosoftNLB_PortRuleEx",
        "Name", "VirtualIpAddress", "StartPort", "EndPort", "Protocol", "FilteringMode", "Affinity", "PortState", "AdapterGuid") { Identity = "Name" };
}

using System.Collections.Immutable;

namespace HyperVDash.Model.LoadBalancing;

/// <summary>Content of the section loadBalancing: Windows NLB as this host sees it (root\MicrosoftNLB). Absent without the feature.</summary>
public sealed record LoadBalancingState
{
    public ImmutableArray<NlbCluster> Clusters { get; init => field = value.IsDefault ? [] : value; } = [];
}

/// <summary>One NLB cluster (MicrosoftNLB_ClusterSetting with this host's MicrosoftNLB_NodeSetting).</summary>
/// <param name="Address">ClusterIPAddress: the virtual address.</param>
public sealed record NlbCluster(string Address)
{
    /// <summary>ClusterName; often a placeholder.</summary>
    public string? Name { get; init; }

    /// <summary>ClusterNetworkMask.</summary>
    public string? NetworkMask { get; init; }

    /// <summary>ClusterMACAddress: twelve hexadecimal digits in upper case.</summary>
    public string? MacAddress { get; init; }

    public NlbMode Mode { get; init; }

    /// <summary>Interface GUID of the bound adapter (AdapterGuid).</summary>
    public Guid? AdapterId { get; init; }

    /// <summary>This host's priority (MicrosoftNLB_NodeSetting.HostPriority).</summary>
    public int? HostPriority { get; init; }

    /// <summary>This host's dedicated address.</summary>
    public string? DedicatedAddress { get; init; }

    /// <summary>ClusterModeOnStart: 1 the node joins when Windows starts; null: not said.</summary>
    public bool? StartsWithWindows { get; init; }

    /// <summary>Nodes as this host sees them; of the others the status is often not told.</summary>
    public ImmutableArray<NlbNode> Nodes { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>When the agent saw this host's own state first; null: the host did not say its state. Remembered by the agent.</summary>
    [AgentMoment]
    public DateTimeOffset? StateSeenAt { get; init; }

    /// <summary>Port rules of this host; null: not read.</summary>
    public ImmutableArray<NlbPortRule>? PortRules { get; init; }
}

/// <summary>MulticastSupportEnabled and IGMPSupport.</summary>
public enum NlbMode { Unknown, Unicast, Multicast, IgmpMulticast }

/// <param name="Name">ComputerName.</param>
public sealed record NlbNode(string Name, int? HostPriority, NlbNodeState State)
{
    /// <summary>StatusCode as it came.</summary>
    public int? StatusCode { get; init; }

    public string? DedicatedAddress { get; init; }

    /// <summary>True for the row of the host that was asked.</summary>
    public bool IsLocal { get; init; }
}

/// <summary>StatusCode: 1005 stopped, 1006 converging, 1007 converged, 1008 converged as default host, 1009 draining, 1013 suspended; 0 for remote nodes.</summary>
public enum NlbNodeState { Unknown, Stopped, Converging, Converged, ConvergedAsDefault, Draining, Suspended }

/// <summary>MicrosoftNLB_PortRuleEx.</summary>
public sealed record NlbPortRule(int StartPort, int EndPort, NlbProtocol Protocol)
{
    public NlbFiltering Filtering { get; init; }

    public NlbAffinity Affinity { get; init; }

    /// <summary>VirtualIpAddress; null for all addresses (255.255.255.255).</summary>
    public string? Address { get; init; }

    /// <summary>PortState 1; null: not said.</summary>
    public bool? IsEnabled { get; init; }
}

/// <summary>1 TCP, 2 UDP, 3 both.</summary>
public enum NlbProtocol { Unknown, Tcp, Udp, Both }

/// <summary>FilteringMode: 1 single host, 2 multiple hosts, 3 disabled.</summary>
public enum NlbFiltering { Unknown, Single, Multiple, Disabled }

/// <summary>Affinity: 0 none, 1 single, 2 network.</summary>
public enum NlbAffinity { Unknown, None, Single, Network }

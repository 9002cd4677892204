using System.Collections.Immutable;

namespace HyperVDash.Model.Clusters;

/// <summary>Content of the section cluster: the failover cluster as one of its nodes sees it. The section is absent on a stand-alone host.</summary>
public sealed record ClusterView
{
    /// <summary>Registry ClusterInstanceID, else the fully qualified or plain name, in lower case.</summary>
    public string Id { get; init => field = value ?? ""; } = "";

    public string Name { get; init => field = value ?? ""; } = "";

    public string? Fqdn { get; init; }

    /// <summary>ClusterFunctionalLevel; null before 2016.</summary>
    public int? FunctionalLevel { get; init; }

    public ImmutableArray<ClusterNode> Nodes { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Null: not read.</summary>
    public ImmutableArray<ClusterGroup>? Groups { get; init; }

    /// <summary>The clustered VMs; null: not read.</summary>
    public ImmutableArray<ClusteredVirtualMachine>? VirtualMachines { get; init; }

    /// <summary>Networks between the nodes; null: not read.</summary>
    public ImmutableArray<ClusterNetwork>? Networks { get; init; }

    /// <summary>Interfaces of the nodes on those networks; null: not read.</summary>
    public ImmutableArray<ClusterInterface>? Interfaces { get; init; }

    /// <summary>All resources but VMs; null: not read.</summary>
    public ImmutableArray<ClusterResource>? Resources { get; init; }

    /// <summary>Cluster shared volumes; empty where the release has none; null: not read.</summary>
    public ImmutableArray<SharedVolume>? SharedVolumes { get; init; }

    /// <summary>MSCluster_Cluster.QuorumType as it came.</summary>
    public string? QuorumType { get; init; }

    /// <summary>WitnessDynamicWeight: the witness's vote; null before 2012 R2.</summary>
    public int? WitnessVote { get; init; }

    /// <summary>SharedVolumesRoot, usually <c>C:\ClusterStorage</c>.</summary>
    public string? SharedVolumesRoot { get; init; }
}

/// <param name="Name">NetBIOS name of the node (MSCluster_Node.Name); compare without case.</param>
public sealed record ClusterNode(string Name, ClusterNodeState State)
{
    /// <summary>NodeWeight: its configured vote.</summary>
    public int? Vote { get; init; }

    /// <summary>DynamicWeight: its present vote; null before 2012.</summary>
    public int? DynamicVote { get; init; }

    /// <summary>NodeDrainStatus: 0 none, 1 in progress, 2 done, 3 failed; null before 2012.</summary>
    public int? DrainStatus { get; init; }

    /// <summary>StatusInformation 1; null before 2016.</summary>
    public bool? IsIsolated { get; init; }

    /// <summary>StatusInformation 2; null before 2016.</summary>
    public bool? IsQuarantined { get; init; }

    /// <summary>When the agent saw this state first; the cluster does not tell. Remembered by the agent.</summary>
    [AgentMoment]
    public DateTimeOffset? StateSeenAt { get; init; }
}

/// <summary>MSCluster_Network.</summary>
public sealed record ClusterNetwork(string Name, ClusterNetworkState State)
{
    /// <summary>Role: 0 none, 1 cluster only, 3 cluster and clients.</summary>
    public int? Role { get; init; }

    /// <summary>Address and mask of the subnet.</summary>
    public string? Subnet { get; init; }

    public int? Metric { get; init; }
}

/// <summary>MSCluster_Network.State: 0 unavailable, 1 down, 2 partitioned, 3 up.</summary>
public enum ClusterNetworkState { Unknown, Unavailable, Down, Partitioned, Up }

/// <summary>MSCluster_NetworkInterface.</summary>
public sealed record ClusterInterface(string Name, ClusterInterfaceState State)
{
    /// <summary>SystemName: the node.</summary>
    public string? Node { get; init; }

    public string? Network { get; init; }

    /// <summary>Adapter description.</summary>
    public string? Adapter { get; init; }

    /// <summary>AdapterId: the interface GUID on the node.</summary>
    public Guid? AdapterId { get; init; }

    public string? Address { get; init; }
}

/// <summary>MSCluster_NetworkInterface.State: 0 unavailable, 1 failed, 2 unreachable, 3 up.</summary>
public enum ClusterInterfaceState { Unknown, Unavailable, Failed, Unreachable, Up }

/// <summary>A resource that is no VM.</summary>
/// <param name="Type">Registry name of the type, not localised, e.g. <c>File Share Witness</c>, <c>Virtual Machine Configuration</c>.</param>
public sealed record ClusterResource(string Name, string? Type, ClusterResourceState State)
{
    public string? Group { get; init; }

    public string? OwnerNode { get; init; }

    /// <summary>CoreResource: part of the cluster itself, such as name, address and witness.</summary>
    public bool? IsCore { get; init; }

    /// <summary>Private property VmID of VM configurations.</summary>
    public Guid? VirtualMachineId { get; init; }

    /// <summary>Disk number or signature of a physical disk resource as the cluster names it; null otherwise.</summary>
    public string? DiskId { get; init; }
}

/// <summary>MSCluster_ClusterSharedVolume with its partition.</summary>
/// <param name="Name">Resource name.</param>
public sealed record SharedVolume(string Name)
{
    /// <summary>Mount point, e.g. <c>C:\ClusterStorage\Volume1</c>.</summary>
    public string? Path { get; init; }

    /// <summary><c>\\?\Volume{GUID}\</c>; compare without case.</summary>
    public string? VolumeId { get; init; }

    public string? FileSystem { get; init; }

    public Units.ByteSize? Size { get; init; }

    public Units.ByteSize? Free { get; init; }

    /// <summary>FaultState as the owner sees it: 0 none, 1 redirected, 2 no access.</summary>
    public SharedVolumeFault Fault { get; init; }

    /// <summary>BackupState 1.</summary>
    public bool? IsInBackup { get; init; }

    /// <summary>When the agent saw this fault first; null without one.</summary>
    [AgentMoment]
    public DateTimeOffset? FaultSeenAt { get; init; }

    /// <summary>State on each node with the reason of a redirection, where something told it. CIM does not: over it this is null, and each node's <see cref="Performance.SharedVolumeActivity"/> tells whether reads and writes go through.</summary>
    public ImmutableArray<SharedVolumeNodeState>? Nodes { get; init; }
}

/// <param name="Access">CLUSTER_SHARED_VOLUME_STATE.</param>
/// <param name="Reasons">Why it is redirected; null: not said.</param>
public sealed record SharedVolumeNodeState(string Node, SharedVolumeAccess Access, SharedVolumeRedirection? Reasons = null)
{
    /// <summary>When the agent saw this state first; null: not remembered.</summary>
    [AgentMoment]
    public DateTimeOffset? SeenAt { get; init; }
}

/// <summary>CLUSTER_SHARED_VOLUME_STATE: 0 unavailable, 1 paused, 2 direct, 3 file system redirected, 4 block redirected.</summary>
public enum SharedVolumeAccess { Unknown, Unavailable, Paused, Direct, FileSystemRedirected, BlockRedirected }

/// <summary>CLUSTER_CSV_VOLUME_FAULT_STATE's reasons for file system redirection.</summary>
[Flags]
public enum SharedVolumeRedirection
{
    None = 0,
    UserRequest = 1,
    UnsafeFileSystemFilter = 2,
    UnsafeVolumeFilter = 4,
    FileSystemTiering = 8,
    BitLockerInitializing = 16,

    /// <summary>ReFS is always redirected.</summary>
    Refs = 32,
}

/// <summary>MSCluster_ClusterSharedVolume.FaultState.</summary>
public enum SharedVolumeFault { Unknown, None, Redirected, NoAccess }

/// <summary>MSCluster_Node.State.</summary>
public enum ClusterNodeState { Unknown, Up, Down, Paused, Joining }

/// <param name="OwnerNode">The node it runs on; null: the host did not say.</param>
public sealed record ClusterGroup(string Name, ClusterGroupState State, string? OwnerNode)
{
    /// <summary>MSCluster_ResourceGroup.GroupType: 111 is a virtual machine; null on 2008.</summary>
    public int? Type { get; init; }

    /// <summary>Priority: 0 no automatic start, 1000 low, 2000 medium, 3000 high; null before 2012.</summary>
    public int? Priority { get; init; }

    /// <summary>AntiAffinityClassNames; null: not said.</summary>
    public ImmutableArray<string>? AntiAffinity { get; init; }

    /// <summary>Nodes preferred, best first (MSCluster_ResourceGroupToPreferredNode); null: not read.</summary>
    public ImmutableArray<string>? PreferredOwners { get; init; }

    /// <summary>When the agent saw this state first.</summary>
    [AgentMoment]
    public DateTimeOffset? StateSeenAt { get; init; }
}

/// <summary>MSCluster_ResourceGroup.State.</summary>
public enum ClusterGroupState { Unknown, Online, Offline, Failed, PartialOnline, Pending }

/// <summary>A VM resource of the cluster.</summary>
/// <param name="VirtualMachineId">Private property VmID.</param>
/// <param name="Name">Resource name; renameable.</param>
public sealed record ClusteredVirtualMachine(Guid VirtualMachineId, string Name)
{
    public string? Group { get; init; }

    public string? OwnerNode { get; init; }

    public ClusterResourceState State { get; init; }

    /// <summary>Nodes that may own it (MSCluster_ResourceToPossibleOwner); null: not read, then every node counts.</summary>
    public ImmutableArray<string>? PossibleOwners { get; init; }
}

/// <summary>MSCluster_Resource.State.</summary>
public enum ClusterResourceState { Unknown, Inherited, Initializing, Online, Offline, Failed, Pending, OnlinePending, OfflinePending }

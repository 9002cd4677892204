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
}

/// <param name="Name">NetBIOS name of the node (MSCluster_Node.Name); compare without case.</param>
public sealed record ClusterNode(string Name, ClusterNodeState State);

/// <summary>MSCluster_Node.State.</summary>
public enum ClusterNodeState { Unknown, Up, Down, Paused, Joining }

/// <param name="OwnerNode">The node it runs on; null: the host did not say.</param>
public sealed record ClusterGroup(string Name, ClusterGroupState State, string? OwnerNode)
{
    /// <summary>MSCluster_ResourceGroup.GroupType: 111 is a virtual machine; null on 2008.</summary>
    public int? Type { get; init; }
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

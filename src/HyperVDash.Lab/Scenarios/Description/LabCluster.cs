using System.Collections.Immutable;

namespace HyperVDash.Lab.Scenarios.Description;

/// <summary>A failover cluster of the lab; its nodes are the hosts that name it.</summary>
public sealed record LabCluster(string Name)
{
    public Guid Id { get; init; } = Ids.Of($"cluster/{Name}");

    public string Domain { get; init; } = "lab.example";

    /// <summary>8 is 2012 R2, 9 is 2016, 10 is 2019, 11 is 2022; nothing before 2016.</summary>
    public uint FunctionalLevel { get; init; } = 11;

    public ImmutableArray<LabClusteredVm> Vms { get; init; } = [];

    /// <summary>The networks between its nodes.</summary>
    public ImmutableArray<LabClusterNetwork> Networks { get; init; } = [new("Cluster Network 1", "192.168.10.0") { Role = 3, Metric = 39841 }, new("Cluster Network 2", "10.10.10.0") { Adapter = 1 }];

    /// <summary>Shared volumes, 2008 R2 and later.</summary>
    public ImmutableArray<LabSharedVolume> SharedVolumes { get; init; } = [];

    /// <summary>Resource type of the witness; null: none.</summary>
    public string? Witness { get; init; } = "File Share Witness";

    public uint WitnessState { get; init; } = 2;

    /// <summary>Node → state: 0 up, 1 down, 2 paused, 3 joining. Who is not named is up.</summary>
    public ImmutableDictionary<string, uint> NodeStates { get; init; } = ImmutableDictionary<string, uint>.Empty;

    /// <summary>Node → what 2016 and later say beside the state: 1 isolated, 2 in quarantine. Who is not named is neither.</summary>
    public ImmutableDictionary<string, uint> NodeStatuses { get; init; } = ImmutableDictionary<string, uint>.Empty;
}

/// <param name="PossibleOwners">Null: every node.</param>
public sealed record LabClusteredVm(Guid VmId, ImmutableArray<string>? PossibleOwners = null)
{
    /// <summary>Of a VM that the cluster knows and no node has any more; null: one of the nodes has it.</summary>
    public string? Left { get; init; }

    /// <summary>0 no automatic start, 1000 low, 2000 medium, 3000 high.</summary>
    public uint Priority { get; init; } = 2000;

    /// <summary>The cluster gave up on it: resource and group have failed.</summary>
    public bool HasFailed { get; init; }

    /// <summary>Something of its group is not online.</summary>
    public bool IsPartial { get; init; }

    public ImmutableArray<string> AntiAffinity { get; init; } = [];

    public ImmutableArray<string> PreferredOwners { get; init; } = [];
}

/// <summary>A network of a cluster.</summary>
/// <param name="Address">Of the /24 subnet.</param>
public sealed record LabClusterNetwork(string Name, string Address)
{
    /// <summary>0 none, 1 cluster only, 3 cluster and clients.</summary>
    public uint Role { get; init; } = 1;

    /// <summary>0 unavailable, 1 down, 2 partitioned, 3 up.</summary>
    public uint State { get; init; } = 3;

    public uint Metric { get; init; } = 1000;

    /// <summary>Nodes whose interface on it has failed.</summary>
    public ImmutableArray<string> FailedOn { get; init; } = [];

    /// <summary>Number of the nodes' physical adapter that hangs on it.</summary>
    public int Adapter { get; init; }
}

/// <summary>A cluster shared volume.</summary>
/// <param name="Name">Last part of its mount point, e.g. <c>Volume1</c>.</param>
public sealed record LabSharedVolume(string Name, ulong SizeMb, ulong FreeMb)
{
    /// <summary>0 none, 1 redirected, 2 no access.</summary>
    public uint Fault { get; init; }

    public bool IsInBackup { get; init; }

    /// <summary>Node → state of the volume in its file system: 0 fails reads and writes, 1 paused, 2 draining, 3 resuming. For a node that is not named it is active.</summary>
    public ImmutableDictionary<string, uint> StateOn { get; init; } = ImmutableDictionary<string, uint>.Empty;
}

/// <summary>A whole lab.</summary>
public sealed record LabDescription(ImmutableArray<HostDescription> Hosts, ImmutableArray<LabCluster> Clusters)
{
    /// <summary>What the product's settings say about its objects: VM or host id → tags.</summary>
    public ImmutableDictionary<string, ImmutableArray<string>> Tags { get; init; } = ImmutableDictionary<string, ImmutableArray<string>>.Empty;

    /// <summary>What the product's settings say about print farms.</summary>
    public ImmutableArray<LabPrintFarm> PrintFarms { get; init; } = [];

    public IEnumerable<HostDescription> NodesOf(string cluster) => Hosts.Where(h => h.Cluster == cluster);
}

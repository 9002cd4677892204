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
}

/// <param name="PossibleOwners">Null: every node.</param>
public sealed record LabClusteredVm(Guid VmId, ImmutableArray<string>? PossibleOwners = null);

/// <summary>A whole lab.</summary>
public sealed record LabDescription(ImmutableArray<HostDescription> Hosts, ImmutableArray<LabCluster> Clusters)
{
    /// <summary>What the product's settings say about its objects: VM or host id → tags.</summary>
    public ImmutableDictionary<string, ImmutableArray<string>> Tags { get; init; } = ImmutableDictionary<string, ImmutableArray<string>>.Empty;

    public IEnumerable<HostDescription> NodesOf(string cluster) => Hosts.Where(h => h.Cluster == cluster);
}

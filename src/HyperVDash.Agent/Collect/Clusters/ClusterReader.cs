using System.Collections.Immutable;
using HyperVDash.Agent.Collect.Memory;
using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Cim;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Fleet;

namespace HyperVDash.Agent.Collect.Clusters;

/// <summary>The failover cluster as this node sees it. What a release does not say stays null.</summary>
internal sealed class ClusterReader() : SectionReader<ClusterView>("cluster", r => r.Cluster, (r, s) => r with { Cluster = s })
{
    public override IEnumerable<TableQuery> Queries(HostFacts host) =>
    [
        Plan.ClusterItself, Plan.Nodes, Plan.Groups, Plan.ClusterResources, Plan.GroupToResource, Plan.NodeToGroup, Plan.NodeToResource, Plan.PossibleOwners, Plan.PreferredOwners,
        Plan.ClusterNetworks, Plan.ClusterInterfaces, Plan.SharedVolumes, Plan.SharedVolumeToPartition, Plan.SharedVolumeToResource, Plan.DiskPartitions,
    ];

    public override IEnumerable<RegistryValue> Values(HostFacts host) => [RegistryValue.ClusterInstance];

    protected override SectionResult<ClusterView> Read(SectionSources sources)
    {
        var tables = sources.Tables;
        var cluster = tables[Plan.ClusterItself];
        var nodes = tables[Plan.Nodes];
        if (cluster.IsAbsent)
        {
            return SectionResult<ClusterView>.Without(SectionState.Absent, "This host is not in a failover cluster.");
        }

        if (cluster.Error is { } error)
        {
            return SectionResult<ClusterView>.Failed(error);
        }

        if (cluster.Rows.Count == 0)
        {
            return SectionResult<ClusterView>.Without(SectionState.Failed, "The cluster provider answers, but names no cluster; the Cluster Service may be stopped.");
        }

        if (!nodes.IsRead)
        {
            return SectionResult<ClusterView>.Failed(nodes.Error!);
        }

        var row = cluster.Rows[0];
        string name = Text.Cut(row.String("Name")) ?? "";
        string? fqdn = Text.Cut(row.String("Fqdn"));
        var groups = new ClusterGroupReader(tables, sources.Memory, sources.Host.Now);
        return SectionResult<ClusterView>.Read(new()
        {
            Id = (RegistryValue.ClusterInstance.TextOf(tables) ?? fqdn ?? name).ToLowerInvariant(),
            Name = name,
            Fqdn = fqdn,
            FunctionalLevel = row.Int32("ClusterFunctionalLevel"),
            QuorumType = Text.Cut(row.String("QuorumType")) is { Length: > 0 } quorum ? quorum : null,
            WitnessVote = row.Int32("WitnessDynamicWeight"),
            SharedVolumesRoot = Text.Cut(row.String("SharedVolumesRoot")) is { Length: > 0 } root ? root : null,
            Nodes = Nodes(nodes.Rows, sources.Memory, sources.Host.Now),
            Groups = groups.Groups(),
            VirtualMachines = groups.VirtualMachines(),
            Resources = groups.Others(),
            Networks = ClusterNetworkReader.Networks(tables),
            Interfaces = ClusterNetworkReader.Interfaces(tables),
            SharedVolumes = SharedVolumeReader.Read(sources),
        },
        [
            tables[Plan.Groups].IsRead ? null : $"groups: {tables[Plan.Groups].Error!.Message}",
            tables[Plan.ClusterResources].IsRead ? null : $"resources: {tables[Plan.ClusterResources].Error!.Message}",
            Outcome.Gap("possible owners", tables[Plan.PossibleOwners]),
            Outcome.Gap("owners", tables[Plan.NodeToGroup]) ?? Outcome.Gap("owners", tables[Plan.NodeToResource]),
            Outcome.Gap("groups of resources", tables[Plan.GroupToResource]),

            // Without it the cluster would be known by its name alone, which another one may have.
            RegistryValue.ClusterInstance.ErrorOf(tables) is { } instance ? $"cluster id: {instance}" : null,
            Outcome.Gap("preferred owners", tables[Plan.PreferredOwners]),
            Outcome.Gap("networks", tables[Plan.ClusterNetworks]),
            Outcome.Gap("network interfaces", tables[Plan.ClusterInterfaces]),
            Outcome.Gap("shared volumes", tables[Plan.SharedVolumes]),
            Outcome.Gap("resources of shared volumes", tables[Plan.SharedVolumeToResource]),
            Outcome.Gap("partitions of shared volumes", tables[Plan.DiskPartitions]) ?? Outcome.Gap("partitions of shared volumes", tables[Plan.SharedVolumeToPartition]),
        ]);
    }

    private static ImmutableArray<ClusterNode> Nodes(IReadOnlyList<CimRow> rows, HostMemory memory, DateTimeOffset now)
    {
        const string Prefix = "cluster/node/";
        ImmutableArray<ClusterNode> nodes = [.. rows.Where(n => n.String("Name") is not null).Select(n => Node(n, memory, now)).OrderBy(n => n.Name, StringComparer.OrdinalIgnoreCase)];
        memory.KeepOnly(Prefix, nodes.Select(n => Prefix + n.Name).ToHashSet(StringComparer.OrdinalIgnoreCase));
        return nodes;

        static ClusterNode Node(CimRow row, HostMemory memory, DateTimeOffset now)
        {
            string name = row.String("Name")!;
            var state = ClusterWords.Node(row.Int64("State"));
            int? status = row.Int32("StatusInformation");
            return new(name, state)
            {
                Vote = row.Int32("NodeWeight"),
                DynamicVote = row.Int32("DynamicWeight"),
                DrainStatus = row.Int32("NodeDrainStatus"),
                IsIsolated = status is null ? null : status == 1,
                IsQuarantined = status is null ? null : status == 2,
                StateSeenAt = memory.Since(Prefix + name, $"{state}", now),
            };
        }
    }
}

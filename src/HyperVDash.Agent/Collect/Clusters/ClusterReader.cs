using System.Collections.Immutable;
using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Cim;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Fleet;

namespace HyperVDash.Agent.Collect.Clusters;

/// <summary>The failover cluster as this node sees it.</summary>
internal static class ClusterReader
{
    public static SectionResult<ClusterView> Read(TableSet tables)
    {
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
        var groups = tables[Plan.Groups];
        var resources = tables[Plan.ClusterResources];
        var owners = OwnersByGroup(tables);
        return SectionResult<ClusterView>.Read(new()
        {
            Id = (RegistryValue.ClusterInstance.TextOf(tables) ?? fqdn ?? name).ToLowerInvariant(),
            Name = name,
            Fqdn = fqdn,
            FunctionalLevel = row.Int32("ClusterFunctionalLevel"),
            Nodes = [.. nodes.Rows.Where(n => n.String("Name") is not null).Select(n => new ClusterNode(n.String("Name")!, NodeState(n.Int64("State")))).OrderBy(n => n.Name, StringComparer.OrdinalIgnoreCase)],
            Groups = groups.IsKnown
                ? [.. groups.Rows.Where(g => g.String("Name") is not null).Select(g => Group(g, owners)).OrderBy(g => g.Name, StringComparer.OrdinalIgnoreCase)]
                : null,
            VirtualMachines = resources.IsKnown ? VirtualMachines(tables, resources.Rows, owners) : null,
        },
        [
            groups.IsRead ? null : $"groups: {groups.Error!.Message}",
            resources.IsRead ? null : $"resources: {resources.Error!.Message}",
            Outcome.Gap("possible owners", tables[Plan.PossibleOwners]),
            Outcome.Gap("owners", tables[Plan.NodeToGroup]),
            Outcome.Gap("groups of resources", tables[Plan.GroupToResource]),

            // Without it the cluster would be known by its name alone, which another one may have.
            RegistryValue.ClusterInstance.ErrorOf(tables) is { } instance ? $"cluster id: {instance}" : null,
        ]);
    }

    private static ImmutableArray<ClusteredVirtualMachine> VirtualMachines(TableSet tables, IReadOnlyList<CimRow> resources, Dictionary<string, string> owners)
    {
        var groupOf = tables[Plan.GroupToResource].Rows
            .Select(r => (Group: r.Path("GroupComponent")?["Name"], Resource: r.Path("PartComponent")?["Name"]))
            .Where(p => p.Group is not null && p.Resource is not null)
            .DistinctBy(p => p.Resource, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(p => p.Resource!, p => p.Group!, StringComparer.OrdinalIgnoreCase);
        var possible = tables[Plan.PossibleOwners].Rows
            .Select(r => (Resource: r.Path("GroupComponent")?["Name"], Node: r.Path("PartComponent")?["Name"]))
            .Where(p => p.Resource is not null && p.Node is not null)
            .ToLookup(p => p.Resource!, p => p.Node!, StringComparer.OrdinalIgnoreCase);
        bool knowsOwners = tables[Plan.PossibleOwners].IsKnown;
        return
        [
            .. from row in resources
               where "Virtual Machine".Equals(row.String("Type"), StringComparison.OrdinalIgnoreCase)
               let name = row.String("Name")
               let id = row.Embedded("PrivateProperties")?.Guid("VmID") ?? row.Guid("VmID")
               where name is not null && id is not null
               orderby name
               let grp = row.String("OwnerGroup") ?? groupOf.GetValueOrDefault(name)
               select new ClusteredVirtualMachine(id.Value, Text.Cut(name)!)
               {
                   Group = Text.Cut(grp),
                   OwnerNode = row.String("OwnerNode") ?? (grp is null ? null : owners.GetValueOrDefault(grp)),
                   State = ResourceState(row.Int64("State")),
                   PossibleOwners = knowsOwners && possible.Contains(name) ? [.. possible[name].Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase)] : null,
               },
        ];
    }

    private static ClusterGroup Group(CimRow row, Dictionary<string, string> owners)
    {
        string name = row.String("Name")!;
        return new ClusterGroup(Text.Cut(name)!, GroupState(row.Int64("State")), row.String("OwnerNode") ?? owners.GetValueOrDefault(name)) { Type = row.Int32("GroupType") };
    }

    /// <summary>For releases whose groups do not name their owner.</summary>
    private static Dictionary<string, string> OwnersByGroup(TableSet tables) => tables[Plan.NodeToGroup].Rows
        .Select(r => (Node: r.Path("GroupComponent")?["Name"], Group: r.Path("PartComponent")?["Name"]))
        .Where(p => p.Node is not null && p.Group is not null)
        .DistinctBy(p => p.Group, StringComparer.OrdinalIgnoreCase)
        .ToDictionary(p => p.Group!, p => p.Node!, StringComparer.OrdinalIgnoreCase);

    private static ClusterNodeState NodeState(long? code) => code switch
    {
        0 => ClusterNodeState.Up, 1 => ClusterNodeState.Down, 2 => ClusterNodeState.Paused, 3 => ClusterNodeState.Joining, _ => ClusterNodeState.Unknown,
    };

    private static ClusterGroupState GroupState(long? code) => code switch
    {
        0 => ClusterGroupState.Online, 1 => ClusterGroupState.Offline, 2 => ClusterGroupState.Failed, 3 => ClusterGroupState.PartialOnline,
        4 => ClusterGroupState.Pending, _ => ClusterGroupState.Unknown,
    };

    private static ClusterResourceState ResourceState(long? code) => code switch
    {
        0 => ClusterResourceState.Inherited, 1 => ClusterResourceState.Initializing, 2 => ClusterResourceState.Online, 3 => ClusterResourceState.Offline,
        4 => ClusterResourceState.Failed, 128 => ClusterResourceState.Pending, 129 => ClusterResourceState.OnlinePending, 130 => ClusterResourceState.OfflinePending,
        _ => ClusterResourceState.Unknown,
    };
}

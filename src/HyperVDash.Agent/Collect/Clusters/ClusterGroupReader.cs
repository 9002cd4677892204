using System.Collections.Immutable;
using HyperVDash.Agent.Collect.Memory;
using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Cim;
using HyperVDash.Model.Clusters;

namespace HyperVDash.Agent.Collect.Clusters;

/// <summary>Groups and resources with their owners. Newer releases name the owner in the row; older ones only by association.</summary>
internal sealed class ClusterGroupReader
{
    private const string Prefix = "cluster/group/";
    private const string VirtualMachine = "Virtual Machine";

    private readonly TableSet _tables;
    private readonly HostMemory _memory;
    private readonly DateTimeOffset _now;
    private readonly Dictionary<string, string> _groupOf;
    private readonly Dictionary<string, string> _nodeOfGroup;
    private readonly Dictionary<string, string> _nodeOfResource;

    public ClusterGroupReader(TableSet tables, HostMemory memory, DateTimeOffset now)
    {
        (_tables, _memory, _now) = (tables, memory, now);
        _groupOf = WholeByPart(tables[Plan.GroupToResource]);
        _nodeOfGroup = WholeByPart(tables[Plan.NodeToGroup]);
        _nodeOfResource = WholeByPart(tables[Plan.NodeToResource]);
    }

    public ImmutableArray<ClusterGroup>? Groups()
    {
        var table = _tables[Plan.Groups];
        if (!table.IsKnown)
        {
            return null;
        }

        var preferred = Parts(_tables[Plan.PreferredOwners]);
        ImmutableArray<ClusterGroup> groups =
        [
            .. table.Rows.Where(g => g.String("Name") is not null).Select(g => Group(g, preferred)).OrderBy(g => g.Name, StringComparer.OrdinalIgnoreCase),
        ];
        _memory.KeepOnly(Prefix, groups.Select(g => Prefix + g.Name).ToHashSet(StringComparer.OrdinalIgnoreCase));
        return groups;
    }

    public ImmutableArray<ClusteredVirtualMachine>? VirtualMachines()
    {
        var resources = _tables[Plan.ClusterResources];
        if (!resources.IsKnown)
        {
            return null;
        }

        var possible = Parts(_tables[Plan.PossibleOwners]);
        return
        [
            .. from row in resources.Rows.OrderBy(r => r.String("Name"), StringComparer.Ordinal)
               where VirtualMachine.Equals(row.String("Type"), StringComparison.OrdinalIgnoreCase)
               let name = row.String("Name")
               let id = MachineOf(row)
               where name is not null && id is not null
               let grp = GroupOf(row, name)
               select new ClusteredVirtualMachine(id.Value, Text.Cut(name)!)
               {
                   Group = Text.Cut(grp),
                   OwnerNode = OwnerOf(row, name, grp),
                   State = ClusterWords.Resource(row.Int64("State")),
                   PossibleOwners = possible?.Contains(name) == true ? [.. possible[name].Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase)] : null,
               },
        ];
    }

    /// <summary>All resources but VMs; one of the type VM without its id is among them, so that it is not lost.</summary>
    public ImmutableArray<ClusterResource>? Others() => _tables[Plan.ClusterResources] is { IsKnown: true } table
        ?
        [
            .. from row in table.Rows.OrderBy(r => r.String("Name"), StringComparer.Ordinal)
               let name = row.String("Name")
               let id = MachineOf(row)
               where name is not null && !(id is not null && VirtualMachine.Equals(row.String("Type"), StringComparison.OrdinalIgnoreCase))
               let grp = GroupOf(row, name)
               select new ClusterResource(Text.Cut(name)!, Text.Cut(row.String("Type")), ClusterWords.Resource(row.Int64("State")))
               {
                   Group = Text.Cut(grp),
                   OwnerNode = OwnerOf(row, name, grp),
                   IsCore = row.Boolean("CoreResource"),
                   VirtualMachineId = id,
                   DiskId = DiskOf(row.Embedded("PrivateProperties")),
               },
        ]
        : null;

    private ClusterGroup Group(CimRow row, ILookup<string, string>? preferred)
    {
        string name = row.String("Name")!;
        var state = ClusterWords.Group(row.Int64("State"));
        return new ClusterGroup(Text.Cut(name)!, state, row.String("OwnerNode") ?? _nodeOfGroup.GetValueOrDefault(name))
        {
            Type = row.Int32("GroupType"),
            Priority = row.Int32("Priority"),
            AntiAffinity = row.Strings("AntiAffinityClassNames") is { } names ? [.. names.Where(n => n.Length > 0).Select(n => Text.Cut(n)!)] : null,
            PreferredOwners = preferred is null ? null : [.. preferred[name].Distinct(StringComparer.OrdinalIgnoreCase)],
            StateSeenAt = _memory.Since(Prefix + Text.Cut(name), $"{state}", _now),
        };
    }

    private string? GroupOf(CimRow row, string name) => row.String("OwnerGroup") ?? _groupOf.GetValueOrDefault(name);

    private string? OwnerOf(CimRow row, string name, string? group) =>
        row.String("OwnerNode") ?? _nodeOfResource.GetValueOrDefault(name) ?? (group is null ? null : _nodeOfGroup.GetValueOrDefault(group));

    private static Guid? MachineOf(CimRow row) => row.Embedded("PrivateProperties")?.Guid("VmID") ?? row.Guid("VmID");

    private static string? DiskOf(CimRow? properties) =>
        properties?.String("DiskIdGuid") is { Length: > 0 } id ? Text.Cut(id)
        : properties?.UInt64("DiskSignature") is > 0 and var signature ? $"0x{signature:X8}"
        : null;

    private static Dictionary<string, string> WholeByPart(Table table) => Pairs(table)
        .DistinctBy(p => p.Part, StringComparer.OrdinalIgnoreCase)
        .ToDictionary(p => p.Part, p => p.Whole, StringComparer.OrdinalIgnoreCase);

    /// <summary>Null if the table is not known.</summary>
    private static ILookup<string, string>? Parts(Table table) => table.IsKnown ? Pairs(table).ToLookup(p => p.Whole, p => p.Part, StringComparer.OrdinalIgnoreCase) : null;

    private static IEnumerable<(string Whole, string Part)> Pairs(Table table)
    {
        foreach (var row in table.Rows)
        {
            if (row.KeyOf("GroupComponent", "Name") is { } whole && row.KeyOf("PartComponent", "Name") is { } part)
            {
                yield return (whole, part);
            }
        }
    }
}

using System.Collections.Immutable;
using HyperVDash.Lab.Scenarios.Description;
using HyperVDash.Lab.Scenarios.OddCases;

namespace HyperVDash.Lab.Scenarios.Crowded;

/// <summary>A cluster of three 2008 R2 nodes near the most that it may hold; on one of them more runs than its release supports. And one that knows of more VMs than any release supports.</summary>
internal static class CrowdedLab
{
    private const string Cluster = "CROWD";

    /// <summary>Running and other VMs of each node.</summary>
    private static readonly (int Running, int Off)[] Nodes = [(386, 0), (20, 262), (20, 262)];

    public static LabDescription Describe(DateTimeOffset start)
    {
        ImmutableArray<HostDescription> hosts = [.. Nodes.Select((n, i) => Node($"CROWD{i + 1}", n.Running, n.Off, start))];
        return new([.. hosts, Keeper(start)], [Full, new(Cluster) { FunctionalLevel = 0, SharedVolumes = [new("Volume1", 2_097_152, 1_500_000)], Vms = [.. hosts.SelectMany(h => h.Vms).Select(v => new LabClusteredVm(v.Id))] }]);
    }

    /// <summary>Nobody took the roles of its desktops out when the desktops went.</summary>
    private static LabCluster Full { get; } = new("BULK") { FunctionalLevel = 8, Vms = [.. Enumerable.Range(1, 8001).Select(i => new LabClusteredVm(Ids.Of($"vm/BULK/{i}")) { Left = $"vdi-{i:0000}" })] };

    private static HostDescription Keeper(DateTimeOffset start)
    {
        var parts = new Parts("BULK1", start, @"C:\ClusterStorage\Volume1");
        return OddHosts.Host(parts, "BULK1", "2012R2") with { Cluster = "BULK", Roles = [20, 33] };
    }

    private static HostDescription Node(string name, int running, int off, DateTimeOffset start)
    {
        var parts = new Parts(name, start, @"C:\ClusterStorage\Volume1") { Extension = "vhd" };
        return OddHosts.Host(parts, name, "2008R2") with
        {
            Cluster = Cluster, Roles = [20, 33], LogicalProcessors = 60, MemoryMb = 917_504,
            Vms = [.. Enumerable.Range(1, running + off).Select(i => Desktop(parts, $"{name.ToLowerInvariant()}-{i:000}", i > running))],
        };
    }

    /// <summary>A desktop that starts from the network.</summary>
    private static LabVm Desktop(Parts parts, string name, bool isOff)
    {
        var vm = parts.First(name, parts.SwitchId("Prod"), LabGuest.Windows($"{name}.lab.example", "Windows 7 Enterprise", "6.1.7601", productType: 1, services: "6.1.7601.17514", servicePack: 1)) with
        {
            Controllers = [], MemoryMb = 1024, Processors = 1,
        };
        return isOff ? vm.Off() : vm;
    }
}

using System.Collections.Immutable;
using HyperVDash.Lab.Scenarios.Description;
using HyperVDash.Lab.Scenarios.PrintFarm;

namespace HyperVDash.Lab.Scenarios.OddCases;

/// <summary>Five clusters: one whose nodes drifted apart, one on the way to the next release, two whose releases do not belong together, one whose nodes lost each other.</summary>
internal static class OddClusters
{
    private const string Shared = @"C:\ClusterStorage\Volume1";

    private static LabSharedVolume Volume1 { get; } = new("Volume1", 2_097_152, 1_500_000);

    public static ImmutableArray<LabCluster> Clusters { get; } =
    [
        new LabCluster("TRIO")
        {
            Witness = null, FunctionalLevel = 9, SharedVolumes = [Volume1], NodeStates = ImmutableDictionary<string, uint>.Empty.Add("TRIO2", 2),
            Vms = [new(Ids.Of("vm/TRIO1/ledger")) { IsPartial = true }, new(Ids.Of("vm/TRIO1/pair1")), new(Ids.Of("vm/TRIO3/pair2"))],
        },
        new LabCluster("STEP") { FunctionalLevel = 10, SharedVolumes = [Volume1], Vms = [new(Ids.Of("vm/STEP2/warehouse"))] },
        new LabCluster("LEAP") { FunctionalLevel = 8, WitnessState = 3, SharedVolumes = [Volume1 with { StateOn = ImmutableDictionary<string, uint>.Empty.Add("LEAP2", 1) }], Vms = [new(Ids.Of("vm/LEAP2/render"))] },
        new LabCluster("FORK") { SharedVolumes = [Volume1 with { StateOn = ImmutableDictionary<string, uint>.Empty.Add("FORK1", 0) }], Vms = [new(Ids.Of("vm/FORK2/portal")), new(Ids.Of("vm/FORK2/cad"))] },
        new LabCluster("EDGE")
        {
            NodeStates = ImmutableDictionary<string, uint>.Empty.Add("EDGE2", 1).Add("EDGE3", 1), NodeStatuses = ImmutableDictionary<string, uint>.Empty.Add("EDGE2", 1).Add("EDGE3", 2),
        },
    ];

    public static IEnumerable<HostDescription> Hosts(DateTimeOffset start) =>
    [
        .. Trio(start), .. Pair(start), .. Step(start), .. Leap(start), .. Fork(start), .. Enumerable.Range(1, 3).Select(i => Node(new Parts($"EDGE{i}", start, Shared), $"EDGE{i}", "EDGE", "2022")),
    ];

    /// <summary>One edition, one set of updates and one spelling each.</summary>
    private static IEnumerable<HostDescription> Trio(DateTimeOffset start)
    {
        var parts = new Parts("TRIO1", start, Shared);
        yield return Node(parts, "TRIO1", "TRIO", "2019") with
        {
            Migration = new() { IsEnabled = true, Maximum = 4, UsesSmb = true },
            Vms = [parts.Second("ledger", parts.SwitchId("Prod"), Parts.Server2022("ledger").WithCertificates("Updated")) with { Version = "8.0" }, PrintServer(parts, "pair1")],
        };
        yield return Node(new Parts("TRIO2", start, Shared), "TRIO2", "TRIO", "2019") with { Licence = new() { Sku = 7 } };
        var third = new Parts("TRIO3", start, Shared);
        yield return Node(third, "TRIO3", "TRIO", "2019") with
        {
            Vms = [PrintServer(third, "pair2")],
            UpdateRevision = 4737, HyperVVersion = "10.0.17763.4737", Updates = [new("KB5029247", "8/22/2025")], RegistryName = "trio3", Migration = new() { IsEnabled = true, UsesSmb = true },
        };
    }

    private static LabVm PrintServer(Parts parts, string name) => parts.Second(name, parts.SwitchId("Prod"), Parts.Server2022(name).WithCertificates("Updated")) with
    {
        Version = "8.0", Nics = [parts.Nic(name, parts.SwitchId("Prod")) with { AllowsMacSpoofing = true }, parts.Nic(name, parts.SwitchId("Prod"), 1)],
    };

    /// <summary>The print servers that two VMs of TRIO are: on two nodes, and on one volume.</summary>
    private static IEnumerable<HostDescription> Pair(DateTimeOffset start)
    {
        ImmutableArray<LabNlbNode> members = [new("PAIR1", 1, "192.168.36.11", 1008), new("PAIR2", 2, "192.168.36.12", 1007)];
        return new[] { (Host: "TRIO1", Number: 1u), (Host: "TRIO3", Number: 2u) }.Select(n => new PrintNode($"PAIR{n.Number}", $"192.168.36.1{n.Number}", n.Number)
        {
            FarmAddress = "192.168.36.50", FarmName = "pair.lab.example", Members = members, Guest = (n.Host, $"pair{n.Number}"),
            Server = new() { Queues = [new("Office", "OFFICE", "HP Universal Printing PCL 6", "192.168.30.5")], Policy = 1, OptionalNames = ["PAIR"], HardeningLevel = 0, DnsOnWire = 1, DisableStrictNameChecking = 1, RpcPrivacy = 1 },
        }.Describe(start));
    }

    /// <summary>The second node was installed anew three days ago; its VM fills either node to the brim.</summary>
    private static IEnumerable<HostDescription> Step(DateTimeOffset start)
    {
        yield return Node(new Parts("STEP1", start, Shared), "STEP1", "STEP", "2019") with { MemoryMb = 65_536, NumaNodes = 1 };
        var parts = new Parts("STEP2", start, Shared);
        yield return Node(parts, "STEP2", "STEP", "2022") with
        {
            RoleAddedAt = start.AddDays(-3), HyperVInstalledAt = start.AddDays(-3), BootedAt = start.AddDays(-2), MemoryMb = 65_536, FreeMemoryMb = 5_600, NumaNodes = 1,
            Vms = [parts.Second("warehouse", parts.SwitchId("Prod"), Parts.Server2022("warehouse").WithCertificates("Updated"), 40) with { MemoryMb = 59_392, HasDynamicMemory = false, CreatedAt = start.AddDays(-2) }],
        };
    }

    /// <summary>Two releases apart, with a VM that the older one cannot hold.</summary>
    private static IEnumerable<HostDescription> Leap(DateTimeOffset start)
    {
        yield return Node(new Parts("LEAP1", start, Shared), "LEAP1", "LEAP", "2012R2") with { LogicalProcessors = 96 };
        var parts = new Parts("LEAP2", start, Shared);
        yield return Node(parts, "LEAP2", "LEAP", "2019") with
        {
            LogicalProcessors = 96, Vms = [parts.Second("render", parts.SwitchId("Prod"), LabGuest.Silent).Off() with { Processors = 80, Version = "5.0" }],
        };
        yield return Node(new Parts("LEAP3", start, Shared), "LEAP3", "LEAP", "2019") with { LogicalProcessors = 96 };
    }

    private static IEnumerable<HostDescription> Fork(DateTimeOffset start)
    {
        yield return Node(new Parts("FORK1", start, Shared), "FORK1", "FORK", "2012");
        var parts = new Parts("FORK2", start, Shared);
        yield return Node(parts, "FORK2", "FORK", "2012R2") with
        {
            Vms =
            [
                parts.Second("portal", parts.SwitchId("Prod"), Guest("portal")),
                parts.First("cad", parts.SwitchId("Prod"), Guest("cad")) with { HasRemoteFx = true },
            ],
        };
    }

    private static LabGuest Guest(string name) => LabGuest.Windows($"{name}.lab.example", "Windows Server 2012 R2 Standard", "6.3.9600", services: "6.3.9600.21620");

    /// <summary>A node without a fault.</summary>
    private static HostDescription Node(Parts parts, string name, string cluster, string release) => OddHosts.Host(parts, name, release) with { Cluster = cluster, Roles = [20, 33] };
}

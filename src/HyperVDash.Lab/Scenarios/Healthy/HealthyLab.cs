using HyperVDash.Lab.Scenarios.Description;

namespace HyperVDash.Lab.Scenarios.Healthy;

/// <summary>A lab without a fault: a cluster of two nodes and two stand-alone hosts.</summary>
internal static class HealthyLab
{
    private static readonly string[] Clustered = ["web", "db", "app"];

    public static LabDescription Describe(DateTimeOffset start) => new(
        [Node("NODE1", start), Node("NODE2", start), Modern("SOLO1", start), Newest("SOLO2", start)],
        [new LabCluster("CLUSTER1") { SharedVolumes = [new("Volume1", 4_194_304, 2_600_000)], Vms = [.. from node in (string[])["NODE1", "NODE2"] from vm in Clustered.Concat(["tools", "spare"]) select new LabClusteredVm(Ids.Of($"vm/{node}/{vm}-{node.ToLowerInvariant()}"))] }]);

    /// <summary>A stand-alone host with many VMs, of a hundred of which one has kept a checkpoint for too long.</summary>
    /// <param name="before">VMs of other hosts that count before these.</param>
    public static HostDescription Large(string name, int vms, int before, DateTimeOffset start)
    {
        var parts = new Parts(name, start);
        return Modern(name, start) with
        {
            Vms =
            [
                .. Enumerable.Range(0, vms).Select(i => (Name: $"srv{i}-{name.ToLowerInvariant()}", IsOdd: (before + i) % 100 == 50))
                    .Select(v => parts.Second(v.Name, parts.SwitchId("Prod"), Parts.Server2022(v.Name).WithCertificates("Updated")) with
                    {
                        MemoryMb = 512, Processors = 1, Checkpoints = v.IsOdd ? [new LabCheckpoint(Ids.Of($"checkpoint/{v.Name}"), "before update", null, start.AddDays(-40))] : [],
                    }),
            ],
        };
    }

    private static HostDescription Node(string name, DateTimeOffset start) => Modern(name, start, @"C:\ClusterStorage\Volume1") with { Cluster = "CLUSTER1", Roles = [20, 33] };

    private static HostDescription Modern(string name, DateTimeOffset start, string folder = @"D:\Hyper-V")
    {
        var parts = new Parts(name, start, folder);
        var prod = parts.SwitchId("Prod");
        string tail = name.ToLowerInvariant();
        return new HostDescription(name, "2022")
        {
            WindowsVersion = "10.0.20348", UpdateRevision = 2700, BuildLab = "20348.1.amd64fre.fe_release.210507-1500", HyperVVersion = "10.0.20348.2700",
            HyperVInstalledAt = start.AddDays(-21), RoleAddedAt = start.AddDays(-400), BootedAt = start.AddDays(-20), Events = LabEvent.Everyday(start), MoreClassicLogs = LabEvent.HyperVLogs,
            Nics = [parts.Wired("pNIC1", "Intel(R) Ethernet Server Adapter X520"), parts.Wired("pNIC2", "Intel(R) Ethernet Server Adapter X520 #2")],
            Switches = [parts.External("Prod", "pNIC1"), parts.External("Test", "pNIC2", isShared: false)],
            Vms =
            [
                .. Clustered.Select(vm => parts.Second($"{vm}-{tail}", prod, Parts.Server2022($"{vm}-{tail}").WithCertificates("Updated"))),
                parts.First($"tools-{tail}", prod, Parts.Ubuntu($"tools-{tail}")),
                parts.First($"spare-{tail}", parts.SwitchId("Test"), LabGuest.Silent).Off(),
            ],
        };
    }

    private static HostDescription Newest(string name, DateTimeOffset start)
    {
        var parts = new Parts(name, start);
        var lab = parts.SwitchId("Lab");
        return new HostDescription(name, "2025")
        {
            WindowsVersion = "10.0.26100", UpdateRevision = 4349, BuildLab = "26100.1.amd64fre.ge_release.240331-1435", HyperVVersion = "10.0.26100.4349",
            HyperVInstalledAt = start.AddDays(-700), RoleAddedAt = start.AddDays(-700), BootedAt = start.AddDays(-12), Events = LabEvent.Everyday(start), MoreClassicLogs = LabEvent.HyperVLogs,
            Nics = [parts.Wired("Ethernet 1", "Intel(R) I350 Gigabit Network Connection", 1_000_000_000)],
            Switches = [parts.External("Lab", "Ethernet 1")],
            Vms =
            [
                .. Enumerable.Range(1, 4).Select(i => parts.Second($"old-{i}", lab, LabGuest.Windows($"old-{i}.lab.example", "Windows Server 2012 R2 Standard", "6.3.9600").WithCertificates("Updated"))),
                parts.First("old-5", lab, LabGuest.Windows("old-5.lab.example", "Windows Server 2012 R2 Standard", "6.3.9600")),
            ],
        };
    }
}

using System.Collections.Immutable;
using HyperVDash.Lab.Scenarios.Description;

namespace HyperVDash.Lab.Scenarios.OldClusters;

/// <summary>Two clusters in trouble: one that mixes releases no cluster may mix, and one that stopped half way through its upgrade.</summary>
internal static class OldClustersLab
{
    private const string Shared = @"C:\ClusterStorage\Volume1";

    public static LabDescription Describe(DateTimeOffset start) => new([Old1(start), Old2(start), Half1(start), Half2(start)],
    [
        new LabCluster("OLD")
        {
            Witness = null, SharedVolumes = [new("Volume1", 2_097_152, 1_500_000), new("Volume2", 1_048_576, 900_000) { Fault = 2 }, new("Volume3", 1_048_576, 800_000) { Fault = 1 }],
            Networks = [new("Cluster Network 1", "192.168.10.0") { Role = 3, Metric = 39841 }, new("Cluster Network 2", "10.10.10.0") { Adapter = 1, State = 2 }],
            Vms = [new(Ids.Of("vm/OLD1/erp")), new(Ids.Of("vm/OLD1/archive")), new(Ids.Of("vm/OLD2/intranet")), new(Ids.Of("vm/OLD2/forms")) { HasFailed = true }, new(Ids.Of("vm/OLD2/reports"))],
        },
        new LabCluster("HALF")
        {
            FunctionalLevel = 8, SharedVolumes = [new("Volume1", 2_097_152, 1_500_000)], NodeStates = ImmutableDictionary<string, uint>.Empty.Add("HALF2", 1),
            Vms = [new(Ids.Of("vm/HALF1/shop")), new(Ids.Of("vm/HALF1/shop-db"))],
        },
    ]);

    private static HostDescription Old1(DateTimeOffset start)
    {
        const string services = "6.1.7601.17514";
        var parts = new Parts("OLD1", start, Shared) { Extension = "vhd" };
        var prod = parts.SwitchId("Prod");
        return new HostDescription("OLD1", "2008R2")
        {
            WindowsVersion = "6.1.7601", BuildLab = "7601.17514.amd64fre.win7sp1_rtm.101119-1850", HyperVVersion = services, HyperVInstalledAt = start.AddDays(-2000), RoleAddedAt = start.AddDays(-2000),
            BootedAt = start.AddDays(-60), Roles = [20, 33], Cluster = "OLD", LogicalProcessors = 8, MemoryMb = 32_768, Processor = LabProcessor.XeonE5450, NumaNodes = 1,
            Nics = [parts.Wired("Local Area Connection", "Intel(R) PRO/1000 PT", 1_000_000_000), parts.Wired("Local Area Connection 2", "Intel(R) PRO/1000 PT #2", 1_000_000_000)],
            Switches = [parts.External("Prod", "Local Area Connection")],
            Vms =
            [
                parts.First("erp", prod, Parts.Server2008("erp", services)),
                parts.First("archive", prod, Parts.Server2008("archive", services)).Off() with
                {
                    // Its data is on a disk that no other node was given.
                    Controllers = [LabController.Ide(0, parts.Disk(0, "archive")), LabController.Ide(1, LabDrive.Dvd(0, @"D:\ISO\backup.iso")), parts.Scsi("archive", 0, LabDrive.PassThrough(0, 3))],
                },
            ],
        };
    }

    private static HostDescription Old2(DateTimeOffset start)
    {
        const string services = "6.2.9200.16384";
        var parts = new Parts("OLD2", start, Shared);
        var prod = parts.SwitchId("Prod");
        return new HostDescription("OLD2", "2012")
        {
            WindowsVersion = "6.2.9200", BuildLab = "9200.24374.amd64fre.win8_ldr.230706-1657", HyperVVersion = services, HyperVInstalledAt = start.AddDays(-900), RoleAddedAt = start.AddDays(-900),
            BootedAt = start.AddDays(-60), Roles = [20, 33], Cluster = "OLD", LogicalProcessors = 16, MemoryMb = 65_536, Processor = LabProcessor.Epyc7302,
            SystemDrive = "D:", Volumes = [new(@"D:\", 446, 198, 0)], Migration = new() { IsEnabled = true },
            Nics = [parts.Wired("Ethernet", "Realtek PCIe FE Family Controller", 100_000_000), parts.Wired("Ethernet 2", "Realtek PCIe FE Family Controller #2", 100_000_000)],
            Switches = [parts.External("Prod", "Ethernet")],
            Vms =
            [
                parts.First("intranet", prod, LabGuest.Windows("intranet.lab.example", "Windows Server 2012 Standard", "6.2.9200", services: services)),
                parts.First("forms", prod, LabGuest.Silent).Off(),
                parts.First("reports", prod, LabGuest.Silent, 1.5) with { State = LabVmState.Starting },
            ],
        };
    }

    private static HostDescription Half1(DateTimeOffset start)
    {
        const string services = "6.3.9600.20778";
        var parts = new Parts("HALF1", start, Shared);
        var prod = parts.SwitchId("Prod");
        return new HostDescription("HALF1", "2012R2")
        {
            WindowsVersion = "6.3.9600", UpdateRevision = 21620, BuildLab = "9600.21620.amd64fre.winblue_ltsb_escrow.231014-1630", HyperVVersion = services, HyperVInstalledAt = start.AddDays(-700),
            RoleAddedAt = start.AddDays(-700), BootedAt = start.AddDays(-30), Roles = [20, 33], Cluster = "HALF", MemoryMb = 131_072, Migration = new() { IsEnabled = true, Authentication = 0 },
            Nics = [parts.Wired("Ethernet 1", "Intel(R) I350 Gigabit Network Connection", 1_000_000_000), parts.Wired("Ethernet 2", "Intel(R) I350 Gigabit Network Connection #2", 1_000_000_000)],
            Switches = [parts.External("Prod", "Ethernet 1")],
            Vms =
            [
                parts.Second("shop", prod, LabGuest.Windows("shop.lab.example", "Windows Server 2012 R2 Standard", "6.3.9600", services: services)),
                parts.Second("shop-db", prod, LabGuest.Windows("shop-db.lab.example", "Windows Server 2012 R2 Standard", "6.3.9600", services: services)),
            ],
        };
    }

    /// <summary>Upgraded six weeks ago; its cluster service has not started since the last restart.</summary>
    private static HostDescription Half2(DateTimeOffset start)
    {
        var parts = new Parts("HALF2", start, Shared);
        return new HostDescription("HALF2", "2016")
        {
            WindowsVersion = "10.0.14393", UpdateRevision = 6614, BuildLab = "14393.6614.amd64fre.rs1_release.240104-1715", HyperVVersion = "10.0.14393.6614", HyperVInstalledAt = start.AddDays(-41),
            RoleAddedAt = start.AddDays(-41), BootedAt = start.AddDays(-2), Roles = [20, 33], Cluster = "HALF", MemoryMb = 131_072, Processor = LabProcessor.XeonE5450, Migration = new() { IsEnabled = true },
            Nics = [parts.Wired("Ethernet 1", "Intel(R) I350 Gigabit Network Connection", 1_000_000_000), parts.Wired("Ethernet 2", "Intel(R) I350 Gigabit Network Connection #2", 1_000_000_000)],
            Switches = [parts.External("Prod", "Ethernet 1")],
        };
    }
}

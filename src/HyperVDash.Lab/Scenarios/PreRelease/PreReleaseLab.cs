using HyperVDash.Lab.Scenarios.Description;

namespace HyperVDash.Lab.Scenarios.PreRelease;

/// <summary>Two nodes of Windows Server 2008 before Hyper-V was released, on two builds; one of them shares printers.</summary>
internal static class PreReleaseLab
{
    private const string Ctp = "6.0.6001.16659";
    private const string Beta = "6.0.6001.17101";
    private static readonly DateTimeOffset Installed = new(2007, 12, 15, 9, 0, 0, TimeSpan.Zero);

    public static LabDescription Describe(DateTimeOffset start) => new([First(start), Second(start), Third(start)],
    [
        new LabCluster("PRE")
        {
            FunctionalLevel = 6,
            Vms = [new(Ids.Of("vm/PRE1/web")), new(Ids.Of("vm/PRE1/files")), new(Ids.Of("vm/PRE2/app"))],
        },
    ]);

    private static HostDescription First(DateTimeOffset start)
    {
        var parts = new Parts("PRE1", start, @"D:\VM") { Extension = "vhd" };
        var crowded = new Parts("PRE1", start, @"E:\VM") { Extension = "vhd" };
        var prod = parts.SwitchId("Prod");
        return Node(parts, "PRE1", "6001.16659.amd64fre.winmain.070916-1443", Ctp) with
        {
            // Filled by what a deleted checkpoint left.
            Volumes = [LabVolume.System, LabVolume.Data, new(@"E:\", 100, 0, 2)],
            Images = [crowded.Below("web", 70)],
            Vms =
            [
                Recent(parts.First("web", prod, Parts.Server2008("web", Ctp))).Paused() with
                {
                    Controllers = [LabController.Ide(0, crowded.Leftover(0, "web", 29)), LabController.Ide(1, LabDrive.Dvd(0)), parts.Scsi("web", 0)],
                },
                Recent(parts.First("files", prod, Parts.Server2008("files", Ctp))) with
                {
                    MemoryMb = 6656,
                    Checkpoints = [new(Ids.Of("checkpoint/PRE1/files/1"), "before driver test", null, start.AddDays(-2))],
                },
                Recent(parts.First("silent", prod, LabGuest.Silent)),
            ],
        };
    }

    private static HostDescription Second(DateTimeOffset start)
    {
        var parts = new Parts("PRE2", start, @"D:\VM") { Extension = "vhd" };
        var prod = parts.SwitchId("Prod");
        return Node(parts, "PRE2", "6001.17051.amd64fre.longhorn.071121-1812", Beta) with
        {
            MemoryMb = 8192, Roles = [7, 20, 33, 135],
            PrintServer = new()
            {
                Queues = [new("Laser", "LASER", "HP LaserJet 4200 PCL6", "192.168.20.5") { DriverFileVersion = "6.0.6001.17051", Environments = ["Windows NT x86", "Windows x64"] }],
                OptionalName = "OLDPRN",
            },
            Vms =
            [
                Recent(parts.First("app", prod, Parts.Server2008("app", Beta))),
                parts.First("ctp-archive", prod, LabGuest.Silent).Off() with { CreatedAt = Installed.AddDays(-51) },
            ],
        };
    }

    /// <summary>A machine whose firmware had the extensions switched off again; outside the cluster and without VMs.</summary>
    private static HostDescription Third(DateTimeOffset start) =>
        Node(new Parts("PRE3", start, @"D:\VM") { Extension = "vhd" }, "PRE3", "6001.17051.amd64fre.longhorn.071121-1812", Beta) with { Roles = [20], Cluster = null, IsHypervisorRunning = false };

    private static HostDescription Node(Parts parts, string name, string build, string services) => new(name, "pre2008")
    {
        WindowsVersion = "6.0.6001", BuildLab = build, HyperVVersion = services, HyperVInstalledAt = Installed, RoleAddedAt = Installed, BootedAt = parts.Start.AddDays(-9),
        Roles = [20, 33], Cluster = "PRE", LogicalProcessors = 8, MemoryMb = 16_384, ClockSkew = TimeSpan.FromSeconds(45),
        Nics = [parts.Wired("Local Area Connection", "Broadcom NetXtreme Gigabit Ethernet", 1_000_000_000), parts.Wired("Local Area Connection 2", "Intel(R) PRO/1000 PT", 1_000_000_000)],
        Switches = [parts.External("Prod", "Local Area Connection")],
    };

    private static LabVm Recent(LabVm vm) => vm with { CreatedAt = Installed.AddDays(40), MemoryMb = 1024, Processors = 1 };
}

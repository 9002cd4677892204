using HyperVDash.Lab.Scenarios.Description;

namespace HyperVDash.Lab.Scenarios.Demo;

/// <summary>LAB-PRE: two nodes of Windows Server 2008 before Hyper-V was released, at different stages.</summary>
internal static class DemoPreRelease
{
    private const string Beta = "6.0.6001.17101";
    private static readonly DateTimeOffset Installed = new(2007, 12, 15, 9, 0, 0, TimeSpan.Zero);
    private static readonly LabLocale GermanSystemLocale = new(1033, "0407", "0409", "0407", ["en-US"]);

    public static IEnumerable<HostDescription> Hosts(DateTimeOffset start) => [Hv01(start), Hv02(start)];

    public static LabCluster Cluster { get; } = new("LAB-PRE")
    {
        FunctionalLevel = 6, Networks = [new("Cluster Network 1", "192.168.10.0") { Role = 3, Metric = 39841 }],
        Vms =
        [
            .. Vms("HV01", "pre-web", "pre-files", "pre-silent"),
            .. Vms("HV02", "pre-print", "pre-app"),
        ],
    };

    private static IEnumerable<LabClusteredVm> Vms(string host, params string[] names) => names.Select(n => new LabClusteredVm(Ids.Of($"vm/{host}/{n}")));

    private static HostDescription Hv01(DateTimeOffset start)
    {
        const string services = "6.0.6001.16659";
        var parts = new Parts("HV01", start, @"D:\VM") { Extension = "vhd" };
        var prod = parts.SwitchId("Prod");
        return new HostDescription("HV01", "pre2008")
        {
            WindowsVersion = "6.0.6001", BuildLab = "6001.16659.amd64fre.winmain.070916-1443", HyperVVersion = services, HyperVInstalledAt = Installed.AddDays(-60),
            RoleAddedAt = Installed.AddDays(-60), BootedAt = start.AddDays(-9), Locale = GermanSystemLocale, Roles = [20, 33], VmmsStartMode = "Manual", Cluster = "LAB-PRE",
            LogicalProcessors = 24, MemoryMb = 16_384, Processor = LabProcessor.XeonE5450, NumaNodes = 1, Events = LabEvent.Everyday(start), FreeMemoryMb = 300,
            Nics =
            [
                parts.Wired("Local Area Connection", "Broadcom NetXtreme Gigabit Ethernet", 1_000_000_000),
                new(parts.NicId("Wireless"), "Wireless Network Connection", "Intel(R) Wireless WiFi Link 4965AGN", Ids.Mac("HV01/wifi")) { PhysicalMedium = 9, Speed = 54_000_000 },
            ],
            Switches = [parts.External("Prod", "Local Area Connection"), parts.External("Field", "Wireless")],
            Vms =
            [
                Recent(parts.First("pre-web", prod, Parts.Server2008("pre-web", services))),
                Recent(parts.First("pre-files", prod, Parts.Server2008("pre-files", services))) with
                {
                    MemoryMb = 10_240,
                    Controllers =
                    [
                        LabController.Ide(0, parts.Disk(0, "pre-files")), LabController.Ide(1, LabDrive.Dvd(0)),
                        parts.Scsi("pre-files", 0, parts.Disk(0, "pre-files", "data"), parts.Disk(120, "pre-files", "archive")),
                    ],
                },
                Recent(parts.First("pre-silent", prod, LabGuest.Silent)),
                Recent(parts.First("pre-wireless-probe", parts.SwitchId("Field"), Parts.Server2008("pre-wireless-probe", services))) with
                {
                    Controllers = [LabController.Ide(0, parts.Disk(1, "pre-wireless-probe")), LabController.Ide(1, LabDrive.Dvd(0))],
                },
                Recent(parts.First("pre-suse", prod, LabGuest.Silent)),
            ],
        };
    }

    private static HostDescription Hv02(DateTimeOffset start)
    {
        var parts = new Parts("HV02", start, @"D:\VM") { Extension = "vhd" };
        var prod = parts.SwitchId("Prod");
        const string card = "Broadcom NetXtreme Gigabit Ethernet #2";
        return new HostDescription("HV02", "pre2008")
        {
            WindowsVersion = "6.0.6001", BuildLab = "6001.17051.amd64fre.longhorn.071121-1812", HyperVVersion = Beta, HyperVInstalledAt = Installed, RoleAddedAt = Installed,
            Images = [parts.Below("pre-app", 18)],
            BootedAt = start.AddDays(-3), Locale = GermanSystemLocale, DomainRole = 4, Roles = [10, 13, 20, 33], Cluster = "LAB-PRE", LogicalProcessors = 8, MemoryMb = 16_384,
            Processor = LabProcessor.XeonE5450, NumaNodes = 1, Events = LabEvent.Everyday(start),
            Nics = [parts.Wired("Local Area Connection", "Broadcom NetXtreme Gigabit Ethernet", 1_000_000_000), parts.Wired("Local Area Connection 2", card, 1_000_000_000)],
            Switches = [parts.External("Prod", "Local Area Connection"), parts.External($"{card} - Virtual Network", "Local Area Connection 2", isShared: false)],
            Vms =
            [
                Recent(parts.First("pre-print", prod, Parts.Server2008("pre-print", Beta))) with { State = LabVmState.Stopping, StateChangedAt = start.AddMinutes(-75) },
                // Its checkpoint was deleted while it ran.
                Recent(parts.First("pre-app", prod, Parts.Server2008("pre-app", Beta))) with
                {
                    Controllers = [LabController.Ide(0, parts.Leftover(0, "pre-app", 4)), LabController.Ide(1, LabDrive.Dvd(0)), parts.Scsi("pre-app", 0)],
                },
                parts.First("pre-ctp-import", prod, LabGuest.Silent).Saved() with { CreatedAt = Installed.AddDays(-74) },
                parts.First("pre-ctp-archive", prod, LabGuest.Silent).Off() with { CreatedAt = Installed.AddDays(-51) },
                Recent(parts.First("pre-build", prod, Parts.Server2008("pre-build", Beta))) with
                {
                    Checkpoints = [new(Ids.Of("checkpoint/pre-build/1"), "before driver test", null, start.AddDays(-2))],
                },
            ],
        };
    }

    /// <summary>Made on the present build.</summary>
    private static LabVm Recent(LabVm vm) => vm with { CreatedAt = Installed.AddDays(40), MemoryMb = 1024, Processors = 1 };
}

using HyperVDash.Lab.Scenarios.Description;
using HyperVDash.Lab.Scenarios.Rows;

namespace HyperVDash.Lab.Scenarios.Demo;

/// <summary>LAB-PROD: three nodes of Windows Server 2022, one of them German.</summary>
internal static class DemoProduction
{
    public static IEnumerable<HostDescription> Hosts(DateTimeOffset start) => [Hv03(start), Hv04(start), Hv05(start)];

    public static LabCluster Cluster { get; } = new("LAB-PROD")
    {
        SharedVolumes = [new("Volume1", 4_194_304, 1_900_000), new("Volume2", 4_194_304, 2_400_000), new("Volume3", 2_097_152, 1_100_000), new("Volume4", 1_048_576, 1_040_000) { Fault = 2 }],
        Networks = [new("Cluster Network 1", "192.168.10.0") { Role = 3, Metric = 39841 }, new("Cluster Network 2", "10.10.10.0") { Adapter = 1, FailedOn = ["HV05"] }],
        Vms =
        [
            .. Vms("HV03", "web-01", "sql-01", "exchange-edge", "quorum-witness", "pacs-archive"),
            new(Ids.Of("vm/HV03/licence-server"), ["HV03", "HV04"]) { HasFailed = true },
            .. Vms("HV04", "web-02", "sql-02", "appliance-fw", "backup-proxy"),
            new(Ids.Of("vm/HV05/wiki"), ["HV05"]), .. Vms("HV05", "monitoring"),
        ],
    };

    private static IEnumerable<LabClusteredVm> Vms(string host, params string[] names) => names.Select(n => new LabClusteredVm(Ids.Of($"vm/{host}/{n}")));

    /// <summary>Attached to both web servers, and shared by neither of them on purpose.</summary>
    private static LabDrive WebContent { get; } = LabDrive.Disk(2, @"C:\ClusterStorage\Volume2\web\content.vhdx");

    /// <summary>The same for two VMs that do not run.</summary>
    private static LabDrive Course { get; } = LabDrive.Disk(2, @"C:\ClusterStorage\Volume2\training\course.vhdx");

    private static HostDescription Node(Parts parts, string name) => new(name, "2022")
    {
        WindowsVersion = "10.0.20348", UpdateRevision = 2700, BuildLab = "20348.1.amd64fre.fe_release.210507-1500", HyperVVersion = "10.0.20348.2700",
        HyperVInstalledAt = parts.Start.AddDays(-21), RoleAddedAt = parts.Start.AddDays(-400), BootedAt = parts.Start.AddDays(-20), Roles = [20, 33, 481], Cluster = "LAB-PROD",
        Events = LabEvent.Everyday(parts.Start), MoreClassicLogs = LabEvent.HyperVLogs, DefaultVmPath = @"C:\ClusterStorage\Volume1", DefaultDiskPath = @"C:\ClusterStorage\Volume1",
        Migration = new() { IsEnabled = true, Networks = ["10.0.8.0/24"] },
        Nics =
        [
            parts.Wired("pNIC1", "Intel(R) Ethernet Server Adapter X520"), parts.Wired("pNIC2", "Intel(R) Ethernet Server Adapter X520 #2"),
            parts.Wired("pNIC3", "Mellanox ConnectX-4 Lx Ethernet Adapter", 25_000_000_000), parts.Wired("pNIC4", "Mellanox ConnectX-4 Lx Ethernet Adapter #2", 25_000_000_000),
            parts.Wired("pNIC5", "Broadcom NetXtreme Gigabit Ethernet", 1_000_000_000), parts.Wired("pNIC6", "Broadcom NetXtreme Gigabit Ethernet #2", 1_000_000_000),
        ],
        Switches = [parts.External("Prod", "pNIC1"), Team(parts), parts.External("Mgmt", "pNIC2") with { HostVlan = LabVlan.Access(120) }, parts.External("Backup", "pNIC5", isShared: false), parts.Internal("Heartbeat"), parts.External("Test", "pNIC6")],
    };

    private static LabSwitch Team(Parts parts) => new(parts.SwitchId("Storage"), "Storage")
    {
        Uplinks = [parts.NicId("pNIC3"), parts.NicId("pNIC4")], CreatedAt = parts.Start.AddDays(-370),
    };

    private static HostDescription Hv03(DateTimeOffset start)
    {
        var parts = new Parts("HV03", start, @"C:\ClusterStorage\Volume1");
        var prod = parts.SwitchId("Prod");
        var node = Node(parts, "HV03");
        return (node.WithSwitch(parts.SwitchId("Mgmt"), s => s with { PrefersIov = true }) with
        {
            Images = [parts.Below("quorum-witness", 26)],
            Nics = [.. node.Nics.Select(n => n.Name switch { "pNIC1" => n with { IsVmqEnabled = false }, "pNIC2" => n with { JumboPacket = 9014 }, _ => n })],
            Vms =
            [
                parts.Second("web-01", prod, Parts.Server2022("web-01")) with
                {
                    Controllers = [parts.Scsi("web-01", 0, parts.Disk(0, "web-01"), LabDrive.Dvd(1), WebContent)],
                    Nics = [parts.Nic("web-01", prod) with { VlanId = 110 }, parts.Nic("web-01", parts.SwitchId("Mgmt"), 1) with { IsUnplugged = true }],
                },
                parts.Second("sql-01", prod, Parts.Server2022("sql-01").WithCertificates("Updated")) with
                {
                    Processors = 8, MemoryMb = 32_768,
                    Controllers = [parts.Scsi("sql-01", 0, parts.Disk(0, "sql-01"), LabDrive.Dvd(1)), parts.Scsi("sql-01", 1, parts.Disk(0, "sql-01", "data"), parts.Disk(1, "sql-01", "log"))],
                    Checkpoints =
                    [
                        new(Ids.Of("checkpoint/sql-01/1"), "before CU 24", null, start.AddDays(-4)),
                        new(Ids.Of("checkpoint/sql-01/2"), "after CU 24", Ids.Of("checkpoint/sql-01/1"), start.AddDays(-3)) { HasSavedState = true },
                    ],
                },
                parts.Second("exchange-edge", prod, LabGuest.Silent) with { Notes = ["Guest reinstalled last week."] },
                // A backup died half way.
                parts.First("quorum-witness", parts.SwitchId("Backup"), Parts.Server2022("quorum-witness")) with
                {
                    Controllers = [LabController.Ide(0, parts.Leftover(0, "quorum-witness", 3)), LabController.Ide(1, LabDrive.Dvd(0)), parts.Scsi("quorum-witness", 0)],
                },
                parts.Second("licence-server", prod, Parts.Server2022("licence-server")).Off(),
                parts.Second("pacs-archive", parts.SwitchId("Storage"), Parts.Ubuntu("pacs-archive")) with
                {
                    Controllers = [parts.Scsi("pacs-archive", 0, [.. Enumerable.Range(0, 59).Select(i => parts.Disk(i, "pacs-archive", $"volume{i:00}"))])],
                },
                parts.Second("dc-02", parts.SwitchId("Mgmt"), LabGuest.Windows("dc-02.lab.example", "Windows Server 2022 Standard", "10.0.20348", productType: 2)) with
                {
                    Checkpoints = [new(Ids.Of("checkpoint/dc-02/1"), "before schema update", null, start.AddDays(-1))],
                },
                parts.Second("scratch-01", parts.SwitchId("Test"), Parts.Server2022("scratch-01")).Off(),
                parts.Second("clone-template", null, LabGuest.Silent).Off() with { Version = "5.0" },
            ],
        }).WithMacRange("00155D0803F0", "00155D0803FC");
    }

    private static HostDescription Hv04(DateTimeOffset start)
    {
        var parts = new Parts("HV04", start, @"C:\ClusterStorage\Volume2");
        var prod = parts.SwitchId("Prod");
        var node = Node(parts, "HV04");
        var team = new LabTeam("Storage team", parts.Wired("Storage team", "Microsoft Network Adapter Multiplexor Driver", 50_000_000_000), ["pNIC3", "pNIC4"]);
        return node with
        {
            Jobs = [new(Ids.Of("job/HV04/web-02"), parts.VmId("web-02")) { Percent = 40, StartedAt = start.AddMinutes(-20) }],
            Processor = LabProcessor.Xeon6338, FreeMemoryMb = 9_000, RestartMarks = [LabRestartMark.WindowsUpdate], Licence = new() { EvaluationEndsAt = start.AddDays(20) },
            Events =
            [
                .. node.Events,
                new("Microsoft-Windows-Hyper-V-High-Availability", 21502, 1, start.AddHours(-3)) { Log = LabEvent.HyperVLogs[0], Data = ["Virtual Machine sql-02", parts.VmId("sql-02").ToString(), "0x80070490"] },
                .. Enumerable.Range(0, 5).Select(i => new LabEvent("Microsoft-Windows-Hyper-V-VmSwitch", 106, 2, start.AddMinutes(-40 * i - 15)) { Data = ["Storage team", "0"] }),
            ],
            Teams = [team],
            Switches =
            [
                .. node.Switches.Select(s => s.Name switch
                {
                    "Storage" => s with { Uplinks = [team.Adapter.Id] },
                    "Backup" => s with { Name = "BACKUP" },
                    "Test" => s with { Uplinks = [], IsSharedWithHost = true },
                    _ => s,
                }),
                new(parts.SwitchId("wizard"), "Broadcom NetXtreme Gigabit Ethernet #2 - Virtual Switch") { Uplinks = [parts.NicId("pNIC6")], CreatedAt = start.AddDays(-200) },
            ],
            Vms =
            [
                // It came from HV03 and kept the address it got there.
                parts.Second("web-02", prod, Parts.Server2022("web-02")) with
                {
                    Replication = new(1) { Interval = 900, GoesOn = true, LastReplicatedAt = start.AddMinutes(-4), LastConsistentAt = start.AddHours(-1) },
                    TakesAutomaticCheckpoints = true, Controllers = [parts.Scsi("web-02", 0, parts.Disk(0, "web-02"), LabDrive.Dvd(1), WebContent)],
                    Nics = [parts.Nic("web-02", prod) with { VlanId = 110, Mac = "00155D0803FC", Gateway = "192.168.10.1" }],
                },
                parts.Second("sql-02", prod, Parts.Server2022("sql-02")) with
                {
                    Processors = 8, MemoryMb = 32_768, Nics = [parts.Nic("sql-02", prod) with { Gateway = "192.168.10.1" }],
                    Controllers = [parts.Scsi("sql-02", 0, parts.Disk(0, "sql-02"), LabDrive.Dvd(1, @"D:\ISO\sqlserver.iso"))],
                },
                parts.First("appliance-fw", prod, Parts.Ubuntu("appliance-fw")) with { FloppyImage = @"D:\ISO\drivers.vfd", Nics = [parts.Nic("appliance-fw", prod) with { AllowsMacSpoofing = true }] },
                parts.Second("backup-proxy", parts.SwitchId("Heartbeat"), Parts.Server2022("backup-proxy")),
                parts.First("legacy-erp", prod, LabGuest.Windows("legacy-erp.lab.example", "Windows Server 2008 R2 Standard", "6.1.7601", servicePack: 1)) with
                {
                    SpansNumaNodes = true,
                    Controllers = [LabController.Ide(0, parts.Disk(1, "legacy-erp")), LabController.Ide(1, LabDrive.Dvd(0)), parts.Scsi("legacy-erp", 0)],
                },
                parts.Second("build-01", parts.SwitchId("Mgmt"), Parts.Server2022("build-01"), 8).Off(),
                parts.Second("build-02", parts.SwitchId("Mgmt"), Parts.Server2022("build-02"), 30) with
                {
                    // Cloned from a VM that still runs at times.
                    MinimumMemoryMb = 128,
                    Controllers = [parts.Scsi("build-02", 0, parts.Disk(0, "build-02") with { File = new() { Type = LabDiskType.Differencing, Parent = parts.Disk(0, "build-01").Image } }, LabDrive.Dvd(1))],
                },
                parts.Second("training-01", prod, Parts.Server2022("training-01"), 220).Saved() with { Nics = [parts.Nic("training-01", parts.SwitchId("Training")) with { LastKnownSwitchName = "Training" }] },
                parts.Second("training-03", prod, Parts.Server2022("training-03"), 50).Saved() with
                {
                    // Somebody gave it the name of the other one.
                    Name = "Training-01",
                    Controllers = [parts.Scsi("training-03", 0, parts.Disk(0, "training-03"), LabDrive.Dvd(1), Course)],
                },
                parts.Second("training-02", prod, Parts.Server2022("training-02")).Paused() with
                {
                    Controllers = [parts.Scsi("training-02", 0, parts.Disk(0, "training-02"), LabDrive.Dvd(1), Course)],
                    Nics = [parts.Nic("training-02", prod) with { Vlan = LabVlan.Private(1, 0, 201) }],
                },
            ],
        };
    }

    private static HostDescription Hv05(DateTimeOffset start)
    {
        var parts = new Parts("HV05", start, @"C:\ClusterStorage\Volume3");
        var prod = parts.SwitchId("Prod");
        var node = Node(parts, "HV05");
        return (node.WithSwitch(prod, s => s with { Name = "Prod " }).WithSwitch(parts.SwitchId("Mgmt"), s => s with { HostVlan = LabVlan.Access(121) }) with
        {
            Nics = [.. node.Nics.Select(n => n.Name switch { "pNIC4" => n with { IsConnected = false, DriverVersion = "4.0.17.0" }, "pNIC6" => n with { IsConnected = false }, _ => n })],
            Locale = LabLocale.German, IsNumaSpanning = false, Migration = node.Migration! with { Authentication = 0 }, ClockSkew = TimeSpan.FromSeconds(8),
            Events = [.. node.Events, new("Microsoft-Windows-FailoverClustering", 1069, 1, start.AddHours(-5)) { Data = ["Virtual Machine wiki", "wiki", "Virtual Machine"] }],
            Vms =
            [
                parts.Second("wiki", parts.SwitchId("Mgmt"), Parts.Ubuntu("wiki")) with
                {
                    MaximumMemoryMb = 2048, MemoryBuffer = -12,
                    // Somebody mounted the disk below the checkpoint and wrote to it.
                    Controllers = [parts.Scsi("wiki", 0, parts.Disk(0, "wiki") with { File = new() { ChainCode = 0xC03A000F } }, LabDrive.Dvd(1))],
                    Checkpoints = [new(Ids.Of("checkpoint/wiki/1"), "vor dem Umzug", null, start.AddDays(-40))],
                },
                parts.Second("monitoring", null, Parts.Ubuntu("monitoring")) with
                {
                    LastBackupAt = null, SecureBootTemplate = WellKnown.ShieldedLinuxTemplate,
                    Controllers = [parts.Scsi("monitoring", 0, parts.Disk(0, "monitoring"), LabDrive.Dvd(1, @"D:\ISO\jammy.iso") with { File = new() { IsMissing = true } })],
                },
                parts.Second("Lohnbüro", prod, LabGuest.Windows("lohnbuero.lab.example", "Windows Server 2008 R2 Standard", "6.1.7601", servicePack: 1) with { ApplicationCode = 32782 }) with { IsSmartPaging = true },
                parts.Second("Prüfstand 7", prod, Parts.Server2022("pruefstand7")) with
                {
                    SecureBootTemplate = WellKnown.UefiTemplate,
                    Checkpoints = [.. Enumerable.Range(1, 12).Select(i => new LabCheckpoint(Ids.Of($"checkpoint/pruefstand7/{i}"), $"Lauf {i:00}", i == 1 ? null : Ids.Of($"checkpoint/pruefstand7/{i - 1}"), start.AddHours(i - 30)))],
                },
                parts.First("cad-client", prod, Parts.Server2022("cad-client") with { IsOutdated = true }) with
                {
                    HasRemoteFx = true, Nics = [parts.Nic("cad-client", prod, isLegacy: true)],
                },
                parts.First("pxe-imaging", parts.SwitchId("Mgmt"), Parts.Server2022("pxe-imaging")) with
                {
                    ServicesOff = ["GuestServiceInterface", "Vss"], BootOrder = [3, 2, 1, 0], Nics = [parts.Nic("pxe-imaging", parts.SwitchId("Mgmt"), isLegacy: true), parts.Nic("pxe-imaging", parts.SwitchId("Mgmt"), 1)],
                },
                parts.Second("reporting", parts.SwitchId("Storage"), Parts.Server2022("reporting")) with
                {
                    // Made by copying the template's files.
                    MemoryMb = 384, MinimumMemoryMb = 384, BiosId = parts.VmId("Vorlage \"2022\""),
                    Checkpoints = [new(Ids.Of("checkpoint/reporting/backup"), "reporting - Backup", null, start.AddHours(-50)) { Kind = LabCheckpointKind.Backup }],
                },
                parts.Second("Vorlage \"2022\"", null, LabGuest.Silent).Off(),
            ],
        }).WithMacRange("00155D0805F0", "00155D0805F8");
    }
}

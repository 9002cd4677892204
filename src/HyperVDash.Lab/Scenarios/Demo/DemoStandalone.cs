using HyperVDash.Lab.Scenarios.Description;

namespace HyperVDash.Lab.Scenarios.Demo;

/// <summary>The hosts outside clusters: 2012 with both namespaces, 2012 R2, and 2025 in Japanese.</summary>
internal static class DemoStandalone
{
    public static IEnumerable<HostDescription> Hosts(DateTimeOffset start) => [Hv06(start), Hv07(start), Hv08(start)];

    // HV07 was made from the image of HV06.
    private static readonly (string First, string Last) SharedRange = ("00155D080600", "00155D0806FF");

    private const string GoldenImage = @"D:\Hyper-V\Base\golden.vhdx";

    private static LabDiskFile Clone { get; } = new() { Type = LabDiskType.Differencing, MaximumGb = 60, FileGb = 9, Parent = GoldenImage };

    private static HostDescription Hv06(DateTimeOffset start)
    {
        const string services = "6.2.9200.16384";
        var parts = new Parts("HV06", start);
        var lab = parts.SwitchId("Lab");
        return new HostDescription("HV06", "2012")
        {
            WindowsVersion = "6.2.9200", BuildLab = "9200.24374.amd64fre.win8_ldr.230706-1657", HyperVVersion = services, HyperVInstalledAt = start.AddDays(-900),
            RoleAddedAt = start.AddDays(-900), BootedAt = start.AddDays(-30), DomainRole = 5, Roles = [10, 13, 20], MemoryMb = 65_536, LogicalProcessors = 16, FreeMemoryMb = 2_900,
            ClockSkew = TimeSpan.FromSeconds(-412), TimeSource = "NTP", MacRange = SharedRange,
            DefaultVmPath = @"C:\ProgramData\Microsoft\Windows\Hyper-V", DefaultDiskPath = @"C:\Users\Public\Documents\Hyper-V\Virtual Hard Disks",
            Volumes = [LabVolume.System, LabVolume.Data with { SizeGb = 2000, FreeGb = 150 }],
            Disks = [new(0, 447, IsOffline: false), new(1, 2001, IsOffline: false), new(3, 500, IsOffline: true), new(4, 500, IsOffline: false), new(6, 500, IsOffline: true)],
            Events = [.. LabEvent.Everyday(start), new("Ntfs", 55, 1, start.AddHours(-4)) { Data = ["", "D:", "The exact nature of the corruption is unknown."] }],
            Nics =
            [
                parts.Wired("Ethernet", "Intel(R) 82579LM Gigabit Network Connection", 1_000_000_000) with { VlanId = 30 },
                new(parts.NicId("Cellular"), "Mobile Broadband Connection", "Sierra Wireless EM7455 LTE", Ids.Mac("HV06/lte")) { Medium = 9, PhysicalMedium = 8, Speed = 300_000_000 },
            ],
            Switches = [parts.External("Lab", "Ethernet"), parts.External("Remote site", "Cellular", isShared: false), parts.Internal("Host only")],
            Vms =
            [
                parts.First("files-01", lab, Server2012("files-01", services)) with
                {
                    MemoryMb = 52_224, OperationalStatus = [5], Nics = [parts.Nic("files-01", lab) with { Mac = SharedRange.First }],
                    Controllers = [LabController.Ide(0, parts.Disk(0, "files-01")), LabController.Ide(1, LabDrive.Dvd(0)), parts.Scsi("files-01", 0, LabDrive.PassThrough(0, 5) with { IsHostDiskGone = true })],
                },
                parts.First("crowded", lab, Server2012("crowded", services)) with
                {
                    Processors = 62,
                    Controllers =
                    [
                        LabController.Ide(0, parts.Disk(0, "crowded"), parts.Disk(1, "crowded", "data")), LabController.Ide(1, LabDrive.Dvd(0), parts.Disk(1, "crowded", "more")),
                        parts.Scsi("crowded", 0),
                    ],
                },
                parts.First("dc-03", lab, LabGuest.Windows("dc-03.lab.example", "Windows Server 2012 Standard", "6.2.9200", productType: 2, services: services)) with
                {
                    ServicesOff = ["TimeSync"],
                    Controllers = [LabController.Ide(0, parts.Disk(0, "dc-03"), parts.Disk(1, "dc-03", "ntds")), LabController.Ide(1), parts.Scsi("dc-03", 0)],
                },
                parts.First("old-2003-x64", lab, LabGuest.Windows("old2003.lab.example", "Microsoft Windows Server 2003 Standard x64 Edition", "5.2.3790", services: services, servicePack: 2)) with
                {
                    Processors = 4, Nics = [parts.Nic("old-2003-x64", lab, isLegacy: true), parts.Nic("old-2003-x64", lab, 1)],
                    Controllers = [LabController.Ide(0, parts.Disk(0, "old-2003-x64")), LabController.Ide(1, LabDrive.Dvd(0)), parts.Scsi("old-2003-x64", 0, LabDrive.PassThrough(0, 4))],
                },
                parts.First("nt4-lathe", lab, LabGuest.Silent, 900) with
                {
                    Controllers = [LabController.Ide(0, LabDrive.Disk(0, @"D:\Hyper-V\nt4-lathe\os.vhd")), LabController.Ide(1, LabDrive.Dvd(0)), parts.Scsi("nt4-lathe", 0, parts.Disk(0, "nt4-lathe", "data"))],
                    Nics = [parts.Nic("nt4-lathe", lab, isLegacy: true)],
                },
                parts.First("site-probe", parts.SwitchId("Remote site"), LabGuest.Windows("site-probe.lab.example", "Windows Server 2022 Standard", "10.0.20348", services: services)) with
                {
                    Checkpoints = [new(Ids.Of("checkpoint/site-probe/recovery"), "site-probe - recovery point", null, start.AddDays(-5)) { Kind = LabCheckpointKind.Replica }],
                    AllowsFullScsi = true, Nics = [parts.Nic("site-probe", parts.SwitchId("Remote site")) with { Mac = SharedRange.Last }],
                    Controllers = [LabController.Ide(0, LabDrive.Disk(0, @"D:\site-probe.vhdx")), LabController.Ide(1, LabDrive.Dvd(0)), parts.Scsi("site-probe", 0, LabDrive.PassThrough(0, 6))],
                },
                parts.First("raw-disk-test", lab, Server2012("raw-disk-test", services)).Off() with
                {
                    Controllers = [LabController.Ide(0, parts.Disk(0, "raw-disk-test")), LabController.Ide(1, LabDrive.Dvd(0)), parts.Scsi("raw-disk-test", 0, LabDrive.PassThrough(0, 3))],
                },
            ],
        };
    }

    private static HostDescription Hv07(DateTimeOffset start)
    {
        const string services = "6.3.9600.20778";
        var parts = new Parts("HV07", start);
        var lab = Ids.Of("switch/HV06/Lab");
        var team = new LabTeam("DMZ team", parts.Wired("DMZ team", "Microsoft Network Adapter Multiplexor Driver", 2_000_000_000), ["Ethernet 2", "Ethernet 3"]) { VlanInterfaces = [20] };
        return new HostDescription("HV07", "2012R2")
        {
            WindowsVersion = "6.3.9600", UpdateRevision = 21620, BuildLab = "9600.21620.amd64fre.winblue_ltsb_escrow.231014-1630", HyperVVersion = services,
            HyperVInstalledAt = start.AddDays(-700), RoleAddedAt = start.AddDays(-700), BootedAt = start.AddDays(-12), Roles = [20, 481, 7, 135], MemoryMb = 131_072, IsNumaSpanning = false,
            ClockSkew = TimeSpan.FromSeconds(90), MacRange = SharedRange, Licence = new() { Status = 5 },
            Events =
            [
                .. LabEvent.Everyday(start),
                .. Enumerable.Range(0, 3).Select(i => new LabEvent("Microsoft-Windows-Hyper-V-VmSwitch", 15, 1, start.AddHours(-2 * i - 1)) { Data = ["Lab", "0xC0000001"] }),
            ],
            HiddenWorkers = [Ids.Of("hidden/HV07")], Images = [new(GoldenImage, new() { IsReadOnly = true, MaximumGb = 60, FileGb = 12, ModifiedAt = start.AddDays(-300) })],
            Disks = [new(0, 447, IsOffline: false), new(1, 7451, IsOffline: false), new(2, 500, IsOffline: false)],
            PrintServer = new() { Queues = [new("Lab laser", "LASER", "HP Universal Printing PCL 6", "192.168.20.7")] },
            Nics =
            [
                parts.Wired("Ethernet 1", "Intel(R) I350 Gigabit Network Connection", 1_000_000_000) with { HasSlowQueues = true },
                parts.Wired("Ethernet 2", "Intel(R) I350 Gigabit Network Connection #2", 1_000_000_000), parts.Wired("Ethernet 3", "Intel(R) I350 Gigabit Network Connection #3", 1_000_000_000),
            ],
            Teams = [team],
            Switches = [parts.External("Lab", "Ethernet 1") with { Id = lab }, parts.External("DMZ", "DMZ team", isShared: false)],
            Vms =
            [
                parts.Second("web-dmz", parts.SwitchId("DMZ"), Server2012("web-dmz", "6.3.9600.16384")) with
                {
                    PagingFolder = @"C:\ProgramData\Microsoft\Windows\Hyper-V",
                    Controllers = [parts.Scsi("web-dmz", 0, parts.Disk(0, "web-dmz"), LabDrive.Dvd(1), LabDrive.Disk(2, @"D:\Hyper-V\web-dmz\quorum.vhds"))],
                },
                parts.First("scsi-boot-attempt", lab, LabGuest.Silent).Off() with
                {
                    Replication = new(2) { State = 6, LastReplicatedAt = start.AddDays(-2) },
                    Controllers = [LabController.Ide(0), LabController.Ide(1, LabDrive.Dvd(0)), parts.Scsi("scsi-boot-attempt", 0, parts.Disk(0, "scsi-boot-attempt"), LabDrive.PassThrough(1, 2))],
                    Checkpoints = [new(Ids.Of("checkpoint/HV07/missing"), "before the move", null, start.AddDays(-2)) { Kind = LabCheckpointKind.Missing }],
                },
                parts.First("hand-edited", lab, LabGuest.Silent).Off() with
                {
                    MemoryMb = 122_880, Nics = [parts.Nic("hand-edited", lab) with { Mac = SharedRange.Last }],
                    Controllers = [LabController.Ide(0, parts.Disk(0, "hand-edited")), LabController.Ide(1, LabDrive.Dvd(0), parts.Disk(2, "hand-edited", "data") with { File = new() { HeaderCode = 0xC03A0008 } }), parts.Scsi("hand-edited", 0)],
                },
                parts.First("from-beta", lab, LabGuest.Silent).Off() with
                {
                    Replication = new(2) { GoesOn = true, LastReplicatedAt = start.AddMinutes(-4), LastTestFailoverAt = start.AddDays(-75) },
                    Controllers = [LabController.Ide(0, parts.Disk(0, "from-beta")), LabController.Ide(1, LabDrive.Dvd(0)), parts.Scsi("from-beta", 0, parts.Disk(0, "from-beta", "d0"), parts.Disk(120, "from-beta", "d120") with { File = new() { IsMissing = true } })],
                },
                parts.First("debian-6", lab, LabGuest.Silent, 300) with
                {
                    Replication = new(1) { State = 7, Health = 2, LastReplicatedAt = start.AddHours(-6) },
                    Controllers = [LabController.Ide(0, LabDrive.Disk(0, @"D:\Hyper-V\debian-6\os.vhd") with { File = new() { MaximumGb = 2000, FileGb = 1500 } }), LabController.Ide(1, LabDrive.Dvd(0)), parts.Scsi("debian-6", 0)],
                },
                parts.First("stuck-setup", lab, LabGuest.Silent, 20) with
                {
                    Replication = new(1) { State = 7, LastReplicatedAt = start.AddHours(-3) },
                    Controllers = [LabController.Ide(0, LabDrive.Disk(0, @"C:\Users\Public\Documents\Hyper-V\Virtual Hard Disks\stuck-setup.vhdx")), LabController.Ide(1, LabDrive.Dvd(0)), parts.Scsi("stuck-setup", 0)],
                },
                parts.Second("win11-pilot", lab, LabGuest.Windows("win11-pilot.lab.example", "Windows 11 Pro", "10.0.26100", productType: 1, services: services)) with
                {
                    LimitsProcessorFeatures = true, Controllers = [parts.Scsi("win11-pilot", 0, parts.Disk(0, "win11-pilot") with { File = Clone }, LabDrive.Dvd(1))],
                },
                parts.First("dc-lab", lab, LabGuest.Silent, 130).Saved() with
                {
                    Controllers = [LabController.Ide(0, parts.Disk(0, "dc-lab") with { File = Clone }), LabController.Ide(1, LabDrive.Dvd(0)), parts.Scsi("dc-lab", 0)],
                },
                parts.First("ubuntu-no-daemons", lab, LabGuest.WithoutDaemons, 300) with { Replication = new(1) { State = 9, Health = 2, LastReplicatedAt = start.AddHours(-2) } },
                parts.First("ubuntu-full", lab, Parts.Ubuntu("ubuntu-full")) with { Nics = [parts.Nic("ubuntu-full", lab) with { Mac = SharedRange.First }] },
                parts.First("build-agent", lab, Server2012("build-agent", services) with { Heartbeat = LabContact.Lost }) with
                {
                    ProcessorLoad = 100, Pipes = [@"\\.\pipe\build-agent", null],
                    Controllers =
                    [
                        LabController.Ide(0, parts.Disk(0, "build-agent")), LabController.Ide(1, LabDrive.Dvd(0, @"D:\ISO\tools.iso")),
                        .. Enumerable.Range(0, 4).Select(i => parts.Scsi("build-agent", i, parts.Disk(0, "build-agent", $"work{i}"))),
                    ],
                },
            ],
        };
    }

    private static HostDescription Hv08(DateTimeOffset start)
    {
        var parts = new Parts("HV08", start);
        var lan = parts.SwitchId("社内LAN");
        return (new HostDescription("HV08", "2025")
        {
            WindowsVersion = "10.0.26100", UpdateRevision = 4349, BuildLab = "26100.1.amd64fre.ge_release.240331-1435", HyperVVersion = "10.0.26100.4349",
            HyperVInstalledAt = start.AddDays(-14), RoleAddedAt = start.AddDays(-120), BootedAt = start.AddDays(-14), Locale = LabLocale.Japanese, Roles = [20, 481], Licence = new() { EvaluationEndsAt = start.AddHours(50) },
            Volumes = [LabVolume.System, LabVolume.Data with { SizeGb = 1000, FreeGb = 180 }], Migration = new() { IsEnabled = true, Authentication = 0 }, IsCredentialGuardRunning = true,
            Disks = [new(0, 447, IsOffline: false) { LogicalSectorSize = 4096, PhysicalSectorSize = 4096 }, new(1, 1001, IsOffline: false) { LogicalSectorSize = 4096, PhysicalSectorSize = 4096 }],
            SmbConnections = [new("nas01.lab.example", "vms", "2.1", IsContinuouslyAvailable: false), new("fs02", "hyperv", "3.1.1", IsContinuouslyAvailable: false)],
            Events = [.. LabEvent.Everyday(start), .. Enumerable.Range(0, 4).Select(i => new LabEvent("storahci", 129, 2, start.AddMinutes(-20 * i - 30)) { Data = [@"\Device\RaidPort0"] })],
            Nics =
            [
                parts.Wired("イーサネット", "Intel(R) Ethernet Connection X722"),
                new(parts.NicId("Wi-Fi"), "Wi-Fi", "Intel(R) Wi-Fi 6E AX211 160MHz", Ids.Mac("HV08/wifi")) { PhysicalMedium = 9, Speed = 1_200_000_000, IsConnected = false },
                parts.Wired("ストレージ", "Intel(R) Ethernet Converged Network Adapter X710") with { IsRssEnabled = false },
            ],
            Replica = new() { IsEnabled = true, AllowedPrimaries = ["*"] },
            Jobs = [new(Ids.Of("job/HV08/dev02"), parts.VmId("開発環境 02")) { Percent = 40, StartedAt = start.AddHours(-3) }],
            Switches = [parts.External("社内LAN", "イーサネット") with { HostMtu = 9000 }, parts.External("会議室", "Wi-Fi", isShared: false)],
            Vms =
            [
                parts.Second("経理サーバー", lan, LabGuest.Windows("keiri.lab.example", "Windows Server 2025 Standard", "10.0.26100").WithCertificates("InProgress", failedWith: "1795")) with
                {
                    Controllers = [parts.Scsi("経理サーバー", 0, parts.Disk(0, "経理サーバー") with { File = new() { IsCompressed = true } }, LabDrive.Dvd(1))],
                    LastBackupAt = start.AddDays(-45),
                    Replication = new(1) { Interval = 900, Server = "HV07.lab.example", GoesOn = true, LastReplicatedAt = start.AddMinutes(-4), LastConsistentAt = start.AddHours(-1), LastTestFailoverAt = start.AddDays(-9) },
                },
                parts.Second("開発環境 01", lan, Parts.Ubuntu("dev01") with { Heartbeat = LabContact.Lost }) with
                {
                    ProcessorLoad = 12, ServicesOff = ["GuestServiceInterface", "TimeSync"],
                    Controllers = [parts.Scsi("開発環境 01", 0, parts.Disk(0, "開発環境 01") with { File = new() { PhysicalSectorSize = 512 } }, LabDrive.Dvd(1))],
                },
                parts.Second("開発環境 02", lan, Parts.Ubuntu("dev02")) with
                {
                    HasMemoryDriver = false, OperationalStatus = [2, 32772], Controllers = [parts.Scsi("開発環境 02", 0, LabDrive.Disk(0, @"\\fs02.lab.example\hyperv\dev02\os.vhdx"), LabDrive.Dvd(1))],
                },
                parts.Second("preview-test", lan, LabGuest.Silent).Off() with
                {
                    // The parent was deleted.
                    Version = "254.0", Replication = new(2) { GoesOn = true, LastReplicatedAt = start.AddMinutes(-4), LastTestFailoverAt = start.AddDays(-10) },
                    Controllers = [parts.Scsi("preview-test", 0, parts.Disk(0, "preview-test") with { File = new() { Type = LabDiskType.Differencing, FileGb = 4, Parent = @"D:\Hyper-V\Base\preview.vhdx" } }, LabDrive.Dvd(1))],
                },
                parts.Second("会議室端末", parts.SwitchId("会議室"), LabGuest.Windows("kaigi.lab.example", "Windows 11 Pro", "10.0.26100", productType: 1)) with { Folder = @"D:\", IsSecureBoot = false },
                parts.Second("検証 🧪", lan, Parts.Server2022("kensho")) with
                {
                    Replication = new(3), State = LabVmState.Other, HealthState = 25, OperationalStatus = [6], StateChangedAt = start.AddMinutes(-20),
                    Controllers = [parts.Scsi("検証 🧪", 0, LabDrive.Disk(0, @"\\nas01\vms\kensho\os.vhdx"), LabDrive.Dvd(1))],
                },
                parts.Second("バックアップ", lan, LabGuest.Windows("backup.lab.example", "Windows Server 2025 Standard", "10.0.26100").WithCertificates("InProgress")) with
                {
                    Replication = new(1) { State = 8, Health = 3, LastReplicatedAt = start.AddHours(-30) },
                    Checkpoints = [new(Ids.Of("checkpoint/HV08/backup"), "バックアップ チェックポイント", null, start.AddHours(-2)) { Kind = LabCheckpointKind.Backup }],
                },
                parts.First("旧システム", lan, LabGuest.Windows("legacy.branch.example", "Windows Server 2019 Standard", "10.0.17763", productType: 2)) with { Version = "9.0" },
            ],
        }).WithMacRange("00155D0808F0", "00155D0808F9");
    }

    private static LabGuest Server2012(string name, string services) => LabGuest.Windows($"{name}.lab.example", "Windows Server 2012 R2 Standard", "6.3.9600", services: services);
}

using System.Collections.Immutable;
using HyperVDash.Lab.Scenarios.Description;

namespace HyperVDash.Lab.Scenarios.OddCases;

/// <summary>Hosts outside clusters, of which each holds the oddities of one release.</summary>
internal static class OddHosts
{
    private static readonly Guid WindowsTemplate = new("1734c6e8-3154-4dda-ba5f-a874cc483422");

    private static readonly Guid Moved = Ids.Of("vm/odd-cases/moved");

    public static IEnumerable<HostDescription> Hosts(DateTimeOffset start) => [Odd1(start), Odd2(start), Odd3(start), Odd4(start), Odd5(start), Odd9(start), Laptop(start), .. Beyond(start)];

    /// <summary>A host of that release without a fault, one switch and no VM.</summary>
    public static HostDescription Host(Parts parts, string name, string release)
    {
        var (version, revision, lab) = release switch
        {
            "pre2008" => ("6.0.6001", (int?)null, "6001.17051.amd64fre.longhorn.071121-1812"),
            "2008R2" => ("6.1.7601", null, "7601.17514.amd64fre.win7sp1_rtm.101119-1850"),
            "2012" => ("6.2.9200", null, "9200.24374.amd64fre.win8_ldr.230706-1657"),
            "2012R2" => ("6.3.9600", 21620, "9600.21620.amd64fre.winblue_ltsb_escrow.231014-1630"),
            "2019" => ("10.0.17763", 5122, "17763.1.amd64fre.rs5_release.180914-1434"),
            "2022" => ("10.0.20348", 2700, "20348.1.amd64fre.fe_release.210507-1500"),
            _ => ("10.0.26100", 4349, "26100.1.amd64fre.ge_release.240331-1435"),
        };
        // What 2019 answers by is that of 2016.
        return new HostDescription(name, release == "2019" ? "2016" : release)
        {
            WindowsVersion = version, UpdateRevision = revision, BuildLab = lab, HyperVVersion = revision is { } r ? $"{version}.{r}" : release == "pre2008" ? "6.0.6001.17101" : $"{version}.17514",
            HyperVInstalledAt = parts.Start.AddDays(-400), RoleAddedAt = parts.Start.AddDays(-400), BootedAt = parts.Start.AddDays(-20), Events = LabEvent.Everyday(parts.Start), MoreClassicLogs = LabEvent.HyperVLogs,
            Nics = [parts.Wired("Ethernet 1", "Intel(R) Ethernet Server Adapter X520"), parts.Wired("Ethernet 2", "Intel(R) Ethernet Server Adapter X520 #2")],
            Switches = [parts.External("Prod", "Ethernet 1")],
        };
    }

    private static HostDescription Odd1(DateTimeOffset start)
    {
        var parts = new Parts("ODD1", start);
        var crowded = new Parts("ODD1", start, @"E:\VM");
        var prod = parts.SwitchId("Prod");
        var circle = (A: parts.Folder("circle") + @"\os.vhdx", B: parts.Folder("circle") + @"\base.vhdx");
        var ring = (A: parts.Folder("ring") + @"\os.vhdx", B: parts.Folder("ring") + @"\base.vhdx");
        var first = new LabCheckpoint(Ids.Of("checkpoint/ODD1/patches/0"), "patch 0", null, start.AddDays(-1));
        return Host(parts, "ODD1", "2022") with
        {
            Volumes = [LabVolume.System, LabVolume.Data, new(@"E:\", 100, 0, 2)],
            Nics = [parts.Wired("Ethernet 1", "Intel(R) Ethernet Server Adapter X520") with { IsVmqEnabled = false }, parts.Wired("Ethernet 2", "Intel(R) Ethernet Server Adapter X520 #2")],
            Events = [.. LabEvent.Everyday(start), new("Microsoft-Windows-Hyper-V-VmSwitch", 106, 2, start.AddHours(-3)) { Data = ["Prod"] }, .. Enumerable.Range(1, 45).Select(i => new LabEvent("Microsoft-Windows-Hyper-V-Worker", 3999, 1, start.AddMinutes(-i)) { Data = ["scanner", "0x80070057"] })],
            Migration = new() { IsEnabled = true }, Replica = new() { IsEnabled = true, Authentication = 2, AllowedPrimaries = ["hq.lab.example"] },
            Images =
            [
                new(circle.B, Differencing(circle.A)), new(ring.B, Differencing(ring.A)), new(parts.Folder("stranger") + @"\base.vhdx", new() { FileGb = 20, ModifiedAt = start.AddDays(-3) }),
                crowded.Below("archive", 60),
            ],
            Vms =
            [
                parts.First("from-2025", prod, LabGuest.Silent).Off() with { Version = "11.0" },
                parts.First("first-copy", prod, Parts.Server2022("first-copy")) with { Replication = new(1) { State = 2, Server = "HQ.lab.example" } },
                parts.First("thin-line", prod, Parts.Server2022("thin-line")) with { Replication = new(1) { LastReplicatedAt = start.AddMinutes(-4), GoesOn = true, LastTestFailoverAt = start.AddDays(-9), Server = "HQ.lab.example", Succeeded = 94, Missed = 50 } },
                parts.First("half-awake", prod, LabGuest.Silent) with { State = LabVmState.Starting, StateChangedAt = start.AddMinutes(-20), StartedAt = start.AddMinutes(-20) },
                parts.First("cut-off", prod, LabGuest.Silent) with { Nics = [parts.Nic("cut-off", prod) with { IsUnplugged = true }] },
                parts.First("old-tongue", prod, Parts.Server2022("old-tongue") with { KeyValuePairs = LabContact.Degraded }),
                parts.First("insider", prod, LabGuest.Windows("insider.lab.example", "Windows Server vNext Datacenter", "11.0.29550")),
                parts.First("technical-preview", prod, LabGuest.Windows("tp.lab.example", "Windows Server Technical Preview", "6.4.9841")),
                parts.First("circle", prod, Parts.Server2022("circle")) with { Controllers = [LabController.Ide(0, LabDrive.Disk(0, circle.A) with { File = Differencing(circle.B) }), LabController.Ide(1, LabDrive.Dvd(0)), parts.Scsi("circle", 0)] },
                parts.First("ring", prod, LabGuest.Silent).Off() with { Controllers = [LabController.Ide(0, LabDrive.Disk(0, ring.A) with { File = Differencing(ring.B) }), LabController.Ide(1, LabDrive.Dvd(0)), parts.Scsi("ring", 0)] },
                parts.First("stranger", prod, LabGuest.Silent).Off() with
                {
                    Controllers = [LabController.Ide(0, parts.Disk(0, "stranger") with { File = Differencing(parts.Folder("stranger") + @"\base.vhdx") with { ChainCode = 0xC03A000E } }), LabController.Ide(1, LabDrive.Dvd(0)), .. Enumerable.Range(0, 5).Select(i => parts.Scsi("stranger", i))],
                },
                parts.First("lost-point", prod, Parts.Server2022("lost-point")) with { Checkpoints = [new(Ids.Of("checkpoint/ODD1/lost"), "before the move", null, start.AddDays(-1)) { Kind = LabCheckpointKind.Missing }] },
                parts.First("sparse", prod, LabGuest.Silent).Off() with { Controllers = [LabController.Ide(0, parts.Disk(0, "sparse") with { File = new() { HeaderCode = 0xC03A001A } }), LabController.Ide(1, LabDrive.Dvd(0)), parts.Scsi("sparse", 0)] },
                parts.First("beyond", prod, LabGuest.Silent).Off() with
                {
                    Controllers = [LabController.Ide(0, LabDrive.Disk(0, parts.Folder("beyond") + @"\os.vhd") with { File = new() { MaximumGb = 2500, FileGb = 30 } }), LabController.Ide(1, LabDrive.Dvd(0)), parts.Scsi("beyond", 0)],
                },
                parts.First("raw", prod, LabGuest.Silent).Off() with { Controllers = [LabController.Ide(0, parts.Disk(0, "raw")), LabController.Ide(1, LabDrive.Dvd(0)), parts.Scsi("raw", 0, LabDrive.PassThrough(0, 7) with { IsHostDiskGone = true })] },
                parts.First("museum", prod, Parts.Server2022("museum")) with { FloppyImage = @"D:\Floppies\driver.vfd" },
                parts.First("till", prod, Parts.Server2022("till")) with { Pipes = [@"\\.\pipe\till", null], CheckpointPolicy = 5 },
                parts.First("router", prod, LabGuest.Silent).Off() with { Nics = [.. Enumerable.Range(0, 5).Select(i => parts.Nic("router", prod, i, isLegacy: true))] },
                parts.First("dc-asleep", prod, LabGuest.Silent).Saved() with { StateChangedAt = start.AddDays(-200) },
                parts.Second("appliance", prod, Parts.Ubuntu("appliance")) with { SecureBootTemplate = WindowsTemplate },
                parts.First("patches", prod, Parts.Server2022("patches")) with
                {
                    Checkpoints = [first, .. Enumerable.Range(1, 45).Select(i => new LabCheckpoint(Ids.Of($"checkpoint/ODD1/patches/{i}"), $"patch {i}", first.Id, start.AddDays(-1).AddMinutes(i)))],
                },
                parts.First("archive", prod, Parts.Server2022("archive")) with { OperationalStatus = [2, 32772], Controllers = [LabController.Ide(0, crowded.Leftover(0, "archive", 39)), LabController.Ide(1, LabDrive.Dvd(0)), parts.Scsi("archive", 0)] },
                parts.First("scratch", prod, Parts.Server2022("scratch")) with { TakesAutomaticCheckpoints = true },
            ],
        };
    }

    private static LabDiskFile Differencing(string parent) => new() { Type = LabDiskType.Differencing, Parent = parent, FileGb = 4 };

    /// <summary>Wide teams, and a system drive with room for VMs.</summary>
    private static HostDescription Odd2(DateTimeOffset start)
    {
        var parts = new Parts("ODD2", start);
        var roomy = new Parts("ODD2", start, @"C:\VM");
        ImmutableArray<LabPhysicalNic> many = [.. Enumerable.Range(1, 9).Select(i => parts.Wired($"Slot {i}", $"Mellanox ConnectX-6 Lx Ethernet Adapter{(i == 1 ? "" : $" #{i}")}"))];
        ImmutableArray<LabPhysicalNic> mixed = [.. Enumerable.Range(1, 3).Select(i => parts.Wired($"Onboard {i}", $"Intel(R) Ethernet Controller X550{(i == 1 ? "" : $" #{i}")}", i == 1 ? 10_000_000_000UL : 1_000_000_000))];
        return Host(parts, "ODD2", "2025") with
        {
            Volumes = [LabVolume.System with { SizeGb = 3800, FreeGb = 2900 }, LabVolume.Data], Migration = new() { IsEnabled = false }, RestartMarks = [LabRestartMark.FileRename],
            Replica = new() { IsEnabled = true, Authentication = 2, Thumbprint = "A1B2C3D4E5F60718293A4B5C6D7E8F9001122334", AllowedPrimaries = ["hq.lab.example"] },
            Nics = [.. many, .. mixed],
            Switches =
            [
                new(parts.SwitchId("Prod"), "Prod") { Uplinks = [.. mixed.Select(n => n.Id)], IsSharedWithHost = true, CreatedAt = start.AddDays(-380) },
                new(parts.SwitchId("Storage"), "Storage") { Uplinks = [.. many.Select(n => n.Id)], CreatedAt = start.AddDays(-380) },
            ],
            Vms = [roomy.First("on-system", parts.SwitchId("Prod"), Parts.Server2022("on-system"))],
        };
    }

    /// <summary>A branch office's only server: domain controller, team under the switch, a VM as old as its first host.</summary>
    private static HostDescription Odd3(DateTimeOffset start)
    {
        var parts = new Parts("ODD3", start);
        var team = new LabTeam("Office team", parts.Wired("Office team", "Microsoft Network Adapter Multiplexor Driver", 2_000_000_000), ["Ethernet 1", "Ethernet 2"]);
        using var key = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        using var certificate = new System.Security.Cryptography.X509Certificates.CertificateRequest("CN=ODD3.lab.example", key, System.Security.Cryptography.HashAlgorithmName.SHA256).CreateSelfSigned(start.AddDays(-355), start.AddDays(10));
        return Host(parts, "ODD3", "2019") with
        {
            DomainRole = 5, Roles = [10, 13, 20], Nics = [parts.Wired("Ethernet 1", "Intel(R) I350 Gigabit Network Connection", 1_000_000_000), parts.Wired("Ethernet 2", "Intel(R) I350 Gigabit Network Connection #2", 1_000_000_000)],
            Teams = [team], Switches = [parts.External("Prod", "Office team")],
            Replica = new() { IsEnabled = true, Authentication = 2, Thumbprint = certificate.Thumbprint, Certificate = [.. certificate.RawData], AllowedPrimaries = ["hq.lab.example"] },
            Vms = [parts.First("cashbook", parts.SwitchId("Prod"), Parts.Server2022("cashbook")) with { Version = "5.0" }],
        };
    }

    /// <summary>Without a cable, and full.</summary>
    private static HostDescription Odd4(DateTimeOffset start)
    {
        const string services = "6.1.7601.17514";
        var parts = new Parts("ODD4", start) { Extension = "vhd" };
        var lab = parts.SwitchId("Lab");
        LabGuest Server(string name, int type) => LabGuest.Windows($"{name}.lab.example", "Windows Server 2008 R2 Standard", "6.1.7601", productType: type, services: services, servicePack: 1);
        ImmutableArray<LabCheckpoint> two = [Saved("dc-back", 1, null), Saved("dc-back", 2, Ids.Of("checkpoint/ODD4/dc-back/1"))];
        return Host(parts, "ODD4", "2008R2") with
        {
            Licence = new() { Sku = 10 }, LogicalProcessors = 4, Sockets = 1, NumaNodes = 1, MemoryMb = 65_536,
            Nics = [new(parts.NicId("Wireless Network Connection"), "Wireless Network Connection", "Intel(R) Centrino(R) Advanced-N 6205", Ids.Mac("ODD4/wifi")) { PhysicalMedium = 9, Speed = 300_000_000 }],
            Switches = [parts.Internal("Lab")],
            Vms =
            [
                parts.First("dc-point", lab, Server("dc-point", 2)) with { Processors = 3, ServicesOff = ["TimeSync"], Checkpoints = [Saved("dc-point", 1, null)] },
                parts.First("dc-back", lab, Server("dc-back", 2)) with { Processors = 3, ServicesOff = ["TimeSync"], Checkpoints = two, RunsOn = two[0].Id },
                .. Enumerable.Range(1, 9).Select(i => parts.First($"student-{i}", lab, Server($"student-{i}", 3)) with { Processors = 3 }),
                parts.First("sixteen-ports", lab, LabGuest.Silent).Off() with { Nics = [.. Enumerable.Range(0, 9).Select(i => parts.Nic("sixteen-ports", lab, i))] },
                parts.First("eight-ways", lab, LabGuest.Silent).Off() with { Processors = 8 },
                parts.First("huge", lab, LabGuest.Silent).Off() with { MemoryMb = 66_560 },
                parts.First("moved", lab, LabGuest.Silent).Off() with { Id = Moved },
            ],
        };

        LabCheckpoint Saved(string vm, int number, Guid? parent) => new(Ids.Of($"checkpoint/ODD4/{vm}/{number}"), $"point {number}", parent, start.AddDays(-3 + number)) { HasSavedState = true };
    }

    /// <summary>A beta in German whose management service is down, with more processors than it may use.</summary>
    private static HostDescription Odd5(DateTimeOffset start)
    {
        var parts = new Parts("ODD5", start, @"D:\VM") { Extension = "vhd" };
        return Host(parts, "ODD5", "pre2008") with
        {
            Locale = LabLocale.German, StoppedServices = ["vmms"], LogicalProcessors = 32, MemoryMb = 32_768,
            Nics = [parts.Wired("Ethernet 1", "Broadcom NetXtreme Gigabit Ethernet", 1_000_000_000)],
            Vms =
            [
                parts.First("moved", parts.SwitchId("Prod"), LabGuest.Silent).Off() with { Id = Moved, MemoryMb = 1024 },
                .. Enumerable.Range(1, 16).Select(i => parts.First($"trial-{i}", parts.SwitchId("Prod"), Parts.Server2008($"trial-{i}", "6.0.6001.17101")) with { MemoryMb = 1024, Processors = 1 }),
            ],
        };
    }

    /// <summary>Lists summary information though it is 2012 R2, and tells by it that a guest is behind.</summary>
    private static HostDescription Odd9(DateTimeOffset start)
    {
        var parts = new Parts("ODD9", start);
        return Host(parts, "ODD9", "2012R2") with
        {
            Variant = "listed",
            Vms = [parts.First("behind", parts.SwitchId("Prod"), LabGuest.Windows("behind.lab.example", "Windows Server 2012 Standard", "6.2.9200", services: "6.2.9200.16433") with { IsOutdated = true })],
        };
    }

    /// <summary>A trainer's machine: Windows for workstations, by air.</summary>
    private static HostDescription Laptop(DateTimeOffset start)
    {
        var parts = new Parts("LAPTOP1", start);
        return Host(parts, "LAPTOP1", "2025") with
        {
            Variant = "client", DomainRole = 1, LogicalProcessors = 16, MemoryMb = 65_536, Sockets = 1, NumaNodes = 1,
            Nics = [new(parts.NicId("Wi-Fi"), "Wi-Fi", "Intel(R) Wi-Fi 6E AX211 160MHz", Ids.Mac("LAPTOP1/wifi")) { PhysicalMedium = 9, Speed = 1_200_000_000 }],
            Switches = [parts.External("Class", "Wi-Fi")],
            Vms = [parts.Second("exercise", parts.SwitchId("Class"), Parts.Server2022("exercise"))],
        };
    }

    /// <summary>One from the preview channel, one newer than all that is known, and one that is larger than its release.</summary>
    private static IEnumerable<HostDescription> Beyond(DateTimeOffset start) =>
    [
        Host(new Parts("ODD6", start), "ODD6", "2025") with { WindowsVersion = "10.0.26080", UpdateRevision = 1, HyperVVersion = "10.0.26080.1", BuildLab = "26080.1.amd64fre.ge_prerelease.240308-1652" },
        // More processors than its release takes.
        Host(new Parts("ODD8", start) { Extension = "vhd" }, "ODD8", "2008R2") with { LogicalProcessors = 72 },
        Host(new Parts("ODD7", start), "ODD7", "2025") with { WindowsVersion = "10.0.29999", UpdateRevision = 1000, HyperVVersion = "10.0.29999.1000", BuildLab = "29999.1.amd64fre.se_release.270601-1200" },
    ];
}

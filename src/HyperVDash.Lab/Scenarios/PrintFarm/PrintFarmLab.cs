using System.Collections.Immutable;
using HyperVDash.Lab.Scenarios.Description;

namespace HyperVDash.Lab.Scenarios.PrintFarm;

/// <summary>Three print farms behind NLB: one half migrated, one done, one down. <c>docs/demo-lab.md</c> says what is wrong where.</summary>
internal static class PrintFarmLab
{
    public const string Office = "printnlb.lab.example";
    public const string Labels = "labels.lab.example";

    public const string Archive = "archive.lab.example";

    private const string OfficeAddress = "192.168.10.50";
    private const string LabelsAddress = "192.168.10.60";
    private const string ArchiveAddress = "192.168.10.70";
    private const string Universal = "HP Universal Printing PCL 6";
    private static readonly Guid Intranet = Ids.Of("vm/print-farm/intranet");
    private static readonly Guid Badges = Ids.Of("vm/print-farm/badges");
    private const string Zebra = "ZDesigner ZT410-300dpi ZPL";

    public static LabDescription Describe(DateTimeOffset start) => new([HyperV("HVP1", start, "prt2"), HyperV("HVP2", start, "prt3", "prt4") with { Licence = new() { EvaluationEndsAt = start.AddDays(-2) } }, .. Servers(start), DomainController(start)], [])
    {
        PrintFarms = [new(Office, ["oldprn1", "oldprn2"], ["PRT1", "PRT2"]), new(Labels, ["oldlabel"], ["PRT3", "PRT4"]), new(Archive, ["oldarchive"], ["PRT5", "PRT6", "HVP2"])],
    };

    private static HostDescription HyperV(string name, DateTimeOffset start, params string[] servers)
    {
        var parts = new Parts(name, start);
        var prod = parts.SwitchId("Prod");
        return new HostDescription(name, "2022")
        {
            WindowsVersion = "10.0.20348", UpdateRevision = 2700, BuildLab = "20348.1.amd64fre.fe_release.210507-1500", HyperVVersion = "10.0.20348.2700",
            HyperVInstalledAt = start.AddDays(-21), RoleAddedAt = start.AddDays(-400), BootedAt = start.AddDays(-20),
            Nics = [parts.Wired("pNIC1", "Intel(R) Ethernet Server Adapter X520"), parts.Wired("pNIC2", "Intel(R) Ethernet Server Adapter X520 #2")],
            Switches = [parts.External("Prod", "pNIC1"), parts.External("Mgmt", "pNIC2")],
            Vms =
            [
                .. servers.Select(vm => parts.Second(vm, prod, Parts.Server2022(vm)) with
                {
                    // The half migrated one was never told to let the cluster's address through.
                    Nics = [parts.Nic(vm, prod) with { AllowsMacSpoofing = vm != "prt2" }, parts.Nic(vm, parts.SwitchId("Mgmt"), 1)],
                }),
                parts.Second($"app-{name.ToLowerInvariant()}", prod, name == "HVP1" ? LabGuest.Windows("app-hvp1.lab.example", "Windows 10 Pro", "10.0.19045", productType: 1, architecture: 0) : Parts.Server2022("app-hvp2")),
                // Moved from HVP1 by copying: one was never removed there, the other even started again.
                parts.Second("intranet", prod, Parts.Server2022("intranet")) is var intranet && name == "HVP1" ? intranet.Off() with { Id = Intranet } : intranet with { Id = Intranet },
                parts.Second("badges", prod, Parts.Server2022("badges")) with { Id = Badges },
            ],
        };
    }

    private static IEnumerable<HostDescription> Servers(DateTimeOffset start)
    {
        ImmutableArray<LabNlbNode> office = [new("PRT1", 1, "192.168.10.51", 1008), new("PRT2", 2, "192.168.10.52", 1007)];
        ImmutableArray<LabNlbNode> labels = [new("PRT3", 1, "192.168.10.61", 1008), new("PRT4", 2, "192.168.10.62", 1007)];
        var first = new PrintNode("PRT1", "192.168.10.51", 1) { FarmAddress = OfficeAddress, FarmName = "cluster.domain.com", Members = office, Server = FirstOffice }.Describe(start);
        yield return first with
        {
            // The way out and the registration in DNS stayed on the adapter that NLB took.
            Nics = [first.Nics[0] with { IsWayOut = true }, first.Nics[1] with { IsWayOut = false }],
            LoadBalancing = first.LoadBalancing! with { IsMulticast = true, Rules = [new(135, 135, 1), new(1024, 65535, 3)] },
        };
        var second = new PrintNode("PRT2", "192.168.10.52", 2) { FarmAddress = OfficeAddress, FarmName = "cluster.domain.com", Members = office, Server = SecondOffice, Guest = ("HVP1", "prt2") }.Describe(start);
        yield return second with { Nics = [second.Nics[0] with { IsWayOut = true }], LoadBalancing = second.LoadBalancing! with { ModeOnStart = 0 } };
        yield return new PrintNode("PRT3", "192.168.10.61", 1) { FarmAddress = LabelsAddress, FarmName = Labels, Members = labels, Server = LabelServer, Guest = ("HVP2", "prt3") }.Describe(start);
        yield return new PrintNode("PRT4", "192.168.10.62", 2) { FarmAddress = LabelsAddress, FarmName = Labels, Members = labels, Server = LabelServer, Guest = ("HVP2", "prt4") }.Describe(start);
        foreach (var (name, address, priority) in new[] { ("PRT5", "192.168.10.71", 1u), ("PRT6", "192.168.10.72", 2u) })
        {
            ImmutableArray<LabNlbNode> archive = [new("PRT5", 1, "192.168.10.71", 1005), new("PRT6", 2, "192.168.10.72", 1005)];
            var node = new PrintNode(name, address, priority) { FarmAddress = ArchiveAddress, FarmName = Archive, Members = archive, IsNewest = true, Server = ArchiveServer with { Policy = priority == 1 ? 1 : null } }.Describe(start);
            yield return node with
            {
                Nics = [node.Nics[0] with { IsWayOut = true }], StoppedServices = ["Spooler"],
                LoadBalancing = node.LoadBalancing! with { IsMulticast = true, Rules = [new(80, 80, 1), new(135, 135, 3), new(445, 445, 1), new(1024, 65535, 3)] },
            };
        }
    }

    /// <summary>Nobody started it again after the servers were set up anew.</summary>
    private static LabPrintServer ArchiveServer => new()
    {
        Queues = [new("Archive", "ARCHIVE", Universal, "192.168.20.41")],
        OptionalNames = ["OLDARCHIVE", "ARCHIVE", "SCANTOFILE"], HardeningLevel = 0, DnsOnWire = 1, DisableStrictNameChecking = 1, RpcPrivacy = 1,
    };

    private static LabPrintServer FirstOffice => new()
    {
        Queues =
        [
            new("HP-1F", "HP1F", Universal, "192.168.20.11") { Location = "1st floor", Environments = ["Windows NT x86", "Windows x64"] },
            new("HP-2F", "HP2F", "Ricoh PCL6 UniversalDriver V4.38", "192.168.20.12") { Location = "2nd floor", DriverFileVersion = "4.38.0.0" },
            new("Plotter", "PLOTTER", "HP DesignJet T1700dr PS V4", "192.168.20.13") { Comment = "A0, ask the workshop" },
            new("Scan room", "SCAN", Universal, "192.168.20.14") { LprQueue = "lp1", Environments = ["Windows NT x86", "Windows x64"] },
            new("Lobby", "LOBBY", Universal, "192.168.20.15") { Location = "Lobby", Environments = ["Windows NT x86", "Windows x64"] },
        ],
        Policy = 1, OptionalName = "OLDPRN1,OLDPRN2", HardeningLevel = 1, AllowedNames = [], DnsOnWire = 1, DisableStrictNameChecking = 1, RpcPrivacy = 1,
    };

    private static LabPrintServer SecondOffice => new()
    {
        Queues =
        [
            new("HP-1F", "HP1F", Universal, "192.168.20.11") { Location = "1st floor", Environments = ["Windows NT x86", "Windows x64"] },
            new("HP-2F", "HP2F", "Ricoh PCL6 UniversalDriver V4.38", "192.168.20.12") { Location = "2nd floor", DriverFileVersion = "4.31.0.0" },
            new("Plotter", "PLOTTER", "HP DesignJet T1700dr PS V4", "192.168.20.130"),
            new("Lobby", "LOBBY", Universal, "192.168.20.15") { Location = "Entrance", Environments = ["Windows NT x86", "Windows x64"] },
        ],
        Policy = 2, SpoolerStartMode = "Manual", OptionalNames = ["OLDPRN1"], NtlmRestriction = 1, RpcPrivacy = 1,
    };

    private static LabPrintServer LabelServer => new()
    {
        Queues =
        [
            new("Zebra dispatch", "ZEBRA1", Zebra, "192.168.20.31") { DriverFileVersion = "8.6.5.0" },
            new("Zebra returns", "ZEBRA2", Zebra, "192.168.20.32") { DriverFileVersion = "8.6.5.0" },
        ],
        Policy = 1, OptionalNames = ["OLDLABEL", "LABELS"], HardeningLevel = 0, DnsOnWire = 1, DisableStrictNameChecking = 1, RpcPrivacy = 1, NtlmRestriction = 0,
        BackConnectionNames = ["labels", Labels],
    };

    private static HostDescription DomainController(DateTimeOffset start)
    {
        var parts = new Parts("DCP1", start);
        return new HostDescription("DCP1", "2022")
        {
            WindowsVersion = "10.0.20348", UpdateRevision = 2700, BuildLab = "20348.1.amd64fre.fe_release.210507-1500", HyperVVersion = "10.0.20348.2700",
            RoleAddedAt = start.AddDays(-900), HyperVInstalledAt = start.AddDays(-900), BootedAt = start.AddDays(-20), DomainRole = 5, Roles = [7, 10, 13, 135], PrintServer = new() { Policy = 1 }, LogicalProcessors = 4, MemoryMb = 8192,
            Nics = [parts.Wired("Ethernet", "Intel(R) Ethernet Server Adapter I350-T2", 1_000_000_000)],
            Zones =
            [
                new("lab.example",
                [
                    // The record of the first server was never removed, and a replaced server still registers itself.
                    new(Office, OfficeAddress) { TimeToLive = TimeSpan.FromHours(4) }, new(Office, "192.168.10.51") { TimeToLive = TimeSpan.FromHours(4) },
                    new("oldprn1.lab.example", OfficeAddress),
                    new("oldprn2.lab.example", OfficeAddress), new("oldprn2.lab.example", "192.168.10.22") { IsDynamic = true },
                    new(Labels, LabelsAddress), new("oldlabel.lab.example", LabelsAddress),
                    new("prt1.lab.example", "192.168.10.51") { IsDynamic = true }, new("prt2.lab.example", "192.168.10.52") { IsDynamic = true },
                    // The farm's own name was never entered.
                    new("oldarchive.lab.example", "192.168.10.23"),
                    new("intranet.lab.example", "web.lab.example") { IsAlias = true },
                ]),
            ],
        };
    }
}

using System.Collections.Immutable;
using HyperVDash.Lab.Scenarios.Description;

namespace HyperVDash.Lab.Scenarios.PrintFarm;

/// <summary>Two print farms behind NLB: one half migrated, one done. <c>docs/demo-lab.md</c> says what is wrong where.</summary>
internal static class PrintFarmLab
{
    public const string Office = "printnlb.lab.example";
    public const string Labels = "labels.lab.example";

    private const string OfficeAddress = "192.168.10.50";
    private const string LabelsAddress = "192.168.10.60";
    private const string Universal = "HP Universal Printing PCL 6";
    private const string Zebra = "ZDesigner ZT410-300dpi ZPL";

    public static LabDescription Describe(DateTimeOffset start) => new([HyperV("HVP1", start, "prt2"), HyperV("HVP2", start, "prt3", "prt4") with { Licence = new() { EvaluationEndsAt = start.AddDays(-2) } }, .. Servers(start), DomainController(start)], [])
    {
        PrintFarms = [new(Office, ["oldprn1", "oldprn2"], ["PRT1", "PRT2"]), new(Labels, ["oldlabel"], ["PRT3", "PRT4"])],
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
                parts.Second($"app-{name.ToLowerInvariant()}", prod, Parts.Server2022($"app-{name.ToLowerInvariant()}")),
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
            LoadBalancing = first.LoadBalancing! with { IsMulticast = true, Rules = [new(135, 135, 1), new(1024, 65535, 3)] },
        };
        var second = new PrintNode("PRT2", "192.168.10.52", 2) { FarmAddress = OfficeAddress, FarmName = "cluster.domain.com", Members = office, Server = SecondOffice, Guest = ("HVP1", "prt2") }.Describe(start);
        yield return second with { Nics = [second.Nics[0]], LoadBalancing = second.LoadBalancing! with { ModeOnStart = 0 } };
        yield return new PrintNode("PRT3", "192.168.10.61", 1) { FarmAddress = LabelsAddress, FarmName = Labels, Members = labels, Server = LabelServer, Guest = ("HVP2", "prt3") }.Describe(start);
        yield return new PrintNode("PRT4", "192.168.10.62", 2) { FarmAddress = LabelsAddress, FarmName = Labels, Members = labels, Server = LabelServer, Guest = ("HVP2", "prt4") }.Describe(start);
    }

    private static LabPrintServer FirstOffice => new()
    {
        Queues =
        [
            new("HP-1F", "HP1F", Universal, "192.168.20.11") { Location = "1st floor", Environments = ["Windows NT x86", "Windows x64"] },
            new("HP-2F", "HP2F", "Ricoh PCL6 UniversalDriver V4.38", "192.168.20.12") { Location = "2nd floor", DriverFileVersion = "4.38.0.0" },
            new("Plotter", "PLOTTER", "HP DesignJet T1700dr PS V4", "192.168.20.13") { Comment = "A0, ask the workshop" },
            new("Scan room", "SCAN", Universal, "192.168.20.14") { LprQueue = "lp1", Environments = ["Windows NT x86", "Windows x64"] },
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
        ],
        SpoolerStartMode = "Manual", OptionalNames = ["OLDPRN1"], NtlmRestriction = 1, RpcPrivacy = 1,
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
            RoleAddedAt = start.AddDays(-900), HyperVInstalledAt = start.AddDays(-900), BootedAt = start.AddDays(-20), DomainRole = 5, Roles = [10, 13], LogicalProcessors = 4, MemoryMb = 8192,
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
                    new("intranet.lab.example", "web.lab.example") { IsAlias = true },
                ]),
            ],
        };
    }
}

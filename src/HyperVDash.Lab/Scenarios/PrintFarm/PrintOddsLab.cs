using System.Collections.Immutable;
using HyperVDash.Lab.Scenarios.Description;

namespace HyperVDash.Lab.Scenarios.PrintFarm;

/// <summary>Five print farms, each ill in its own way, two DNS servers that do not agree, and one old Hyper-V host.</summary>
internal static class PrintOddsLab
{
    private const string Driver = "HP Universal Printing PCL 6";

    public static LabDescription Describe(DateTimeOffset start) => new([HyperV(start), .. Sales(start), .. Stores(start), .. Clinic(start), .. School(start), .. Alone(start), Dns("DNS1", start, isSecond: false), Dns("DNS2", start, isSecond: true)], [])
    {
        PrintFarms =
        [
            new("sales.lab.example", ["oldsales.lab.example"], ["SALES1", "SALES2"]), new("stores.lab.example", ["oldstores.lab.example"], ["STORES1", "STORES2"]),
            new("clinic.lab.example", ["oldclinic.lab.example"], ["CLINIC1", "CLINIC2"]), new("school.lab.example", ["oldschool.lab.example"], ["SCHOOL1", "SCHOOL2"]),
        ],
    };

    /// <summary>Half an hour after the start somebody mends a print server's policy and names, and does not start its services anew.</summary>
    public static ImmutableArray<Happening> Happenings(LabDescription lab) =>
    [
        new("SCHOOL2",
        [
            new(TimeSpan.FromMinutes(30), (host, _) => host),
            new(TimeSpan.FromDays(1), (host, _) => host with { PrintServer = host.PrintServer! with { Policy = 1, OptionalNames = ["OLDSCHOOL", "SCHOOL"] } }),
        ]),
    ];

    private static PrintNode Node(string farm, int number, string net, string address, ImmutableArray<LabNlbNode> members) => new($"{farm.ToUpperInvariant()}{number}", $"{net}.{10 + number}", (uint)number)
    {
        FarmAddress = address, FarmName = $"{farm}.lab.example", Members = members, Server = Server(farm),
    };

    private static LabPrintServer Server(string farm) => new()
    {
        Queues = [new("Office", "OFFICE", Driver, "192.168.30.5")], Policy = 1, OptionalNames = [$"OLD{farm.ToUpperInvariant()}", farm.ToUpperInvariant()], HardeningLevel = 0, DnsOnWire = 1, DisableStrictNameChecking = 1, RpcPrivacy = 1,
    };

    /// <summary>Both are VMs of one host, whose release has no switch for other addresses; the second is drained.</summary>
    private static IEnumerable<HostDescription> Sales(DateTimeOffset start)
    {
        ImmutableArray<LabNlbNode> members = [new("SALES1", 1, "192.168.31.11", 1008), new("SALES2", 2, "192.168.31.12", 1009)];
        yield return (Node("sales", 1, "192.168.31", "192.168.31.50", members) with { Guest = ("HVPX", "sales1"), Server = Server("sales") with { DnsOnWire = 0 } }).Describe(start);
        yield return (Node("sales", 2, "192.168.31", "192.168.31.50", members) with { Guest = ("HVPX", "sales2") }).Describe(start);
    }

    /// <summary>A third node was added that no agent reads, and the first never finishes converging.</summary>
    private static IEnumerable<HostDescription> Stores(DateTimeOffset start)
    {
        ImmutableArray<LabNlbNode> members = [new("STORES1", 1, "192.168.32.11", 1006), new("STORES2", 2, "192.168.32.12", 1008), new("STORES3", 3, "192.168.32.13", 0)];
        yield return Node("stores", 1, "192.168.32", "192.168.32.50", members).Describe(start);
        yield return Node("stores", 2, "192.168.32", "192.168.32.50", members).Describe(start);
    }

    /// <summary>Both have the first place; one is stopped and was set up by hand, with another name and another driver.</summary>
    private static IEnumerable<HostDescription> Clinic(DateTimeOffset start)
    {
        yield return Node("clinic", 1, "192.168.33", "192.168.33.50", [new("CLINIC1", 1, "192.168.33.11", 1005), new("CLINIC2", 2, "192.168.33.12", 0)]).Describe(start);
        var second = (Node("clinic", 2, "192.168.33", "192.168.33.50", [new("CLINIC2", 1, "192.168.33.12", 1008), new("CLINIC1", 2, "192.168.33.11", 0)]) with
        {
            Priority = 1, FarmName = "clinic2.lab.example", Server = Server("clinic") with { Queues = [new("Office", "OFFICE", "Kyocera TASKalfa KX", "192.168.30.5")] },
        }).Describe(start);
        yield return second with { StoppedServices = ["LanmanServer"] };
    }

    /// <summary>Neither sees the other. One spooler is down, one server knows itself by an alias.</summary>
    private static IEnumerable<HostDescription> School(DateTimeOffset start)
    {
        var server = Server("school") with { Policy = null };
        var first = (Node("school", 1, "192.168.34", "192.168.34.50", [new("SCHOOL1", 1, "192.168.34.11", 1008)]) with { Server = server }).Describe(start);
        yield return first with { StoppedServices = ["Spooler"], LoadBalancing = first.LoadBalancing! with { MacAddress = "00-15-5d-22-00-50" } };
        var second = (Node("school", 2, "192.168.34", "192.168.34.50", [new("SCHOOL2", 2, "192.168.34.12", 1008)]) with
        {
            Server = server with { OptionalNames = ["OLDSCHOOL", "SCHOOL", "SCHOOL2", "SCHOOLPRINTERS-2F"] },
        }).Describe(start);
        yield return second with { Nics = [second.Nics[0] with { IsForwarding = false }, second.Nics[1]] };
    }

    /// <summary>What is left of a farm.</summary>
    private static IEnumerable<HostDescription> Alone(DateTimeOffset start)
    {
        var only = Node("alone", 1, "192.168.35", "192.168.35.50", [new("ALONE1", 1, "192.168.35.11", 1008)]).Describe(start);
        yield return only with { Nics = [only.Nics[0] with { IsWayOut = true }] };
    }

    private static HostDescription HyperV(DateTimeOffset start)
    {
        var parts = new Parts("HVPX", start, @"D:\VM") { Extension = "vhd" };
        return OddCases.OddHosts.Host(parts, "HVPX", "pre2008") with
        {
            LogicalProcessors = 8,
            Vms = [.. new[] { "sales1", "sales2" }.Select(vm => parts.First(vm, parts.SwitchId("Prod"), LabGuest.Windows($"{vm}.lab.example", "Windows Server 2022 Standard", "10.0.20348")) with { Nics = [parts.Nic(vm, parts.SwitchId("Prod")), parts.Nic(vm, parts.SwitchId("Prod"), 1)] })],
        };
    }

    private static HostDescription Dns(string name, DateTimeOffset start, bool isSecond)
    {
        var parts = new Parts(name, start);
        return OddCases.OddHosts.Host(parts, name, "2022") with
        {
            DomainRole = 5, Roles = [10, 13], LogicalProcessors = 4, MemoryMb = 8192, Switches = [],
            Zones =
            [
                new("lab.example",
                [
                    new("sales.lab.example", "192.168.31.50") { IsDynamic = true }, new("oldsales.lab.example", "sales.lab.example") { IsAlias = true },
                    new("stores.lab.example", isSecond ? "192.168.32.11" : "192.168.32.50"), new("oldstores.lab.example", isSecond ? "192.168.32.9" : "192.168.32.50"),
                    new("clinic.lab.example", "printing.lab.example") { IsAlias = true }, new("printing.lab.example", "192.168.33.50"),
                    new("school.lab.example", "192.168.34.9"), new("oldschool.lab.example", "192.168.34.50"),
                ]),
            ],
        };
    }
}

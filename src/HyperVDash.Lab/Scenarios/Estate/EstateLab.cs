using System.Collections.Immutable;
using HyperVDash.Lab.Scenarios.Description;
using HyperVDash.Lab.Scenarios.PrintFarm;

namespace HyperVDash.Lab.Scenarios.Estate;

/// <summary>
/// Sites of eight hosts each, as an enterprise would have them: a cluster of three, stand-alone hosts of older releases, two print servers behind NLB that are VMs of
/// the cluster, and a domain controller with DNS.
/// </summary>
internal static class EstateLab
{
    public const int SiteSize = 8;

    public static LabDescription Describe(DateTimeOffset start, int hosts)
    {
        var sites = Enumerable.Range(1, (hosts + SiteSize - 1) / SiteSize).ToList();
        ImmutableArray<HostDescription> all = [.. sites.SelectMany(s => Site(s, start)).Take(hosts)];
        var names = all.Select(h => h.Name).ToHashSet(StringComparer.Ordinal);
        return new(all, [.. sites.Select(s => Cluster(s, names)).Where(c => !c.Vms.IsEmpty)])
        {
            PrintFarms = [.. sites.Where(s => names.Contains(Name(s, "PRT1"))).Select(s => new LabPrintFarm(FarmName(s), [$"oldprn{s}"], [Name(s, "PRT1"), Name(s, "PRT2")]))],
        };
    }

    private static string Name(int site, string role) => $"S{site:00}{role}";

    private static string FarmName(int site) => $"print{site:00}.lab.example";

    private static string FarmAddress(int site) => $"10.{site}.0.50";

    private static LabCluster Cluster(int site, HashSet<string> names) => new($"SITE{site:00}")
    {
        Vms = [.. ((string[])["N1", "N2", "N3"]).Select(n => Name(site, n)).Where(names.Contains).SelectMany(n => ((string[])["web", "db"]).Select(v => new LabClusteredVm(Ids.Of($"vm/{n}/{v}-{n.ToLowerInvariant()}"))))],
    };

    private static IEnumerable<HostDescription> Site(int site, DateTimeOffset start)
    {
        yield return Node(site, "N1", start, "prt1");
        yield return Node(site, "N2", start, "prt2");
        yield return Node(site, "N3", start, null);
        yield return Older(Name(site, "OLD1"), "2012R2", start);
        yield return Older(Name(site, "OLD2"), "2008R2", start);
        yield return Server(site, 1, start);
        yield return Server(site, 2, start);
        yield return DomainController(site, start);
    }

    private static HostDescription Node(int site, string role, DateTimeOffset start, string? printServer)
    {
        string name = Name(site, role), tail = name.ToLowerInvariant();
        var parts = new Parts(name, start, @"C:\ClusterStorage\Volume1");
        var prod = parts.SwitchId("Prod");
        return new HostDescription(name, "2022")
        {
            WindowsVersion = "10.0.20348", UpdateRevision = 2700, BuildLab = "20348.1.amd64fre.fe_release.210507-1500", HyperVVersion = "10.0.20348.2700",
            HyperVInstalledAt = start.AddDays(-21), RoleAddedAt = start.AddDays(-400), BootedAt = start.AddDays(-20), Roles = [20, 33], Cluster = $"SITE{site:00}",
            Nics = [parts.Wired("pNIC1", "Intel(R) Ethernet Server Adapter X520"), parts.Wired("pNIC2", "Intel(R) Ethernet Server Adapter X520 #2")],
            Switches = [parts.External("Prod", "pNIC1"), parts.External("Mgmt", "pNIC2")],
            Vms =
            [
                parts.Second($"web-{tail}", prod, Parts.Server2022($"web-{tail}")),
                parts.Second($"db-{tail}", prod, Parts.Server2022($"db-{tail}")) with { Processors = 8, MemoryMb = 32_768 },
                parts.First($"tools-{tail}", prod, Parts.Ubuntu($"tools-{tail}")),
                .. printServer is null ? Array.Empty<LabVm>() : [PrintVm(parts, Name(site, printServer).ToLowerInvariant(), prod)],
            ],
        };
    }

    private static LabVm PrintVm(Parts parts, string name, Guid prod) => parts.Second(name, prod, Parts.Server2022(name)) with
    {
        Nics = [parts.Nic(name, prod) with { AllowsMacSpoofing = true }, parts.Nic(name, parts.SwitchId("Mgmt"), 1)],
    };

    private static HostDescription Older(string name, string release, DateTimeOffset start)
    {
        bool isOldest = release == "2008R2";
        string services = isOldest ? "6.1.7601.17514" : "6.3.9600.20778", tail = name.ToLowerInvariant();
        var parts = new Parts(name, start) { Extension = isOldest ? "vhd" : "vhdx" };
        var lab = parts.SwitchId("Lab");
        return new HostDescription(name, release)
        {
            WindowsVersion = isOldest ? "6.1.7601" : "6.3.9600", UpdateRevision = isOldest ? null : 21620, HyperVVersion = services,
            BuildLab = isOldest ? "7601.17514.amd64fre.win7sp1_rtm.101119-1850" : "9600.21620.amd64fre.winblue_ltsb_escrow.231014-1630",
            HyperVInstalledAt = start.AddDays(-700), RoleAddedAt = start.AddDays(-700), BootedAt = start.AddDays(-12),
            Nics = [parts.Wired("Ethernet 1", "Intel(R) I350 Gigabit Network Connection", 1_000_000_000)],
            Switches = [parts.External("Lab", "Ethernet 1")],
            Vms = [.. Enumerable.Range(1, 3).Select(i => parts.First($"old-{i}-{tail}", lab, LabGuest.Windows($"old-{i}-{tail}.lab.example", "Windows Server 2008 R2 Standard", "6.1.7601", services: services)))],
        };
    }

    private static HostDescription Server(int site, int number, DateTimeOffset start) => new PrintNode(Name(site, $"PRT{number}"), $"10.{site}.0.5{number}", (uint)number)
    {
        FarmAddress = FarmAddress(site), FarmName = FarmName(site), Guest = (Name(site, $"N{number}"), Name(site, $"prt{number}").ToLowerInvariant()),
        Members = [new(Name(site, "PRT1"), 1, $"10.{site}.0.51", 1008), new(Name(site, "PRT2"), 2, $"10.{site}.0.52", 1007)],
        Server = new()
        {
            Queues = [.. Enumerable.Range(1, 4).Select(i => new LabQueue($"Floor {i}", $"FLOOR{i}", "HP Universal Printing PCL 6", $"10.{site}.9.{i}"))],
            Policy = 1, OptionalNames = [$"OLDPRN{site}", $"PRINT{site:00}"], DisableStrictNameChecking = 1, DnsOnWire = 1, HardeningLevel = 0, RpcPrivacy = 1,
        },
    }.Describe(start) with { Locale = number == 2 ? LabLocale.German : LabLocale.EnglishUs };

    private static HostDescription DomainController(int site, DateTimeOffset start)
    {
        string name = Name(site, "DC");
        var parts = new Parts(name, start);
        return new HostDescription(name, "2022")
        {
            WindowsVersion = "10.0.20348", UpdateRevision = 2700, BuildLab = "20348.1.amd64fre.fe_release.210507-1500", HyperVVersion = "10.0.20348.2700",
            RoleAddedAt = start.AddDays(-900), HyperVInstalledAt = start.AddDays(-900), BootedAt = start.AddDays(-20), DomainRole = 5, Roles = [10, 13], LogicalProcessors = 4, MemoryMb = 8192,
            Nics = [parts.Wired("Ethernet", "Intel(R) Ethernet Server Adapter I350-T2", 1_000_000_000)],
            Zones = [new("lab.example", [new(FarmName(site), FarmAddress(site)), new($"oldprn{site}.lab.example", FarmAddress(site))])],
        };
    }
}

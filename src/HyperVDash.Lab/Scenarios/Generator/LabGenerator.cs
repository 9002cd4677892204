using System.Collections.Immutable;
using HyperVDash.Lab.Scenarios.Description;
using HyperVDash.Lab.Scenarios.Healthy;

namespace HyperVDash.Lab.Scenarios.Generator;

/// <summary>Describes labs of any size: the same options give the same lab.</summary>
internal static class LabGenerator
{
    private static readonly string[] Names =
    [
        "web", "sql \"prod\"", "it's a test", " leading blank", "trailing blank ", "emoji 🧪🚀", "خادم الويب", "שרת בדיקות", "日本語サーバー", "a&b <c>", "back\\slash", "tab\tinside",
        "comma, equals=1", "per%cent_under", "Ünïcödé", "100%",
    ];

    private static readonly LabVmState[] States = Enum.GetValues<LabVmState>();

    public static LabDescription Describe(GeneratorOptions options, DateTimeOffset start) =>
        new([.. Enumerable.Range(0, options.Hosts).Select(i => options.IsTidy ? HealthyLab.Large($"GEN{i + 1:000}", options.VmsPerHost, i * options.VmsPerHost, start) with { Locale = options.Locale } : Host(options, i, start))], []);

    private static HostDescription Host(GeneratorOptions options, int number, DateTimeOffset start)
    {
        var random = new SequenceOf($"{options.Seed}/{number}");
        string name = $"GEN{number + 1:000}";
        var parts = new Parts(name, start) { Extension = IsOld(options) ? "vhd" : "vhdx" };
        var (version, lab, hyperV) = Windows(options.Release);
        int switches = random.Below(4) + 1;
        var host = new HostDescription(name, options.Release)
        {
            WindowsVersion = version, BuildLab = lab, HyperVVersion = hyperV, HyperVInstalledAt = start.AddDays(-300), RoleAddedAt = start.AddDays(-300), BootedAt = start.AddDays(-40),
            Locale = options.Locale,
            UpdateRevision = options.Release is "2012R2" or "2016" or "2022" or "2025" ? 2700 : null,
            Nics = [.. Enumerable.Range(0, switches).Select(i => parts.Wired($"Ethernet {i}", $"Contoso 10G Adapter #{i}"))],
            Switches = [.. Enumerable.Range(0, switches).Select(i => i == 3 ? parts.Internal("Inside") : parts.External($"Switch {i}", $"Ethernet {i}", i % 2 == 0))],
        };
        host = NetworkVariety.Of(host, parts, new SequenceOf($"{options.Seed}/{number}/network"));
        host = GeneratedPrintServer.On(host, parts, new SequenceOf($"{options.Seed}/{number}/print"));
        host = host with { Vms = [.. Enumerable.Range(0, options.VmsPerHost).Select(i => LabVariety.Of(Vm(options, parts, host, i, random, start), options, start))] };
        host = host with { Jobs = LabVariety.Jobs(host, start), Images = [LabVariety.Golden(IsOld(options), start)] };
        return GeneratedWindows.Vary(host, new SequenceOf($"{options.Seed}/{number}/windows"), start);
    }

    internal static bool IsOld(GeneratorOptions options) => options.Release is "pre2008" or "2008R2";

    private static (string Version, string Lab, string HyperV) Windows(string release) => release switch
    {
        "pre2008" => ("6.0.6001", "6001.17051.amd64fre.longhorn.071121-1812", "6.0.6001.17101"),
        "2008R2" => ("6.1.7601", "7601.17514.amd64fre.win7sp1_rtm.101119-1850", "6.1.7601.17514"),
        "2012" => ("6.2.9200", "9200.24374.amd64fre.win8_ldr.230706-1657", "6.2.9200.16384"),
        "2012R2" => ("6.3.9600", "9600.21620.amd64fre.winblue_ltsb_escrow.231014-1630", "6.3.9600.20778"),
        "2016" => ("10.0.14393", "14393.6614.amd64fre.rs1_release.231213-1821", "10.0.14393.6614"),
        "2022" => ("10.0.20348", "20348.1.amd64fre.fe_release.210507-1500", "10.0.20348.2700"),
        _ => ("10.0.26100", "26100.1.amd64fre.ge_release.240331-1435", "10.0.26100.4349"),
    };

    private static LabVm Vm(GeneratorOptions options, Parts parts, HostDescription host, int number, SequenceOf random, DateTimeOffset start)
    {
        string key = $"vm{number}";
        bool isFirst = IsOld(options) || options.Release == "2012" || random.Below(2) == 0;
        var state = States[number % States.Length];
        var vm = new LabVm(Ids.Of($"{options.Seed}/{host.Name}/{key}"), $"{Names[number % Names.Length]} {number}")
        {
            State = state, Generation = isFirst ? 1 : 2, CreatedAt = start.AddHours(-random.Below(9000) - 100), Processors = 1 << random.Below(4), MemoryMb = 512L << random.Below(6),
            HasDynamicMemory = options.Release != "pre2008" && random.Below(3) == 0, Notes = random.Below(5) == 0 ? ["first line", "second \"line\""] : [],
            Controllers = Controllers(parts, key, isFirst, random),
            Nics = [.. Enumerable.Range(0, random.Below(9)).Select(i => Nic(parts, host, key, i, isFirst, random))],
            Checkpoints = Checkpoints(options, host, key, random, start),
            Guest = random.Below(4) switch { 0 => LabGuest.Silent, 1 => Parts.Ubuntu(key), _ => Parts.Server2022(key) },
        };
        vm = NetworkVariety.Of(vm, host, new SequenceOf($"{options.Seed}/{host.Name}/{key}/network"));
        return vm.HasWorker ? vm with { StartedAt = start.AddMinutes(-random.Below(90_000) - 15) } : vm;
    }

    private static ImmutableArray<LabController> Controllers(Parts parts, string key, bool isFirst, SequenceOf random)
    {
        int disks = random.Below(21);
        var controllers = new List<LabController>();
        if (isFirst)
        {
            int onIde = Math.Min(disks, random.Below(3));
            controllers.Add(LabController.Ide(0, [.. Enumerable.Range(0, onIde).Select(i => parts.Disk(i, key, $"ide{i}"))]));
            controllers.Add(LabController.Ide(1, LabDrive.Dvd(0, random.Below(2) == 0 ? null : @"D:\ISO\setup.iso")));
            disks -= onIde;
        }

        int scsi = random.Below(5);
        for (int i = 0; i < scsi; i++)
        {
            int here = i == scsi - 1 ? disks : random.Below(disks + 1);
            disks -= here;
            controllers.Add(parts.Scsi(key, i, [.. Enumerable.Range(0, here).Select(s => s % 7 == 6 ? LabDrive.PassThrough(s, s + i) : parts.Disk(s, key, $"scsi{i}-{s}"))]));
        }

        return [.. controllers];
    }

    private static LabNic Nic(Parts parts, HostDescription host, string key, int number, bool isFirst, SequenceOf random)
    {
        Guid? target = random.Below(4) == 0 ? null : host.Switches[random.Below(host.Switches.Length)].Id;
        return parts.Nic(key, target, number, isFirst && number < 4 && random.Below(4) == 0) with
        {
            VlanId = target is null ? 0 : random.Below(3) * 100, AllowsMacSpoofing = target is not null && random.Below(6) == 0, HasStaticMac = random.Below(5) == 0,
        };
    }

    private static ImmutableArray<LabCheckpoint> Checkpoints(GeneratorOptions options, HostDescription host, string key, SequenceOf random, DateTimeOffset start)
    {
        int depth = random.Below(3) == 0 ? random.Below(6) : 0;
        var checkpoints = new List<LabCheckpoint>();
        for (int i = 0; i < depth; i++)
        {
            checkpoints.Add(new(Ids.Of($"{options.Seed}/{host.Name}/{key}/checkpoint{i}"), $"level {i}", checkpoints.LastOrDefault()?.Id, start.AddHours(-90 + (i * 10))));
        }

        return [.. checkpoints];
    }
}

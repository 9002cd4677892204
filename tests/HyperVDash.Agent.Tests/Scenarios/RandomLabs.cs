using System.Collections.Immutable;
using CsCheck;
using HyperVDash.Lab.Scenarios;
using HyperVDash.Lab.Scenarios.Description;
using HyperVDash.Lab.Scenarios.Generator;

namespace HyperVDash.Agent.Tests.Scenarios;

/// <summary>A lab that chance described: the generator's, and everything varied that it holds still.</summary>
/// <param name="Variety">Seed of what is varied.</param>
internal sealed record RandomLab(string Release, int Hosts, int Vms, int Seed, int Variety, string Language)
{
    private static readonly string[] Texts = ["a&b <c>", "say \"x\"", "日本語 テスト", "two\nlines", " blank ", "ünï", "🧪", "1;2", "]]>"];

    public LabDescription Describe(DateTimeOffset start)
    {
        var locale = Language switch { "de" => LabLocale.German, "ja" => LabLocale.Japanese, "fr" => LabLocale.French, "zh" => LabLocale.Chinese, _ => LabLocale.EnglishUs };
        var lab = LabScenarios.Generate(new GeneratorOptions(Hosts, Vms, Seed) { Release = Release, Locale = locale }, new StandingClock(start), isFrozen: true).Description;
        var random = new Random(Variety);
        bool isClustered = Hosts > 1 || random.Next(3) == 0;
        lab = lab with { Hosts = [.. lab.Hosts.Select(h => Vary(h, random, start) with { Cluster = isClustered ? "CL1" : null })] };
        return isClustered ? lab with { Clusters = [Cluster(lab, random)] } : lab;
    }

    private bool IsOld => Release is "pre2008" or "2008R2";

    private static bool Often(Random random) => random.Next(2) == 0;

    private static bool Rarely(Random random) => random.Next(6) == 0;

    private static T One<T>(Random random, params ReadOnlySpan<T> of) => of[random.Next(of.Length)];

    private HostDescription Vary(HostDescription host, Random random, DateTimeOffset start)
    {
        var switches = host.Switches.Select(s => s with
        {
            PrefersIov = Often(random), BandwidthMode = (uint)random.Next(4), TeamLoadBalancing = One(random, 4u, 5u), CreatedAt = start.AddHours(-random.Next(9000)),
        }).ToImmutableArray();
        host = host with { Switches = switches };
        var vms = host.Vms.Select(v => Vary(v, host, random, start)).ToImmutableArray();
        var used = host.Volumes.Select(v => v.Disk).Concat(vms.SelectMany(v => v.Controllers).SelectMany(c => c.Drives).Select(d => d.HostDisk).OfType<int>()).Distinct();
        return (host with
        {
            Vms = vms,
            DomainRole = (ushort)random.Next(3, 6), VmmsStartMode = One(random, "Auto", "Manual"), Manufacturer = $"Maker {random.Next(9)}", Model = $"M{random.Next(99)}",
            StoppedServices = [.. ((string[])["Spooler", "W32Time", "LanmanServer"]).Where(_ => Rarely(random))],
            HiddenWorkers = Rarely(random) ? [Ids.Of($"hidden/{random.Next()}")] : [],
            Hotfixes = Release == "pre2008" ? [.. ((string[])["KB949219", "KB950050", "{2B3B3A2E}"]).Where(_ => Often(random))] : [],
            LogicalProcessors = 8 << random.Next(4), MemoryMb = 32_768L << random.Next(5), RegistryName = Rarely(random) ? host.Name.ToLowerInvariant() : null,
            MacRange = ($"00155D{random.Next(256):X2}{random.Next(128):X2}00", $"00155D{random.Next(256):X2}{random.Next(128, 256):X2}FF"),
            IsCredentialGuardRunning = Often(random), DefaultVmPath = $@"E:\Vms {random.Next(9)}", DefaultDiskPath = $@"F:\{One(random, Texts).Trim()}".Replace("\n", " ", StringComparison.Ordinal),
            Volumes = [.. host.Volumes.Select(v => v with { Label = One(random, null, "Data", "ボリューム"), AllocationUnit = One(random, 4096UL, 65536UL), FileSystem = v.Path == @"C:\" ? "NTFS" : One(random, "NTFS", "ReFS") })],
            Disks =
            [
                .. used.Order().Select(n => new LabHostDisk(n, (ulong)random.Next(10, 9000), IsOffline: n > 1 && Often(random))
                {
                    Model = $"Disk model {random.Next(5)}", PhysicalSectorSize = One(random, 512u, 4096u), IsClustered = Rarely(random),
                }),
            ],
            Teams = [.. host.Teams.Select(t => t with { Mode = (uint)random.Next(3), LoadBalancing = One(random, 0u, 2u, 3u, 4u, 5u), VlanInterfaces = Often(random) ? [] : [7, 12] })],
            PrintServer = host.PrintServer is not { } server ? null : server with
            {
                SpoolerStartMode = One(random, "Auto", "Manual"), OptionalName = server.OptionalNames is null && Often(random) ? "OLDNAME" : null, BackConnectionNames = Often(random) ? null : ["PRINT", "OLD"],
                AllowedNames = Rarely(random) ? ["PRINT"] : null, Queues = [.. server.Queues.Select(q => q with { Comment = One(random, null, "one line"), PortNumber = One(random, 9100, 9101) })],
            },
            LoadBalancing = host.LoadBalancing is { } nlb ? nlb with { Name = One(random, "cluster.domain.com", "print.lab.example"), NetworkMask = One(random, "255.255.255.0", "255.255.0.0") } : null,
        });
    }

    private LabVm Vary(LabVm vm, HostDescription host, Random random, DateTimeOffset start)
    {
        vm = vm with
        {
            HealthState = One<ushort>(random, 5, 5, 5, 20, 25), OperationalStatus = random.Next(6) switch { 0 => [2, 32788], 1 => [6], 2 => [3], 3 => [5], _ => [2] },
            Notes = Rarely(random) ? [One(random, Texts).Trim(), "second"] : vm.Notes,
            StateChangedAt = Often(random) ? null : start.AddMinutes(-random.Next(9000)), ConfigurationChangedAt = Often(random) ? null : start.AddMinutes(-random.Next(9000)),
            MinimumMemoryMb = vm.HasDynamicMemory && Often(random) ? vm.MemoryMb / 4 : null, MaximumMemoryMb = vm.HasDynamicMemory && Often(random) ? vm.MemoryMb * 3 : null,
            HasMemoryDriver = !Rarely(random), ProcessorLoad = random.Next(101), BootOrder = [.. ((ushort[])[0, 1, 2, 3]).OrderBy(_ => random.Next())],
            BiosId = Rarely(random) ? Ids.Of($"bios/{random.Next(3)}") : null, IsSmartPaging = Often(random), SpansNumaNodes = Often(random),
            Guest = Guest(vm.Guest, random),
            ServicesOff = [.. ((string[])["Heartbeat", "KvpExchange", "Shutdown", "TimeSync", "Vss", "GuestServiceInterface"]).Where(_ => Rarely(random))],
            Version = IsOld || Release == "2012" ? null : One(random, null, "5.0", "8.0"),
        };
        var checkpoints = Checkpoints(vm, random, start);
        return vm with
        {
            Checkpoints = checkpoints, RunsOn = checkpoints.IsEmpty || Often(random) ? null : checkpoints[random.Next(checkpoints.Length)].Id,
            Nics = [.. vm.Nics.Select(n => Vary(n, host, random))],
            Controllers = [.. vm.Controllers.Select(c => c with { Drives = [.. c.Drives.Select(d => Vary(d, random))] })],
        };
    }

    private static LabGuest Guest(LabGuest guest, Random random) => random.Next(6) switch
    {
        0 => LabGuest.WithoutDaemons,
        1 => guest with { Heartbeat = One(random, Enum.GetValues<LabContact>()), KeyValuePairs = One(random, Enum.GetValues<LabContact>()), IsOutdated = Often(random) },
        2 when !guest.Items.IsEmpty => guest with
        {
            IsOutdated = Often(random), Items = [.. guest.Items.Where(i => i.Name is "OSPlatformId" or "ProcessorArchitecture" || !Rarely(random)), ("Vendor", One(random, Texts).Trim())],
            CustomItems = [.. Enumerable.Range(0, random.Next(5)).Select(i => ($"key {i}", (string?)One(random, Texts)))],
        },
        _ => guest,
    };

    /// <summary>A tree: each may stand on any of those before it.</summary>
    private ImmutableArray<LabCheckpoint> Checkpoints(LabVm vm, Random random, DateTimeOffset start)
    {
        var tree = ImmutableArray.CreateBuilder<LabCheckpoint>();
        for (int i = 0; i < vm.Checkpoints.Length; i++)
        {
            tree.Add(vm.Checkpoints[i] with
            {
                Name = One(random, Texts).Trim() + i, ParentId = i == 0 ? null : tree[random.Next(i)].Id, CreatedAt = start.AddHours(-90 + (i * 7)), HasSavedState = Often(random),
                Kind = IsOld ? LabCheckpointKind.User : One(random, LabCheckpointKind.User, LabCheckpointKind.User, LabCheckpointKind.Backup, LabCheckpointKind.Replica),
            });
        }

        return tree.ToImmutable();
    }

    private LabNic Vary(LabNic nic, HostDescription host, Random random)
    {
        bool isLost = random.Next(12) == 0;
        return nic with
        {
            Name = One(random, null, null, null, "Uplink", One(random, Texts).Trim()), IsUnplugged = !IsOld && nic.SwitchId is not null && Rarely(random), Gateway = Often(random) ? "192.168.10.1" : null,
            Address = Rarely(random) ? null : nic.Address, SwitchId = isLost ? One(random, (Guid?)Ids.Of("switch/gone"), null) : nic.SwitchId, LastKnownSwitchName = isLost && Release is "2016" or "2022" or "2025" ? "Gone" : null,
            Mac = nic.HasStaticMac ? $"02{random.Next(256):X2}00{random.Next(256):X2}00{random.Next(256):X2}" : nic.Mac,
        };
    }

    private LabDrive Vary(LabDrive drive, Random random) => drive with
    {
        IsHostDiskGone = drive.HostDisk is not null && Rarely(random), MinimumIops = Rarely(random) ? 100UL : 0UL,
        File = drive.Kind == LabDriveKind.Dvd ? drive.File : drive.File with
        {
            IsMissing = random.Next(15) == 0, HeaderCode = random.Next(15) == 0 ? One(random, 32774L, 32768L) : null, ChainCode = random.Next(10) == 0 ? 32768L : null,
        },
    };

    private LabCluster Cluster(LabDescription lab, Random random) => new("CL1")
    {
        FunctionalLevel = (uint)random.Next(8, 12), Witness = One(random, null, "File Share Witness", "Cloud Witness"), WitnessState = One(random, 2u, 3u, 4u),
        NodeStates = ImmutableDictionary.CreateRange(lab.Hosts.Select(h => KeyValuePair.Create(h.Name, (uint)random.Next(4)))),
        SharedVolumes = Release == "pre2008" ? [] : [.. Enumerable.Range(1, random.Next(4)).Select(i => new LabSharedVolume($"Volume{i}", (ulong)random.Next(10_000, 4_000_000), (ulong)random.Next(10_000)) { Fault = (uint)random.Next(3), IsInBackup = Often(random) })],
        Networks =
        [
            .. Enumerable.Range(0, random.Next(1, 4)).Select(i => new LabClusterNetwork($"Network {i}", $"10.0.{i}.0") { Role = One(random, 0u, 1u, 3u), State = (uint)random.Next(4), Metric = (uint)random.Next(90_000), Adapter = i }),
        ],
        Vms =
        [
            .. lab.Hosts.SelectMany(h => h.Vms).Where(_ => Often(random)).DistinctBy(v => v.Name).Select(v => new LabClusteredVm(v.Id, Rarely(random) ? [lab.Hosts[0].Name] : null)
            {
                Priority = One(random, 0u, 1000u, 2000u, 3000u), AntiAffinity = Rarely(random) ? ["tier 1", "dc"] : [], PreferredOwners = Rarely(random) ? [lab.Hosts[^1].Name] : [],
            }),
        ],
    };
}

/// <summary>How random labs come about; fewer hosts and VMs are tried when something is found.</summary>
internal static class RandomLabs
{
    private static readonly Gen<int> Any = Gen.Int[0, 1_000_000];

    public static Gen<RandomLab> Of(params string[] releases) =>
        Gen.Select(Gen.OneOf(releases), Gen.Int[1, 2], Gen.Int[0, 14], Any, Any, Gen.OneOf("en", "de", "ja", "fr", "zh"), (release, hosts, vms, seed, variety, language) => new RandomLab(release, hosts, vms, seed, variety, language));
}

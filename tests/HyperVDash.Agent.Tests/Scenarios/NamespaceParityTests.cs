using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using HyperVDash.Lab.Scenarios;
using HyperVDash.Lab.Scenarios.Description;
using HyperVDash.Lab.Scenarios.Generator;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Json;

namespace HyperVDash.Agent.Tests.Scenarios;

/// <summary>The same VMs on a host that has only the older Hyper-V namespace and on one that has the newer are told alike, property by property.</summary>
public sealed class NamespaceParityTests
{
    /// <summary>Everything that is told of VMs and of what they hang on.</summary>
    private static readonly string[] Sections = ["virtualMachines", "devices", "guests", "checkpoints", "virtualDisks", "switches", "jobs", "performance", "counters"];

    /// <summary>What the older namespace has no column or class for, each with the release that brought it. There it is null, or the word unknown: never a value of our own.</summary>
    private static readonly HashSet<string> OnlyNew =
    [
        // Msvm_ComputerSystem.LastSuccessfulBackupTime, 2012.
        "virtualMachines.items.lastBackupAt",
        // Msvm_VirtualSystemSettingData.SwapFileDataRoot and VirtualNumaEnabled, 2012.
        "virtualMachines.items.smartPagingPath", "virtualMachines.items.hasVirtualNuma",
        // SecureBootEnabled, 2012 R2.
        "virtualMachines.items.isSecureBoot",
        // UserSnapshotType and AutomaticCriticalErrorAction, 2016; AutomaticSnapshotsEnabled, Windows 10 1709.
        "virtualMachines.items.checkpointPolicy", "virtualMachines.items.pausesOnStorageLoss", "virtualMachines.items.takesAutomaticCheckpoints",
        // Msvm_ProcessorSettingData.ExposeVirtualizationExtensions, 2016.
        "virtualMachines.items.exposesVirtualization",
        // Msvm_SecuritySettingData, 2016.
        "virtualMachines.items.security",
        // Replica, 2012.
        "virtualMachines.items.replication",
        // Msvm_StorageAllocationSettingData.IOPSLimit, IOPSReservation and PersistentReservationsSupported, 2012 R2.
        "devices.drives.maximumIops", "devices.drives.minimumIops", "devices.drives.isShared",
        // The features of a switch port beside VLAN, MAC spoofing and VMQ, 2012; ClusterMonitored, 2012 R2.
        "devices.networkAdapters.hasDhcpGuard", "devices.networkAdapters.hasRouterGuard", "devices.networkAdapters.allowsTeaming", "devices.networkAdapters.monitorMode",
        "devices.networkAdapters.minimumBitsPerSecond", "devices.networkAdapters.bandwidthWeight", "devices.networkAdapters.maximumBitsPerSecond",
        "devices.networkAdapters.srIovWeight", "devices.networkAdapters.isClusterMonitored",
        // Port settings of an adapter that hangs on no switch: the older namespace keeps them with the switch's port, of which there is none then.
        "devices.networkAdapters.vlan", "devices.networkAdapters.allowsMacSpoofing", "devices.networkAdapters.vmqWeight",
        // Msvm_SummaryInformation.IntegrationServicesVersionState, 2016; Msvm_GuestNetworkAdapterConfiguration, 2012.
        "guests.items.integrationVersion", "guests.items.adapters",
        // IsAutomaticSnapshot, 1709; IsSaved, 2012.
        "checkpoints.items.isAutomatic", "checkpoints.items.hasSavedState",
        // Msvm_VirtualHardDiskSettingData: sector sizes and block size, 2012; VirtualDiskId, 2012 R2.
        "virtualDisks.items.logicalSectorSize", "virtualDisks.items.physicalSectorSize", "virtualDisks.items.blockSize", "virtualDisks.items.diskId",
        // Switch settings, extensions and hardware offloads, 2012.
        "switches.items.createdAt", "switches.items.isSrIovPreferred", "switches.items.bandwidthMode", "switches.items.extensions", "switches.items.extensionList",
        "switches.items.vmqCapacity", "switches.items.vmqUsage", "switches.items.srIovCapacity", "switches.items.srIovUsage",
        // Embedded teams and packet direct, 2016.
        "switches.items.isEmbeddedTeaming", "switches.items.isPacketDirect",
        // SwapFilesInUse and MemorySpansPhysicalNumaNodes, 2012.
        "performance.virtualMachines.isSmartPaging", "performance.virtualMachines.spansNumaNodes",
        // Operations of a disk by their number a second, 2016.
        "counters.virtualMachines.diskOperationsPerSecond",
    ];

    /// <summary>What only the older namespace says.</summary>
    private static readonly HashSet<string> OnlyOld =
    [
        // Msvm_VirtualHardDiskInfo.InUse; the newer column is reserved.
        "virtualDisks.items.isInUse",
    ];

    /// <summary>Both say it, and each in its own numbers.</summary>
    private static readonly HashSet<string> OwnNumbers =
    [
        // EnabledState as it came; the word made of it is compared.
        "virtualMachines.items.stateCode",
        // The newest version of each release.
        "virtualMachines.items.configurationVersion",
    ];

    private static readonly Gen<(int Seed, int Enrich)> Labs = Gen.Select(Gen.Int[0, 1_000_000], Gen.Int[0, 1_000_000]);

    [Fact]
    public async Task The_same_VMs_are_told_alike_in_both_namespaces()
    {
        var stop = TestContext.Current.CancellationToken;
        var seen = new HashSet<string>();
        await Labs.SampleAsync(async lab =>
        {
            var described = Described(lab.Seed, lab.Enrich);
            var old = await ReadAsync(described, "2008R2", stop);
            var young = await ReadAsync(described, "2022", stop);
            var wrong = new List<string>();
            foreach (var (place, one, other) in JsonDifferences.Between(Told(old), Told(young)))
            {
                bool isKnown = (OnlyNew.Contains(place) && IsUnsaid(one)) || (OnlyOld.Contains(place) && IsUnsaid(other)) || OwnNumbers.Contains(place);
                if (isKnown)
                {
                    lock (seen)
                    {
                        seen.Add(place);
                    }
                }
                else
                {
                    wrong.Add($"{place}: {Short(one)} | {Short(other)}");
                }
            }

            wrong.AddRange(Ports(old).Except(Ports(young)));
            Assert.True(wrong.Count == 0, string.Join('\n', wrong.Distinct().Take(40)));
        }, iter: 4, threads: 1);

        // A line above that is never needed would hide a mistake.
        Assert.Empty(OnlyNew.Union(OnlyOld).Union(OwnNumbers).Except(seen));
    }

    /// <summary>What both namespaces keep with a port, of the adapters that have one.</summary>
    private static IEnumerable<string> Ports(HostReading reading) => reading.Devices.Content!.NetworkAdapters!.Value.Where(n => n.SwitchId is not null)
        .Select(n => $"{n.Id} {n.Vlan} {n.VlanId} {string.Join(',', n.TrunkVlanIds)} {n.AllowsMacSpoofing} {n.VmqWeight}");

    private static string? Short(JsonNode? node) => node?.ToJsonString() is { Length: > 200 } text ? $"{text[..200]}…" : node?.ToJsonString();

    private static bool IsUnsaid(JsonNode? node) => node is null || (node.GetValueKind() == JsonValueKind.String && node.GetValue<string>().Equals("unknown", StringComparison.OrdinalIgnoreCase));

    /// <summary>A host with VMs that both namespaces can hold, and more about them that only the newer one can say.</summary>
    private static Func<DateTimeOffset, LabDescription> Described(int seed, int enrich) => start =>
    {
        var host = LabScenarios.Generate(new GeneratorOptions(1, 24, seed) { Release = "2008R2" }, new StandingClock(start), isFrozen: true).Description.Hosts[0];
        var random = new Random(enrich);
        return new LabDescription([host with
        {
            Vms = [.. host.Vms.Select(v => Enriched(v, random, start))],
            // Moving a running VM has a class of jobs of its own since 2012.
            Jobs = [.. host.Jobs.Where(j => j.Kind != LabJobKind.Migration)],
        }], []);
    };

    private static LabVm Enriched(LabVm vm, Random random, DateTimeOffset start) => vm with
    {
        // Devices that came with 2016 and later.
        AssignedDevices = [], GpuPartitions = 0,
        Replication = random.Next(3) == 0 ? new LabReplication(random.Next(1, 4)) { State = random.Next(12), LastReplicatedAt = start.AddMinutes(-7) } : null,
        HasTpm = random.Next(3) == 0,
        IsSmartPaging = random.Next(3) == 0,
        MinimumMemoryMb = vm.HasDynamicMemory && random.Next(2) == 0 ? vm.MemoryMb / 4 : null,
        MaximumMemoryMb = vm.HasDynamicMemory && random.Next(2) == 0 ? vm.MemoryMb * 3 : null,
        HealthState = (ushort)(random.Next(4) switch { 0 => 20, 1 => 25, _ => 5 }),
        OperationalStatus = random.Next(4) switch { 0 => [2, 32788], 1 => [6], 2 => [3], _ => [2] },
        Checkpoints = [.. vm.Checkpoints.Select(c => c with { HasSavedState = random.Next(2) == 0 })],
        RunsOn = vm.Checkpoints.Length > 0 && random.Next(2) == 0 ? vm.Checkpoints[random.Next(vm.Checkpoints.Length)].Id : null,
        BootOrder = [.. ((ushort[])[0, 1, 2, 3]).OrderBy(_ => random.Next())],
        BiosId = random.Next(3) == 0 ? Ids.Of($"bios/{random.Next(5)}") : null,
        Nics =
        [
            .. vm.Nics.Select(n => n with
            {
                HasDhcpGuard = random.Next(3) == 0, HasRouterGuard = random.Next(3) == 0, AllowsTeaming = random.Next(3) == 0, MonitorMode = (uint)random.Next(3), SrIovWeight = (uint)random.Next(2) * 50,
                Bandwidth = random.Next(3) == 0 ? new LabBandwidth(100, 10, 1_000_000) : null, Name = random.Next(4) == 0 ? $"uplink {random.Next(3)}" : null,
            }),
        ],
        Controllers = [.. vm.Controllers.Select(c => c with { Drives = [.. c.Drives.Select(d => d with { MinimumIops = (ulong)random.Next(2) * 100, IsHostDiskGone = d.HostDisk is not null && random.Next(3) == 0 })] })],
    };

    private static async Task<HostReading> ReadAsync(Func<DateTimeOffset, LabDescription> describe, string release, CancellationToken stop)
    {
        var clock = new StandingClock(StandingClock.Morning);
        return Assert.Single(await ScenarioReader.ReadAsync(LabScenarios.Describe(start => In(describe(start), release), clock, isFrozen: true), clock, stop));
    }

    private static LabDescription In(LabDescription lab, string release) => release == "2008R2" ? lab : lab with
    {
        Hosts = [.. lab.Hosts.Select(h => h with { Release = release, WindowsVersion = "10.0.20348", BuildLab = "20348.1.amd64fre.fe_release.210507-1500", HyperVVersion = "10.0.20348.2700", UpdateRevision = 2700 })],
    };

    private static JsonObject Told(HostReading reading)
    {
        var told = new JsonObject();
        foreach (string name in Sections)
        {
            var section = SectionLens.Find(name)!.Get(reading);
            Assert.True(section.Attempt.State == SectionState.Complete, $"{name} is {section.Attempt.State}: {section.Attempt.Reason}");
            told[name] = JsonSerializer.SerializeToNode(section, section.GetType(), AgentJson.Options)!["content"]!.DeepClone();
        }

        // Came with 2012 R2, as a service like the others.
        foreach (var guest in told["guests"]!["items"]!.AsArray())
        {
            guest!["services"] = new JsonArray([.. guest["services"]!.AsArray().Where(s => s!["kind"]!.GetValue<string>() != "guestServiceInterface").Select(s => s!.DeepClone())]);
        }

        return told;
    }
}

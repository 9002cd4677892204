using System.Collections.Immutable;
using HyperVDash.Lab.Scenarios.Description;

namespace HyperVDash.Lab.Scenarios.Generator;

/// <summary>Gives generated VMs every kind of disk, device, protection and limit.</summary>
internal static class LabVariety
{
    private static readonly LabJobKind[] Kinds = Enum.GetValues<LabJobKind>();

    public static LabVm Of(LabVm vm, GeneratorOptions options, DateTimeOffset start)
    {
        var random = new SequenceOf($"{options.Seed}/more/{vm.Id}");
        bool isOld = LabGenerator.IsOld(options);
        return vm with
        {
            Controllers = [.. vm.Controllers.Select(c => c with { Drives = [.. c.Drives.Select(d => d.Image is null || d.Kind == LabDriveKind.Dvd ? d : Disk(d, random, isOld, start))] })],
            FloppyImage = vm.Generation == 1 && random.Below(7) == 0 ? @"D:\ISO\driver.vfd" : null,
            Pipes = random.Below(6) == 0 ? [@"\\.\pipe\" + vm.Id, null] : [],
            AssignedDevices = random.Below(9) == 0 ? [@"PCIROOT(0)#PCI(0300)#PCI(0000)"] : [],
            GpuPartitions = random.Below(9) == 0 ? 2 : 0,
            HasRemoteFx = !isOld && random.Below(12) == 0,
            LastBackupAt = random.Below(4) == 0 ? null : start.AddHours(-random.Below(400)),
            Replication = isOld || random.Below(4) > 0 ? null : Replication(random, start, options.Release == "2012"),
            CheckpointPolicy = 2 + random.Below(4),
            TakesAutomaticCheckpoints = random.Below(8) == 0,
            HasTpm = vm.Generation == 2 && random.Below(3) == 0,
            IsShielded = vm.Generation == 2 && random.Below(6) == 0,
            ExposesVirtualization = random.Below(5) == 0,
            LimitsProcessorFeatures = random.Below(5) == 0,
            ProcessorReservePercent = random.Below(3) * 10,
            ProcessorLimitPercent = 100 - (random.Below(3) * 10),
            ProcessorWeight = 100 * (1 + random.Below(3)),
            StartDelaySeconds = random.Below(4) * 30,
        };
    }

    public static ImmutableArray<LabJob> Jobs(HostDescription host, DateTimeOffset start) =>
    [
        .. host.Vms.Where((_, i) => i % 9 == 4).Select((vm, i) => new LabJob(Ids.Of($"job/{vm.Id}"), vm.Id, Kinds[i % Kinds.Length])
        {
            Percent = i * 13 % 101, State = i % 4 == 3 ? 7 : 4, StartedAt = start.AddMinutes(-i - 3), NamesSettings = i % 2 == 1, Type = i,
        }),
    ];

    /// <summary>The parent of the linked clones.</summary>
    public static LabImage Golden(bool isOld, DateTimeOffset start) => new(PathOf(isOld), new LabDiskFile { MaximumGb = 60, FileGb = 12, IsReadOnly = true, ModifiedAt = start.AddDays(-200) });

    private static string PathOf(bool isOld) => isOld ? @"E:\Golden\base.vhd" : @"E:\Golden\base.vhdx";

    private static LabDrive Disk(LabDrive drive, SequenceOf random, bool isOld, DateTimeOffset start) => drive with
    {
        File = random.Below(8) switch
        {
            0 => new() { Type = LabDiskType.Fixed, MaximumGb = 40 },
            1 => new() { Type = LabDiskType.Differencing, MaximumGb = 60, FileGb = 3, Parent = PathOf(isOld) },
            2 => new() { MaximumGb = 2048, PhysicalSectorSize = 512, ModifiedAt = start.AddDays(-3) },
            3 => new() { IsCompressed = random.Below(2) == 0, IsEncrypted = random.Below(2) == 0, IsReadOnly = random.Below(2) == 0 },
            _ => new() { MaximumGb = 20 * (1 + random.Below(9)) },
        },
        MaximumIops = random.Below(6) == 0 ? 500UL : 0UL,
        IsShared = random.Below(20) == 0,
    };

    private static LabReplication Replication(SequenceOf random, DateTimeOffset start, bool isFixed) => Counted(new(1 + random.Below(4))
    {
        State = random.Below(12), Health = 1 + random.Below(3), LastReplicatedAt = start.AddMinutes(-random.Below(90)), LastConsistentAt = random.Below(2) == 0 ? start.AddHours(-2) : null,
        LastTestFailoverAt = random.Below(2) == 0 ? start.AddDays(-random.Below(200) - 1) : null, Interval = isFixed ? 300 : new[] { 30, 300, 900 }[random.Below(3)],
    });

    private static LabReplication Counted(LabReplication drawn) => drawn with { Missed = drawn.State * drawn.Health, PendingMb = (drawn.Health - 1) * drawn.Interval };
}

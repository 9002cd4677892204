using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Disks;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Units;
using HyperVDash.Model.Volumes;
using HyperVDash.Rules.Disks;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Checkpoints;

public sealed class GrownCheckpointFile : OneVerdictRule<DriveSubject>
{
    private const long GiB = 1L << 30;
    private const long LargeGiB = 100;

    // A master of linked clones is small, and every clone outgrows it.
    private const long SmallParentGiB = 10;
    private const int RoomPercent = 5;
    private const double LeastDays = 3;

    public override RuleCard Card { get; } = new("HVD608", "checkpoint-growth", RuleScope.Drive, RuleKind.Configuration)
    {
        Title = "Checkpoint file has grown large, or there is no room to merge it",
        Why = "A merge that does not fit ends in a full volume and paused VMs.",
        Fix = "Delete the checkpoint in a quiet hour, free space first, or move the VM's storage to a larger volume.",
        Quiet = "A parent below 10 GiB, as of linked clones, is compared by size alone. How fast a file grows is known after the agent has watched it for an hour.",
        Sections = ["devices", "virtualMachines", "virtualDisks"],
        Mentions = ["volumes", "cluster", "checkpoints", "operatingSystem"],
        ExplainedBy = [new("HVD409", Relation.SameObject)],
        Severities = [Severity.Warning, Severity.Error, Severity.Critical],
        Origin = "Published documentation of checkpoints (room while merging); field practice",
    };

    public override Verdict Decide(DriveSubject subject, RuleContext context) =>
        Unreadable(subject.Host, context, "virtualMachines", "devices") ?? subject.Drive switch
        {
            { Kind: not DriveKind.Disk } => NotFor("Only disks have checkpoints."),
            { Content: DriveContent.Unknown } => NotSaid("devices", "what is in the drive"),
            { Content: DriveContent.Image, Path: { } path } => Unreadable(subject.Host, context, "virtualDisks") ?? Judge(subject, context, CheckpointFiles.ChainOf(subject.Host, path)),
            _ => NotFor("No virtual disk is in it."),
        };

    private static Verdict Judge(DriveSubject subject, RuleContext context, CheckpointChain chain)
    {
        if (!chain.IsComplete || !chain.Files.Any(f => CheckpointFiles.IsOne(f.Path)))
        {
            return chain.Gap ?? Verdict.Passed;
        }

        var files = chain.Files.Where(f => CheckpointFiles.IsOne(f.Path)).ToList();
        var parent = chain.Files.FirstOrDefault(f => !CheckpointFiles.IsOne(f.Path));
        if (files.Exists(f => f.FileSize is null) || parent?.FileSize is not { } parentSize)
        {
            return NotSaid("virtualDisks", "the size of every file of the chain");
        }

        long size = files.Sum(f => f.FileSize!.Value.Bytes);
        // What is merged is written to the parent.
        var free = FreeSpace.At(subject.Host, parent.Path);
        var found = new Sizes(files, parent, new(size), parentSize, free);
        double? days = free is { } room && files[0].GrowthPerDay is { Bytes: > 0 } growth ? (double)room.Bytes / growth.Bytes : null;
        return days < LeastDays ? Fire(subject, found, "forecast", Severity.Critical, string.Create(CultureInfo.InvariantCulture, $"{subject.Vm.Name} {Slot.Of(subject.Drive)} grows by {files[0].GrowthPerDay} a day, and its volume is full in {days:0.0} days"))
            : free is { } left && left.Bytes < size + (size * RoomPercent / 100) ? Fire(subject, found, "room", Severity.Error, $"{subject.Vm.Name} {Slot.Of(subject.Drive)} has {found.Size} to merge, and {left} are free")
            : size > LargeGiB * GiB || (parentSize.Bytes >= SmallParentGiB * GiB && size * 100 > parentSize.Bytes * context.Settings.CheckpointGrowthPercent)
                ? Fire(subject, found, "large", Severity.Warning, $"The checkpoint files of {subject.Vm.Name} {Slot.Of(subject.Drive)} have grown to {found.Size} on a parent of {parentSize}")
            : free is not null ? Verdict.Passed
            : Unreadable(subject.Host, context, "volumes") is Verdict.Unknown unknown ? unknown
            : new Verdict.Unknown("volumes", $"What is free where {VisibleText.Of(parent.Path)} is, is not known.") { Variant = "room" };
    }

    private static Verdict.Fire Fire(DriveSubject subject, Sizes found, string variant, Severity severity, string title) => new(variant, severity, title)
    {
        Impact = variant == "large" ? "Merging it will take long and load the storage." : "The volume fills up, and every VM on it pauses.",
        Remedy = Mend(subject.Host, RemedyRisk.Online, $"{(variant == "large" ? "" : "Free space first, or move the storage to a larger volume. ")}Then delete the checkpoints of {subject.Vm.Name} in a quiet hour.",
            $"Free space on the volume, delete the checkpoints of {subject.Vm.Name} in Hyper-V Manager, and shut it down so that its disks merge.",
            PowerShell.Line($"Move-VMStorage -ComputerName {subject.Host} -VMName {subject.Vm.Name} -DestinationStoragePath <folder>"),
            PowerShell.Line($"Get-VMSnapshot -ComputerName {subject.Host} -VMName {subject.Vm.Name} | Remove-VMSnapshot")),
        Evidence =
        [
            .. found.Files.Take(10).Select(f => Fact(subject.Host, "virtualDisks", VisibleText.Of(f.Path), $"{f.FileSize}{(f.GrowthPerDay is { } growth ? $", {growth} more a day" : "")}", null, "CIM_DataFile.FileSize")),
            Fact(subject.Host, "virtualDisks", $"Parent {VisibleText.Of(found.Parent.Path)}", $"{found.ParentSize}", null, "CIM_DataFile.FileSize"),
            Fact(subject.Host, "virtualDisks", "To merge", $"{found.Size}", variant == "large" ? "half of the parent and 100 GiB at most" : null, "CIM_DataFile.FileSize"),
            Fact(subject.Host, "volumes", "Free where the parent is", found.Free?.ToString(), variant == "large" ? null : "the files and 5 %", "Win32_Volume.FreeSpace"),
            Fact(subject.Host, "checkpoints", "Oldest checkpoint", CheckpointFacts.Oldest(subject.Host.CheckpointsOf[subject.Vm.Id])?.ToString("u", CultureInfo.InvariantCulture), null, "Msvm_VirtualSystemSettingData.CreationTime"),
        ],
    };

    private sealed record Sizes(List<VirtualDisk> Files, VirtualDisk Parent, ByteSize Size, ByteSize ParentSize, ByteSize? Free);

    public override ImmutableArray<Example<DriveSubject>> Examples { get; } =
    [
        Fires(Severity.Error, "180 GiB on a parent of 200 GiB, with 90 GiB free", Drive(180, 200, 90)),
        Passes("5 GiB on a parent of 200 GiB, with 900 GiB free", Drive(5, 200, 900)),
        Fires(Severity.Warning, "101 GiB on a parent of 1,000 GiB", Drive(101, 1000, 900)),
        Passes("exactly 100 GiB on a parent of 1,000 GiB", Drive(100, 1000, 900)),
        Fires(Severity.Warning, "51 GiB on a parent of 100 GiB", Drive(51, 100, 900)),
        Passes("exactly half of a parent of 100 GiB", Drive(50, 100, 900)),
        Passes("8 GiB on the master of linked clones, 9 GiB", Drive(8, 9, 900)),
        Fires(Severity.Warning, "8 GiB on a parent of exactly 10 GiB", Drive(8, 10, 900)),
        Passes("20 GiB, with exactly 21 GiB free", Drive(20, 200, 21)),
        Fires(Severity.Error, "20 GiB, with 20.9 GiB free", Drive(20, 200, 20.9)),
        Fires(Severity.Critical, "a file that fills its volume in two days", Drive(20, 200, 100, growth: 50)),
        Passes("a file that fills its volume in exactly three days", Drive(20, 200, 150, growth: 50)),
        Passes("a disk without checkpoint files", Given.Host().With(Sample.Vm).Drive()),
        Skips("a DVD drive", Given.Host().With(Sample.Vm).With(Given.Dvd(1, 0)).Drive()),
        CannotTell("a parent of unknown size", Drive(5, null, 900)),
        CannotTell("volumes that could not be read", new(Sample.Disk with { Path = Path }, Sample.Vm, new(Reading(5, 200) with { Volumes = Sample.Failed<VolumeList>(SectionState.Denied, "no right") }))),
    ];

    private const string Path = @"D:\VMs\a_1.avhdx";

    private static DriveSubject Drive(double size, double? parent, double free, double? growth = null) => (Reading(size, parent, growth) with
    {
        Volumes = Sample.Read(new VolumeList { Items = [Sample.SystemVolume, Sample.DataVolume with { Free = ByteSize.FromGiB(free) }] }),
    }).Drive();

    private static HostReading Reading(double size, double? parent, double? growth = null) => Given.Host().With(Sample.Vm).With(Sample.Disk with { Path = Path }) with
    {
        VirtualDisks = Sample.Read(new VirtualDiskList
        {
            Items =
            [
                Sample.VirtualDisk with { Path = Path, ParentPath = @"D:\VMs\a.vhdx", Type = VirtualDiskType.Differencing, FileSize = ByteSize.FromGiB(size), GrowthPerDay = growth is { } daily ? ByteSize.FromGiB(daily) : null },
                Sample.VirtualDisk with { Path = @"D:\VMs\a.vhdx", FileSize = parent is { } gib ? ByteSize.FromGiB(gib) : null },
            ],
        }),
    };
}

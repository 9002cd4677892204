using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Disks;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Jobs;
using HyperVDash.Model.Replication;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Checkpoints;

public sealed class LeftBehindCheckpointFile : OneVerdictRule<DriveSubject>
{
    private static readonly TimeSpan Settles = TimeSpan.FromMinutes(30);

    public override RuleCard Card { get; } = new("HVD604", "avhdx-without-checkpoint", RuleScope.Drive, RuleKind.Configuration)
    {
        Title = "VM runs on .avhd/.avhdx but no checkpoint exists",
        Why = "The tree of checkpoints was lost or a backup died half way. The next move, resize or backup of the disk fails, and somebody will take the file for rubbish and delete it.",
        Fix = "Back the VM up first. Delete what is left of a backup's checkpoint, else merge the file by hand while the VM is off. Never delete it.",
        Quiet = "For the first half hour; while a job works on the VM or its disks merge; on releases that merge only when the VM is off (HVD603); a replica that is being copied. Files that no VM and no checkpoint names are not looked for.",
        Sections = ["devices", "virtualMachines", "checkpoints", "virtualDisks"],
        Mentions = ["operatingSystem", "jobs"],
        ExplainedBy = [new("HVD603", Relation.ImpactedHost), new("HVD409", Relation.SameObject)],
        Severities = [Severity.Error],
        Origin = "Published documentation of checkpoints; the most frequent damage after backups that crash",
    };

    public override Verdict Decide(DriveSubject subject, RuleContext context) =>
        Unreadable(subject.Host, context, "virtualMachines", "devices") ?? subject.Drive switch
        {
            { Kind: not DriveKind.Disk } => NotFor("Only disks have checkpoints."),
            { Content: DriveContent.Unknown } => NotSaid("devices", "what is in the drive"),
            { Content: DriveContent.Image, Path: { } path } => Unreadable(subject.Host, context, "checkpoints", "virtualDisks") ?? Judge(subject, context, CheckpointFiles.ChainOf(subject.Host, path)),
            _ => NotFor("No virtual disk is in it."),
        };

    private static Verdict Judge(DriveSubject subject, RuleContext context, CheckpointChain chain)
    {
        var loose = CheckpointFiles.Loose(subject.Host, chain);
        if (loose.IsEmpty)
        {
            return chain.Gap ?? Verdict.Passed;
        }

        if (subject.Host.Profile?.Profile.Capabilities.LiveMerge == false && subject.Vm.State != VirtualMachineState.Off)
        {
            return NotFor("This release merges when the VM is off: HVD603 tells it.");
        }

        if (subject.Vm.Activity is not null || subject.Vm.Replication?.State is ReplicationState.WaitingForInitialReplication or ReplicationState.Resyncing or ReplicationState.WaitingForResync)
        {
            return NotFor("The host works on the VM's disks.");
        }

        return Unreadable(subject.Host, context, "jobs") is Verdict.Unknown unknown ? unknown
            : subject.Host.Reading.Jobs.Content?.Items.Any(j => j.VirtualMachineId == subject.Vm.Id && j.State is JobState.New or JobState.Starting or JobState.Running or JobState.Suspended) == true
                ? NotFor("A job works on the VM.")
            : loose.Min(f => f.WithoutCheckpointSince) is not { } since ? NotSaid("virtualDisks", "since when no checkpoint stands below the file")
            : context.Reached(since + Settles) ? Fire(subject, chain, loose, since) : Verdict.Passed;
    }

    private static Verdict.Fire Fire(DriveSubject subject, CheckpointChain chain, ImmutableArray<VirtualDisk> loose, DateTimeOffset since)
    {
        var last = loose[^1];
        return new("left", Severity.Error, $"{subject.Vm.Name} {Slot.Of(subject.Drive)} runs on {VisibleText.Of(FileOf(loose[0].Path))}, and it has no checkpoint")
        {
            Impact = "Moving, resizing or backing up the disk fails; without the file, everything written since is lost.",
            Remedy = Mend(subject.Host, RemedyRisk.NeedsVirtualMachineOff,
                $"Back {subject.Vm.Name} up. Delete what a backup left, if there is something; else shut it down, merge each file into its parent, from the newest to the oldest, attach the last parent and check it. Keep the files until it has started.",
                $"Back {subject.Vm.Name} up, shut it down and wait for a merge. If the file stays, use Edit Disk to merge it into its parent, and attach the parent.",
                PowerShell.Line($"Get-VMSnapshot -ComputerName {subject.Host} -VMName {subject.Vm.Name} -SnapshotType Recovery | Remove-VMSnapshot"),
                PowerShell.Line($"Merge-VHD -ComputerName {subject.Host} -Path {last.Path} -DestinationPath {last.ParentPath}"),
                PowerShell.Line($"Test-VHD -ComputerName {subject.Host} -Path {last.ParentPath}")),
            Evidence =
            [
                .. chain.Files.Take(10).Select(f => Fact(subject.Host, "virtualDisks", VisibleText.Of(f.Path), f.ParentPath is { } parent ? $"on {VisibleText.Of(parent)}" : "no parent", loose.Contains(f) ? "a checkpoint that stands below it" : null, "Msvm_VirtualHardDiskSettingData.ParentPath")),
                Fact(subject.Host, "checkpoints", "Checkpoints of the VM", subject.Host.CheckpointsOf[subject.Vm.Id].Length.ToString(CultureInfo.InvariantCulture), null, "Msvm_VirtualSystemSettingData.VirtualSystemType"),
                Fact(subject.Host, "virtualDisks", "Seen so since", since.ToString("u", CultureInfo.InvariantCulture), null),
                Fact(subject.Host, "virtualMachines", "Last successful backup", subject.Vm.LastBackupAt?.ToString("u", CultureInfo.InvariantCulture), null, "Msvm_ComputerSystem.LastSuccessfulBackupTime"),
            ],
        };
    }

    private static string FileOf(string path) => path[(path.LastIndexOf('\\') + 1)..];

    public override ImmutableArray<Example<DriveSubject>> Examples { get; } =
    [
        Fires(Severity.Error, "a file of a checkpoint, and no checkpoint", Drive()),
        Passes("a checkpoint that stands below the file", Drive(checkpointOn: @"D:\v\a.vhdx")),
        Fires(Severity.Error, "seen so for exactly half an hour", Drive(minutes: 30)),
        Passes("seen so for 29 minutes", Drive(minutes: 29)),
        Fires(Severity.Error, "a checkpoint of another disk", Drive(checkpointOn: @"D:\v\b.vhdx")),
        Skips("while a job works on the VM", Drive(hasJob: true)),
        Skips("while the host merges", Drive(change: v => v with { Activity = VirtualMachineActivity.MergingDisks })),
        Skips("2008 R2, which merges when the VM is off", Drive(release: "2008R2")),
        Fires(Severity.Error, "2008 R2, where the VM is off and nothing merges", Drive(release: "2008R2", change: v => v with { State = VirtualMachineState.Off })),
        Passes("a disk without checkpoints", Given.Host().With(Sample.Vm).Drive()),
        Skips("a DVD drive", Given.Host().With(Sample.Vm).With(Given.Dvd(1, 0, @"D:\a.iso")).Drive()),
        CannotTell("an agent that has not seen since when", Drive(minutes: null)),
        Skips("a file that cannot be opened", new(Sample.Disk with { Path = File.Path }, Sample.Vm, new(Reading("2022", File with { ReadAt = null, ParentPath = null, ErrorCode = 5 })))),
        CannotTell("a parent that was not read", new(Sample.Disk with { Path = File.Path }, Sample.Vm, new(Reading("2022", File with { ReadAt = null, ParentPath = null })))),
        CannotTell("jobs that could not be read", new(Sample.Disk with { Path = File.Path }, Sample.Vm, new(Reading("2022", File) with { Jobs = Sample.Failed<JobList>(SectionState.Denied, "no right") }))),
    ];

    private static VirtualDisk File => Sample.VirtualDisk with { Path = @"D:\v\a_0D3F.avhdx", ParentPath = @"D:\v\a.vhdx", Type = VirtualDiskType.Differencing, WithoutCheckpointSince = Sample.Now.AddHours(-2) };

    private static HostReading Reading(string release, VirtualDisk file) => Given.Host(release).With(Sample.Vm).With(Sample.Disk with { Path = file.Path }) with
    {
        VirtualDisks = Sample.Read(new VirtualDiskList { Items = [file, Sample.VirtualDisk with { Path = @"D:\v\a.vhdx" }] }),
    };

    private static DriveSubject Drive(string? checkpointOn = null, int? minutes = 120, bool hasJob = false, string release = "2019", Func<VirtualMachine, VirtualMachine>? change = null)
    {
        var reading = Reading(release, File with { WithoutCheckpointSince = minutes is { } ago ? Sample.Now.AddMinutes(-ago) : null });
        reading = checkpointOn is null ? reading : reading.With(Sample.Checkpoint with { DiskPaths = [checkpointOn] });
        reading = hasJob ? reading with { Jobs = Sample.Read(new JobList { Items = [new("j") { State = JobState.Running, VirtualMachineId = Sample.VmId }] }) } : reading;
        return (change is null ? reading : reading.With(change(Sample.Vm))).Drive();
    }
}

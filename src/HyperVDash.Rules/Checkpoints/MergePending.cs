using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model;
using HyperVDash.Model.Checkpoints;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Disks;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Jobs;
using HyperVDash.Model.Units;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Model.Volumes;
using HyperVDash.Rules.Disks;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Checkpoints;

public sealed class MergePending : OneVerdictRule<VirtualMachineSubject>
{
    private static readonly TimeSpan StandsStill = TimeSpan.FromMinutes(30);

    public override RuleCard Card { get; } = new("HVD603", "merge-pending", RuleScope.VirtualMachine, RuleKind.State)
    {
        Title = "Differencing disks still wait for their merge",
        Why = "The file keeps growing, and the merge gets longer until it no longer fits the volume.",
        Fix = "2008 and 2008 R2: shut the VM down and wait. Later releases: leave it alone and see that there is room.",
        Quiet = "A file that a checkpoint of the VM stands on, or below which one stands. Since when a file waits is what the agent saw.",
        Sections = ["virtualMachines", "devices", "checkpoints", "virtualDisks", "operatingSystem"],
        Mentions = ["jobs", "volumes", "cluster"],
        Severities = [Severity.Info, Severity.Warning, Severity.Error, Severity.Critical],
        Origin = "Hyper-V's classes of jobs and states; published documentation of checkpoints; field practice",
    };

    public override Verdict Decide(VirtualMachineSubject subject, RuleContext context) =>
        Unreadable(subject.Host, context, "virtualMachines", "operatingSystem") ?? subject.Host.Profile switch
        {
            null => NotSaid("operatingSystem", "its build"),
            { Profile.Capabilities.LiveMerge: true } => Live(subject, context),
            _ => WhenOff(subject, context),
        };

    /// <summary>Before 2012 a merge waits until the VM is off.</summary>
    private static Verdict WhenOff(VirtualMachineSubject subject, RuleContext context)
    {
        if (Unreadable(subject.Host, context, "devices", "checkpoints", "virtualDisks") is { } unreadable)
        {
            return unreadable;
        }

        var files = Files.Of(subject);
        return subject.Vm.State == VirtualMachineState.Unknown ? NotSaid("virtualMachines", "the VM's state")
            : subject.Vm.State == VirtualMachineState.Off ? Verdict.Passed
            : files.Loose.IsEmpty ? Without(files)
            : Fire(subject, files, null, "whenOff", files.DoNotFit ? Severity.Critical : files.Since is { } since && context.Passed(since.AddDays(context.Settings.MergeWhenOffErrorDays)) ? Severity.Error : Severity.Warning,
                $"{subject.Vm.Name} must be shut down before its {Count(files.Loose.Length)} can be merged");
    }

    private static Verdict Live(VirtualMachineSubject subject, RuleContext context)
    {
        bool isMerging = subject.Vm.Activity == VirtualMachineActivity.MergingDisks;
        var gate = Unreadable(subject.Host, context, "devices", "checkpoints", "virtualDisks");
        if (gate is not null && !isMerging)
        {
            return gate;
        }

        var files = gate is null ? Files.Of(subject) : Files.NotRead;
        if (!isMerging && files.Loose.IsEmpty)
        {
            return Without(files);
        }

        var jobGate = Unreadable(subject.Host, context, "jobs");
        if (jobGate is Verdict.Unknown && !isMerging)
        {
            return jobGate;
        }

        var job = jobGate is not null ? null : subject.Host.Reading.Jobs.Content!.Items
            .Where(j => j.VirtualMachineId == subject.Vm.Id && j.State == JobState.Running).OrderBy(j => j.StartedAt).ThenBy(j => j.Id, StringComparer.Ordinal).FirstOrDefault();
        // Without a sign of a merge the files were left behind: HVD604.
        return isMerging || job is not null ? Merging(subject, context, files, job) : Verdict.Passed;
    }

    private static Verdict.Fire Merging(VirtualMachineSubject subject, RuleContext context, Files files, HyperVJob? job)
    {
        bool rises = job is { PercentComplete: not null, ProgressedAt: { } at } && !context.Passed(at + StandsStill);
        var since = job?.StartedAt ?? files.Since;
        var severity = files.DoNotFit ? Severity.Critical
            : rises || since is not { } begun ? Severity.Info
            : context.Passed(begun + context.Settings.MergeErrorTime) ? Severity.Error
            : context.Passed(begun + context.Settings.MergeWarnTime) ? Severity.Warning
            : Severity.Info;
        return Fire(subject, files, job, "merging", severity, files.DoNotFit
            ? $"{subject.Vm.Name} merges {files.Size}, and {files.Free} are free"
            : $"{subject.Vm.Name} merges its disks{(job?.PercentComplete is { } percent ? $", {percent} % done" : "")}{(severity >= Severity.Warning && since is { } from ? $", since {from:yyyy-MM-dd HH:mm} UTC" : "")}");
    }

    private static Verdict Without(Files files) =>
        files.Gap ?? Verdict.Passed;

    private static string Count(int files) => files == 1 ? "file of a deleted checkpoint" : $"{files} files of deleted checkpoints";

    /// <summary>If it goes on as it went so far.</summary>
    private static DateTimeOffset? EndOf(HyperVJob? job) =>
        job is { StartedAt: { } start, ProgressedAt: { } at, PercentComplete: > 0 and < 100 and var percent } && at > start ? start + ((at - start) * (100.0 / percent)) : null;

    private static Verdict.Fire Fire(VirtualMachineSubject subject, Files files, HyperVJob? job, string variant, Severity severity, string title) => new(variant, severity, title)
    {
        Impact = files.DoNotFit ? "The volume fills up, and every VM on it pauses." : severity == Severity.Info ? null : "The files grow with every write, and the merge takes longer each day.",
        Remedy = variant == "whenOff"
            ? Mend(subject.Host, RemedyRisk.NeedsVirtualMachineOff, $"Shut {subject.Vm.Name} down, do not restart it, and wait until Hyper-V Manager shows no merge.", $"Shut {subject.Vm.Name} down, do not restart it, and wait until Hyper-V Manager shows no merge.")
            : Mend(subject.Host, RemedyRisk.Online, $"Leave {subject.Vm.Name} alone and see that its volume has room. If the merge stands still for hours, move the other VMs away and restart the management service of {subject.Host.Name}.", "",
                PowerShell.Line($"Get-VM -ComputerName {subject.Host} -Name {subject.Vm.Name} | Format-List State, Status")),
        Evidence =
        [
            .. files.Loose.Take(10).Select(f => Fact(subject.Host, "virtualDisks", VisibleText.Of(f.Path), f.FileSize?.ToString(), "merged", "CIM_DataFile.FileSize")),
            Fact(subject.Host, "volumes", "Free on their volume", files.Free?.ToString(), files.Size is { } size ? $"at least {size}" : null, "Win32_Volume.FreeSpace"),
            Fact(subject.Host, "virtualMachines", "What the host says it does", subject.Vm.Activity?.ToString() ?? "nothing", variant == "merging" ? "nothing" : null, "Msvm_ComputerSystem.OperationalStatus"),
            Fact(subject.Host, "virtualDisks", "Waits since", files.Since?.ToString("u", CultureInfo.InvariantCulture), null),
            .. job is null ? ImmutableArray<Evidence>.Empty :
            [
                Fact(subject.Host, "jobs", "Done", job.PercentComplete is { } percent ? $"{percent} %, since {job.ProgressedAt?.ToString("u", CultureInfo.InvariantCulture) ?? "not said"}" : null, null, "Msvm_ConcreteJob.PercentComplete"),
                Fact(subject.Host, "jobs", "Ends, if it goes on so", EndOf(job)?.ToString("u", CultureInfo.InvariantCulture), null, "Msvm_ConcreteJob.StartTime"),
            ],
        ],
        Affected = [.. files.Drives.Select(d => new AffectedObject(AffectedRole.Impacted, new DriveSubject(d, subject.Vm, subject.Host).Identity))],
    };

    /// <summary>The files of a VM that no checkpoint explains.</summary>
    private sealed record Files(ImmutableArray<VirtualDisk> Loose, ImmutableArray<Drive> Drives, Verdict? Gap)
    {
        public static Files NotRead { get; } = new([], [], null);

        public ByteSize? Size { get; private init; }

        public ByteSize? Free { get; private init; }

        public DateTimeOffset? Since => Loose.Min(f => f.WithoutCheckpointSince);

        public bool DoNotFit => Free is { } free && Size is { } size && free.Bytes < size.Bytes;

        public static Files Of(VirtualMachineSubject subject)
        {
            var drives = subject.Host.DrivesOf[subject.Vm.Id].Where(d => d is { Kind: DriveKind.Disk, Path: not null }).ToList();
            var chains = drives.ConvertAll(d => (Drive: d, Chain: CheckpointFiles.ChainOf(subject.Host, d.Path!)));
            var loose = chains.ConvertAll(c => (c.Drive, Files: CheckpointFiles.Loose(subject.Host, c.Chain))).FindAll(c => !c.Files.IsEmpty);
            ImmutableArray<VirtualDisk> files = [.. loose.SelectMany(c => c.Files).DistinctBy(f => f.Path, StringComparer.OrdinalIgnoreCase)];
            return new(files, [.. loose.Select(c => c.Drive)], chains.Select(c => c.Chain.Gap).OfType<Verdict.Unknown>().FirstOrDefault() ?? chains.Select(c => c.Chain.Gap).FirstOrDefault(g => g is not null))
            {
                Size = files.IsEmpty || files.Any(f => f.FileSize is null) ? null : new ByteSize(files.Sum(f => f.FileSize!.Value.Bytes)),
                Free = files.IsEmpty ? null : FreeSpace.At(subject.Host, files[0].Path),
            };
        }
    }

    public override ImmutableArray<Example<VirtualMachineSubject>> Examples { get; } =
    [
        Fires(Severity.Warning, "2008 R2, where a VM runs on a file whose checkpoint is deleted", Vm("2008R2")),
        Fires(Severity.Info, "2022, which merges at 40 %", Vm("2022", job: 1, merges: true)),
        Passes("2022, with a checkpoint below the file", Vm("2022", hasCheckpoint: true)),
        Passes("2008 R2, the same VM off: the host merges now", Vm("2008R2", state: VirtualMachineState.Off)),
        Fires(Severity.Warning, "2008 R2, for exactly 14 days", Vm("2008R2", hours: 14 * 24)),
        Fires(Severity.Error, "2008 R2, for 15 days", Vm("2008R2", hours: 15 * 24)),
        Fires(Severity.Critical, "2008 R2, with 10 GiB to merge and 9 GiB free", Vm("2008R2", freeGiB: 9)),
        Fires(Severity.Warning, "2008 R2, with 10 GiB to merge and exactly 10 GiB free", Vm("2008R2", freeGiB: 10)),
        Fires(Severity.Info, "a merge that has stood still for 31 minutes, begun two hours ago", Vm("2022", job: 31, hours: 2)),
        Fires(Severity.Warning, "the same, begun three hours ago", Vm("2022", job: 31, hours: 3)),
        Fires(Severity.Info, "a merge that moved 30 minutes ago, begun three hours ago", Vm("2022", job: 30, hours: 3)),
        Fires(Severity.Error, "a merge that stands still, begun 25 hours ago", Vm("2022", job: 31, hours: 25)),
        Fires(Severity.Critical, "a merge that moves, with less room than it needs", Vm("2022", job: 1, freeGiB: 9)),
        Passes("files without any sign of a merge, which HVD604 tells", Vm("2022")),
        CannotTell("a disk whose parent was not read", new(Sample.Vm, new(Reading("2022", d => d with { ParentPath = null, ReadAt = null })))),
        CannotTell("disks that could not be read", new(Sample.Vm, new(Reading("2022") with { VirtualDisks = Sample.Failed<VirtualDiskList>(SectionState.Denied, "no right") }))),
    ];

    /// <param name="job">Minutes since a job of the VM moved; null: there is none.</param>
    /// <param name="hours">Since when it waits, and its job runs.</param>
    private static VirtualMachineSubject Vm(string release, int? job = null, bool merges = false, bool hasCheckpoint = false, VirtualMachineState state = VirtualMachineState.Running, int hours = 1, int freeGiB = 900)
    {
        var reading = Reading(release, d => d with { WithoutCheckpointSince = hasCheckpoint ? null : Sample.Now.AddHours(-hours) }) with
        {
            Volumes = Sample.Read(new VolumeList { Items = [Sample.SystemVolume, Sample.DataVolume with { Free = ByteSize.FromGiB(freeGiB) }] }),
            Jobs = Sample.Read(new JobList
            {
                Items = job is { } minutes ? [new("j") { State = JobState.Running, VirtualMachineId = Sample.VmId, PercentComplete = 40, StartedAt = Sample.Now.AddHours(-hours), ProgressedAt = Sample.Now.AddMinutes(-minutes) }] : [],
            }),
        };
        reading = hasCheckpoint ? reading.With(Sample.Checkpoint with { DiskPaths = [@"D:\VMs\a.vhdx"] }) : reading;
        return reading.With(Sample.Vm with { State = state, Activity = merges ? VirtualMachineActivity.MergingDisks : null }).Vm();
    }

    private static HostReading Reading(string release, Func<VirtualDisk, VirtualDisk>? change = null)
    {
        var file = Sample.VirtualDisk with { Path = @"D:\VMs\a_1.avhdx", ParentPath = @"D:\VMs\a.vhdx", Type = VirtualDiskType.Differencing, FileSize = ByteSize.FromGiB(10) };
        return Given.Host(release).With(Sample.Vm).With(Sample.Disk with { Path = @"D:\VMs\a_1.avhdx" }) with
        {
            VirtualDisks = Sample.Read(new VirtualDiskList { Items = [change is null ? file : change(file), Sample.VirtualDisk with { Path = @"D:\VMs\a.vhdx" }] }),
        };
    }
}

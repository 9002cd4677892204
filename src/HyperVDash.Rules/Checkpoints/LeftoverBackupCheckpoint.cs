using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model;
using HyperVDash.Model.Checkpoints;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Jobs;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Checkpoints;

public sealed class LeftoverBackupCheckpoint : OneVerdictRule<VirtualMachineSubject>
{
    public override RuleCard Card { get; } = new("HVD605", "backup-checkpoint-left", RuleScope.VirtualMachine, RuleKind.Configuration)
    {
        Title = "Recovery (backup) checkpoint left behind",
        Why = "The backup tool failed to clean up, its disks grow, and Hyper-V Manager offers no way to delete this kind.",
        Fix = "Delete it with PowerShell once no backup runs.",
        Quiet = "For the first 24 hours; in a backup window of the settings; while a job works on the VM. Reference points of changed-block tracking are no checkpoints. The state of the host's VSS writers is not collected.",
        Sections = ["checkpoints", "virtualMachines", "operatingSystem"],
        Mentions = ["jobs", "virtualDisks"],
        Severities = [Severity.Warning, Severity.Error],
        Origin = "Kinds of checkpoints in Hyper-V's classes; field practice",
    };

    public override Verdict Decide(VirtualMachineSubject subject, RuleContext context) =>
        Unreadable(subject.Host, context, "virtualMachines", "checkpoints", "operatingSystem") ?? subject.Host.Profile switch
        {
            null => NotSaid("operatingSystem", "its build"),
            { Profile.Capabilities.BackupCheckpoints: false } => NotFor("This release does not mark checkpoints of backups."),
            _ => Judge(subject, context),
        };

    private static Verdict Judge(VirtualMachineSubject subject, RuleContext context)
    {
        var checkpoints = subject.Host.CheckpointsOf[subject.Vm.Id];
        if (!checkpoints.Any(c => c.Kind == CheckpointKind.Backup))
        {
            return Verdict.Passed;
        }

        var backups = checkpoints.Where(c => c.Kind == CheckpointKind.Backup).ToList();
        var left = backups.FindAll(c => c.CreatedAt is { } at && context.Passed(at + context.Settings.BackupCheckpointWarnTime));
        if (left.Count == 0)
        {
            return backups.Exists(c => c.CreatedAt is null) ? NotSaid("checkpoints", "when the backup's checkpoint was taken") : Verdict.Passed;
        }

        if (context.IsWithin(context.Settings.BackupWindows))
        {
            return NotFor("A backup window is open.");
        }

        if (Unreadable(subject.Host, context, "jobs") is Verdict.Unknown unknown)
        {
            return unknown;
        }

        if (subject.Host.Reading.Jobs.Content?.Items.Any(j => j.VirtualMachineId == subject.Vm.Id && j.State is JobState.New or JobState.Starting or JobState.Running or JobState.Suspended) == true)
        {
            return NotFor("A job works on the VM.");
        }

        bool isOld = left.Exists(c => context.Passed(c.CreatedAt!.Value + context.Settings.BackupCheckpointErrorTime));
        return Fire(subject, context, left, isOld || left.Count > 1 ? Severity.Error : Severity.Warning);
    }

    private static Verdict.Fire Fire(VirtualMachineSubject subject, RuleContext context, List<Checkpoint> left, Severity severity) => new("left", severity,
        $"{subject.Vm.Name} has {(left.Count == 1 ? "a checkpoint" : $"{left.Count} checkpoints")} of a backup, the oldest of {CheckpointFacts.Oldest(left):yyyy-MM-dd HH:mm}")
    {
        Impact = "Its disks grow with every write, and the next backups may fail.",
        Remedy = Mend(subject.Host, RemedyRisk.Online, $"See that no backup of {subject.Vm.Name} runs, then delete its recovery checkpoints.", $"Let the backup product clean up {subject.Vm.Name}.",
            PowerShell.Line($"Get-VMSnapshot -ComputerName {subject.Host} -VMName {subject.Vm.Name} -SnapshotType Recovery | Remove-VMSnapshot")),
        Evidence =
        [
            .. CheckpointFacts.List(subject.Host, left, $"gone within {context.Settings.BackupCheckpointWarnTime.TotalHours:0} h", (host, name, value, expected) => Fact(host, "checkpoints", name, value, expected, "Msvm_VirtualSystemSettingData.VirtualSystemType")),
            Fact(subject.Host, "virtualMachines", "Last successful backup", subject.Vm.LastBackupAt?.ToString("u", CultureInfo.InvariantCulture), null, "Msvm_ComputerSystem.LastSuccessfulBackupTime"),
            Fact(subject.Host, "jobs", "Jobs of the host", subject.Host.Reading.Jobs.Content?.Items.Length.ToString(CultureInfo.InvariantCulture), null, "Msvm_ConcreteJob.JobState"),
        ],
    };

    public override ImmutableArray<Example<VirtualMachineSubject>> Examples { get; } =
    [
        Fires(Severity.Warning, "a checkpoint of a backup, 50 hours old", Vm("2022", 50)),
        Skips("the same while a job works on the VM", new(Sample.Vm, new(Reading("2022", 50) with { Jobs = Sample.Read(new JobList { Items = [new("j") { State = JobState.Running, VirtualMachineId = Sample.VmId }] }) }))),
        Passes("one hour old", Vm("2022", 1)),
        Passes("exactly 24 hours old", Vm("2022", 24)),
        Fires(Severity.Warning, "exactly 72 hours old", Vm("2022", 72)),
        Fires(Severity.Error, "73 hours old", Vm("2022", 73)),
        Fires(Severity.Error, "two of them, 30 hours old", Vm("2022", 30, 40)),
        Skips("in a backup window", Vm("2022", 50), new() { BackupWindows = [new() { From = TimeSpan.FromHours(8), To = TimeSpan.FromHours(10) }] }),
        Fires(Severity.Warning, "beside a window that ends now", Vm("2022", 50), new() { BackupWindows = [new() { From = TimeSpan.FromHours(22), To = TimeSpan.FromHours(9) }] }),
        Skips("a release without such a kind", Vm("2012", 50)),
        CannotTell("jobs that could not be read", new(Sample.Vm, new(Reading("2022", 50) with { Jobs = Sample.Failed<JobList>(SectionState.Denied, "no right") }))),
    ];

    private static VirtualMachineSubject Vm(string release, params int[] hours) => new(Sample.Vm, new(Reading(release, hours)));

    private static HostReading Reading(string release, params int[] hours) => Given.Host(release).With(Sample.Vm)
        .With([.. hours.Select((h, i) => Sample.Checkpoint with { Id = new(i, 1, 0, [0, 0, 0, 0, 0, 0, 0, 0]), Name = "SQL01 - Backup", Kind = CheckpointKind.Backup, CreatedAt = Sample.Now.AddHours(-h) })]);
}

using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Guests;
using HyperVDash.Model.Replication;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Replication;

public sealed class NotBackedUp : OneVerdictRule<VirtualMachineSubject>
{
    private const int OffDays = 30;

    public override RuleCard Card { get; } = new("HVD005", "vm-not-backed-up", RuleScope.VirtualMachine, RuleKind.Configuration)
    {
        Title = "VM has no recent host-level backup",
        Why = "There is nothing to restore it from.",
        Fix = "Run the backup; if it fails, look at the backup service in the guest and at its writers.",
        Quiet = "Tags backup:agent (a backup from inside the guest is not seen by the host) and backup:none; a VM that has been off for 30 days; a replica; before 2012 R2.",
        Sections = ["virtualMachines", "operatingSystem"],
        Mentions = ["guests", "checkpoints"],
        Severities = [Severity.Warning, Severity.Error],
        Confidence = 0.75,
        Origin = "Best Practices Analyzer for Hyper-V, rule 57",
    };

    public override Verdict Decide(VirtualMachineSubject subject, RuleContext context) =>
        Unreadable(subject.Host, context, "virtualMachines", "operatingSystem") ?? subject.Host.Profile switch
        {
            null => NotSaid("operatingSystem", "its build"),
            { } profile when !profile.IsFrom("2012R2") => NotFor("Before 2012 R2 the host does not tell its backups."),
            _ when context.Settings.HasTag(subject.Identity.Id, "backup:agent") || context.Settings.HasTag(subject.Identity.Id, "backup:none") => NotFor("Tagged backup:agent or backup:none."),
            _ when subject.Vm.Replication?.Mode is ReplicationMode.Replica or ReplicationMode.TestReplica or ReplicationMode.ExtendedReplica => NotFor("A replica."),
            _ when subject.Vm is { State: VirtualMachineState.Off, StateChangedAt: { } off } && context.Passed(off.AddDays(OffDays)) => NotFor("Off for 30 days."),
            // A VM that was never backed up is judged by its age.
            _ => (subject.Vm.LastBackupAt ?? subject.Vm.CreatedAt) is { } since ? Judge(subject, context, since) : NotSaid("virtualMachines", "when the VM was made"),
        };

    private static Verdict Judge(VirtualMachineSubject subject, RuleContext context, DateTimeOffset since)
    {
        var settings = context.Settings;
        return context.Passed(since.AddDays(settings.BackupErrorDays)) && settings.HasTag(subject.Identity.Id, "prod") ? Fire(subject, context, Severity.Error)
            : context.Passed(since.AddDays(settings.BackupDays)) ? Fire(subject, context, Severity.Warning)
            : Verdict.Passed;
    }

    private static Verdict.Fire Fire(VirtualMachineSubject subject, RuleContext context, Severity severity) => new(subject.Vm.LastBackupAt is null ? "never" : "old", severity,
        subject.Vm.LastBackupAt is { } last ? $"{subject.Vm.Name} was backed up last on {last:yyyy-MM-dd}" : $"{subject.Vm.Name} was never backed up by its host")
    {
        Impact = "What was written since cannot be restored.",
        Remedy = Mend(subject.Host, RemedyRisk.Online, $"Run the backup of {subject.Vm.Name}. If it fails, look whether its backup service is on, and in the guest at the state of the writers.", "",
            PowerShell.Line($"Get-VMIntegrationService -ComputerName {subject.Host} -VMName {subject.Vm.Name}"), "vssadmin list writers"),
        Evidence =
        [
            Fact(subject.Host, "virtualMachines", "Last successful backup", subject.Vm.LastBackupAt?.ToString("u", CultureInfo.InvariantCulture) ?? "never", $"{context.Settings.BackupDays} days ago at most", "Msvm_ComputerSystem.LastSuccessfulBackupTime"),
            Fact(subject.Host, "virtualMachines", "Made", subject.Vm.CreatedAt?.ToString("u", CultureInfo.InvariantCulture), null, "Msvm_VirtualSystemSettingData.CreationTime"),
            Fact(subject.Host, "guests", "Backup service", subject.Guest?.Services.FirstOrDefault(s => s.Kind == IntegrationServiceKind.VolumeShadowCopy) is { } service ? $"{service.State}{(service.IsEnabled == false ? ", switched off" : "")}" : null, null, "Msvm_VssComponent.OperationalStatus"),
            Fact(subject.Host, "checkpoints", "Checkpoints of backups", subject.Host.CheckpointsOf[subject.Vm.Id].Count(c => c.Kind == Model.Checkpoints.CheckpointKind.Backup).ToString(CultureInfo.InvariantCulture), null, "Msvm_VirtualSystemSettingData.VirtualSystemType"),
        ],
    };

    public override ImmutableArray<Example<VirtualMachineSubject>> Examples { get; } =
    [
        Fires(Severity.Warning, "a VM made 92 days ago and never backed up", Vm(null, made: 92)),
        Passes("a VM that was backed up two days ago", Vm(2)),
        Passes("exactly 7 days ago", Vm(7)),
        Fires(Severity.Warning, "8 days ago", Vm(8)),
        Passes("a VM made 6 days ago", Vm(null, made: 6)),
        Fires(Severity.Error, "31 days ago, tagged prod", Vm(31), Given.Tagged("prod")),
        Fires(Severity.Warning, "exactly 30 days ago, tagged prod", Vm(30), Given.Tagged("prod")),
        Fires(Severity.Warning, "31 days ago, without the tag", Vm(31)),
        Fires(Severity.Warning, "a VM whose backup service is switched off, with a checkpoint that a backup left", Backup(false)),
        Fires(Severity.Warning, "a VM whose backup service is on, with a checkpoint that a backup left", Backup(true)),
        Skips("backed up from inside", Vm(null), Given.Tagged("backup:agent")),
        Skips("not worth a backup", Vm(null), Given.Tagged("backup:none")),
        Skips("off for 31 days", Vm(null, change: v => v with { State = VirtualMachineState.Off, StateChangedAt = Sample.Now.AddDays(-31) })),
        Fires(Severity.Warning, "off for exactly 30 days", Vm(null, change: v => v with { State = VirtualMachineState.Off, StateChangedAt = Sample.Now.AddDays(-30) })),
        Skips("a replica", Vm(null, change: v => v with { Replication = new() { Mode = ReplicationMode.Replica } })),
        Skips("2012", Vm(null, release: "2012")),
        CannotTell("a VM of unknown age that was never backed up", Vm(null, change: v => v with { CreatedAt = null })),
        CannotTell("a host whose VMs could not be read", new(Sample.Vm, new(Given.Host() with { VirtualMachines = Sample.Failed<VirtualMachineList>(SectionState.Failed, "no answer") }))),
    ];

    private static VirtualMachineSubject Backup(bool isOn) => Given.Host().With(Sample.Vm with { CreatedAt = Sample.Now.AddDays(-100), LastBackupAt = Sample.Now.AddDays(-9) })
        .With(Sample.Guest with { Services = [new(IntegrationServiceKind.VolumeShadowCopy, isOn, isOn ? IntegrationState.Ok : IntegrationState.Unknown)] })
        .With(Sample.Checkpoint with { Kind = Model.Checkpoints.CheckpointKind.Backup }, Sample.Checkpoint with { Id = Guid.NewGuid(), Kind = Model.Checkpoints.CheckpointKind.User }).Vm();

    private static VirtualMachineSubject Vm(int? days, int made = 100, string release = "2022", Func<VirtualMachine, VirtualMachine>? change = null)
    {
        var vm = Sample.Vm with { CreatedAt = Sample.Now.AddDays(-made), LastBackupAt = days is { } ago ? Sample.Now.AddDays(-ago) : null };
        return Given.Host(release).With(change is null ? vm : change(vm)).Vm();
    }
}

using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model;
using HyperVDash.Model.Checkpoints;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Replication;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Replication;

public sealed class ReplicaUnhealthy : OneVerdictRule<VirtualMachineSubject>
{
    private static readonly TimeSpan PauseTime = TimeSpan.FromHours(1);
    private static readonly TimeSpan FailoverTime = TimeSpan.FromHours(24);
    private static readonly TimeSpan FirstCopyTime = TimeSpan.FromHours(48);

    public override RuleCard Card { get; } = new("HVD001", "replica-health", RuleScope.VirtualMachine, RuleKind.State)
    {
        Title = "Replication is in warning or critical health, or in a wrong state",
        Why = "The copy grows old, and after a failure it may not start.",
        Fix = "Resume replication, let it be compared anew, or finish the failover.",
        Quiet = "The first copy for 48 hours; a pause for the first hour. Since when a state lasts is what the agent saw since it started.",
        Sections = ["virtualMachines", "operatingSystem"],
        Mentions = ["checkpoints"],
        Severities = [Severity.Warning, Severity.Error, Severity.Critical],
        Origin = "Hyper-V's classes of replication; Best Practices Analyzer for Hyper-V, rules 50 and 54; published guidance on Hyper-V Replica",
    };

    public override Verdict Decide(VirtualMachineSubject subject, RuleContext context) =>
        Unreadable(subject.Host, context, "virtualMachines", "operatingSystem") ?? subject switch
        {
            { Host.Profile: null } => NotSaid("operatingSystem", "its build"),
            { Host.Profile.Profile.Capabilities.Replica: false } => NotFor("This release has no replicas."),
            { Vm.Replication: null } => NotReplicated(subject, context),
            { Vm.Replication.Mode: ReplicationMode.TestReplica } => NotFor("A copy for a test."),
            { Vm.Replication: var replication } => Judge(subject, context, replication),
        };

    private static Verdict Judge(VirtualMachineSubject subject, RuleContext context, VirtualMachineReplication replication)
    {
        string name = subject.Vm.Name;
        if (replication.Health == ReplicationHealth.Critical || replication.State == ReplicationState.Critical)
        {
            return Fire(subject, "critical", Severity.Critical, $"The replication of {name} is critical; its state is {replication.State}");
        }

        if (replication.State is ReplicationState.WaitingForResync or ReplicationState.ResyncSuspended)
        {
            return Fire(subject, "resync", Severity.Error, $"The copy of {name} must be compared anew: {replication.State}");
        }

        bool Lasts(TimeSpan time) => replication.StateSeenAt is { } at && context.Passed(at + time);
        return replication.State switch
        {
            ReplicationState.Synced or ReplicationState.Recovered or ReplicationState.Committed when Lasts(FailoverTime) =>
                Fire(subject, "failover", Severity.Error, $"The failover of {name} was not finished; its state is {replication.State}"),
            ReplicationState.WaitingForInitialReplication when !Lasts(FirstCopyTime) => Verdict.Passed,
            ReplicationState.WaitingForInitialReplication => Fire(subject, "firstCopy", Severity.Warning, $"The first copy of {name} has been running for two days"),
            _ when replication.Health == ReplicationHealth.Warning => Fire(subject, "warning", Severity.Warning, $"The replication of {name} is in warning health; its state is {replication.State}"),
            ReplicationState.Suspended when Lasts(PauseTime) => Fire(subject, "paused", Severity.Warning, $"The replication of {name} is paused"),
            ReplicationState.Unknown or ReplicationState.NotSaid => NotSaid("virtualMachines", "the state of replication"),
            _ when replication.Health == ReplicationHealth.Unknown => NotSaid("virtualMachines", "the health of replication"),
            _ => Verdict.Passed,
        };
    }

    /// <summary>A failover that was finished leaves no recovery points.</summary>
    private static Verdict NotReplicated(VirtualMachineSubject subject, RuleContext context)
    {
        if (Unreadable(subject.Host, context, "checkpoints") is Verdict.Unknown unknown)
        {
            return unknown with { Variant = "recoveryPoints" };
        }

        int points = subject.Host.CheckpointsOf[subject.Vm.Id].Count(c => c.Kind == CheckpointKind.Replica);
        return points == 0 ? NotFor("The VM is not replicated.")
            : Fire(subject, "recoveryPoints", Severity.Warning, $"{subject.Vm.Name} is not replicated any more and keeps {points} recovery point{(points == 1 ? "" : "s")}");
    }

    private static Verdict.Fire Fire(VirtualMachineSubject subject, string variant, Severity severity, string title)
    {
        var replication = subject.Vm.Replication;
        return new(variant, severity, title)
        {
            // Both sides of a pair have one id.
            Discriminator = replication?.Mode.ToString().ToLowerInvariant() ?? "",
            Impact = variant switch
            {
                "failover" => "Nothing is copied back: the VM has no second copy.",
                "recoveryPoints" => "Their disks grow with every write.",
                _ => "After a failure the copy is older than promised, or does not start.",
            },
            Remedy = variant switch
            {
                "resync" => Mend(subject.Host, RemedyRisk.Online, $"Let the copy of {subject.Vm.Name} be compared anew, in a quiet hour.", "", PowerShell.Line($"Resume-VMReplication -ComputerName {subject.Host} -VMName {subject.Vm.Name} -Resynchronize")),
                "failover" or "recoveryPoints" => Mend(subject.Host, RemedyRisk.Online, $"Finish the failover of {subject.Vm.Name}, then let it be replicated back.", "",
                    PowerShell.Line($"Complete-VMFailover -ComputerName {subject.Host} -VMName {subject.Vm.Name}"), PowerShell.Line($"Set-VMReplication -ComputerName {subject.Host} -VMName {subject.Vm.Name} -Reverse")),
                _ => Mend(subject.Host, RemedyRisk.Online, $"See what the replication of {subject.Vm.Name} reports on both sides, then resume it.", "",
                    PowerShell.Line($"Measure-VMReplication -ComputerName {subject.Host} -VMName {subject.Vm.Name}"), PowerShell.Line($"Resume-VMReplication -ComputerName {subject.Host} -VMName {subject.Vm.Name}")),
            },
            Evidence =
            [
                Fact(subject.Host, "virtualMachines", "Health", replication?.Health.ToString(), replication is null ? null : "Ok", "Msvm_ReplicationRelationship.ReplicationHealth"),
                Fact(subject.Host, "virtualMachines", "State", replication?.State.ToString(), replication is null ? null : "Replicating", "Msvm_ReplicationRelationship.ReplicationState"),
                Fact(subject.Host, "virtualMachines", "State seen since", replication?.StateSeenAt?.ToString("u", CultureInfo.InvariantCulture)),
                Fact(subject.Host, "virtualMachines", "Side", replication?.Mode.ToString(), null, "Msvm_ComputerSystem.ReplicationMode"),
                Fact(subject.Host, "virtualMachines", "Replicated last", replication?.LastReplicatedAt?.ToString("u", CultureInfo.InvariantCulture), null, "Msvm_ReplicationRelationship.LastReplicationTime"),
                Fact(subject.Host, "virtualMachines", "Every", replication?.Frequency?.ToString(), null, "Msvm_ReplicationSettingData.ReplicationInterval"),
                .. variant == "recoveryPoints" ? new[] { Fact(subject.Host, "checkpoints", "Recovery points", subject.Host.CheckpointsOf[subject.Vm.Id].Count(c => c.Kind == CheckpointKind.Replica).ToString(CultureInfo.InvariantCulture), "none", "Msvm_VirtualSystemSettingData.VirtualSystemType") } : [],
            ],
        };
    }

    public override ImmutableArray<Example<VirtualMachineSubject>> Examples { get; } =
    [
        Fires(Severity.Critical, "critical health", Vm(ReplicationState.Critical, ReplicationHealth.Critical)),
        Passes("replicating and well", Vm(ReplicationState.Replicating, ReplicationHealth.Ok)),
        Fires(Severity.Critical, "critical health, whatever the state", Vm(ReplicationState.Replicating, ReplicationHealth.Critical)),
        Fires(Severity.Error, "a copy that must be compared anew", Vm(ReplicationState.WaitingForResync, ReplicationHealth.Warning)),
        Fires(Severity.Error, "a failover not finished for 25 hours", Vm(ReplicationState.Committed, ReplicationHealth.Ok, 25)),
        Passes("a failover not finished for exactly 24 hours", Vm(ReplicationState.Committed, ReplicationHealth.Ok, 24)),
        Fires(Severity.Warning, "warning health", Vm(ReplicationState.Replicating, ReplicationHealth.Warning)),
        Fires(Severity.Warning, "paused for 2 hours", Vm(ReplicationState.Suspended, ReplicationHealth.Ok, 2)),
        Passes("paused for exactly an hour", Vm(ReplicationState.Suspended, ReplicationHealth.Ok, 1)),
        Passes("the first copy, for 48 hours", Vm(ReplicationState.WaitingForInitialReplication, ReplicationHealth.Warning, 48)),
        Fires(Severity.Warning, "the first copy, for 49 hours", Vm(ReplicationState.WaitingForInitialReplication, ReplicationHealth.Warning, 49)),
        Fires(Severity.Warning, "recovery points of a VM that is not replicated any more", Given.Host().With(Sample.Vm).With(Sample.Checkpoint with { Kind = CheckpointKind.Replica }).Vm()),
        Skips("a VM that is not replicated", Given.Host().With(Sample.Vm).Vm()),
        Skips("2008 R2", Given.Host("2008R2").With(Sample.Vm).Vm()),
        CannotTell("a health that the host does not say", Vm(ReplicationState.Replicating, ReplicationHealth.Unknown)),
        CannotTell("a state that the host does not say", Vm(ReplicationState.Unknown, ReplicationHealth.Ok)),
        CannotTell("checkpoints that could not be read", new(Sample.Vm, new(Given.Host() with { Checkpoints = Sample.Failed<CheckpointList>(SectionState.Failed, "no answer") }))),
    ];

    private static VirtualMachineSubject Vm(ReplicationState state, ReplicationHealth health, int hours = 100) =>
        Given.Host().With(Sample.Vm with { Replication = new() { Mode = ReplicationMode.Primary, State = state, Health = health, StateSeenAt = Sample.Now.AddHours(-hours) } }).Vm();
}

using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Replication;
using HyperVDash.Model.Units;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Replication;

public sealed class ReplicaLagging : OneVerdictRule<VirtualMachineSubject>
{
    private static readonly TimeSpan ErrorLag = TimeSpan.FromHours(24);

    // 2012 has no other.
    private static readonly TimeSpan FixedFrequency = TimeSpan.FromMinutes(5);

    private const int MissedCycles = 5;

    public override RuleCard Card { get; } = new("HVD002", "replica-lag", RuleScope.VirtualMachine, RuleKind.Configuration)
    {
        Title = "Replica is behind",
        Why = "What a failover would bring back is older than promised.",
        Fix = "See that bandwidth and certificate suffice, and take paging disks out of replication.",
        Quiet = "Told on the side of the primary; paused replication, which HVD001 tells. Five times its frequency passes always. A VM that is off and has nothing to send.",
        Sections = ["virtualMachines", "operatingSystem"],
        Mentions = ["replicaServer"],
        ExplainedBy = [new("HVD107", Relation.SameHost), new("HVD001", Relation.SameObject)],
        Severities = [Severity.Warning, Severity.Error],
        Origin = "Published limits of missed cycles and of lag in monitoring products; Best Practices Analyzer for Hyper-V, rules 45 and 46",
    };

    public override Verdict Decide(VirtualMachineSubject subject, RuleContext context) =>
        Unreadable(subject.Host, context, "virtualMachines", "operatingSystem") ?? subject switch
        {
            { Host.Profile: null } => NotSaid("operatingSystem", "its build"),
            { Host.Profile.Profile.Capabilities.Replica: false } => NotFor("This release has no replicas."),
            { Vm.Replication: null } => NotFor("The VM is not replicated."),
            { Vm.Replication.Mode: not ReplicationMode.Primary } => NotFor("The primary tells it."),
            { Vm.Replication.State: ReplicationState.Suspended } => NotFor("Paused: HVD001 tells it."),
            { Vm.Replication.State: ReplicationState.Ready or ReplicationState.WaitingForInitialReplication } => NotFor("The first copy is not finished."),
            { Vm.Replication.LastReplicatedAt: null } => NotSaid("virtualMachines", "when it was replicated last"),
            { Vm.Replication: var replication } => Judge(subject, context, replication, replication.LastReplicatedAt!.Value),
        };

    private static Verdict Judge(VirtualMachineSubject subject, RuleContext context, VirtualMachineReplication replication, DateTimeOffset last)
    {
        var settings = context.Settings;
        var cycles = (replication.Frequency ?? FixedFrequency) * MissedCycles;
        var limit = cycles > settings.ReplicaLag ? cycles : settings.ReplicaLag;
        var gap = Unreadable(subject.Host, context, "replicaServer");
        var statistics = gap is null ? subject.Host.ReplicationOf.GetValueOrDefault(subject.Vm.Id) : null;
        if (context.Passed(last + limit) && subject.Vm.State == VirtualMachineState.Off && statistics?.Pending is not { Bytes: > 0 })
        {
            return statistics?.Pending is null ? Unsaid(gap, "The VM is off, and the host did not say whether anything waits to be sent.") : NotFor("The VM is off, and nothing waits to be sent.");
        }

        return context.Passed(last + ErrorLag) ? Fire(subject, "lag", Severity.Error, limit, $"The replica of {subject.Vm.Name} is of {last:yyyy-MM-dd HH:mm} UTC")
            : context.Passed(last + limit) ? Fire(subject, "lag", Severity.Warning, limit, $"The replica of {subject.Vm.Name} is of {last:yyyy-MM-dd HH:mm} UTC")
            : statistics?.MissedPercent is not { } missed ? Unsaid(gap, "The host did not say how many cycles were missed.") with { Variant = "missed" }
            : missed >= settings.ReplicaMissedPercent ? Fire(subject, "missed", Severity.Warning, limit, $"{missed} % of the cycles of {subject.Vm.Name} were missed")
            : Verdict.Passed;
    }

    private static Verdict.Unknown Unsaid(Verdict? gap, string sentence) => gap as Verdict.Unknown ?? new("replicaServer", sentence);

    private static Verdict.Fire Fire(VirtualMachineSubject subject, string variant, Severity severity, TimeSpan limit, string title) => Fire(subject, variant, severity, limit, title, subject.Host.ReplicationOf.GetValueOrDefault(subject.Vm.Id));

    private static Verdict.Fire Fire(VirtualMachineSubject subject, string variant, Severity severity, TimeSpan limit, string title, ReplicationStatistics? statistics) => new(variant, severity, title)
    {
        Impact = "A failover loses what was written since.",
        Remedy = Mend(subject.Host, RemedyRisk.Online, $"Look at size and duration of the last cycles of {subject.Vm.Name}, and at bandwidth and certificate between the hosts. Afterwards begin the statistics anew.", "",
            PowerShell.Line($"Measure-VMReplication -ComputerName {subject.Host} -VMName {subject.Vm.Name}"), PowerShell.Line($"Reset-VMReplicationStatistics -ComputerName {subject.Host} -VMName {subject.Vm.Name}")),
        Evidence =
        [
            Fact(subject.Host, "virtualMachines", "Replicated last", subject.Vm.Replication!.LastReplicatedAt?.ToString("u", CultureInfo.InvariantCulture), variant == "lag" ? $"within {limit}" : null, "Msvm_ReplicationRelationship.LastReplicationTime"),
            Fact(subject.Host, "virtualMachines", "Every", (subject.Vm.Replication.Frequency ?? FixedFrequency).ToString(), null, "Msvm_ReplicationSettingData.ReplicationInterval"),
            Fact(subject.Host, "replicaServer", "Missed cycles", statistics is { Missed: { } missed, Succeeded: { } others } ? $"{missed} of {missed + others}{(statistics.Since is { } since ? $" since {since:yyyy-MM-dd HH:mm} UTC" : "")}" : null, variant == "missed" ? "less" : null, "Msvm_ReplicationService.GetReplicationStatistics"),
            Fact(subject.Host, "replicaServer", "Waits to be sent", statistics?.Pending?.ToString(), null, "Msvm_ReplicationStatistics.PendingReplicationSize"),
            Fact(subject.Host, "virtualMachines", "Replica server", subject.Vm.Replication.ReplicaServer is { } server ? VisibleText.Of(server) : null, null, "Msvm_ReplicationSettingData.RecoveryConnectionPoint"),
        ],
    };

    public override ImmutableArray<Example<VirtualMachineSubject>> Examples { get; } =
    [
        Fires(Severity.Warning, "400 minutes behind, every five minutes, with 35 % missed", Vm(400, missed: 35)),
        Passes("4 minutes behind, with 2 % missed", Vm(4, missed: 2)),
        Passes("exactly an hour behind", Vm(60)),
        Fires(Severity.Warning, "61 minutes behind", Vm(61)),
        Passes("75 minutes behind, every 15 minutes", Vm(75, every: 15)),
        Fires(Severity.Warning, "76 minutes behind, every 15 minutes", Vm(76, every: 15)),
        Fires(Severity.Warning, "exactly 24 hours behind", Vm(24 * 60)),
        Fires(Severity.Error, "a minute more", Vm((24 * 60) + 1)),
        Fires(Severity.Warning, "4 minutes behind, with exactly 20 % missed", Vm(4, missed: 20)),
        Passes("with 19 % missed", Vm(4, missed: 19)),
        Skips("paused", Vm(400, change: r => r with { State = ReplicationState.Suspended })),
        Skips("the side of the replica", Vm(400, change: r => r with { Mode = ReplicationMode.Replica })),
        Skips("a VM that is not replicated", Given.Host().With(Sample.Vm).Vm()),
        CannotTell("a host that does not say when", Vm(4, change: r => r with { LastReplicatedAt = null })),
        CannotTell("4 minutes behind, and the host does not say how many were missed", Vm(4, missed: null)),
        CannotTell("a VM that is off, of which the host does not say what waits", Off(null)),
        Skips("a VM that is off and has nothing to send", Off(0)),
        Fires(Severity.Warning, "a VM that is off and has something to send", Off(1)),
        Passes("no cycle was due yet", Vm(4, missed: 0, of: 0)),
    ];

    private static VirtualMachineSubject Off(long? pending) => Vm(400, off: true, pending: pending);

    private static VirtualMachineSubject Vm(int minutes, int? missed = 0, int every = 5, Func<VirtualMachineReplication, VirtualMachineReplication>? change = null, int of = 100, bool off = false, long? pending = null)
    {
        var replication = new VirtualMachineReplication
        {
            Mode = ReplicationMode.Primary, State = ReplicationState.Replicating, Health = ReplicationHealth.Ok, LastReplicatedAt = Sample.Now.AddMinutes(-minutes), Frequency = TimeSpan.FromMinutes(every),
        };
        var vm = Sample.Vm with { State = off ? VirtualMachineState.Off : VirtualMachineState.Running, Replication = change is null ? replication : change(replication) };
        return (Given.Host().With(vm) with
        {
            ReplicaServer = Sample.Read(new ReplicaServer { Statistics = [new(vm.Id) { Missed = missed, Succeeded = of - missed, Pending = pending is { } bytes ? new ByteSize(bytes) : null, ReadAt = Sample.Now }] }),
        }).Vm();
    }
}

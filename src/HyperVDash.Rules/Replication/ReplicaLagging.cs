using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Replication;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Replication;

public sealed class ReplicaLagging : Rule<VirtualMachineSubject>
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
        Quiet = "Told on the side of the primary; paused replication, which HVD001 tells. Five times its frequency passes always. How many cycles were missed is a call per VM and not asked for.",
        Sections = ["virtualMachines", "operatingSystem"],
        ExplainedBy = [new("HVD107", Relation.SameHost), new("HVD001", Relation.SameObject)],
        Severities = [Severity.Warning, Severity.Error],
        Origin = "Published limits of missed cycles and of lag in monitoring products; Best Practices Analyzer for Hyper-V, rules 45 and 46",
    };

    public override IEnumerable<Verdict> Examine(VirtualMachineSubject subject, RuleContext context)
    {
        yield return Unreadable(subject.Host, context, "virtualMachines", "operatingSystem") ?? subject switch
        {
            { Host.Profile: null } => NotSaid("operatingSystem", "its build"),
            { Host.Profile.Profile.Capabilities.Replica: false } => new Verdict.NotApplicable("This release has no replicas."),
            { Vm.Replication: null } => new Verdict.NotApplicable("The VM is not replicated."),
            { Vm.Replication.Mode: not ReplicationMode.Primary } => new Verdict.NotApplicable("The primary tells it."),
            { Vm.Replication.State: ReplicationState.Suspended } => new Verdict.NotApplicable("Paused: HVD001 tells it."),
            { Vm.Replication.State: ReplicationState.Ready or ReplicationState.WaitingForInitialReplication } => new Verdict.NotApplicable("The first copy is not finished."),
            { Vm.Replication.LastReplicatedAt: null } => NotSaid("virtualMachines", "when it was replicated last"),
            { Vm.Replication: var replication } => Judge(subject, context, replication, replication.LastReplicatedAt!.Value),
        };
    }

    private static Verdict Judge(VirtualMachineSubject subject, RuleContext context, VirtualMachineReplication replication, DateTimeOffset last)
    {
        var settings = context.Settings;
        var cycles = (replication.Frequency ?? FixedFrequency) * MissedCycles;
        var limit = cycles > settings.ReplicaLag ? cycles : settings.ReplicaLag;
        bool isOff = subject.Vm.State == VirtualMachineState.Off;
        return context.Passed(last + limit) && isOff ? NotCollected("off", "virtualMachines", "The VM is off; whether anything waits to be sent is not asked for.")
            : context.Passed(last + ErrorLag) ? Fire(subject, "lag", Severity.Error, limit, $"The replica of {subject.Vm.Name} is of {last:yyyy-MM-dd HH:mm} UTC")
            : context.Passed(last + limit) ? Fire(subject, "lag", Severity.Warning, limit, $"The replica of {subject.Vm.Name} is of {last:yyyy-MM-dd HH:mm} UTC")
            : replication.MissedPercent >= settings.ReplicaMissedPercent ? Fire(subject, "missed", Severity.Warning, limit, $"{replication.MissedPercent} % of the cycles of {subject.Vm.Name} were missed")
            : new Verdict.Pass();
    }

    private static Verdict.Fire Fire(VirtualMachineSubject subject, string variant, Severity severity, TimeSpan limit, string title) => new(variant, severity, title)
    {
        Impact = "A failover loses what was written since.",
        Remedy = Mend(subject.Host, RemedyRisk.Online, $"Look at size and duration of the last cycles of {subject.Vm.Name}, and at bandwidth and certificate between the hosts. Afterwards begin the statistics anew.", "",
            PowerShell.Line($"Measure-VMReplication -ComputerName {subject.Host} -VMName {subject.Vm.Name}"), PowerShell.Line($"Reset-VMReplicationStatistics -ComputerName {subject.Host} -VMName {subject.Vm.Name}")),
        Evidence =
        [
            Fact(subject.Host, "virtualMachines", "Replicated last", subject.Vm.Replication!.LastReplicatedAt?.ToString("u", CultureInfo.InvariantCulture), variant == "lag" ? $"within {limit}" : null, "Msvm_ReplicationRelationship.LastReplicationTime"),
            Fact(subject.Host, "virtualMachines", "Every", (subject.Vm.Replication.Frequency ?? FixedFrequency).ToString(), null, "Msvm_ReplicationSettingData.ReplicationInterval"),
            Fact(subject.Host, "virtualMachines", "Missed cycles", subject.Vm.Replication.MissedPercent is { } missed ? $"{missed} %" : "not asked for", variant == "missed" ? "less" : null),
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
        CannotTell("a VM that is off", new(Vm(400).Vm with { State = VirtualMachineState.Off }, new(Given.Host()))),
    ];

    private static VirtualMachineSubject Vm(int minutes, int? missed = null, int every = 5, Func<VirtualMachineReplication, VirtualMachineReplication>? change = null)
    {
        var replication = new VirtualMachineReplication
        {
            Mode = ReplicationMode.Primary, State = ReplicationState.Replicating, Health = ReplicationHealth.Ok, LastReplicatedAt = Sample.Now.AddMinutes(-minutes), Frequency = TimeSpan.FromMinutes(every), MissedPercent = missed,
        };
        return Given.Host().With(Sample.Vm with { Replication = change is null ? replication : change(replication) }).Vm();
    }
}

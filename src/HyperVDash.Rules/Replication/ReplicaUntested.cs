using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Replication;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Replication;

public sealed class ReplicaUntested : OneVerdictRule<VirtualMachineSubject>
{
    private static readonly TimeSpan TestTime = TimeSpan.FromHours(24);

    public override RuleCard Card { get; } = new("HVD003", "replica-test-failover-overdue", RuleScope.VirtualMachine, RuleKind.Configuration)
    {
        Title = "No test failover in the last month",
        Why = "A replica that nobody has started is a hope.",
        Fix = "Start a test failover of the replica, look at the copy, and end the test.",
        Quiet = "Told on the side of the replica; tag dr:untested-ok. A replica that was never tested counts from when it was made.",
        Sections = ["virtualMachines", "operatingSystem"],
        Severities = [Severity.Info, Severity.Warning],
        Origin = "Best Practices Analyzer for Hyper-V, rules 51 and 52",
    };

    public override Verdict Decide(VirtualMachineSubject subject, RuleContext context) =>
        Unreadable(subject.Host, context, "virtualMachines", "operatingSystem") ?? subject switch
        {
            { Host.Profile: null } => NotSaid("operatingSystem", "its build"),
            { Host.Profile.Profile.Capabilities.Replica: false } => NotFor("This release has no replicas."),
            { Vm.Replication: null } => NotFor("The VM is not replicated."),
            { Vm.Replication.Mode: ReplicationMode.TestReplica } => LeftOver(subject, context),
            { Vm.Replication.Mode: not (ReplicationMode.Replica or ReplicationMode.ExtendedReplica) } => NotFor("The replica tells it."),
            _ when context.Settings.HasTag(subject.Identity.Id, "dr:untested-ok") => NotFor("Tagged dr:untested-ok."),
            { Vm.Replication.State: ReplicationState.Ready or ReplicationState.WaitingForInitialReplication } => NotFor("The first copy is not finished."),
            { Vm.Replication.LastTestFailoverAt: { } tested } => Tested(subject, context, tested),
            // 2012 does not tell: never and not said are one there.
            _ when !subject.Host.Profile!.IsFrom("2012R2") => NotSaid("virtualMachines", "when the replica was tested last"),
            { Vm.CreatedAt: { } made } => context.Passed(made.AddDays(context.Settings.ReplicaTestInfoDays))
                ? Fire(subject, "never", Severity.Warning, $"The replica of {subject.Vm.Name} was never tested") : Verdict.Passed,
            _ => NotSaid("virtualMachines", "when the replica was made"),
        };

    private static Verdict Tested(VirtualMachineSubject subject, RuleContext context, DateTimeOffset tested) =>
        context.Passed(tested.AddDays(context.Settings.ReplicaTestWarnDays)) ? Fire(subject, "overdue", Severity.Warning, $"The replica of {subject.Vm.Name} was tested last on {tested:yyyy-MM-dd}")
        : context.Passed(tested.AddDays(context.Settings.ReplicaTestInfoDays)) ? Fire(subject, "overdue", Severity.Info, $"The replica of {subject.Vm.Name} was tested last on {tested:yyyy-MM-dd}")
        : Verdict.Passed;

    private static Verdict LeftOver(VirtualMachineSubject subject, RuleContext context) =>
        subject.Vm.CreatedAt is not { } made ? NotSaid("virtualMachines", "when the copy was made")
        : context.Passed(made + TestTime) ? Fire(subject, "left", Severity.Info, $"The copy {VisibleText.Of(subject.Vm.Name)} of a test is left since {made:yyyy-MM-dd}")
        : Verdict.Passed;

    private static Verdict.Fire Fire(VirtualMachineSubject subject, string variant, Severity severity, string title) => new(variant, severity, title)
    {
        Impact = variant == "left" ? "It takes room, and no further test starts." : "Nobody knows whether the copy starts.",
        Remedy = variant == "left"
            ? Mend(subject.Host, RemedyRisk.Online, "End the test.", "", PowerShell.Line($"Stop-VMFailover -ComputerName {subject.Host} -VMName <replica>"))
            : Mend(subject.Host, RemedyRisk.Online, $"Start a test failover of {subject.Vm.Name} in a network of its own, look at the copy, then end the test.", "",
                PowerShell.Line($"Start-VMFailover -ComputerName {subject.Host} -VMName {subject.Vm.Name} -AsTest"), PowerShell.Line($"Stop-VMFailover -ComputerName {subject.Host} -VMName {subject.Vm.Name}")),
        Evidence =
        [
            Fact(subject.Host, "virtualMachines", "Made", subject.Vm.CreatedAt?.ToString("u", CultureInfo.InvariantCulture), variant == "left" ? "a day ago at most" : null, "Msvm_VirtualSystemSettingData.CreationTime"),
            .. variant == "left" ? ImmutableArray<Evidence>.Empty :
                [Fact(subject.Host, "virtualMachines", "Tested last", subject.Vm.Replication!.LastTestFailoverAt?.ToString("u", CultureInfo.InvariantCulture) ?? "never", "a month ago at most", "Msvm_ReplicationRelationship.LastTestFailoverInitiatedTime")],
            Fact(subject.Host, "virtualMachines", "State of replication", subject.Vm.Replication!.State.ToString(), null, "Msvm_ReplicationRelationship.ReplicationState"),
        ],
    };

    public override ImmutableArray<Example<VirtualMachineSubject>> Examples { get; } =
    [
        Fires(Severity.Info, "tested 75 days ago", Vm(75)),
        Passes("tested 10 days ago", Vm(10)),
        Passes("tested exactly 30 days ago", Vm(30)),
        Fires(Severity.Info, "tested exactly 90 days ago", Vm(90)),
        Fires(Severity.Warning, "tested 91 days ago", Vm(91)),
        Fires(Severity.Warning, "never tested, made 31 days ago", Vm(null, made: 31)),
        Passes("never tested, made exactly 30 days ago", Vm(null, made: 30)),
        Fires(Severity.Info, "the copy of a test, made two days ago", Vm(null, made: 2, mode: ReplicationMode.TestReplica)),
        Passes("the copy of a test, made exactly a day ago", Vm(null, made: 1, mode: ReplicationMode.TestReplica)),
        Skips("the side of the primary", Vm(75, mode: ReplicationMode.Primary)),
        Skips("accepted", Vm(75), Given.Tagged("dr:untested-ok")),
        Skips("a VM that is not replicated", Given.Host().With(Sample.Vm).Vm()),
        CannotTell("a host of 2012, which does not tell", Vm(null, release: "2012")),
        CannotTell("a replica of unknown age", new(Vm(null).Vm with { CreatedAt = null }, new(Given.Host()))),
    ];

    private static VirtualMachineSubject Vm(int? tested, int made = 100, ReplicationMode mode = ReplicationMode.Replica, string release = "2022") => Given.Host(release).With(Sample.Vm with
    {
        CreatedAt = Sample.Now.AddDays(-made),
        Replication = new() { Mode = mode, State = ReplicationState.Replicating, Health = ReplicationHealth.Ok, LastTestFailoverAt = tested is { } days ? Sample.Now.AddDays(-days) : null },
    }).Vm();
}

using System.Collections.Immutable;
using HyperVDash.Model;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Jobs;
using HyperVDash.Model.Units;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.VirtualMachines;

public sealed class StuckInTransition : Rule<VirtualMachineSubject>
{
    private static readonly TimeSpan JobWarnTime = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan JobErrorTime = TimeSpan.FromMinutes(60);

    // A VM with more memory than this may take a minute longer for each further piece to save it.
    private const long LargeGiB = 64;
    private const long SavedGiBPerMinute = 4;

    private static readonly Verdict[] Fine = [Verdict.Passed];

    public override RuleCard Card { get; } = new("HVD510", "vm-stuck-in-transition", RuleScope.VirtualMachine, RuleKind.State)
    {
        Title = "VM hangs in starting, stopping, saving, resuming or merging",
        Why = "Its worker process hangs. The VM can neither be moved nor stopped, and a node that shall be drained waits for it.",
        Fix = "Wait for a merge or a save; then end the worker process of this VM alone, in the last resort drain and restart the host.",
        Quiet = "Saving more than 64 GiB gets a minute more for every 4 GiB; a merge of disks is told by HVD603; a job that moves forward. Since when a job stands still is what the agent saw.",
        Sections = ["virtualMachines", "jobs"],
        Mentions = ["operatingSystem"],
        ExplainedBy = [new("HVD412", Relation.ImpactedHost), new("HVD409", Relation.ImpactedHost)],
        Severities = [Severity.Warning, Severity.Error],
        Origin = "Published troubleshooting of live migration; field practice",
    };

    public override IEnumerable<Verdict> Examine(VirtualMachineSubject subject, RuleContext context)
    {
        if (Unreadable(subject.Host, context, "virtualMachines") is { } unreadable)
        {
            return [unreadable];
        }

        List<Verdict>? verdicts = null;
        if (OfState(subject, context) is { } state)
        {
            (verdicts ??= []).Add(state);
        }

        if (OfJobs(subject, context) is { } jobs)
        {
            (verdicts ??= []).AddRange(jobs);
        }

        return verdicts ?? (IEnumerable<Verdict>)Fine;
    }

    /// <summary>Null: it is in no transition, or not for long.</summary>
    private static Verdict? OfState(VirtualMachineSubject subject, RuleContext context)
    {
        var vm = subject.Vm;
        if (vm.State == VirtualMachineState.Unknown)
        {
            return NotSaid("virtualMachines", "the VM's state");
        }

        if (vm.State is not (VirtualMachineState.Starting or VirtualMachineState.Stopping or VirtualMachineState.Saving or VirtualMachineState.Pausing or VirtualMachineState.Resuming or VirtualMachineState.Resetting))
        {
            return null;
        }

        if (vm.StateChangedAt is not { } since)
        {
            return NotSaid("virtualMachines", "since when the VM is in this state");
        }

        var begins = since + Allowance(vm);
        return context.Passed(begins + context.Settings.TransitionErrorTime) ? State(subject, since, Severity.Error)
            : context.Passed(begins + context.Settings.TransitionWarnTime) ? State(subject, since, Severity.Warning)
            : null;
    }

    private static TimeSpan Allowance(VirtualMachine vm) =>
        vm is { State: VirtualMachineState.Saving, StartupMemory: { } memory } && memory.Bytes > LargeGiB << 30 ? TimeSpan.FromMinutes((memory.Bytes >> 30) / SavedGiBPerMinute) : TimeSpan.Zero;

    /// <summary>Null: no job of the VM stands still.</summary>
    private static List<Verdict>? OfJobs(VirtualMachineSubject subject, RuleContext context)
    {
        if (Unreadable(subject.Host, context, "jobs") is { } unreadable)
        {
            return unreadable is Verdict.Unknown ? [unreadable] : null;
        }

        if (subject.Vm.Activity == VirtualMachineActivity.MergingDisks)
        {
            return null;
        }

        List<Verdict>? verdicts = null;
        foreach (var job in subject.Host.Reading.Jobs.Content!.Items)
        {
            if (job.VirtualMachineId == subject.Vm.Id && job.State == JobState.Running && OfJob(subject, context, job) is { } verdict)
            {
                (verdicts ??= []).Add(verdict);
            }
        }

        return verdicts;
    }

    /// <summary>Null: it moves forward, or has not stood still for long.</summary>
    private static Verdict? OfJob(VirtualMachineSubject subject, RuleContext context, HyperVJob job) =>
        job.ProgressedAt is not { } at ? NotSaid("jobs", "how far a job of the VM is") with { Variant = "job" }
        : context.Passed(at + JobErrorTime) ? Job(subject, job, at, Severity.Error)
        : context.Passed(at + JobWarnTime) ? Job(subject, job, at, Severity.Warning)
        : null;

    private static Verdict.Fire State(VirtualMachineSubject subject, DateTimeOffset since, Severity severity) =>
        Fire(subject, "state", severity, $"{subject.Vm.Name} is {subject.Vm.State.ToString().ToLowerInvariant()} since {since:yyyy-MM-dd HH:mm} UTC",
            Fact(subject.Host, "virtualMachines", "State", $"{subject.Vm.State} since {since:u}", "for 15 minutes at most", "Msvm_ComputerSystem.EnabledState, TimeOfLastStateChange"));

    private static Verdict.Fire Job(VirtualMachineSubject subject, HyperVJob job, DateTimeOffset at, Severity severity) =>
        Fire(subject, "job", severity, $"A job of {subject.Vm.Name} stands at {job.PercentComplete} % since {at:yyyy-MM-dd HH:mm} UTC",
            Fact(subject.Host, "jobs", "Job", $"{job.Id}, {VisibleText.Of(job.Caption ?? "without a name")}, at {job.PercentComplete} % since {at:u}", "moves within 30 minutes", "Msvm_ConcreteJob.PercentComplete"))
        with { Discriminator = job.Id };

    private static Verdict.Fire Fire(VirtualMachineSubject subject, string variant, Severity severity, string title, Evidence first) => new(variant, severity, title)
    {
        Impact = "It cannot be moved, and a drain of its host waits for it.",
        Remedy = Mend(subject.Host, RemedyRisk.NeedsVirtualMachineOff, $"Give it time if it saves or merges. Then end the worker process of {subject.Vm.Name} alone, which is like cutting its power; if that does not help, drain {subject.Host.Name} and restart it.",
            $"Give it time if it saves or merges. Then end the vmwp.exe on {subject.Host.Name} whose command line holds {subject.Vm.Id}, which is like cutting its power.",
            $"{PowerShell.Line($"Invoke-Command -ComputerName {subject.Host}")} {{ {PowerShell.Line($"Get-Process vmwp | Where-Object Id -eq {subject.Vm.WorkerProcessId} | Stop-Process -Force")} }}"),
        Evidence =
        [
            first,
            Fact(subject.Host, "virtualMachines", "Worker process", subject.Vm.WorkerProcessId?.ToString(System.Globalization.CultureInfo.InvariantCulture), null, "Msvm_ComputerSystem.ProcessID"),
            Fact(subject.Host, "virtualMachines", "What the host says it does", subject.Vm.Activity?.ToString() ?? "nothing", null, "Msvm_ComputerSystem.OperationalStatus"),
            Fact(subject.Host, "virtualMachines", "Memory", subject.Vm.StartupMemory?.ToString(), null, "Msvm_MemorySettingData.VirtualQuantity"),
        ],
    };

    public override ImmutableArray<Example<VirtualMachineSubject>> Examples { get; } =
    [
        Fires(Severity.Error, "stopping for 75 minutes", Vm(VirtualMachineState.Stopping, 75)),
        Passes("saving 64 GiB for 3 minutes", Vm(VirtualMachineState.Saving, 3, 64)),
        Passes("starting for exactly 15 minutes", Vm(VirtualMachineState.Starting, 15)),
        Fires(Severity.Warning, "starting for 16 minutes", Vm(VirtualMachineState.Starting, 16)),
        Fires(Severity.Warning, "resuming for exactly 60 minutes", Vm(VirtualMachineState.Resuming, 60)),
        Fires(Severity.Error, "resuming for 61 minutes", Vm(VirtualMachineState.Resuming, 61)),
        Fires(Severity.Warning, "saving 64 GiB for 16 minutes", Vm(VirtualMachineState.Saving, 16, 64)),
        Passes("saving 128 GiB for 47 minutes", Vm(VirtualMachineState.Saving, 47, 128)),
        Fires(Severity.Warning, "saving 128 GiB for 48 minutes", Vm(VirtualMachineState.Saving, 48, 128)),
        Passes("a VM that has been running for days", Vm(VirtualMachineState.Running, 9000)),
        Fires(Severity.Warning, "a job that stands still for 31 minutes", WithJob(31)),
        Passes("a job that stands still for exactly 30 minutes", WithJob(30)),
        Fires(Severity.Error, "a job that stands still for 61 minutes", WithJob(61)),
        Passes("the same, while the host merges disks", WithJob(61, v => v with { Activity = VirtualMachineActivity.MergingDisks })),
        CannotTell("a VM whose jobs could not be read", new(Sample.Vm, new(Given.Host() with { Jobs = Sample.Failed<JobList>(SectionState.Denied, "no right") }))),
        CannotTell("a host that does not say since when", Given.Host().With(Sample.Vm with { State = VirtualMachineState.Stopping, StateChangedAt = null }).Vm()),
    ];

    private static VirtualMachineSubject Vm(VirtualMachineState state, int minutes, int gib = 8) =>
        Given.Host().With(Sample.Vm with { State = state, StateChangedAt = Sample.Now.AddMinutes(-minutes), StartupMemory = ByteSize.FromGiB(gib) }).Vm();

    private static VirtualMachineSubject WithJob(int minutes, Func<VirtualMachine, VirtualMachine>? change = null) => (Given.Host().With(change is null ? Sample.Vm : change(Sample.Vm)) with
    {
        Jobs = Sample.Read(new JobList { Items = [new("j") { State = JobState.Running, VirtualMachineId = Sample.VmId, PercentComplete = 40, ProgressedAt = Sample.Now.AddMinutes(-minutes) }] }),
    }).Vm();
}

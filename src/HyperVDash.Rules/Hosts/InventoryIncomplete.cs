using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Hosts;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Hosts;

public sealed class InventoryIncomplete : Rule<HostSubject>
{
    public override RuleCard Card { get; } = new("HVD111", "inventory-incomplete", RuleScope.Host, RuleKind.State)
    {
        Title = "The provider returns fewer VMs than are running",
        Why = "VMs that the account cannot see get no rule at all: everything said about the host is about a part of it.",
        Fix = "Put the agent's account into Hyper-V Administrators, or let it sign in with a full token.",
        Quiet = "Workers that belong to Windows Sandbox, WSL or isolated containers are no VMs; tag workers:isolated accepts them.",
        Sections = ["services", "virtualMachines"],
        ExplainedBy = [new("HVD103", Relation.SameHost)],
        Severities = [Severity.Warning],
        Confidence = 0.75,
        Origin = "Safety net against filtered tokens and localised filters",
    };

    public override IEnumerable<Verdict> Examine(HostSubject subject, RuleContext context)
    {
        if (Unreadable(subject, context, "services", "virtualMachines") is { } unreadable)
        {
            yield return unreadable;
            yield break;
        }

        if (subject.Reading.Services.Content!.Workers is not { } workers)
        {
            yield return NotSaid("services", "its worker processes (vmwp.exe)");
            yield break;
        }

        if (context.Settings.HasTag(subject.Id, "workers:isolated"))
        {
            yield return NotFor("Tagged workers:isolated: other things than VMs run in vmwp.exe here.");
            yield break;
        }

        var vms = subject.Reading.VirtualMachines.Content!.Items;
        int active = vms.Count(v => v.State is not (VirtualMachineState.Off or VirtualMachineState.Saved or VirtualMachineState.Unknown));
        yield return workers.Length > active ? Fire(subject, workers, vms, active) : Verdict.Passed;
    }

    private static Verdict.Fire Fire(HostSubject host, ImmutableArray<WorkerProcess> workers, ImmutableArray<VirtualMachine> vms, int active)
    {
        var hidden = workers.Where(w => w.VirtualMachineId is { } id && vms.All(v => v.Id != id)).Select(w => w.VirtualMachineId.ToString()!).ToList();
        int missing = workers.Length - active;
        return new("hidden", Severity.Warning, $"{host.Name} runs {workers.Length} VM workers but lists {active} active VMs: {missing} {(missing == 1 ? "is" : "are")} hidden")
        {
            Impact = "No rule looks at the hidden VMs.",
            Remedy = new($"Add the agent's account to Hyper-V Administrators on {host.Name}. If Windows Sandbox or isolated containers run there, tag the host workers:isolated.")
            {
                Commands = ["Add-LocalGroupMember -SID S-1-5-32-578 -Member <account>"],
                Risk = RemedyRisk.Online,
            },
            Evidence =
            [
                Fact(host, "services", "Worker processes", workers.Length.ToString(CultureInfo.InvariantCulture), $"at most {active}", "Win32_Process vmwp.exe"),
                Fact(host, "virtualMachines", "Active VMs listed", active.ToString(CultureInfo.InvariantCulture), null, "Msvm_ComputerSystem.EnabledState"),
                Fact(host, "services", "Ids only in processes", hidden.Count > 0 ? string.Join(", ", hidden) : "not known without administrator rights", null, "Win32_Process.CommandLine"),
            ],
        };
    }

    public override ImmutableArray<Example<HostSubject>> Examples { get; } =
    [
        Fires(Severity.Warning, "two workers and one running VM", Host([new(4711, Sample.VmId), new(4712, null)])),
        Passes("one worker and one running VM", Host([new(4711, Sample.VmId)])),
        Passes("one worker and one VM that is stopping", new(Sample.Host.With(Sample.Vm with { State = VirtualMachineState.Stopping }) with { Services = Sample.Read(Sample.Host.Services.Content! with { Workers = [new(4711, Sample.VmId)] }) })),
        Fires(Severity.Warning, "a worker, and no VM that the account may see", new(Sample.Host.With(Array.Empty<VirtualMachine>()))),
        Skips("isolated containers run there", Host([new(4711, Sample.VmId), new(4712, null)]), Given.Tagged("workers:isolated", Sample.Host.Id)),
        Passes("no worker", Host([])),
        CannotTell("a host that does not show its processes", Host(null)),
    ];

    private static HostSubject Host(ImmutableArray<WorkerProcess>? workers) =>
        new(Sample.Host with { Services = Sample.Read(Sample.Host.Services.Content! with { Workers = workers }) });
}

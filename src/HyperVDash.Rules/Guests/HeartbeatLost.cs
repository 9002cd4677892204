using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Guests;
using HyperVDash.Model.Performance;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Guests;

public sealed class HeartbeatLost : IntegrationRule
{
    private static readonly TimeSpan AfterChange = TimeSpan.FromMinutes(10);

    public override RuleCard Card { get; } = new("HVD505", "heartbeat-lost", RuleScope.VirtualMachine, RuleKind.State)
    {
        Title = "Guest had a heartbeat and lost it",
        Why = "The guest has crashed or hangs, and nobody has restarted it.",
        Fix = "Look at its console; before switching it off see whether it writes a dump.",
        Quiet = "The VM started or changed its state less than 10 minutes ago; the heartbeat is switched off. A guest that never had one is told by HVD301, HVD501 and HVD504. Whether the cluster watches the heartbeat is not read: it counts as watched.",
        Sections = ["guests", "virtualMachines"],
        Mentions = ["performance", "cluster", "operatingSystem"],
        Severities = [Severity.Warning, Severity.Error, Severity.Critical],
        Origin = "Class of the heartbeat; checks of widely used monitoring products; field practice",
    };

    public override Verdict Decide(VirtualMachineSubject subject, RuleContext context) =>
        Unreadable(subject.Host, context, "virtualMachines") ?? Uptime.Gate(subject, context)
            ?? (subject.Vm.StateChangedAt is { } changed && !context.Reached(changed + AfterChange) ? Verdict.Passed : Unreadable(subject.Host, context, "guests") ?? Judge(subject));

    private static Verdict Judge(VirtualMachineSubject subject)
    {
        if (subject.Guest is not { } guest)
        {
            return Uptime.CannotTell(null);
        }

        if (guest.Services.Any(s => s is { Kind: IntegrationServiceKind.Heartbeat, IsEnabled: false }))
        {
            return NotFor("The heartbeat is switched off on the host.");
        }

        return guest.Heartbeat switch
        {
            IntegrationState.Lost => Lost(subject, guest),
            IntegrationState.NoContact when guest.HeartbeatLastOkAt is not null => Lost(subject, guest),
            IntegrationState.NoContact => NotFor("The guest never had a heartbeat in this run."),
            IntegrationState.Unknown => Uptime.CannotTell(guest),
            _ when guest.IsApplicationCritical => Fire(subject, guest, "application", Severity.Warning, $"{subject.Vm.Name} runs, but its guest calls an application critical"),
            _ => Verdict.Passed,
        };
    }

    private static Verdict.Fire Lost(VirtualMachineSubject subject, Guest guest)
    {
        int? load = subject.Host.PerformanceOf.GetValueOrDefault(subject.Vm.Id)?.ProcessorPercent;
        bool isClustered = subject.Host.Clustered.ContainsKey(subject.Vm.Id);
        return Fire(subject, guest, "lost", load is 0 or 100 || isClustered ? Severity.Critical : Severity.Error,
            $"{subject.Vm.Name} runs, but its guest lost the heartbeat{(load is 0 or 100 ? $", with its processors at {load} %" : "")}");
    }

    private static Verdict.Fire Fire(VirtualMachineSubject subject, Guest guest, string variant, Severity severity, string title) => new(variant, severity, title)
    {
        Impact = variant == "lost" ? "The guest has crashed or hangs." : "What it is there for may not work.",
        Remedy = variant == "lost"
            ? Mend(subject.Host, RemedyRisk.NeedsVirtualMachineOff, $"Look at the console of {subject.Vm.Name}. If it hangs, let it write a dump; switch it off only when it shows none being written.",
                $"Connect to {subject.Vm.Name} and look; turn it off only when no dump is being written.",
                PowerShell.Line($"Debug-VM -ComputerName {subject.Host} -Name {subject.Vm.Name} -InjectNonMaskableInterrupt"), PowerShell.Line($"Stop-VM -ComputerName {subject.Host} -Name {subject.Vm.Name} -TurnOff"))
            : new($"Look in the guest of {subject.Vm.Name} which application calls itself critical.") { Risk = RemedyRisk.ReadOnly },
        Evidence =
        [
            Fact(subject.Host, "guests", "Well last", guest.HeartbeatLastOkAt?.ToString("u", CultureInfo.InvariantCulture), null, "Msvm_HeartbeatComponent.OperationalStatus"),
            Fact(subject.Host, "performance", "Processors", subject.Host.PerformanceOf.GetValueOrDefault(subject.Vm.Id)?.ProcessorPercent is { } load ? $"{load} %" : null, null, "Msvm_SummaryInformation.ProcessorLoad"),
            Fact(subject.Host, "guests", "Applications", guest.IsApplicationCritical ? "critical" : "not critical", "not critical", "Msvm_HeartbeatComponent.OperationalStatus"),
            .. Evidence(subject),
        ],
    };

    public override ImmutableArray<Example<VirtualMachineSubject>> Examples { get; } =
    [
        Fires(Severity.Error, "a heartbeat that was there and is lost", Vm(IntegrationState.Lost, 30)),
        Skips("a guest that never had one", Vm(IntegrationState.NoContact, 30)),
        Passes("a VM that runs 2 minutes", Vm(IntegrationState.NoContact, 30, minutes: 2)),
        Fires(Severity.Error, "no contact, after it was well in this run", Vm(IntegrationState.NoContact, 30, okAt: -5)),
        Fires(Severity.Critical, "lost, with all processors busy", Vm(IntegrationState.Lost, 100)),
        Fires(Severity.Error, "lost, with processors at 99 %", Vm(IntegrationState.Lost, 99)),
        Fires(Severity.Critical, "lost, with idle processors", Vm(IntegrationState.Lost, 0)),
        Fires(Severity.Critical, "lost in a clustered VM", Vm(IntegrationState.Lost, 30, isClustered: true)),
        Fires(Severity.Warning, "an application that calls itself critical", Vm(IntegrationState.Ok, 30, application: 32782)),
        Passes("a VM that runs 9 minutes", Vm(IntegrationState.Lost, 30, minutes: 9)),
        Fires(Severity.Error, "a VM that runs exactly 10 minutes", Vm(IntegrationState.Lost, 30, minutes: 10)),
        Passes("a guest that is well", Vm(IntegrationState.Ok, 0)),
        CannotTell("a heartbeat that the host did not say", Vm(IntegrationState.Unknown, 30)),
    ];

    private static VirtualMachineSubject Vm(IntegrationState heartbeat, int load, int minutes = 90, int? okAt = null, int? application = 2, bool isClustered = false)
    {
        var host = Given.Host().With(Sample.Vm with { StartedAt = Sample.Now.AddMinutes(-minutes), StateChangedAt = Sample.Now.AddMinutes(-minutes) })
            .With(Sample.Guest with { Heartbeat = heartbeat, HeartbeatLastOkAt = okAt is { } ago ? Sample.Now.AddMinutes(ago) : null, ApplicationCode = application }) with
        {
            Performance = Sample.Read(new PerformanceSample { VirtualMachines = [new(Sample.VmId, load)] }),
        };
        return (isClustered ? host.WithClusteredVm() : host).Vm();
    }
}

using System.Collections.Immutable;
using HyperVDash.Model;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Units;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Model.Volumes;
using HyperVDash.Rules.Disks;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.VirtualMachines;

public sealed class UnhealthyVirtualMachine : OneVerdictRule<VirtualMachineSubject>
{
    private static readonly TimeSpan PauseTime = TimeSpan.FromHours(1);

    // Below this, hosts before 2012 R2 paused their VMs; what they say of health does not tell it.
    private static readonly ByteSize LeastFree = new(200L << 20);

    public override RuleCard Card { get; } = new("HVD509", "vm-paused-or-critical", RuleScope.VirtualMachine, RuleKind.State)
    {
        Title = "VM is paused-critical or its health is degraded",
        Why = "A VM that lost its storage stands still and is turned off after a while; one that is paused does not run although nobody stopped it.",
        Fix = "Free space on its volume or bring the path back, then resume it.",
        Quiet = "A pause by hand for the first hour. Numbers of a state are never taken for health: published tables of them disagree.",
        Sections = ["virtualMachines"],
        Mentions = ["operatingSystem", "devices", "volumes", "cluster"],
        ExplainedBy = [new("HVD412", Relation.ImpactedHost), new("HVD409", Relation.ImpactedHost)],
        Severities = [Severity.Info, Severity.Warning, Severity.Critical],
        Origin = "Health of VMs in Hyper-V's classes; Best Practices Analyzer for Hyper-V, rule 7; storage resiliency of 2016",
    };

    public override Verdict Decide(VirtualMachineSubject subject, RuleContext context) =>
        Unreadable(subject.Host, context, "virtualMachines") ?? subject.Vm switch
        {
            { Health: VirtualMachineHealth.Critical } => Fire(subject, "critical", Severity.Critical, $"The host calls {subject.Vm.Name} critical; it is {Word(subject.Vm)}"),
            { State: VirtualMachineState.Paused } => Paused(subject, context),
            { Health: VirtualMachineHealth.Degraded } => Fire(subject, "degraded", Severity.Warning, $"The host calls {subject.Vm.Name} degraded; it is {Word(subject.Vm)}"),
            { Health: VirtualMachineHealth.Unknown } => NotSaid("virtualMachines", "the VM's health"),
            { State: VirtualMachineState.Unknown } => NotSaid("virtualMachines", "the VM's state"),
            _ => Verdict.Passed,
        };

    private static Verdict Paused(VirtualMachineSubject subject, RuleContext context)
    {
        if (subject.Host.Profile?.IsFrom("2012R2") == false)
        {
            if (Unreadable(subject.Host, context, "devices", "volumes") is Verdict.Unknown unknown)
            {
                return unknown;
            }

            if (Least(subject) is { } free && free.Bytes < LeastFree.Bytes)
            {
                return Fire(subject, "noSpace", Severity.Critical, $"{subject.Vm.Name} is paused, and {free.Bytes >> 20} MiB are free on its volume");
            }
        }

        return subject.Vm.Health == VirtualMachineHealth.Degraded ? Fire(subject, "degraded", Severity.Warning, $"The host calls {subject.Vm.Name} degraded; it is paused")
            : subject.Vm.StateChangedAt is not { } since ? NotSaid("virtualMachines", "since when the VM is paused")
            : context.Passed(since + PauseTime) ? Fire(subject, "paused", Severity.Info, $"{subject.Vm.Name} is paused since {since:yyyy-MM-dd HH:mm} UTC")
            : subject.Vm.Health == VirtualMachineHealth.Unknown ? NotSaid("virtualMachines", "the VM's health")
            : Verdict.Passed;
    }

    private static IEnumerable<string> Paths(VirtualMachineSubject subject) =>
        subject.Host.DrivesOf[subject.Vm.Id].Where(d => d.Kind == DriveKind.Disk).Select(d => d.Path).OfType<string>();

    /// <summary>What is free on the fullest volume that its disks are on; null: not known.</summary>
    private static ByteSize? Least(VirtualMachineSubject subject) =>
        Paths(subject).Select(p => FreeSpace.At(subject.Host, p)).OfType<ByteSize>().OrderBy(f => f.Bytes).Select(f => (ByteSize?)f).FirstOrDefault();

    private static string Word(VirtualMachine vm) => vm.State == VirtualMachineState.Other ? "in a state without an agreed name" : $"{vm.State}".ToLowerInvariant();

    private static Verdict.Fire Fire(VirtualMachineSubject subject, string variant, Severity severity, string title) => new(variant, severity, title)
    {
        Impact = variant switch
        {
            "critical" or "noSpace" => "It stands still, and if its storage stays away the host turns it off.",
            "degraded" => "The host warns that something under it fails.",
            _ => "It holds its memory and does nothing; what depends on it waits.",
        },
        Remedy = Mend(subject.Host, RemedyRisk.Online,
            variant == "degraded" ? $"Look at the storage of {subject.Vm.Name} and at the host's events, and move it to another volume or host while it runs."
            : $"Free space on the volume of {subject.Vm.Name} or bring its path back, then resume it. If the storage was gone for longer than the host waits, the VM must be turned off and started.",
            $"Free space on the volume of {subject.Vm.Name} or bring its path back, then choose Resume in Hyper-V Manager.",
            variant == "degraded" ? [PowerShell.Line($"Get-VM -ComputerName {subject.Host} -Name {subject.Vm.Name} | Format-List State, Status, OperationalStatus")]
            : [PowerShell.Line($"Resume-VM -ComputerName {subject.Host} -Name {subject.Vm.Name}")]),
        Evidence =
        [
            Fact(subject.Host, "virtualMachines", "Health", $"{subject.Vm.Health}", "Ok", "Msvm_ComputerSystem.HealthState, OperationalStatus"),
            Fact(subject.Host, "virtualMachines", "State", $"{subject.Vm.State} ({subject.Vm.StateNumbers})", variant is "paused" or "noSpace" ? "running, or off" : null, "Msvm_ComputerSystem.EnabledState"),
            Fact(subject.Host, "virtualMachines", "State since", subject.Vm.StateChangedAt?.ToString("u"), null, "Msvm_ComputerSystem.TimeOfLastStateChange"),
            .. Paths(subject).Take(3).Select(path => Fact(subject.Host, "volumes", $"Free where {VisibleText.Of(path)} is", FreeSpace.At(subject.Host, path)?.ToString(), variant == "noSpace" ? "at least 200 MiB" : null, "Win32_Volume.FreeSpace")),
        ],
    };

    public override ImmutableArray<Example<VirtualMachineSubject>> Examples { get; } =
    [
        Fires(Severity.Critical, "a state without a name, and critical health", Vm(v => v with { State = VirtualMachineState.Other, Health = VirtualMachineHealth.Critical })),
        Passes("a VM that runs and is well", Vm(v => v)),
        Fires(Severity.Critical, "a VM that runs and is critical", Vm(v => v with { Health = VirtualMachineHealth.Critical })),
        Fires(Severity.Warning, "degraded health", Vm(v => v with { Health = VirtualMachineHealth.Degraded })),
        Fires(Severity.Info, "paused for an hour and a minute", Vm(Pause(61))),
        Passes("paused for exactly an hour", Vm(Pause(60))),
        Fires(Severity.Critical, "paused a minute ago on 2008 R2, with 199 MiB free", Vm(Pause(1), "2008R2", 199)),
        Passes("paused a minute ago on 2008 R2, with exactly 200 MiB free", Vm(Pause(1), "2008R2", 200)),
        Passes("paused a minute ago on 2022, with 199 MiB free: the host would say so itself", Vm(Pause(1), "2022", 199)),
        CannotTell("a host that does not say the health", Vm(v => v with { Health = VirtualMachineHealth.Unknown })),
        CannotTell("paused on 2008 R2, where the volumes could not be read", new(Sample.Vm with { State = VirtualMachineState.Paused }, new(Given.Host("2008R2") with { Volumes = Sample.Failed<VolumeList>(SectionState.Denied, "no right") }))),
    ];

    private static Func<VirtualMachine, VirtualMachine> Pause(int minutes) => v => v with { State = VirtualMachineState.Paused, StateChangedAt = Sample.Now.AddMinutes(-minutes) };

    private static VirtualMachineSubject Vm(Func<VirtualMachine, VirtualMachine> change, string release = "2022", long freeMiB = 900_000) => (Given.Host(release).With(change(Sample.Vm)) with
    {
        Volumes = Sample.Read(new VolumeList { Items = [Sample.SystemVolume, Sample.DataVolume with { Free = new(freeMiB << 20) }] }),
    }).Vm();
}

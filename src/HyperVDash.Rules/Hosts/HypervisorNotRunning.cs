using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Hosts;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Hosts;

public sealed class HypervisorNotRunning : OneVerdictRule<HostSubject>
{
    public override RuleCard Card { get; } = new("HVD104", "hypervisor-not-running", RuleScope.Host, RuleKind.State)
    {
        Title = "Role installed but the hypervisor is not loaded",
        Why = "No VM can start.",
        Fix = "Switch on VT-x or AMD-V and NX in the firmware, let the boot loader start the hypervisor, then switch the machine off and on. In a nested host, pass the extensions through on the outer one.",
        Quiet = "No Hyper-V on the machine; the role was added after the last start, or updates wait for a restart (HVD106).",
        Sections = ["hyperVSettings", "services"],
        Mentions = ["computerSystem", "processors", "operatingSystem", "pendingRestart"],
        ExplainedBy = [new("HVD106", Relation.SameObject)],
        Severities = [Severity.Critical],
        Origin = "Best Practices Analyzer for Hyper-V, rule 1; field practice",
    };

    public override Verdict Decide(HostSubject subject, RuleContext context) =>
        Unreadable(subject, context, "services", "hyperVSettings") ?? Judge(subject);

    private static Verdict Judge(HostSubject host) =>
        !host.Reading.Services.Content!.Items.Any(s => s.Name.Equals("vmms", StringComparison.OrdinalIgnoreCase)) ? NotFor("Hyper-V is not installed.")
        : host.Reading.HyperVSettings.Content!.Partitions switch
        {
            null => NotSaid("hyperVSettings", "how many partitions its hypervisor runs"),
            > 0 => Verdict.Passed,
            _ => Staged(host) is { } why ? new Verdict.NotApplicable(why) : Fire(host),
        };

    private static string? Staged(HostSubject host)
    {
        var os = host.Reading.OperatingSystem.Content;
        return os is { RoleAddedAt: { } added, BootedAt: { } booted } && added > booted ? "The role was added after the last start and waits for the next."
            : host.Reading.PendingRestart.Content?.Marks.Any(m => m.Reason == RestartReason.ComponentServicing) == true ? "Windows waits for a restart (HVD106)."
            : null;
    }

    private static Verdict.Fire Fire(HostSubject host)
    {
        var system = host.Reading.ComputerSystem.Content;
        var processors = host.Reading.Processors.Content;
        // Windows sees a hypervisor although its own does not run: it is itself a VM.
        bool isNested = system?.IsHypervisorPresent == true;
        return new("notLoaded", Severity.Critical, $"{host.Name} has Hyper-V, but its hypervisor runs no partition")
        {
            Impact = "No VM of this host can start.",
            Remedy = isNested
                ? new($"{host.Name} is itself a VM: switch it off and expose the virtualisation extensions on its own host.")
                {
                    Commands = [PowerShell.Line($"Set-VMProcessor -VMName {host.Name} -ExposeVirtualizationExtensions {true}")], Risk = RemedyRisk.NeedsVirtualMachineOff,
                }
                : new($"Switch on virtualisation and NX in the firmware of {host.Name}, let the boot loader start the hypervisor, then switch the machine off and on.")
                {
                    Commands = ["bcdedit /set hypervisorlaunchtype auto", "shutdown /s /t 0"], Risk = RemedyRisk.NeedsHostRestart,
                },
            Evidence =
            [
                Fact(host, "hyperVSettings", "Partitions", "0", "1 or more", "Win32_PerfRawData_HvStats_HyperVHypervisor.Partitions"),
                Fact(host, "computerSystem", "Hypervisor present", Word(system?.IsHypervisorPresent), null, "Win32_ComputerSystem.HypervisorPresent"),
                .. (processors?.Items ?? []).SelectMany(p => new[]
                {
                    Fact(host, "processors", $"{p.Socket} virtualisation extensions", Word(p.HasVirtualization), null, "Win32_Processor.VMMonitorModeExtensions"),
                    Fact(host, "processors", $"{p.Socket} second-level translation", Word(p.HasSecondLevelTranslation), null, "Win32_Processor.SecondLevelAddressTranslationExtensions"),
                    Fact(host, "processors", $"{p.Socket} switched on in firmware", Word(p.IsFirmwareVirtualizationOn), null, "Win32_Processor.VirtualizationFirmwareEnabled"),
                }),
                Fact(host, "processors", "Data execution prevention", Word(processors?.HasDataExecutionPrevention), null, "Win32_OperatingSystem.DataExecutionPrevention_Available"),
                Fact(host, "operatingSystem", "Last start", host.Reading.OperatingSystem.Content?.BootedAt?.ToString("u", CultureInfo.InvariantCulture), null, "Win32_OperatingSystem.LastBootUpTime"),
            ],
        };
    }

    private static string? Word(bool? value) => value switch { true => "yes", false => "no", null => null };

    public override ImmutableArray<Example<HostSubject>> Examples { get; } =
    [
        Fires(Severity.Critical, "the service runs, no partition does", Host(0, false)),
        Fires(Severity.Critical, "a host that is itself a VM and sees its own host's hypervisor", Host(0, true)),
        Fires(Severity.Critical, "a 2008 host, which cannot say whether a hypervisor is present", new(Reading(0, null) with { OperatingSystem = Given.Host("2008").OperatingSystem })),
        Passes("seven partitions", Host(7, true)),
        Passes("the host's own partition alone", Host(1, true)),
        Skips("updates wait for a restart", new(Reading(0, false) with { PendingRestart = Sample.Read(new PendingRestart { Marks = [new(RestartReason.ComponentServicing, Sample.Now)] }) })),
        Skips("the role was added after the last start", new(Reading(0, false) with { OperatingSystem = Sample.Read(Sample.Host.OperatingSystem.Content! with { RoleAddedAt = Sample.Now.AddDays(-1) }) })),
        Skips("a machine without Hyper-V", new(Reading(0, false) with { Services = Sample.Read(new ServiceList()) })),
        CannotTell("a host that did not say", Host(null, true)),
    ];

    private static HostSubject Host(int? partitions, bool? isPresent) => new(Reading(partitions, isPresent));

    private static Model.Fleet.HostReading Reading(int? partitions, bool? isPresent) => Sample.Host with
    {
        HyperVSettings = Sample.Read(Sample.Host.HyperVSettings.Content! with { Partitions = partitions }),
        ComputerSystem = Sample.Read(Sample.Host.ComputerSystem.Content! with { IsHypervisorPresent = isPresent }),
    };
}

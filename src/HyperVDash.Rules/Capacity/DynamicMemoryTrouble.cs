using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Guests;
using HyperVDash.Model.Performance;
using HyperVDash.Model.Units;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;
using HyperVDash.Rules.Guests;
using HyperVDash.Rules.Releases;

namespace HyperVDash.Rules.Capacity;

public sealed class DynamicMemoryTrouble : Rule<VirtualMachineSubject>
{
    private const long MiB = 1L << 20;

    private static readonly Verdict[] Fine = [Verdict.Passed];

    public override RuleCard Card { get; } = new("HVD707", "dynamic-memory-trouble", RuleScope.VirtualMachine, RuleKind.State)
    {
        Title = "Dynamic memory is configured below what the guest needs, or the balancer is under pressure",
        Why = "The guest pages, hangs or refuses to start its services.",
        Fix = "Raise minimum and maximum, and keep the guest's integration services current.",
        Quiet = "Static memory; VMs that do not run; guests that run less than 10 minutes; memory that is short for less than 30 minutes.",
        Sections = ["performance", "virtualMachines", "guests", "operatingSystem"],
        ExplainedBy = [new("HVD501", Relation.SameObject), new("HVD504", Relation.SameObject)],
        Severities = [Severity.Info, Severity.Warning, Severity.Error],
        Confidence = 0.75,
        Origin = "Best Practices Analyzer for Hyper-V, rules 201 to 215; summary information of Hyper-V's classes",
    };

    public override IEnumerable<Verdict> Examine(VirtualMachineSubject subject, RuleContext context)
    {
        if ((Unreadable(subject.Host, context, "virtualMachines", "operatingSystem") ?? Without(subject) ?? Unreadable(subject.Host, context, "performance", "guests") ?? Uptime.Gate(subject, context)) is { } early)
        {
            return [early];
        }

        List<Verdict> verdicts = [];
        AddConfigured(subject, verdicts);
        AddPressed(subject, context, verdicts);
        if (Driver(subject) is { } driver)
        {
            verdicts.Add(driver);
        }

        return verdicts.Count == 0 ? Fine : verdicts;
    }

    private static Verdict? Without(VirtualMachineSubject subject) => subject.Host.Profile switch
    {
        null => NotSaid("operatingSystem", "its build"),
        { Profile.Capabilities.DynamicMemory: false } => NotFor("The release has no dynamic memory."),
        _ => subject.Vm.IsDynamicMemory switch
        {
            null => NotSaid("virtualMachines", "whether the VM's memory is dynamic"),
            false => NotFor("The VM's memory is static."),
            _ => null,
        },
    };

    private static void AddConfigured(VirtualMachineSubject subject, List<Verdict> verdicts)
    {
        if (subject.Host.Profile!.Profile.FindGuest(subject.Guest ?? new(subject.Vm.Id)) is not { MinimumMemoryMiB: { } minimum, StartupMemoryMiB: { } startup } guest)
        {
            if (subject.Guest is null or { Family: GuestFamily.Unknown })
            {
                verdicts.Add(NotCollected("minimum", "guests", "The guest did not say which system it runs; what memory that needs is not known."));
            }

            return;
        }

        if (subject.Vm.MinimumMemory is not { } least)
        {
            verdicts.Add(NotSaid("virtualMachines", "the VM's minimum memory"));
        }
        else if (least.Bytes < minimum * MiB)
        {
            verdicts.Add(Fire(subject, "minimum", Severity.Error, $"{subject.Vm.Name} may shrink to {Words(least)}; {guest.Name} needs {minimum} MiB", $"at least {minimum} MiB"));
        }

        if (subject.Vm.StartupMemory is { } first && first.Bytes < startup * MiB)
        {
            verdicts.Add(Fire(subject, "startup", Severity.Info, $"{subject.Vm.Name} starts with {Words(first)}; {guest.Name} should have {startup} MiB", $"startup at least {startup} MiB"));
        }
    }

    private static void AddPressed(VirtualMachineSubject subject, RuleContext context, List<Verdict> verdicts)
    {
        var now = subject.Host.PerformanceOf.GetValueOrDefault(subject.Vm.Id);
        if (now?.IsSmartPaging == true)
        {
            verdicts.Add(Fire(subject, "smartPaging", Severity.Warning, $"{subject.Vm.Name} runs on smart paging", "smart paging not in use"));
        }

        int? buffer = now?.MemoryBufferPercent ?? now?.MemoryAvailablePercent;
        if (now?.AssignedMemory is { } assigned && subject.Vm.MaximumMemory is { } most && assigned.Bytes >= most.Bytes && buffer < 0)
        {
            if (now.MemoryShortSince is not { } since)
            {
                verdicts.Add(NotCollected("pressure", "performance", $"Memory is short now; since when is not known, and it counts after {context.Settings.MemoryShortTime.TotalMinutes:0} minutes."));
            }
            else if (context.Reached(since + context.Settings.MemoryShortTime))
            {
                verdicts.Add(Fire(subject, "pressure", Severity.Warning, $"{subject.Vm.Name} has all of its {Words(most)} and lacks {-buffer} % since {since:HH:mm}", "a buffer above 0 %, or less than the maximum assigned"));
            }
        }
    }

    // What a host sends where the driver does not answer is not confirmed for every release: a warning at most.
    private static Verdict? Driver(VirtualMachineSubject subject) => subject.Host.PerformanceOf.GetValueOrDefault(subject.Vm.Id) switch
    {
        null => NotSaid("performance", "the VM's memory"),
        { MemoryAvailablePercent: null, MemoryBufferPercent: null } when subject.Guest?.Heartbeat == IntegrationState.Ok =>
            Fire(subject, "driver", Severity.Warning, $"The guest of {subject.Vm.Name} is well, but its memory driver does not answer", "the guest tells its need"),
        _ => null,
    };

    private static string Words(ByteSize size) => size.Bytes < 1024 * MiB ? string.Create(CultureInfo.InvariantCulture, $"{size.Bytes / MiB} MiB") : size.ToString();

    private static Verdict.Fire Fire(VirtualMachineSubject subject, string variant, Severity severity, string title, string expected)
    {
        var now = subject.Host.PerformanceOf.GetValueOrDefault(subject.Vm.Id);
        return new(variant, severity, title)
        {
            Impact = severity == Severity.Info ? null : "The guest pages, hangs or does not start its services.",
            Remedy = variant == "driver"
                ? new($"Bring the integration services of {subject.Vm.Name} up to date; on Linux load hv_balloon.") { Commands = ["sudo modprobe hv_balloon"], Risk = RemedyRisk.Online }
                : Mend(subject.Host, RemedyRisk.NeedsVirtualMachineOff, $"Raise the limits of {subject.Vm.Name}.", $"In the settings of {subject.Vm.Name} raise minimum and maximum memory.",
                    PowerShell.Line($"Set-VMMemory -ComputerName {subject.Host} -VMName {subject.Vm.Name} -MinimumBytes 1GB -MaximumBytes 8GB")),
            Evidence =
            [
                Fact(subject.Host, "virtualMachines", "Minimum, startup, maximum", $"{Said(subject.Vm.MinimumMemory)}, {Said(subject.Vm.StartupMemory)}, {Said(subject.Vm.MaximumMemory)}", variant is "minimum" or "startup" ? expected : null, "Msvm_MemorySettingData.Reservation, VirtualQuantity, Limit"),
                Fact(subject.Host, "performance", "Assigned", now?.AssignedMemory is { } assigned ? Words(assigned) : null, null, "Msvm_SummaryInformation.MemoryUsage"),
                Fact(subject.Host, "performance", "Buffer", now?.MemoryBufferPercent is { } buffer ? $"{buffer} %" : null, variant is "minimum" or "startup" ? null : expected, "Msvm_SummaryInformation.AvailableMemoryBuffer"),
                Fact(subject.Host, "performance", "Available", now?.MemoryAvailablePercent is { } free ? $"{free} %" : null, null, "Msvm_SummaryInformation.MemoryAvailable"),
                Fact(subject.Host, "guests", "Guest", subject.Guest?.OsVersion, null, "Msvm_KvpExchangeComponent.GuestIntrinsicExchangeItems"),
            ],
        };
    }

    private static string Said(ByteSize? size) => size is { } told ? Words(told) : "not said";

    public override ImmutableArray<Example<VirtualMachineSubject>> Examples { get; } =
    [
        Fires(Severity.Warning, "all of 4 GiB assigned and 15 % short for 30 minutes", Vm(4096, -15, 30)),
        Passes("the same for 29 minutes", Vm(4096, -15, 29)),
        Passes("2 of 4 GiB assigned and 20 % to spare", Vm(2048, 20)),
        Passes("short, but with more to come", Vm(2048, -15, 40)),
        Fires(Severity.Error, "a minimum of 255 MiB for Server 2022", Vm(2048, 20, minimum: 255)),
        Passes("a minimum of exactly 256 MiB for Server 2022", Vm(2048, 20, minimum: 256)),
        Fires(Severity.Info, "a startup of 511 MiB for Server 2022", Vm(2048, 20, startup: 511)),
        Fires(Severity.Warning, "smart paging", Vm(2048, 20, change: p => p with { IsSmartPaging = true })),
        Fires(Severity.Warning, "a guest that is well and does not tell its need", Vm(2048, null)),
        Passes("a guest that runs 9 minutes", Vm(2048, null, minutes: 9)),
        Skips("static memory", Given.Host().Vm()),
        Skips("2008", Given.Host("2008").With(Given.GenerationOne).Vm()),
        CannotTell("short, and nobody knows since when", Vm(4096, -15)),
        CannotTell("a VM that does not say its minimum", Vm(2048, 20, minimum: null)),
    ];

    private static VirtualMachineSubject Vm(int assigned, int? buffer, int? shortMinutes = null, int? minimum = 512, int startup = 1024, int minutes = 90, Func<VirtualMachinePerformance, VirtualMachinePerformance>? change = null)
    {
        var now = new VirtualMachinePerformance(Sample.VmId, 5, new(assigned * MiB), buffer) { MemoryBufferPercent = buffer, IsSmartPaging = false, MemoryShortSince = shortMinutes is { } m ? Sample.Now.AddMinutes(-m) : null };
        return (Given.Host().With(Sample.Vm with
        {
            IsDynamicMemory = true, MinimumMemory = minimum is { } least ? new(least * MiB) : null, StartupMemory = new(startup * MiB), MaximumMemory = new(4096 * MiB), StartedAt = Sample.Now.AddMinutes(-minutes),
        }) with { Performance = Sample.Read(new PerformanceSample { VirtualMachines = [change is null ? now : change(now)] }) }).Vm();
    }
}

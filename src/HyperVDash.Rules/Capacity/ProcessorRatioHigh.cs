using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Guests;
using HyperVDash.Model.Hosts;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;
using HyperVDash.Rules.Releases;

namespace HyperVDash.Rules.Capacity;

public sealed class ProcessorRatioHigh : Rule<HostSubject>
{
    public override RuleCard Card { get; } = new("HVD703", "vcpu-ratio", RuleScope.Host, RuleKind.State)
    {
        Title = "Virtual processors per logical processor are high",
        Why = "2008 R2 supports 8 virtual processors for each logical one, 12 where all guests are Windows 7; from 2012 on a host takes 2,048. Below that it is a hint: VMs wait for each other.",
        Fix = "Give oversized VMs fewer processors, or move VMs.",
        Quiet = "At most 4 for each logical processor. That a host has been idle for a day is not collected; its present load is shown.",
        Sections = ["virtualMachines", "computerSystem", "operatingSystem"],
        Mentions = ["guests", "counters"],
        Severities = [Severity.Info, Severity.Warning, Severity.Error],
        Confidence = 0.75,
        Origin = "Published limits of 2008 R2 and of later releases; the ratios are our defaults",
    };

    public override IEnumerable<Verdict> Examine(HostSubject subject, RuleContext context)
    {
        if (Unreadable(subject, context, "virtualMachines", "computerSystem", "operatingSystem") is { } unreadable)
        {
            yield return unreadable;
            yield break;
        }

        var verdict = Judge(subject, context);
        yield return verdict;
        if (verdict is Verdict.Fire { Variant: "ratio", Severity: Severity.Warning })
        {
            yield return NotCollected("idle", "counters", "Whether the host was idle over the last day is not collected; below 30 % this would be information only.");
        }
    }

    private static Verdict Judge(HostSubject host, RuleContext context)
    {
        if (host.Profile is not { } match)
        {
            return NotSaid("operatingSystem", "its build");
        }

        if (host.Reading.ComputerSystem.Content!.LogicalProcessors is not (> 0 and var logical))
        {
            return NotSaid("computerSystem", "how many logical processors it has");
        }

        var running = host.Reading.VirtualMachines.Content!.Items.Where(v => v.State == VirtualMachineState.Running).ToList();
        int total = running.Sum(v => v.Processors ?? 0);
        var limits = match.Profile.Host;
        int? most = match.IsBeyondKnown ? null : limits.VirtualProcessors ?? (PerLogical(host, limits, running) is { } each ? each * logical : null);
        return total > most ? Fire(host, "limit", Severity.Error, $"{host.Name} runs {total} virtual processors; {match.Profile.Name} supports {most} on it", running, total, logical, $"at most {most}")
            : running.Exists(v => v.Processors is null) ? NotSaid("virtualMachines", "how many processors a running VM has")
            : total > logical * context.Settings.ProcessorRatioWarn ? Ratio(Severity.Warning, context.Settings.ProcessorRatioWarn)
            : total > logical * context.Settings.ProcessorRatioInfo ? Ratio(Severity.Info, context.Settings.ProcessorRatioInfo)
            : match.IsBeyondKnown ? new Verdict.Unknown("operatingSystem", "The limits of this build are not known (HVD801).")
            : Verdict.Passed;

        Verdict Ratio(Severity severity, int limit) => Fire(host, "ratio", severity,
            string.Create(CultureInfo.InvariantCulture, $"{host.Name} runs {total} virtual processors on {logical} logical ones ({(double)total / logical:0.0} to 1)"), running, total, logical, $"at most {limit} to 1");
    }

    private static int? PerLogical(HostSubject host, HostLimits limits, List<VirtualMachine> running) =>
        limits.ProcessorsPerLogicalWindows7 is { } more && running.Count > 0 && running.TrueForAll(v => host.GuestOf.GetValueOrDefault(v.Id) is { Family: GuestFamily.Windows, OsMajor: 6, OsMinor: 1, ProductType: 1 })
            ? more : limits.ProcessorsPerLogical;

    private static Verdict.Fire Fire(HostSubject host, string variant, Severity severity, string title, List<VirtualMachine> running, int total, int logical, string expected)
    {
        var largest = running.OrderByDescending(v => v.Processors ?? 0).Take(5).ToList();
        return new(variant, severity, title)
        {
            Impact = variant == "limit" ? "Beyond the tested number support ends." : "VMs wait for processors of the host while others use them.",
            Remedy = Mend(host, RemedyRisk.NeedsVirtualMachineOff, $"Give the VMs of {host.Name} that do not use them fewer processors, or move VMs away.", $"In Hyper-V Manager give oversized VMs of {host.Name} fewer processors while they are off.",
                [.. largest.Take(1).Select(v => PowerShell.Line($"Set-VMProcessor -ComputerName {host} -VMName {v.Name} -Count <n>"))]),
            Evidence =
            [
                Fact(host, "virtualMachines", "Virtual processors of running VMs", total.ToString(CultureInfo.InvariantCulture), expected, "Msvm_ProcessorSettingData.VirtualQuantity"),
                Fact(host, "computerSystem", "Logical processors", logical.ToString(CultureInfo.InvariantCulture), null, "Win32_ComputerSystem.NumberOfLogicalProcessors"),
                .. largest.Select(v => Fact(host, "virtualMachines", VisibleText.Of(v.Name), $"{v.Processors}", null, "Msvm_ProcessorSettingData.VirtualQuantity")),
                Fact(host, "counters", "Load now", host.Reading.Counters.Content?.Host.ProcessorPercent is { } load ? $"{load} %" : null, null, "Win32_PerfFormattedData_HvStats_HyperVHypervisorLogicalProcessor.PercentTotalRunTime"),
            ],
        };
    }

    public override ImmutableArray<Example<HostSubject>> Examples { get; } =
    [
        Fires(Severity.Warning, "150 on 16", Host("2022", 16, 150)),
        Passes("40 on 16", Host("2022", 16, 40)),
        Passes("exactly 4 to 1", Host("2022", 16, 64)),
        Fires(Severity.Info, "one more than 4 to 1", Host("2022", 16, 65)),
        Fires(Severity.Info, "exactly 8 to 1", Host("2022", 16, 128)),
        Fires(Severity.Warning, "one more than 8 to 1", Host("2022", 16, 129)),
        Fires(Severity.Error, "one more than 8 to 1 on 2008 R2", Host("2008R2", 16, 129)),
        Fires(Severity.Warning, "10 to 1 on 2008 R2, where every guest is Windows 7", new(Given.Host("2008R2").With(Vm(160)).With(Sample.Guest with { OsMajor = 6, OsMinor = 1, ProductType = 1 }) with { ComputerSystem = Machine(16) })),
        Fires(Severity.Error, "2,049 on 1,024", Host("2022", 1024, 2049)),
        Passes("2,048 on 1,024", Host("2022", 1024, 2048)),
        CannotTell("a running VM that does not say its processors", Host("2022", 16, null)),
        CannotTell("a host newer than every known release", new(Given.Host().With(Vm(4)).With(new HostOperatingSystem { Build = 29500 }))),
    ];

    private static VirtualMachine Vm(int? processors) => Sample.Vm with { Processors = processors };

    private static Model.Fleet.Section<ComputerSystem> Machine(int logical) => Sample.Read(Sample.Host.ComputerSystem.Content! with { LogicalProcessors = logical });

    private static HostSubject Host(string release, int logical, int? processors) => new(Given.Host(release).With(Vm(processors)) with { ComputerSystem = Machine(logical) });
}

using System.Collections.Immutable;
using HyperVDash.Model;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Performance;
using HyperVDash.Model.Units;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Capacity;

public sealed class MemoryOvercommitted : OneVerdictRule<HostSubject>
{
    private const long MiB = 1L << 20;
    private const long CriticalFree = 512 * MiB;

    public override RuleCard Card { get; } = new("HVD701", "host-memory-overcommit", RuleScope.Host, RuleKind.State)
    {
        Title = "Committed VM memory leaves too little for the host",
        Why = "The parent partition pages and every VM slows down; VMs that shall start with the host may not.",
        Fix = "Lower startup memory, use dynamic memory, move a VM or add memory.",
        Quiet = "At least 5 % and 2 GiB stay free, or what the settings reserve (e.g. for the cache of Storage Spaces Direct).",
        Sections = ["performance", "virtualMachines", "computerSystem", "counters"],
        Mentions = ["operatingSystem"],
        Severities = [Severity.Warning, Severity.Error, Severity.Critical],
        Origin = "Published limits of host and VM memory; field practice",
    };

    public override Verdict Decide(HostSubject subject, RuleContext context) =>
        Unreadable(subject, context, "virtualMachines", "computerSystem", "performance") ?? Judge(subject, context);

    private static Verdict Judge(HostSubject host, RuleContext context)
    {
        if (host.Reading.ComputerSystem.Content!.Memory is not { Bytes: > 0 and var total })
        {
            return NotSaid("computerSystem", "how much memory it has");
        }

        var running = host.Reading.VirtualMachines.Content!.Items.Where(VmMemory.IsHeld).ToList();
        if (running.Find(v => VmMemory.Assigned(host, v) is null) is { } silent)
        {
            return NotSaid("performance", $"how much memory {silent.Name} has");
        }

        long reserve = VmMemory.Reserve(context, total);
        long left = total - running.Sum(v => VmMemory.WithOverhead(VmMemory.Assigned(host, v)!.Value.Bytes));
        var gate = Unreadable(host, context, "counters");
        long? free = gate is null ? host.Reading.Counters.Content!.Host.FreeMemory?.Bytes : null;
        var starting = host.Reading.VirtualMachines.Content!.Items.Where(v => v.State == VirtualMachineState.Off && v.StartAction is AutomaticStartAction.RestartIfRunning or AutomaticStartAction.Always).ToList();
        long needed = starting.Sum(v => v.StartupMemory is { } memory ? VmMemory.WithOverhead(memory.Bytes) : 0);
        return free < CriticalFree ? Fire(host, "free", Severity.Critical, $"{host.Name} has {VmMemory.Words(free.Value)} of memory free", running, reserve, left, free)
            : needed > 0 && needed > left ? Fire(host, "autoStart", Severity.Error, $"{(starting.Count == 1 ? "A VM that starts with" : $"{starting.Count} VMs that start with")} {host.Name} need{(starting.Count == 1 ? "s" : "")} {VmMemory.Words(needed)}; {VmMemory.Words(left)} of memory are left", running, reserve, left, free)
            : left < reserve ? Fire(host, "committed", Severity.Warning, $"The VMs of {host.Name} leave {VmMemory.Words(left)} of {VmMemory.Words(total)} for the host", running, reserve, left, free)
            : free < reserve ? Fire(host, "free", Severity.Warning, $"{host.Name} has {VmMemory.Words(free.Value)} of memory free", running, reserve, left, free)
            : gate is Verdict.Unknown ? gate
            : free is null ? NotSaid("counters", "how much memory is free")
            : host.Reading.VirtualMachines.Content!.Items.FirstOrDefault(v => v.State == VirtualMachineState.Unknown) is { } unknown ? NotSaid("virtualMachines", $"whether {unknown.Name} runs")
            : starting.Exists(v => v.StartupMemory is null) ? NotSaid("virtualMachines", "the startup memory of a VM that starts with the host")
            : Verdict.Passed;
    }

    private static Verdict.Fire Fire(HostSubject host, string variant, Severity severity, string title, List<VirtualMachine> running, long reserve, long left, long? free)
    {
        var largest = running.OrderByDescending(v => VmMemory.Assigned(host, v)!.Value.Bytes).Take(5).ToList();
        return new(variant, severity, title)
        {
            Impact = variant == "autoStart" ? "Not all of them will come back when the host restarts." : "The host pages, and every VM on it slows down.",
            Remedy = Mend(host, RemedyRisk.NeedsVirtualMachineOff, $"Lower the startup memory of the largest VMs, use dynamic memory, or move one away from {host.Name}.",
                $"In Hyper-V Manager lower the memory of the largest VMs of {host.Name} while they are off, or move one away.",
                [.. largest.Take(1).Select(v => PowerShell.Line($"Set-VMMemory -ComputerName {host} -VMName {v.Name} -DynamicMemoryEnabled {true} -MinimumBytes <size> -MaximumBytes <size>"))]),
            Evidence =
            [
                Fact(host, "performance", "Left by running VMs", VmMemory.Words(left), $"at least {VmMemory.Words(reserve)}", "Msvm_SummaryInformation.MemoryUsage"),
                Fact(host, "counters", "Free now", free is { } bytes ? VmMemory.Words(bytes) : null, $"at least {VmMemory.Words(reserve)}", "Win32_OperatingSystem.FreePhysicalMemory"),
                Fact(host, "computerSystem", "Memory", host.Reading.ComputerSystem.Content!.Memory?.ToString(), null, "Win32_ComputerSystem.TotalPhysicalMemory"),
                .. largest.Select(v => Fact(host, "virtualMachines", VisibleText.Of(v.Name), $"startup {v.StartupMemory}, assigned {VmMemory.Assigned(host, v)}{(v.MaximumMemory is { } most && v.IsDynamicMemory == true ? $", at most {most}" : "")}", null, "Msvm_MemorySettingData.VirtualQuantity")),
            ],
            Affected = [.. largest.Select(v => new AffectedObject(AffectedRole.Impacted, new(ObjectKind.VirtualMachine, v.Id.ToString(), v.Name, host.Id)))],
        };
    }

    public override ImmutableArray<Example<HostSubject>> Examples { get; } =
    [
        Fires(Severity.Warning, "64 GiB, of which 1,200 MiB are free and VMs have 62,000 MiB", Host(65536, 1200, 62000)),
        Passes("64 GiB, of which 20,000 MiB are free and VMs have 40,000 MiB", Host(65536, 20000, 40000)),
        Fires(Severity.Critical, "511 MiB free", Host(65536, 511, 40000)),
        Fires(Severity.Warning, "exactly 512 MiB free", Host(65536, 512, 40000)),
        Passes("exactly the reserve of 5 % is left and free", Host(40960, 2048, 40960 - 2048 - 32 - (37 * 8))),
        Fires(Severity.Warning, "one MiB less than the reserve is left", Host(40960, 2048, 40960 - 2048 - 32 - (37 * 8) + 1)),
        Fires(Severity.Error, "a VM of 30,000 MiB that starts with the host does not fit", Host(65536, 20000, 40000, 30000)),
        Passes("the same where 4 GiB are enough for it", Host(65536, 20000, 40000, 4096)),
        Passes("a VM that starts with the host and needs just what is left", Host(65536, 20000, 40000, 24968)),
        Fires(Severity.Error, "one that needs a MiB more", Host(65536, 20000, 40000, 24969)),
        Fires(Severity.Error, "two VMs that start with the host do not fit together", new(Starting(15000, 15000))),
        Passes("a VM that runs and starts with the host counts once", new(Reading(65536, 20000, 40000, null) is var host ? host.With(Sample.Vm with { StartAction = AutomaticStartAction.Always, StartupMemory = new(40000 * MiB) }) : host)),
        Passes("a VM that is off and does not start with the host", new(Starting(AutomaticStartAction.Nothing, 30000))),
        CannotTell("a VM that starts with the host and whose startup memory was not told", new(Starting(AutomaticStartAction.Always, [null]))),
        Fires(Severity.Critical, "511 MiB free and two VMs, the larger one with dynamic memory", new(Two())),
        Fires(Severity.Warning, "a reserve of 24 GiB in the settings", Host(65536, 20000, 40000), new() { HostReserveMiB = 24576 }),
        CannotTell("a host that did not say what is free", new(Reading(65536, 20000, 40000, null) with { Counters = Sample.Read(new CounterSample()) })),
        CannotTell("a VM of which nobody knows whether it runs", new(Reading(65536, 20000, 40000, null).With(Sample.Vm with { State = VirtualMachineState.Unknown }))),
        CannotTell("a VM whose memory nobody knows", new(Reading(65536, 20000, null, null))),
    ];

    private static HostSubject Host(int total, int free, int assigned, int? starting = null) => new(Reading(total, free, assigned, starting));

    private static HostReading Starting(params int[] sizes) => Starting(AutomaticStartAction.RestartIfRunning, [.. sizes.Select(s => (int?)s)]);

    private static HostReading Starting(AutomaticStartAction action, params int?[] sizes) => Reading(65536, 20000, 40000, null) is var host ? host.With(
    [
        Sample.Vm with { StartupMemory = null },
        .. sizes.Select((size, i) => Sample.Vm with { Id = new($"77777777-0000-0000-0000-00000000000{i}"), Name = $"APP{i}", State = VirtualMachineState.Off, StartAction = action, StartupMemory = size is { } mib ? new(mib * MiB) : null }),
    ]) : host;

    private static HostReading Two()
    {
        var second = new Guid("77777777-0000-0000-0000-000000000001");
        var host = Reading(65536, 511, 10000, null).With(
            Sample.Vm with { IsDynamicMemory = false, MaximumMemory = new(20000 * MiB), StartupMemory = new(10000 * MiB) },
            Sample.Vm with { Id = second, Name = "APP", IsDynamicMemory = true, MaximumMemory = new(32000 * MiB), StartupMemory = new(4096 * MiB) });
        return host with { Performance = Sample.Read(new PerformanceSample { VirtualMachines = [new(Sample.VmId, 5, new(10000 * MiB)), new(second, 5, new(30000 * MiB))] }) };
    }

    private static HostReading Reading(int total, int free, int? assigned, int? starting) => Given.Host().With(
    [
        Sample.Vm with { StartupMemory = null },
        .. starting is { } mib ? new[] { Sample.Vm with { Id = Guid.Empty, Name = "APP", State = VirtualMachineState.Off, StartAction = AutomaticStartAction.Always, StartupMemory = new(mib * MiB) } } : [],
    ]) with
    {
        ComputerSystem = Sample.Read(Sample.Host.ComputerSystem.Content! with { Memory = new(total * MiB) }),
        Performance = Sample.Read(new PerformanceSample { VirtualMachines = [new(Sample.VmId, 5, assigned is { } size ? new(size * MiB) : null)] }),
        Counters = Sample.Read(new CounterSample { Host = new() { FreeMemory = new(free * MiB) } }),
    };
}

using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Hosts;
using HyperVDash.Model.Performance;
using HyperVDash.Model.Units;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Capacity;

public sealed class NumaMismatch : OneVerdictRule<VirtualMachineSubject>, IExamines<ClusterSubject>
{

    public override RuleCard Card { get; } = new("HVD706", "numa", RuleScope.VirtualMachine, RuleKind.State)
    {
        Title = "NUMA spanning differs or a VM spans nodes",
        Why = "Remote memory costs performance, and without spanning a VM larger than a node does not start.",
        Fix = "Lower the VM's startup memory or its processors per node; set spanning alike on all nodes.",
        Quiet = "Hosts with one memory node; the older namespace, which does not tell. A VM with dynamic memory may span for a while: since when is not collected.",
        Sections = ["performance", "hyperVSettings", "numa", "virtualMachines", "operatingSystem"],
        Severities = [Severity.Info, Severity.Warning, Severity.Error],
        Origin = "Summary information of Hyper-V's classes; field practice",
    };

    public override Verdict Decide(VirtualMachineSubject subject, RuleContext context) =>
        Unreadable(subject.Host, context, "virtualMachines", "operatingSystem") ?? OnlyNewer(subject.Host) ?? Unreadable(subject.Host, context, "numa", "hyperVSettings", "performance") ?? Judge(subject);

    private static Verdict Judge(VirtualMachineSubject subject)
    {
        var nodes = subject.Host.Reading.Numa.Content!.Nodes;
        if (nodes.Length < 2)
        {
            return nodes.IsEmpty ? NotSaid("numa", "its memory nodes") : NotFor("The host has one memory node.");
        }

        return subject.Host.Reading.HyperVSettings.Content!.IsNumaSpanning switch
        {
            null => NotSaid("hyperVSettings", "whether VMs may span memory nodes"),
            _ when nodes.Any(n => n.Memory is null) => NotSaid("numa", "the memory of its nodes"),
            bool isSpanning => Judge(subject, isSpanning, nodes.Max(n => n.Memory!.Value.Bytes)),
        };
    }

    private static Verdict Judge(VirtualMachineSubject subject, bool isSpanning, long largest)
    {
        var now = subject.Host.PerformanceOf.GetValueOrDefault(subject.Vm.Id);
        if (!isSpanning)
        {
            return subject.Vm.StartupMemory is not { } startup ? NotSaid("virtualMachines", "the VM's startup memory")
                : startup.Bytes > largest ? Fire(subject, "cannotStart", Severity.Error, $"{subject.Vm.Name} needs {startup} to start; no memory node of {subject.Host.Name} is larger than {new ByteSize(largest)}", startup, largest)
                : Verdict.Passed;
        }

        return (now?.AssignedMemory ?? subject.Vm.StartupMemory) is not { } memory ? NotSaid("virtualMachines", "the VM's memory")
            : memory.Bytes > largest ? Fire(subject, "larger", Severity.Warning, $"{subject.Vm.Name} has {memory}, more than a memory node of {subject.Host.Name} ({new ByteSize(largest)})", memory, largest)
            : subject.Vm.State != VirtualMachineState.Running || now?.SpansNumaNodes == false ? Verdict.Passed
            : now?.SpansNumaNodes is null ? NotSaid("performance", "whether the VM's memory spans nodes")
            : subject.Vm.IsDynamicMemory == true ? NotCollected("spans", "performance", "The VM spans memory nodes now; with dynamic memory this counts after an hour, and since when is not collected.")
            : Fire(subject, "spans", Severity.Info, $"The memory of {subject.Vm.Name} spans nodes of {subject.Host.Name}", memory, largest);
    }

    public IEnumerable<Verdict> Examine(ClusterSubject subject, RuleContext context)
    {
        var newer = subject.Members.Where(m => m.Host is null || OnlyNewer(m.Host) is not Verdict.NotApplicable).ToList();
        var told = newer.Where(m => m.Host is not null && Unreadable(m.Host, context, "hyperVSettings", "numa") is null && m.Host.Reading.HyperVSettings.Content!.IsNumaSpanning is not null).Select(m => m.Host!).ToList();
        var large = told.FindAll(h => h.Reading.Numa.Content!.Nodes.Length > 1);
        yield return large.Select(h => h.Reading.HyperVSettings.Content!.IsNumaSpanning).Distinct().Count() > 1
            ? new Verdict.Fire("nodes", Severity.Warning, $"VMs may span memory nodes on {Names(large, true)}, and not on {Names(large, false)}")
            {
                Impact = "A VM that runs on one node may be refused on another.",
                Remedy = Mend(large[0], RemedyRisk.Online, "Set spanning alike on all nodes; the management service then restarts, VMs go on.", "Set spanning alike on all nodes in Hyper-V Settings.",
                    [.. large.Where(h => h.Reading.HyperVSettings.Content!.IsNumaSpanning == true).Select(h => PowerShell.Line($"Set-VMHost -ComputerName {h} -NumaSpanningEnabled {false}"))]),
                Evidence = [.. large.Select(h => Fact(h, "hyperVSettings", $"{h.Name}: spanning", h.Reading.HyperVSettings.Content!.IsNumaSpanning == true ? "on" : "off", "alike on all nodes", "Msvm_VirtualSystemManagementServiceSettingData.NumaSpanningEnabled"))],
                Affected = [.. large.Select(h => new AffectedObject(AffectedRole.Cause, h.Identity))],
            }
            : newer.Count < 2 ? NotFor("Fewer than two nodes can tell.")
            : told.Count < newer.Count ? new Verdict.Unknown("hyperVSettings", $"Not known on {string.Join(", ", newer.Where(m => m.Host is null || !told.Contains(m.Host)).Select(m => m.Node.Name))}.")
            : Verdict.Passed;
    }

    private static string Names(List<HostSubject> hosts, bool isSpanning) => string.Join(", ", hosts.Where(h => h.Reading.HyperVSettings.Content!.IsNumaSpanning == isSpanning).Select(h => h.Name));

    private static Verdict? OnlyNewer(HostSubject host) => host.Profile switch
    {
        null => NotSaid("operatingSystem", "its build"),
        { Profile.IsHyperVOne: true } => NotFor("The older namespace does not tell memory nodes."),
        _ => null,
    };

    private static Verdict.Fire Fire(VirtualMachineSubject subject, string variant, Severity severity, string title, ByteSize memory, long largest) => new(variant, severity, title)
    {
        Impact = variant == "cannotStart" ? "The VM is refused when it starts." : "Part of its memory is slower.",
        Remedy = Mend(subject.Host, RemedyRisk.NeedsVirtualMachineOff, $"Lower the startup memory of {subject.Vm.Name}, or its processors per memory node.", "",
            PowerShell.Line($"Set-VMMemory -ComputerName {subject.Host} -VMName {subject.Vm.Name} -StartupBytes <size>"), PowerShell.Line($"Set-VMProcessor -ComputerName {subject.Host} -VMName {subject.Vm.Name} -MaximumCountPerNumaNode <n>")),
        Evidence =
        [
            Fact(subject.Host, "virtualMachines", "Memory of the VM", memory.ToString(), $"at most {new ByteSize(largest)}", "Msvm_MemorySettingData.VirtualQuantity"),
            Fact(subject.Host, "performance", "Spans now", subject.Host.PerformanceOf.GetValueOrDefault(subject.Vm.Id)?.SpansNumaNodes switch { true => "yes", false => "no", null => null }, "no", "Msvm_SummaryInformation.MemorySpansPhysicalNumaNodes"),
            Fact(subject.Host, "hyperVSettings", "Spanning", subject.Host.Reading.HyperVSettings.Content!.IsNumaSpanning == true ? "on" : "off", null, "Msvm_VirtualSystemManagementServiceSettingData.NumaSpanningEnabled"),
            .. subject.Host.Reading.Numa.Content!.Nodes.Take(8).Select(n => Fact(subject.Host, "numa", $"Node {n.Number.ToString(CultureInfo.InvariantCulture)}", n.Memory?.ToString(), null, "Msvm_NumaNode")),
        ],
    };

    public override ImmutableArray<RuleCase> Cases => [.. base.Cases, .. ClusterExamples.Select(e => RuleCase.Of(this, e))];

    public override ImmutableArray<Example<VirtualMachineSubject>> Examples { get; } =
    [
        Passes("spanning is on, and the VM does not", Vm(true, 8, false)),
        Fires(Severity.Info, "a VM of 8 GiB that spans", Vm(true, 8, true)),
        Fires(Severity.Warning, "a VM of 129 GiB on nodes of 128", Vm(true, 129, false)),
        Passes("a VM of exactly 128 GiB", Vm(true, 128, false)),
        Fires(Severity.Error, "a VM of 129 GiB where spanning is off", Vm(false, 129, null)),
        Passes("a VM of 128 GiB where spanning is off", Vm(false, 128, null)),
        CannotTell("a VM with dynamic memory that spans now", Vm(true, 8, true, isDynamic: true)),
        Skips("one memory node", Given.Host().Vm()),
        Skips("2008 R2", Given.Host("2008R2").With(Given.GenerationOne).Vm()),
        CannotTell("a host that does not say whether VMs may span", Vm(null, 8, false)),
    ];

    private static ImmutableArray<Example<ClusterSubject>> ClusterExamples { get; } =
    [
        new("spanning on one node and not on the other", Given.Cluster(Host(true), Host(false)), "fires Warning"),
        new("spanning on both nodes", Given.Cluster(Host(true), Host(true)), "passes"),
        new("a node that no agent reads", Given.Cluster(Host(true), null), "cannot tell for"),
        new("a cluster of one node", Given.Cluster(Host(true)), "does not apply to"),
    ];

    private static HostReading Host(bool? isSpanning) => Sample.Host with
    {
        HyperVSettings = Sample.Read(Sample.Host.HyperVSettings.Content! with { IsNumaSpanning = isSpanning }),
        Numa = Sample.Read(new NumaTopology { Nodes = [new(0) { Memory = ByteSize.FromGiB(128) }, new(1) { Memory = ByteSize.FromGiB(128) }] }),
    };

    private static VirtualMachineSubject Vm(bool? isSpanning, int gib, bool? spans, bool isDynamic = false) =>
        (Host(isSpanning).With(Sample.Vm with { StartupMemory = ByteSize.FromGiB(gib), IsDynamicMemory = isDynamic }) with
        {
            Performance = Sample.Read(new PerformanceSample { VirtualMachines = [new(Sample.VmId, 5, ByteSize.FromGiB(gib)) { SpansNumaNodes = spans }] }),
        }).Vm();
}

using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Performance;
using HyperVDash.Model.Units;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules.Clusters;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Capacity;

public sealed class NoRoomForFailover : Rule<ClusterSubject>
{
    private const int TightPercent = 90;

    public override RuleCard Card { get; } = new("HVD702", "n-plus-one", RuleScope.Cluster, RuleKind.State)
    {
        Title = "Cluster cannot carry its VMs after losing one node",
        Why = "The cluster promises a failover that it cannot deliver: some VMs stay off.",
        Fix = "Add memory or a node, lower startup memory, let unimportant VMs not start by themselves, or accept it with the tag cluster:no-n1.",
        Quiet = "Tag cluster:no-n1 on the cluster; a cluster that lacks a node already; VMs that may run on one node only. Sites of a stretched cluster are not told apart, and preferred owners do not count. Processors are shown and not judged.",
        Sections = ["performance", "virtualMachines", "computerSystem", "cluster"],
        Mentions = ["operatingSystem"],
        Severities = [Severity.Warning, Severity.Error, Severity.Critical],
        Confidence = 0.75,
        Origin = "Published advice to plan with one node in reserve; published steps of draining a node; field practice",
    };

    public override IEnumerable<Verdict> Examine(ClusterSubject subject, RuleContext context)
    {
        if (ClusterFacts.Gap(subject, h => Unreadable(h, context, "cluster")) is { } unread)
        {
            yield return unread;
            yield break;
        }

        var up = subject.Members.Where(m => m.Node.State == ClusterNodeState.Up).ToList();
        yield return subject.Cluster.VirtualMachines is not { } clustered ? NotSaid("cluster", "its VMs")
            : context.Settings.HasTag(subject.Cluster.Id, "cluster:no-n1") ? NotFor("Tagged cluster:no-n1.")
            : subject.Members.Any(m => m.Node.State == ClusterNodeState.Unknown) ? NotSaid("cluster", "the state of every node")
            : subject.Members.Length < 2 ? NotFor("The cluster has one node.")
            : up.Count < subject.Members.Length ? NotFor("A node is not up already.")
            : up.Select(m => Gap(m, context)).FirstOrDefault(g => g is not null)
            ?? Judge(subject, context, clustered.DistinctBy(v => v.VirtualMachineId).ToDictionary(v => v.VirtualMachineId));
    }

    private static Verdict? Gap(ClusterMember member, RuleContext context) =>
        member.Host is not { } host ? new Verdict.Unknown("virtualMachines", $"No agent reads {member.Node.Name}.")
        : Unreadable(host, context, "virtualMachines", "computerSystem", "performance") is { } gate ? gate as Verdict.Unknown ?? new Verdict.Unknown("virtualMachines", $"{host.Name} answers as a host without Hyper-V.")
        : host.Reading.ComputerSystem.Content!.Memory is not { Bytes: > 0 } ? NotSaid("computerSystem", $"how much memory {host.Name} has")
        : host.Reading.VirtualMachines.Content!.Items.FirstOrDefault(v => VmMemory.IsHeld(v) && VmMemory.Assigned(host, v) is null) is { } silent ? NotSaid("performance", $"how much memory {silent.Name} has")
        : null;

    private static Verdict Judge(ClusterSubject subject, RuleContext context, Dictionary<Guid, ClusteredVirtualMachine> clustered)
    {
        var nodes = subject.Members.Select(m => new Node(m.Node.Name, m.Host!, context)).ToList();
        var losses = nodes.ConvertAll(lost => Loss.Of(lost, nodes, clustered));
        var worst = losses.OrderByDescending(l => l.Severity).ThenByDescending(l => l.Missing).ThenBy(l => l.Lost.Name, StringComparer.OrdinalIgnoreCase).First();
        return worst.Severity is { } severity ? Fire(subject, losses, worst, severity) : nodes.SelectMany(n => n.Host.Reading.VirtualMachines.Content!.Items).FirstOrDefault(v => v.State == VirtualMachineState.Unknown) is { } silent ? NotSaid("virtualMachines", $"whether {silent.Name} runs")
            : Verdict.Passed;
    }

    private static Verdict.Fire Fire(ClusterSubject subject, List<Loss> losses, Loss worst, Severity severity) => new(worst.Variant, severity, worst.Variant switch
    {
        "tooLarge" => $"{VisibleText.Of(worst.TooLarge!.Vm.Vm.Name)} needs {VmMemory.Words(worst.TooLarge.Need)}, more than any node of {subject.Cluster.Name} has beside {worst.Lost.Name}",
        "noRoom" => $"If {worst.Lost.Name} fails, {worst.LeftOver.Count} of its {worst.Moved} clustered VMs find no room in {subject.Cluster.Name}",
        _ => string.Create(CultureInfo.InvariantCulture, $"If {worst.Lost.Name} fails, the other nodes of {subject.Cluster.Name} are at {worst.PercentAfter} % of their memory"),
    })
    {
        Impact = worst.Variant == "tight" ? "A further VM, or memory that VMs ask for, finds no room then." : $"{string.Join(", ", worst.LeftOver.Take(5).Select(v => VisibleText.Of(v.Vm.Vm.Name)))}{(worst.LeftOver.Count > 5 ? $" and {worst.LeftOver.Count - 5} more" : "")} stay off.",
        Remedy = Mend(worst.Lost.Host, RemedyRisk.NeedsVirtualMachineOff, $"Add memory or a node to {subject.Cluster.Name}, or lower the memory of its largest VMs. Or let VMs that may stay off not start by themselves.",
            $"Add memory or a node to {subject.Cluster.Name}, or lower the memory of its largest VMs in Hyper-V Manager while they are off.",
            [.. (worst.LeftOver.Count > 0 ? worst.LeftOver : worst.Placed).Take(3).Select(v => PowerShell.Line($"(Get-ClusterGroup -Cluster {subject.Cluster.Name} -VMId {v.Vm.Vm.Id}).Priority = 0"))]),
        Evidence =
        [
            .. losses.Take(16).Select(l => Fact(l.Lost.Host, "performance", $"If {l.Lost.Name} fails", l.Words, "every VM finds room, at 90 % of the memory at most", "Msvm_SummaryInformation.MemoryUsage")),
            .. losses.Take(16).Select(l => Fact(l.Lost.Host, "computerSystem", $"Memory of {l.Lost.Name}", $"{VmMemory.Words(l.Lost.Total)}, of which VMs have {VmMemory.Words(l.Lost.Used)} and {VmMemory.Words(l.Lost.Reserve)} are kept", null, "Win32_ComputerSystem.TotalPhysicalMemory")),
            .. worst.ProcessorRatio is { } ratio ? new[] { Fact(worst.Lost.Host, "virtualMachines", "Virtual processors per logical one then", ratio.ToString("0.#", CultureInfo.InvariantCulture), null, "Msvm_ProcessorSettingData.VirtualQuantity") } : [],
        ],
        Affected = [new(AffectedRole.Cause, worst.Lost.Host.Identity), .. worst.LeftOver.Select(v => new AffectedObject(AffectedRole.Impacted, v.Vm.Identity))],
    };

    /// <summary>A node with what its VMs have.</summary>
    private sealed record Node(string Name, HostSubject Host, long Total, long Reserve, ImmutableArray<VirtualMachine> Held)
    {
        public Node(string name, HostSubject host, RuleContext context) : this(name, host, host.Reading.ComputerSystem.Content!.Memory!.Value.Bytes,
            VmMemory.Reserve(context, host.Reading.ComputerSystem.Content.Memory.Value.Bytes), [.. host.Reading.VirtualMachines.Content!.Items.Where(VmMemory.IsHeld)])
        {
        }

        public long Used => Held.Sum(v => VmMemory.WithOverhead(VmMemory.Assigned(Host, v)!.Value.Bytes));

        public long Capacity => Total - Reserve;
    }

    /// <summary>A VM that must find another node.</summary>
    /// <param name="Need">Bytes it needs there, with what the hypervisor takes for it.</param>
    private sealed record Move(VirtualMachineSubject Vm, long Need, ImmutableArray<Node> Targets);

    /// <summary>What happens if one node fails.</summary>
    private sealed record Loss(Node Lost, int Moved, List<Move> Placed, List<Move> LeftOver, long Free, int PercentAfter, bool IsTight, double? ProcessorRatio)
    {
        /// <summary>Would fit on no other node even if that were empty.</summary>
        public Move? TooLarge => LeftOver.Find(m => m.Targets.All(t => m.Need > t.Capacity));

        public string Variant => TooLarge is not null ? "tooLarge" : LeftOver.Count > 0 ? "noRoom" : "tight";

        public Severity? Severity => TooLarge is not null ? Model.Findings.Severity.Critical : LeftOver.Count > 0 ? Model.Findings.Severity.Error : Moved > 0 && IsTight ? Model.Findings.Severity.Warning : null;

        public long Missing => LeftOver.Sum(m => m.Need);

        public string Words => Moved == 0 ? "no clustered VM must move"
            : LeftOver.Count == 0 ? $"all {Moved} VMs find room, {VmMemory.Words(Free)} stay free"
            : $"{string.Join(", ", LeftOver.Take(5).Select(m => $"{VisibleText.Of(m.Vm.Vm.Name)} ({VmMemory.Words(m.Need)})"))} find no room, {VmMemory.Words(Missing)} are missing";

        /// <summary>Largest first, each on the first node that has room: by what it has now, and again by what it needs to start.</summary>
        public static Loss Of(Node lost, List<Node> nodes, Dictionary<Guid, ClusteredVirtualMachine> clustered)
        {
            var others = nodes.FindAll(n => n != lost);
            var vms = lost.Held.Where(v => clustered.ContainsKey(v.Id)).Select(v => (Vm: new VirtualMachineSubject(v, lost.Host), Targets: Targets(clustered[v.Id], others))).Where(v => !v.Targets.IsEmpty).ToList();
            var running = Place(vms.ConvertAll(v => new Move(v.Vm, VmMemory.WithOverhead(Math.Max(VmMemory.Assigned(lost.Host, v.Vm.Vm)!.Value.Bytes, v.Vm.Vm.IsDynamicMemory == true ? v.Vm.Vm.MinimumMemory?.Bytes ?? 0 : 0)), v.Targets)), others);
            var starting = Place(vms.ConvertAll(v => new Move(v.Vm, VmMemory.WithOverhead((v.Vm.Vm.StartupMemory ?? VmMemory.Assigned(lost.Host, v.Vm.Vm)!.Value).Bytes), v.Targets)), others);
            var worse = running.LeftOver.Count >= starting.LeftOver.Count ? running : starting;
            long total = others.Sum(n => n.Total);
            long after = 100 * (others.Sum(n => n.Used) + worse.Placed.Sum(m => m.Need));
            return new(lost, vms.Count, worse.Placed, worse.LeftOver, worse.Free, (int)(after / total), after > total * TightPercent, Ratio(others, vms.ConvertAll(v => v.Vm)));
        }

        private static ImmutableArray<Node> Targets(ClusteredVirtualMachine vm, List<Node> others) =>
            [.. others.Where(n => vm.PossibleOwners is not { } owners || owners.Contains(n.Name, StringComparer.OrdinalIgnoreCase))];

        private static (List<Move> Placed, List<Move> LeftOver, long Free) Place(List<Move> moves, List<Node> others)
        {
            var free = others.ToDictionary(n => n, n => n.Capacity - n.Used);
            List<Move> placed = [], leftOver = [];
            foreach (var move in moves.OrderByDescending(m => m.Need).ThenBy(m => m.Vm.Vm.Id))
            {
                var target = move.Targets.FirstOrDefault(t => free[t] >= move.Need);
                if (target is not null)
                {
                    free[target] -= move.Need;
                }

                (target is null ? leftOver : placed).Add(move);
            }

            return (placed, leftOver, Math.Max(0, free.Values.Sum()));
        }

        private static double? Ratio(List<Node> others, List<VirtualMachineSubject> moved)
        {
            int? logical = others.Select(n => n.Host.Reading.ComputerSystem.Content!.LogicalProcessors).Aggregate((int?)0, (sum, n) => sum + n);
            int? virtuals = others.SelectMany(n => n.Held).Concat(moved.Select(v => v.Vm)).Select(v => v.Processors).Aggregate((int?)0, (sum, n) => sum + n);
            return logical > 0 ? (double?)virtuals / logical : null;
        }
    }

    public override ImmutableArray<Example<ClusterSubject>> Examples { get; } =
    [
        Fires(Severity.Error, "50 of 64 GiB on one node, 30 of 64 on the other", Cluster((64, 50), (64, 30))),
        Passes("40 of 128 GiB on each", Cluster((128, 40), (128, 40))),
        Fires(Severity.Critical, "a VM of 100 GiB, where the other node has 64", Cluster((128, 100), (64, 0))),
        Fires(Severity.Warning, "a VM that fills an empty node of 40 GiB to its reserve", Cluster((40, Fills), (40, 0))),
        Fires(Severity.Critical, "the same with a MiB more", Cluster((40, Fills + OneMiB), (40, 0))),
        Passes("56 GiB on an empty node of 64", Cluster((64, 56), (64, 0))),
        Fires(Severity.Warning, "a node at 92 % then", Cluster((64, 28), (64, 31))),
        Fires(Severity.Error, "what it needs to start does not fit, although what it has now does", Cluster(Reading(64, 20, v => v with { StartupMemory = ByteSize.FromGiB(50) }), Reading(64, 30))),
        Passes("the same cluster, where the large VM is off", Cluster(Reading(64, 50, v => v with { State = VirtualMachineState.Off }), Reading(64, 30))),
        Passes("a VM that may run on its node only", Cluster(Reading(64, 50, owners: ["N0"]), Reading(64, 5))),
        Fires(Severity.Error, "a reserve of 40 GiB in the settings", Cluster((128, 40), (128, 60)), new() { HostReserveMiB = 40960 }),
        Skips("accepted", Cluster((64, 50), (64, 30)), Given.Tagged("cluster:no-n1", "c")),
        Skips("a node that is down already", Down(Cluster((64, 50), (64, 30)))),
        Skips("one node", Cluster((64, 50))),
        CannotTell("a node that no agent reads", Cluster(Reading(64, 50), null)),
        CannotTell("a host that does not say its memory", Cluster(Reading(64, 50), Reading(64, 30) with { ComputerSystem = Sample.Read(Sample.Host.ComputerSystem.Content! with { Memory = null }) })),
        Fires(Severity.Error, "a VM in a state without an agreed name, which holds its memory", Cluster(Reading(64, 50, v => v with { State = VirtualMachineState.Other }), Reading(64, 30))),
        CannotTell("a VM of which nobody knows whether it runs", Cluster(Reading(64, 5, v => v with { State = VirtualMachineState.Unknown }), Reading(64, 5))),
        CannotTell("dynamic memory of which nobody says how much it is now", Cluster(Reading(64, null, v => v with { StartupMemory = ByteSize.FromGiB(1) }), Reading(64, 30))),
        Passes("static memory of which nobody says how much it is now", Cluster(Reading(64, null, v => v with { IsDynamicMemory = false, StartupMemory = ByteSize.FromGiB(8) }), Reading(64, 30))),
        CannotTell("a cluster that no node can read any more", Given.Unread(Cluster((64, 50), (64, 30)))),
        CannotTell("a VM whose memory nobody knows", Cluster(Reading(64, null), Reading(64, 30))),
    ];

    private const double OneMiB = 1 / 1024.0;

    // 38 GiB remain of 40; the hypervisor takes 32 MiB for a VM of this size and 8 MiB for each GiB after the first.
    private const double Fills = 38 - ((32 + (37 * 8)) * OneMiB);

    private static ClusterSubject Cluster(params (double Total, double Used)[] nodes) => Cluster([.. nodes.Select(n => (HostReading?)Reading(n.Total, n.Used))]);

    private static ClusterSubject Cluster(params HostReading?[] nodes) => Given.Cluster([.. nodes.Select((n, i) => n is null ? null : WithId(n, i))]);

    private static HostReading Reading(double total, double? used, Func<VirtualMachine, VirtualMachine>? change = null, ImmutableArray<string>? owners = null)
    {
        var vm = Sample.Vm with { IsDynamicMemory = true, StartupMemory = used is null ? null : ByteSize.FromGiB(1) };
        return Given.Host().With(change is null ? vm : change(vm)).With(new ClusterView { Id = "c", Name = "LAB", VirtualMachines = [new(VmOf(0), "SQL01") { PossibleOwners = owners }, new(VmOf(1), "SQL02"), new(VmOf(2), "SQL03")] }) with
        {
            ComputerSystem = Sample.Read(Sample.Host.ComputerSystem.Content! with { Memory = ByteSize.FromGiB(total) }),
            Performance = Sample.Read(new PerformanceSample { VirtualMachines = [new(Sample.VmId, 5, used is { } gib ? ByteSize.FromGiB(gib) : null)] }),
        };
    }

    private static Guid VmOf(int node) => new(node + 1, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1]);

    /// <summary>Each node has a VM of its own; one that has no memory is not there.</summary>
    private static HostReading WithId(HostReading node, int i)
    {
        var sample = node.Performance.Content!.VirtualMachines[0];
        var vm = node.VirtualMachines.Content!.Items[0] with { Id = VmOf(i), Name = $"SQL0{i + 1}" };
        return (sample.AssignedMemory is { Bytes: 0 } ? node.With(Array.Empty<VirtualMachine>()) : node.With(vm)) with { Performance = Sample.Read(new PerformanceSample { VirtualMachines = [sample with { VirtualMachineId = vm.Id }] }) };
    }

    private static ClusterSubject Down(ClusterSubject cluster) => cluster with { Members = [cluster.Members[0], cluster.Members[1] with { Node = cluster.Members[1].Node with { State = ClusterNodeState.Down } }] };
}

using System.Collections.Immutable;
using HyperVDash.Model;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.LoadBalancing;

public sealed class NlbNodesOnOneHost : PrintFarmRule
{
    private static readonly TimeSpan Maintenance = TimeSpan.FromHours(4);

    public override RuleCard Card { get; } = new("HVD913", "nlb-vms-on-same-host", RuleScope.Farm, RuleKind.Configuration)
    {
        Title = "Both NLB nodes are VMs on one Hyper-V host (or storage)",
        Why = "The redundancy that the farm was built for is gone with one host, or with one volume.",
        Fix = "Move one of the VMs to another host; in a cluster give both groups one anti-affinity class, so that they stay apart.",
        Quiet = "Another node of the cluster is paused for less than four hours: its VMs are elsewhere meanwhile. With a single Hyper-V host there is nowhere to move to, which is information only.",
        Sections = ["loadBalancing", "virtualMachines", "physicalNetwork", "computerSystem", "devices"],
        Mentions = ["printServer", "dns", "guests", "cluster", "operatingSystem"],
        Severities = [Severity.Info, Severity.Warning],
        Origin = "Aim of the field notes of December 2007, third post; field practice",
    };

    protected override IEnumerable<Verdict> Examine(PrintFarm farm, FarmSubject all, RuleContext context)
    {
        var machines = farm.Nodes.Select(n => (Node: n, Machine: NodeMachine.Of(n, all))).ToList();
        var known = machines.Where(m => m.Machine is not null && Blocked(m.Node, context, "loadBalancing") is null && NotKnown(m.Node, m.Machine, context) is null).Select(m => m.Machine!).ToList();
        var together = known
            .GroupBy(m => m.Host.Id, StringComparer.Ordinal).FirstOrDefault(g => g.DistinctBy(m => m.Vm.Id).Count() > 1)?.ToList();
        if (together is not null)
        {
            yield return IsResting(together[0].Host, context) ? Verdict.Passed : OneHost(farm, together, all, context);
            yield break;
        }

        var unknown = Unseen(farm, context, "loadBalancing") ?? machines.Select(m => NotKnown(m.Node, m.Machine, context)).FirstOrDefault(u => u is not null);
        var shared = known.Where(m => Unreadable(m.Host, context, "devices") is null).SelectMany(m => VolumesOf(m).Select(v => (Volume: v, Machine: m))).GroupBy(v => v.Volume, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.DistinctBy(v => v.Machine.Vm.Id).Count() > 1);
        yield return shared is not null ? OneVolume(farm, shared.Key, [.. shared.Select(s => s.Machine).DistinctBy(m => m.Vm.Id)])
            : unknown ?? (known.Count == 0 ? NotFor("No node is a VM of Hyper-V.")
            : known.Select(m => Unreadable(m.Host, context, "devices")).OfType<Verdict.Unknown>().FirstOrDefault() as Verdict ?? Verdict.Passed);
    }

    private static Verdict.Unknown? NotKnown(PrintFarmNode node, NodeMachine? machine, RuleContext context) =>
        NodeMachine.Unjoined(node, machine, context) ?? (machine is not null ? Unreadable(machine.Host, context, "virtualMachines") as Verdict.Unknown : NodeMachine.IsVirtual(node) switch
        {
            null => NotSaid("computerSystem", $"whether {node.Name} is a VM"),
            false => null,
            true => new Verdict.Unknown("virtualMachines", $"{node.Name} is a VM, but no host that is read lists it."),
        });

    /// <summary>Somebody works on another node of the cluster, whose VMs had to go somewhere.</summary>
    private static bool IsResting(HostSubject host, RuleContext context) =>
        (host.Reading.Cluster.Content?.Nodes ?? []).Any(n => n.State == ClusterNodeState.Paused && n.StateSeenAt is { } since && !context.Reached(since + Maintenance));

    /// <summary>Cluster volumes that hold disks of the VM, with the cluster's id.</summary>
    private static IEnumerable<string> VolumesOf(NodeMachine machine) =>
        from drive in machine.Host.DrivesOf[machine.Vm.Id]
        let volume = (machine.Host.Reading.Cluster.Content?.SharedVolumes ?? []).FirstOrDefault(v => v.Path is { Length: > 0 } path && drive.Path?.StartsWith(path.TrimEnd('\\') + '\\', StringComparison.OrdinalIgnoreCase) == true)
        where volume is not null
        select $"{machine.Host.Reading.Cluster.Content!.Id} {volume.Path}";

    private static Verdict.Fire OneHost(PrintFarm farm, List<NodeMachine> together, FarmSubject all, RuleContext context)
    {
        var host = together[0].Host;
        bool isOnlyHost = all.Hosts.Count(h => h.Reading.VirtualMachines.HasContent()) == 1;
        string names = string.Join(" and ", together.Select(m => VisibleText.Of(m.Vm.Name)));
        return new("host", isOnlyHost ? Severity.Info : Severity.Warning, $"{names}, nodes of {farm.Title}, run on one host, {host.Name}{(isOnlyHost ? ", the only one there is" : "")}")
        {
            Impact = $"If {host.Name} fails or restarts, nobody prints.",
            Remedy = Mend(host, RemedyRisk.Online, $"Move one of the VMs to another host, and see that a cluster keeps them apart.", "Move one of the VMs to another host in Hyper-V Manager or Failover Cluster Manager.",
            [
                .. together.Select(m => host.Clustered.GetValueOrDefault(m.Vm.Id)?.Group).OfType<string>().Select(g => PowerShell.Line($"(Get-ClusterGroup -Name {g}).AntiAffinityClassNames = 'PrintNLB'")),
                PowerShell.Line($"Move-VM -ComputerName {host} -Name {together[^1].Vm.Name} -DestinationHost <host>"),
            ]),
            Evidence =
            [
                .. together.Select(m => Fact(host, "virtualMachines", $"Host of {VisibleText.Of(m.Vm.Name)}", host.Name, "another host for each node", "Msvm_ComputerSystem.__SERVER")),
                .. together.Where(m => host.Clustered.ContainsKey(m.Vm.Id)).Select(m => Fact(host, "cluster", $"Anti-affinity of {VisibleText.Of(m.Vm.Name)}", Apart(host, m), "one class for both", "MSCluster_ResourceGroup.AntiAffinityClassNames")),
            ],
            Affected = [.. together.Select(m => new AffectedObject(AffectedRole.Impacted, new VirtualMachineSubject(m.Vm, m.Host).Identity)), new(AffectedRole.Cause, host.Identity)],
        };
    }

    private static string? Apart(HostSubject host, NodeMachine machine) =>
        host.Reading.Cluster.Content?.Groups?.FirstOrDefault(g => g.Name == host.Clustered[machine.Vm.Id].Group)?.AntiAffinity is { } classes ? classes.IsEmpty ? "none" : string.Join(", ", classes) : null;

    private static Verdict.Fire OneVolume(PrintFarm farm, string volume, List<NodeMachine> machines) => new("volume", Severity.Info,
        $"{string.Join(" and ", machines.Select(m => VisibleText.Of(m.Vm.Name)))}, nodes of {farm.Title}, have their disks on one volume, {volume[(volume.IndexOf(' ', StringComparison.Ordinal) + 1)..]}")
    {
        Impact = "If the volume fails, nobody prints.",
        Remedy = Mend(machines[0].Host, RemedyRisk.Online, "Move the disks of one VM to another volume.", "Move the disks of one VM to another volume in Hyper-V Manager.",
            PowerShell.Line($"Move-VMStorage -ComputerName {machines[^1].Host} -VMName {machines[^1].Vm.Name} -DestinationStoragePath <folder>")),
        Evidence = [.. machines.Select(m => Fact(m.Host, "devices", $"Disks of {VisibleText.Of(m.Vm.Name)}", string.Join(", ", m.Host.DrivesOf[m.Vm.Id].Select(d => d.Path).OfType<string>()), "on another volume for each node", "Msvm_StorageAllocationSettingData.HostResource"))],
        Affected = [.. machines.Select(m => new AffectedObject(AffectedRole.Impacted, new VirtualMachineSubject(m.Vm, m.Host).Identity))],
    };

    public override ImmutableArray<Example<FarmSubject>> Examples { get; } =
    [
        Fires(Severity.Warning, "P1 and P2 on HV1, and there is HV2", Farm(GivenPrint.HyperV("HV1", 1, 2), GivenPrint.HyperV("HV2"))),
        Passes("P1 on HV1, P2 on HV2", Farm(GivenPrint.HyperV("HV1", 1), GivenPrint.HyperV("HV2", 2))),
        Fires(Severity.Info, "P1 and P2 on the only Hyper-V host", Farm(GivenPrint.HyperV("HV1", 1, 2))),
        Passes("P1 and P2 on HV1 while HV2 is paused for 3:59 h", Farm(GivenPrint.HyperV("HV1", 1, 2).With(Paused(new TimeSpan(3, 59, 0))), GivenPrint.HyperV("HV2"))),
        Fires(Severity.Warning, "P1 and P2 on HV1 while HV2 is paused for four hours", Farm(GivenPrint.HyperV("HV1", 1, 2).With(Paused(TimeSpan.FromHours(4))), GivenPrint.HyperV("HV2"))),
        Fires(Severity.Info, "on two hosts, with their disks on one cluster volume", Farm(GivenPrint.HyperV("HV1", 1).With(OneVolumeForAll), GivenPrint.HyperV("HV2", 2).With(OneVolumeForAll))),
        Passes("on two hosts, with their disks on two cluster volumes", Farm(GivenPrint.HyperV("HV1", 1).With(TwoVolumes), GivenPrint.HyperV("HV2", 2).With(TwoVolumes))),
        Passes("P1 physical, P2 a VM", GivenPrint.Farm(GivenPrint.Node(1), GivenPrint.Virtual(2), GivenPrint.HyperV("HV2", 2))),
        CannotTell("P2 is a VM that no host lists", Farm(GivenPrint.HyperV("HV1", 1))),
        CannotTell("P2 does not say what it is", GivenPrint.Farm(GivenPrint.Node(1), GivenPrint.Node(2) with { ComputerSystem = Sample.Read(new Model.Hosts.ComputerSystem()) })),
        CannotTell("the devices of a host are denied", Farm(GivenPrint.HyperV("HV1", 1), GivenPrint.HyperV("HV2", 2) with { Devices = Sample.Failed<DeviceList>(SectionState.Denied, "needs Hyper-V Administrators") })),
        Skips("both physical", GivenPrint.Healthy),
        Skips("a host without NLB", GivenPrint.Farm(GivenPrint.Other)),
    ];

    private static ClusterView OneVolumeForAll => new() { Id = "c", Name = "LAB", SharedVolumes = [new("CSV") { Path = @"C:\ClusterStorage" }] };

    private static ClusterView TwoVolumes => new() { Id = "c", Name = "LAB", SharedVolumes = [new("CSV 1") { Path = @"C:\ClusterStorage\Volume1" }, new("CSV 2") { Path = @"C:\ClusterStorage\Volume2" }] };

    private static ClusterView Paused(TimeSpan since) => new() { Id = "c", Name = "LAB", Nodes = [new("HV1", ClusterNodeState.Up), new("HV2", ClusterNodeState.Paused) { StateSeenAt = Sample.Now - since }] };

    private static FarmSubject Farm(params HostReading[] hosts) => GivenPrint.Farm([GivenPrint.Virtual(1), GivenPrint.Virtual(2), .. hosts]);
}

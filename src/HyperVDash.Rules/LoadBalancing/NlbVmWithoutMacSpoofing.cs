using System.Collections.Immutable;
using HyperVDash.Model;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.LoadBalancing;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.LoadBalancing;

public sealed class NlbVmWithoutMacSpoofing : PrintFarmRule
{
    public override RuleCard Card { get; } = new("HVD904", "nlb-vm-mac-spoofing", RuleScope.Farm, RuleKind.Configuration)
    {
        Title = "NLB node is a VM in unicast mode without MAC address spoofing",
        Why = "In unicast mode every node sends with the cluster's address. The switch drops frames whose sender is not the adapter's own address, so the farm is dead or works on one node only.",
        Fix = "Allow MAC address spoofing on the adapter that NLB is bound to, and on no other; look again after an import.",
        Quiet = "Multicast mode; the node is a physical machine. Windows Server 2008 cannot allow it: there the adapter needs the cluster's address as a static one, which is a warning for want of a second source.",
        Sections = ["loadBalancing", "devices", "virtualMachines", "physicalNetwork", "computerSystem"],
        Mentions = ["printServer", "dns", "guests", "switches", "operatingSystem"],
        Severities = [Severity.Warning, Severity.Error],
        Origin = "Field notes of December 2007, third post, step 1, thought on for nodes that are VMs; published guidance on networks for NLB; field practice for 2008",
    };

    protected override IEnumerable<Verdict> Examine(PrintFarm farm, FarmSubject all, RuleContext context)
    {
        foreach (var node in farm.Nodes)
        {
            var machine = NodeMachine.Of(node, all);
            // An adapter that is known stays the object also while it cannot be judged, so that its finding stays open.
            var subject = machine is null ? node.Host.Identity : machine.Adapter is { } adapter ? new NetworkAdapterSubject(adapter, machine.Vm, machine.Host).Identity : new VirtualMachineSubject(machine.Vm, machine.Host).Identity;
            var verdict = Blocked(node, context, "loadBalancing") ?? Judge(farm, node, machine, all, context);
            // Which adapter it would be is not known then, so that nothing that was found at any is gone.
            yield return verdict with { Object = verdict is Verdict.Unknown && machine?.Adapter is null ? all.Identity : subject };
        }

        if (farm.Unread is [var first, ..])
        {
            yield return new Verdict.Unknown("loadBalancing", $"{first} is a member of the cluster and read by no agent.");
        }
    }

    private static Verdict Judge(PrintFarm farm, PrintFarmNode node, NodeMachine? machine, FarmSubject all, RuleContext context)
    {
        if (node.Cluster.Mode != NlbMode.Unicast)
        {
            return node.Cluster.Mode == NlbMode.Unknown ? NotSaid("loadBalancing", "the mode of its NLB cluster") : NotFor("The farm runs in multicast mode.");
        }

        if (NodeMachine.Unjoined(node, machine, context) is { } unjoined)
        {
            return unjoined;
        }

        if (machine is null)
        {
            return NodeMachine.IsVirtual(node) switch
            {
                null => NotSaid("computerSystem", "whether it is a VM"),
                false => NotFor("The node is no VM of Hyper-V."),
                true => new Verdict.Unknown("virtualMachines", $"{node.Name} is a VM, but no host that is read lists it."),
            };
        }

        if (Unreadable(machine.Host, context, "virtualMachines", "devices") is { } unreadable)
        {
            return unreadable;
        }

        var adapters = machine.Adapter is { } one ? [one] : machine.Host.AdaptersOf[machine.Vm.Id].Where(a => a.Connection != ConnectionState.Disconnected).ToList();
        if (machine.Host.Profile is { } match && !match.IsFrom("2008R2"))
        {
            return Static(farm, node, machine, adapters);
        }

        return adapters.Count == 0 || adapters.Exists(a => a.AllowsMacSpoofing is null) ? NotSaid("devices", "whether the VM's adapter may send with other addresses")
            : adapters.TrueForAll(a => a.AllowsMacSpoofing == true) ? Verdict.Passed
            : adapters.TrueForAll(a => a.AllowsMacSpoofing == false)
                ? Fire(farm, node, machine, adapters, "spoofing", Severity.Error, $"{VisibleText.Of(machine.Vm.Name)} on {machine.Host.Name} is a unicast node of {farm.Title}, but its adapter may not send with the cluster's address")
            : new Verdict.Unknown("physicalNetwork", $"Which adapter of {VisibleText.Of(machine.Vm.Name)} NLB is bound to is not known, and not all of them may send with other addresses.");
    }

    /// <summary>Windows Server 2008: no such switch; the adapter itself must have the cluster's address.</summary>
    private static Verdict Static(PrintFarm farm, PrintFarmNode node, NodeMachine machine, List<NetworkAdapter> adapters) =>
        node.Cluster.MacAddress is not { } mac || adapters.Count == 0 || adapters.Exists(a => a.IsStaticMac is null || a.MacAddress is null) ? NotSaid("devices", "the address of the VM's adapter")
        : adapters.Exists(a => a.IsStaticMac == true && mac.Equals(a.MacAddress, StringComparison.OrdinalIgnoreCase)) ? Verdict.Passed
        : Fire(farm, node, machine, adapters, "static", Severity.Warning, $"{VisibleText.Of(machine.Vm.Name)} on {machine.Host.Name} is a unicast node of {farm.Title}, but its adapter has not the static address {mac}");

    private static Verdict.Fire Fire(PrintFarm farm, PrintFarmNode node, NodeMachine machine, List<NetworkAdapter> adapters, string variant, Severity severity, string title) => new(variant, severity, title)
    {
        Impact = $"{farm.Address} is dead, or answers on one node only.",
        Remedy = variant == "static"
            ? new($"Shut {VisibleText.Of(machine.Vm.Name)} down and give its adapter the static MAC address {node.Cluster.MacAddress} in Hyper-V Manager.") { Risk = RemedyRisk.NeedsVirtualMachineOff }
            : Mend(machine.Host, RemedyRisk.Online, $"Allow MAC address spoofing on the adapter of {VisibleText.Of(machine.Vm.Name)} that NLB is bound to.", $"In Hyper-V Manager open the settings of {VisibleText.Of(machine.Vm.Name)}, choose the network adapter and tick \"Enable spoofing of MAC addresses\".",
                [.. adapters.Select(a => PowerShell.Line($"Set-VMNetworkAdapter -ComputerName {machine.Host} -VMName {machine.Vm.Name} -Name {a.Name} -MacAddressSpoofing On"))]),
        Evidence =
        [
            Fact(node.Host, "loadBalancing", $"{node.Name}: mode", "unicast", null, "MicrosoftNLB_ClusterSetting.MulticastSupportEnabled"),
            Fact(node.Host, "loadBalancing", $"{node.Name}: address it sends with", node.Cluster.MacAddress, null, "MicrosoftNLB_ClusterSetting.ClusterMACAddress"),
            .. adapters.Select(a => Fact(machine.Host, "devices", $"{VisibleText.Of(a.Name ?? "Network adapter")}: own address, switch", $"{a.MacAddress ?? "not said"}{(a.IsStaticMac == true ? ", static" : "")}, {VisibleText.Of(a.SwitchName ?? "no switch")}", variant == "static" ? $"{node.Cluster.MacAddress}, static" : null, "Msvm_SyntheticEthernetPortSettingData.Address")),
            .. variant == "static" ? [] : adapters.Select(a => Fact(machine.Host, "devices", $"{VisibleText.Of(a.Name ?? "Network adapter")}: may send with other addresses", "no", "yes", "Msvm_EthernetSwitchPortSecuritySettingData.AllowMacSpoofing")),
        ],
        Affected = [new(AffectedRole.Impacted, farm.Identity), new(AffectedRole.Context, node.Host.Identity), new(AffectedRole.Context, new VirtualMachineSubject(machine.Vm, machine.Host).Identity)],
    };

    public override ImmutableArray<Example<FarmSubject>> Examples { get; } =
    [
        Fires(Severity.Error, "unicast, and the VM's adapter allows no spoofing", Virtual(NlbMode.Unicast, n => n with { AllowsMacSpoofing = false })),
        Passes("unicast, and both VMs' adapters allow spoofing", Virtual(NlbMode.Unicast, n => n)),
        Skips("multicast", Virtual(NlbMode.Multicast, n => n with { AllowsMacSpoofing = false })),
        Fires(Severity.Error, "the VM is known by its guest's name only", Virtual(NlbMode.Unicast, n => n with { AllowsMacSpoofing = false, MacAddress = "00155D0B0B0B" })),
        Fires(Severity.Warning, "2008: the adapter's address is dynamic", Virtual(NlbMode.Unicast, n => n with { AllowsMacSpoofing = null, IsStaticMac = false }, "2008")),
        Passes("2008: the adapter has the cluster's address", Virtual(NlbMode.Unicast, n => n with { AllowsMacSpoofing = null, IsStaticMac = true, MacAddress = "02BF0A000032" }, "2008")),
        CannotTell("the host does not say whether spoofing is allowed", Virtual(NlbMode.Unicast, n => n with { AllowsMacSpoofing = null })),
        CannotTell("a VM that no host lists", GivenPrint.Farm(Guest(1, NlbMode.Unicast), Guest(2, NlbMode.Unicast))),
        CannotTell("the devices of the Hyper-V host are denied", GivenPrint.Farm(Guest(1, NlbMode.Unicast), Guest(2, NlbMode.Unicast), GivenPrint.HyperV("HV1", 1, 2) with { Devices = Sample.Failed<DeviceList>(SectionState.Denied, "needs Hyper-V Administrators") })),
        Skips("physical nodes", GivenPrint.Healthy),
        Skips("a host without NLB", GivenPrint.Farm(GivenPrint.Other)),
    ];

    private static FarmSubject Virtual(NlbMode mode, Func<NetworkAdapter, NetworkAdapter> change, string release = "2022") => GivenPrint.Farm(Guest(1, mode), Guest(2, mode),
        GivenPrint.Hosting("HV1", [1], change) with { OperatingSystem = Given.Host(release).OperatingSystem }, GivenPrint.Hosting("HV2", [2], change) with { OperatingSystem = Given.Host(release).OperatingSystem });

    private static HostReading Guest(int number, NlbMode mode) => GivenPrint.Virtual(number).Nlb(c => c with { Mode = mode });
}

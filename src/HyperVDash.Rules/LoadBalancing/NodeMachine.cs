using HyperVDash.Model.Devices;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Switches;

namespace HyperVDash.Rules.LoadBalancing;

/// <summary>The VM that a node of a farm is, on its Hyper-V host.</summary>
/// <param name="Adapter">The VM's adapter that NLB is bound to; null: the VM is known by its guest's name only.</param>
public sealed record NodeMachine(VirtualMachine Vm, HostSubject Host, NetworkAdapter? Adapter)
{
    // What Hyper-V writes into the firmware of every VM; no language changes it.
    private const string Product = "Virtual Machine";
    private const string NoAddress = "000000000000";

    /// <summary>Hosts with a VM whose guest has a name in DNS, by that name. Reads <c>guests</c>.</summary>
    private static FarmJoin<string, bool> Named { get; } = new(["guests"],
        h => (h.Reading.Guests.Content?.Items ?? []).Where(g => g.DnsName is not null).Select(g => (g.DnsName!.TrimEnd('.'), true)), StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The VM with the adapter that NLB is bound to, else the one whose guest calls itself like the node; null: none of the hosts lists it.
    /// Reads <c>physicalNetwork</c> and <c>computerSystem</c> of the node, <c>devices</c>, <c>guests</c> and <c>virtualMachines</c> of all others.
    /// </summary>
    public static NodeMachine? Of(PrintFarmNode node, FarmSubject farm)
    {
        string? mac = node.Host.Reading.PhysicalNetwork.Content?.Items.FirstOrDefault(a => a.Id is { } id && id == node.Cluster.AdapterId)?.MacAddress;
        var computer = node.Host.Reading.ComputerSystem.Content;
        string? name = computer is { NetBiosName: { } short_, Domain: { Length: > 0 } domain } ? $"{short_}.{domain}" : null;
        List<NodeMachine> byAdapter = mac is null or NoAddress ? [] : [.. Others(farm.Joined(FarmAddresses.OfVms).At(mac).Select(a => a.Host)).SelectMany(h => h.AdaptersAt[mac].Select(a => new NodeMachine(a.Vm, h, a.Adapter)))];
        var byName = name is null ? [] : Others(farm.Joined(Named).At(name).Select(v => v.Host)).SelectMany(h => h.VmsCalled[name].Select(v => (Vm: v, Host: h))).ToList();
        // Two machines with one address are another rule's; the guest's name then tells which it is.
        return byAdapter.Find(a => byName.Exists(n => n.Vm.Id == a.Vm.Id && n.Host == a.Host)) ?? (byAdapter is [var only] ? only : null)
            ?? (byName is [var (vm, host), ..] ? new NodeMachine(vm, host, null) : null);

        IEnumerable<HostSubject> Others(IEnumerable<int> places) => places.Distinct().Select(p => farm.Hosts[p]).Where(h => h != node.Host);
    }

    /// <summary>Why what tells which VM the node is cannot be used; null: it can.</summary>
    internal static Verdict.Unknown? Unjoined(PrintFarmNode node, NodeMachine? machine, RuleContext context) =>
        SectionGate.Check(node.Host, "computerSystem", context) as Verdict.Unknown ?? SectionGate.Check(node.Host, "physicalNetwork", context) as Verdict.Unknown
        ?? (machine is { Adapter: null } ? SectionGate.Check(machine.Host, "guests", context) as Verdict.Unknown : null);

    /// <summary>True if the node is a VM of Hyper-V; null: it did not say what it is. Reads <c>computerSystem</c>.</summary>
    public static bool? IsVirtual(PrintFarmNode node) =>
        node.Host.Reading.ComputerSystem.Content?.ProductModel is { } model ? model.Equals(Product, StringComparison.OrdinalIgnoreCase) : null;
}

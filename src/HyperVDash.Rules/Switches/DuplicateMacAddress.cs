using System.Collections.Immutable;
using HyperVDash.Model;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.PhysicalNetwork;
using HyperVDash.Model.Replication;
using HyperVDash.Model.Switches;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Switches;

public sealed class DuplicateMacAddress : Rule<FarmSubject>
{
    /// <summary>Begins the address that all nodes of an NLB cluster share.</summary>
    private const string LoadBalancing = "02BF";

    public override RuleCard Card { get; } = new("HVD208", "duplicate-mac", RuleScope.Farm, RuleKind.Configuration)
    {
        Title = "The same MAC address is used by two adapters in the farm",
        Why = "The physical switch moves the address from port to port, and both machines lose packets at random.",
        Fix = "Mend the ranges first (HVD209), then let a dynamic address be given anew by a cold start; give a static one anew.",
        Quiet = "One VM that two hosts list, while it moves or as a replica; the address that nodes of an NLB cluster share (02-BF…); a VM tagged vm:template that is off; a host's own adapters among each other, which share addresses by design.",
        Sections = ["devices", "virtualMachines"],
        Mentions = ["operatingSystem", "computerSystem", "switches", "physicalNetwork", "hyperVSettings"],
        ExplainedBy = [new("HVD209", Relation.SameHost)],
        Severities = [Severity.Warning, Severity.Error],
        Origin = "Published default of 256 dynamic addresses a host; duplicates met in practice; field practice",
    };

    public override IEnumerable<Verdict> Examine(FarmSubject subject, RuleContext context)
    {
        var gates = subject.Hosts.Select(h => (Host: h, Verdict: Unreadable(h, context, "virtualMachines", "devices")
            ?? (h.Reading.Devices.Content!.NetworkAdapters is null ? NotSaid("devices", "the VMs' network adapters") : null))).ToList();
        bool[] isRead = [.. gates.Select(g => g.Verdict is null)];
        // The VMs' adapters are compared all the same.
        bool[] isOwnUntold = [.. gates.Select(g => g.Verdict is null && (g.Host.Reading.Switches.IsUntold() || g.Host.Reading.PhysicalNetwork.IsUntold()))];
        var involved = new HashSet<HostSubject>();
        var shared = Shared(subject, isRead, context);
        foreach (var (fire, hosts) in shared)
        {
            involved.UnionWith(hosts);
            yield return fire;
        }

        for (int i = 0; i < gates.Count; i++)
        {
            if (isRead[i] && !isOwnUntold[i] && !involved.Contains(gates[i].Host))
            {
                yield return gates[i].Host.Passes;
            }
        }

        if (gates.Where((g, i) => g.Verdict is Verdict.Unknown || isOwnUntold[i]).Select(g => g.Host.Name).ToList() is { Count: > 0 } blind)
        {
            yield return new Verdict.Unknown("devices", $"The adapters of {string.Join(", ", blind)} are not known.");
        }
        else if (shared.Count == 0)
        {
            yield return Verdict.Passed;
        }
    }

    /// <summary>A finding for each address that several adapters have, with their hosts: their places change when another host leaves.</summary>
    private List<(Verdict.Fire Fire, HostSubject[] Hosts)> Shared(FarmSubject subject, bool[] isRead, RuleContext context)
    {
        var ofVms = subject.Joined(FarmAddresses.OfVms);
        var ofHosts = subject.Joined(FarmAddresses.OfHosts);
        var known = subject.Memory.Kept<string, (Verdict.Fire Fire, HostSubject[] Hosts)?>(this);
        var fires = new List<(Verdict.Fire Fire, HostSubject[] Hosts)>();
        var addresses = ofVms.Several.Concat(ofHosts.Several).Concat(OfBoth(ofVms, ofHosts, isRead.Length)).Where(a => !a.StartsWith(LoadBalancing, StringComparison.OrdinalIgnoreCase)).Select(a => a.ToUpperInvariant());
        foreach (string address in addresses.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            HostSubject[] hosts = [.. ofVms.At(address).Select(a => a.Host).Concat(ofHosts.At(address).Select(a => a.Host)).Distinct().Select(h => subject.Hosts[h])];
            if (known.Of(address, hosts, 0, context, () => Judge(address, subject, ofVms, ofHosts, isRead, context)) is { } fire)
            {
                fires.Add(fire);
            }
        }

        return fires;
    }

    /// <summary>Addresses that a host's own adapter has and a VM's too.</summary>
    private static IEnumerable<string> OfBoth(FarmIndex<string, NetworkAdapter> ofVms, FarmIndex<string, SwitchedPort?> ofHosts, int hosts)
    {
        var both = new List<string>();
        for (int i = 0; i < hosts; i++)
        {
            foreach (var (address, _) in ofHosts.Of(i))
            {
                if (ofVms.Has(address))
                {
                    both.Add(address);
                }
            }
        }

        return both;
    }

    private static (Verdict.Fire Fire, HostSubject[] Hosts)? Judge(string address, FarmSubject subject, FarmIndex<string, NetworkAdapter> ofVms, FarmIndex<string, SwitchedPort?> ofHosts, bool[] isRead, RuleContext context)
    {
        var owners = Different(
            ofVms.At(address).Select(a => (a.Host, Owner: OwnerOf(subject.Hosts[a.Host], a.Item, context)))
                .Concat(ofHosts.At(address).Select(a => (a.Host, Owner: (Owner?)new Owner(subject.Hosts[a.Host], null, null) { IsUp = true, Port = a.Item })))
                .Where(o => o.Owner is not null && isRead[o.Host]).OrderBy(o => o.Host).Select(o => o.Owner!));
        return owners.Count > 1 ? (Fire(address, owners, context), [.. owners.Select(o => o.Host).Distinct()]) : null;
    }

    /// <summary>Null: no VM that is listed, no address, or a template that is off.</summary>
    private static Owner? OwnerOf(HostSubject host, NetworkAdapter nic, RuleContext context) =>
        MacRange.AddressOf(nic) is not null && host.VmOf.GetValueOrDefault(nic.VirtualMachineId) is { } vm && !(vm.State == VirtualMachineState.Off && context.Settings.HasTag(vm.Id.ToString(), "vm:template"))
            ? new Owner(host, vm, nic)
            {
                IsUp = vm.State == VirtualMachineState.Running && nic.Connection is ConnectionState.Connected or ConnectionState.Pooled,
                Port = nic.SwitchName is { } name ? new(name, nic.Vlan, nic.VlanId) : null,
            }
            : null;

    /// <summary>Each machine's adapters once: a VM that several hosts list counts where it runs, and a host that is itself one of the VMs not beside it.</summary>
    private static List<Owner> Different(IEnumerable<Owner> owners)
    {
        var all = owners.ToList();
        if (all.Count < 2)
        {
            return all;
        }

        var vms = all.Where(o => o.Vm is not null).GroupBy(o => o.Vm!.Id).SelectMany(vm => vm.GroupBy(o => o.Host).OrderByDescending(h => h.Max(o => o.IsUp)).ThenBy(h => h.Key.Name, StringComparer.Ordinal).First()).ToList();
        var machines = vms.Select(o => o.Vm!.BiosId).OfType<Guid>().ToHashSet();
        return [.. vms, .. all.Where(o => o.Vm is null && !(o.Host.Reading.ComputerSystem.Content?.MachineId is { } machine && machines.Contains(machine)))];
    }

    private static Verdict.Fire Fire(string address, List<Owner> owners, RuleContext context)
    {
        var up = owners.FindAll(o => o.IsUp);
        bool isTogether = up.Where((a, i) => up.Skip(i + 1).Any(b => IsOneNetwork(a, b, context))).Any();
        var mended = owners.FindLast(o => o.Vm is not null);
        string text = MacRange.Text(Convert.ToInt64(address, 16));
        return new("duplicate", isTogether ? Severity.Error : Severity.Warning, $"{text} is the address of {string.Join(", ", owners.Take(3).Select(o => o.Words))}{(owners.Count > 3 ? $" and {owners.Count - 3} more" : "")}")
        {
            Discriminator = address,
            Impact = isTogether ? "Both machines lose packets at random now." : "As soon as both run in one network, both lose packets at random.",
            Remedy = mended is null ? new("Give one of the hosts' adapters another address.") { Risk = RemedyRisk.Online }
                : mended.Nic!.IsStaticMac == true
                    ? Mend(mended.Host, RemedyRisk.NeedsVirtualMachineOff, $"Give {mended.Vm!.Name} another static address.", $"In the settings of {mended.Vm.Name} give the adapter another static address while the VM is off.",
                        PowerShell.Line($"Set-VMNetworkAdapter -ComputerName {mended.Host} -VMName {mended.Vm.Name} -Name {mended.Nic.Name} -StaticMacAddress <12 digits>"))
                    : Mend(mended.Host, RemedyRisk.NeedsVirtualMachineOff, $"Give the hosts ranges of their own (HVD209), then switch {mended.Vm!.Name} off and on: it gets a new address.", $"Give the hosts ranges of their own (HVD209), then switch {mended.Vm.Name} off and on in Hyper-V Manager.",
                        PowerShell.Line($"Stop-VM -ComputerName {mended.Host} -Name {mended.Vm.Name}"), PowerShell.Line($"Start-VM -ComputerName {mended.Host} -Name {mended.Vm.Name}")),
            Evidence =
            [
                .. owners.Take(10).SelectMany(o => new[]
                {
                    Fact(o.Host, o.Vm is null ? "physicalNetwork" : "devices", o.Words, $"{(o.Nic?.IsStaticMac switch { true => "static, ", false => "dynamic, ", null => "" })}{(o.IsUp ? "in use" : "not in use now")}{(o.Port is { } port ? $", switch {VisibleText.Of(port.Switch)}{(port.Id is { } id ? $", VLAN {id}" : "")}" : "")}", "an address of its own", "Msvm_SyntheticEthernetPortSettingData.Address"),
                    Fact(o.Host, "hyperVSettings", $"{o.Host.Name}: range", MacRange.Of(o.Host)?.ToString(), null, "Msvm_VirtualSystemManagementServiceSettingData.MinimumMacAddress, MaximumMacAddress"),
                }),
            ],
            Affected =
            [
                .. owners.Where(o => o.Vm is not null).Select(o => new AffectedObject(AffectedRole.Impacted, new(ObjectKind.VirtualMachine, o.Vm!.Id.ToString(), o.Vm.Name, o.Host.Id))),
                .. owners.Select(o => o.Host).Distinct().Select(h => new AffectedObject(AffectedRole.Cause, h.Identity)),
            ],
        };
    }

    private static bool IsOneNetwork(Owner a, Owner b, RuleContext context)
    {
        string? site = context.Settings.TagsOf(a.Host.Id, "site:").FirstOrDefault();
        string? other = context.Settings.TagsOf(b.Host.Id, "site:").FirstOrDefault();
        return site is not null && other is not null ? site.Equals(other, StringComparison.OrdinalIgnoreCase)
            : a.Port is { } port && b.Port is { } beside && port.Switch.Equals(beside.Switch, StringComparison.Ordinal) && port.Id == beside.Id && port.Mode == beside.Mode;
    }

    /// <param name="Vm">Null: the host's own.</param>
    private sealed record Owner(HostSubject Host, VirtualMachine? Vm, NetworkAdapter? Nic)
    {
        public bool IsUp { get; init; }

        public SwitchedPort? Port { get; init; }

        public string Words => Vm is null ? Host.Name : $"{Vm.Name} on {Host.Name}";
    }

    public override ImmutableArray<Example<FarmSubject>> Examples { get; } =
    [
        Fires(Severity.Error, "two running VMs on switches of one name", Farm(Node(1), Node(2))),
        Fires(Severity.Error, "three VMs, all of them named", Farm(Node(1), Node(2), Node(3))),
        Fires(Severity.Error, "four VMs, of which three are named", Farm(Node(1), Node(2), Node(3), Node(4))),
        Passes("two VMs with addresses of their own", Farm(Node(1), Node(2, n => n with { MacAddress = "00155D010204" }))),
        Passes("a VM and its replica", Farm(Node(1), Node(1, null, v => v with { State = VirtualMachineState.Off, Replication = new() { Mode = ReplicationMode.Replica } }))),
        Fires(Severity.Warning, "one of the VMs is off", Farm(Node(1), Node(2, null, v => v with { State = VirtualMachineState.Off }))),
        Fires(Severity.Warning, "switches of two names", Farm(Node(1), Node(2, n => n with { SwitchName = "Test" }))),
        Fires(Severity.Warning, "two VLANs of one switch", Farm(Node(1), Node(2, n => n with { Vlan = VlanMode.Access, VlanId = 20 }))),
        Fires(Severity.Error, "switches of two names at one site", Farm(Node(1), Node(2, n => n with { SwitchName = "Test" })), Site("site:a", "site:a")),
        Fires(Severity.Warning, "switches of one name at two sites", Farm(Node(1), Node(2)), Site("site:a", "site:b")),
        Fires(Severity.Error, "switches of one name, of which only one says its site", Farm(Node(1), Node(2)), Site("site:a", "other")),
        Fires(Severity.Warning, "switches of two names, of which only one says its site", Farm(Node(1), Node(2, n => n with { SwitchName = "Test" })), Site("site:a", "other")),
        Passes("the address of an NLB cluster", Farm(Node(1, n => n with { MacAddress = "02BFC0A80A32" }), Node(2, n => n with { MacAddress = "02BFC0A80A32" }))),
        Passes("no address given yet", Farm(Node(1, n => n with { MacAddress = "000000000000" }), Node(2, n => n with { MacAddress = "000000000000" }))),
        Passes("a template that is off", Farm(Node(1), Node(2, null, v => v with { State = VirtualMachineState.Off })), Given.Tagged("vm:template", Id(2).ToString())),
        CannotTell("a host whose switches were never read", Farm(Node(1) with { Switches = Sample.Failed<VirtualSwitchList>(SectionState.Denied, "no right") })),
        CannotTell("a host whose own adapters were never read", Farm(Node(1) with { PhysicalNetwork = Sample.Failed<PhysicalAdapterList>(SectionState.Pending, "not yet") })),
        Passes("a host of a release that does not tell its own adapters", Farm(Node(1) with { PhysicalNetwork = Sample.Failed<PhysicalAdapterList>(SectionState.Unsupported, "not told") })),
        Fires(Severity.Error, "two VMs on hosts whose own adapters were never read", Farm(Unread(1), Unread(2))),
        CannotTell("a host whose devices could not be read", Farm(Node(1), Node(2) with { Devices = Sample.Failed<DeviceList>(SectionState.Denied, "no right") })),
    ];

    private static Guid Id(int number) => new(number, 0, 0, new byte[8]);

    private static HostReading Node(int number, Func<NetworkAdapter, NetworkAdapter>? nic = null, Func<VirtualMachine, VirtualMachine>? vm = null)
    {
        var one = Sample.Vm with { Id = Id(number), Name = $"VM{number}" };
        var adapter = Sample.Nic with { Id = $@"Microsoft:{Id(number)}\1", VirtualMachineId = Id(number), IsStaticMac = false };
        return Given.Host().With(vm is null ? one : vm(one)).With(nic is null ? adapter : nic(adapter));
    }

    private static HostReading Unread(int number) => Node(number) with { PhysicalNetwork = Sample.Failed<PhysicalAdapterList>(SectionState.Denied, "no right") };

    private static FarmSubject Farm(params HostReading[] hosts) => new([.. hosts.Select((h, i) => new HostSubject(h with { Id = $"h{i}", Name = $"HV{i}" }))]);

    private static RuleSettings Site(string first, string second) => new() { Tags = new RuleSettings().Tags.Add("h0", [first]).Add("h1", [second]) };
}

using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using HyperVDash.Model;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Guests;
using HyperVDash.Model.PhysicalNetwork;
using HyperVDash.Model.Switches;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Switches;

public sealed class VlanDrift : Rule<ClusterSubject>, IExamines<SwitchSubject>
{
    public override RuleCard Card { get; } = new("HVD211", "vlan-drift", RuleScope.Cluster, RuleKind.Configuration)
    {
        Title = "VLAN settings differ between nodes or sit on the wrong layer",
        Why = "Traffic disappears after a failover, or is tagged twice.",
        Fix = "Give the host's adapters of one name the same VLAN on every node, and take VLANs off adapters that a switch is bound to.",
        Quiet = "VLANs that differ between the sites of a stretched cluster, listed in the setting SiteVlans. VMs of one subnet are known by a common gateway, which only guests with current integration services tell.",
        Sections = ["switches", "physicalNetwork", "devices", "virtualMachines", "guests"],
        Mentions = ["operatingSystem"],
        Severities = [Severity.Info, Severity.Warning],
        Confidence = 0.75,
        Origin = "Best Practices Analyzer for Hyper-V, rule 79; published guidance on networks of clusters; field practice",
    };

    public override IEnumerable<Verdict> Examine(ClusterSubject subject, RuleContext context)
    {
        var read = subject.Members.Where(m => m.Host is not null && Unreadable(m.Host, context, "switches") is null && m.Host.Reading.Switches.Content!.HostAdapters is not null).Select(m => m.Host!).ToList();
        var adapters = read.SelectMany(h => h.Reading.Switches.Content!.HostAdapters!.Value.Select(a => (Host: h, Adapter: a))).ToList();
        bool fires = false;
        foreach (var name in adapters.GroupBy(a => a.Adapter.Name, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var told = name.Where(a => a.Adapter.Vlan != VlanMode.Unknown).ToList();
            if (told.Select(a => Words(a.Adapter)).Distinct(StringComparer.Ordinal).Count() > 1 && !told.TrueForAll(a => IsOfSite(a.Adapter, context)))
            {
                fires = true;
                yield return FireNodes(subject, name.Key, told);
            }
        }

        if (subject.Members.Length < 2)
        {
            yield return NotFor("The cluster has one node.");
        }
        else if (read.Count < subject.Members.Length)
        {
            yield return new Verdict.Unknown("switches", $"The host adapters are not known on {string.Join(", ", subject.Members.Where(m => m.Host is null || !read.Contains(m.Host)).Select(m => m.Node.Name))}.");
        }
        else if (adapters.Find(a => a.Adapter.Vlan == VlanMode.Unknown) is { Adapter: { } silent, Host: { } host })
        {
            yield return NotSaid("switches", $"the VLAN of {VisibleText.Of(silent.Name)} on {host.Name}");
        }
        else if (!fires)
        {
            yield return Verdict.Passed;
        }
    }

    private static bool IsOfSite(HostAdapter adapter, RuleContext context) => adapter is { Vlan: VlanMode.Access, VlanId: { } id } && context.Settings.SiteVlans.Contains(id);

    private static Verdict.Fire FireNodes(ClusterSubject cluster, string name, List<(HostSubject Host, HostAdapter Adapter)> told)
    {
        var usual = told.GroupBy(a => Words(a.Adapter), StringComparer.Ordinal).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).First();
        var others = told.Where(a => Words(a.Adapter) != usual.Key).ToList();
        return new("hostAdapters", Severity.Warning, $"The host adapter '{VisibleText.Of(name)}' has different VLANs on nodes of {cluster.Cluster.Name}: {string.Join(", ", told.Select(a => $"{a.Host.Name} {Words(a.Adapter)}"))}")
        {
            Discriminator = name,
            Impact = "The nodes do not reach each other over it, and what fails over loses its traffic.",
            Remedy = Mend(others[0].Host, RemedyRisk.Online, $"Give '{VisibleText.Of(name)}' the VLAN that the other nodes have, or list both in the setting SiteVlans.", $"In Virtual Network Manager give '{VisibleText.Of(name)}' the VLAN that the other nodes have.",
                [.. others.Select(o => Command(o.Host, name, usual.First().Adapter))]),
            Evidence = [.. told.Select(a => Fact(a.Host, "switches", $"{a.Host.Name}: {VisibleText.Of(name)}", Words(a.Adapter), "alike on all nodes", "Msvm_EthernetSwitchPortVlanSettingData"))],
            Affected = [.. others.Select(o => new AffectedObject(AffectedRole.Cause, o.Host.Identity)), .. usual.Select(o => new AffectedObject(AffectedRole.Context, o.Host.Identity))],
        };
    }

    private static string Command(HostSubject host, string name, HostAdapter wanted) => wanted.Vlan switch
    {
        VlanMode.Access => PowerShell.Line($"Set-VMNetworkAdapterVlan -CimSession {host} -ManagementOS -VMNetworkAdapterName {name} -Access -VlanId {wanted.VlanId}"),
        VlanMode.Untagged => PowerShell.Line($"Set-VMNetworkAdapterVlan -CimSession {host} -ManagementOS -VMNetworkAdapterName {name} -Untagged"),
        VlanMode.Trunk => PowerShell.Line($"Set-VMNetworkAdapterVlan -CimSession {host} -ManagementOS -VMNetworkAdapterName {name} -Trunk -NativeVlanId {wanted.VlanId} -AllowedVlanIdList {string.Join(',', wanted.TrunkVlanIds)}"),
        _ => PowerShell.Line($"Get-VMNetworkAdapterVlan -CimSession {host} -ManagementOS -VMNetworkAdapterName {name}"),
    };

    private static string Words(HostAdapter adapter) => Words(adapter.Vlan, adapter.VlanId, adapter.TrunkVlanIds, adapter.PrivateVlan, adapter.PrimaryVlanId, adapter.SecondaryVlanId);

    private static string Words(NetworkAdapter adapter) => Words(adapter.Vlan, adapter.VlanId, adapter.TrunkVlanIds, adapter.PrivateVlan, adapter.PrimaryVlanId, adapter.SecondaryVlanId);

    private static string Words(VlanMode mode, int? id, ImmutableArray<int> trunk, PrivateVlanMode isolation, int? primary, int? secondary) => mode switch
    {
        // An access port of VLAN 0 sends untagged.
        VlanMode.Untagged or VlanMode.Access when id is null or 0 => "untagged",
        VlanMode.Access => string.Create(CultureInfo.InvariantCulture, $"VLAN {id}"),
        VlanMode.Trunk => $"trunk {string.Join(", ", trunk.Order())}, native {id}",
        VlanMode.Private => $"private {isolation} {primary}/{secondary}",
        _ => mode.ToString().ToLowerInvariant(),
    };

    public IEnumerable<Verdict> Examine(SwitchSubject subject, RuleContext context)
    {
        if (Unreadable(subject.Host, context, "switches", "physicalNetwork", "virtualMachines", "devices") is { } unreadable)
        {
            yield return unreadable;
            yield break;
        }

        var adapters = (subject.Host.Reading.Devices.Content!.NetworkAdapters ?? []).Where(n => subject.Switch.Id.Equals(n.SwitchId, StringComparison.OrdinalIgnoreCase)).ToList();
        var fires = Uplinks(subject).Concat(PrivateVlans(subject, adapters)).ToList();
        var guests = Unreadable(subject.Host, context, "guests");
        if (guests is null)
        {
            fires.AddRange(Subnets(subject, adapters));
        }

        foreach (var fire in fires)
        {
            yield return fire;
        }

        if (subject.Switch.Uplinks is null)
        {
            yield return NotSaid("switches", "what the switch is bound to");
        }
        else if (guests is Verdict.Unknown unknown)
        {
            yield return unknown with { Variant = "subnet" };
        }
        else if (fires.Count == 0)
        {
            yield return Verdict.Passed;
        }
    }

    /// <summary>A VLAN at an adapter tags what the switch has tagged already.</summary>
    private static IEnumerable<Verdict> Uplinks(SwitchSubject subject) =>
        SwitchMembers.Of(subject.Host, subject.Switch).Adapters.Where(a => a.VlanId > 0).Select(a => new Verdict.Fire("uplink", Severity.Warning,
            $"{SwitchMembers.NameOf(a)} on {subject.Host.Name} has VLAN {a.VlanId} itself, and the switch '{VisibleText.Of(subject.Switch.Name)}' is bound to it")
        {
            Discriminator = (a.Id?.ToString() ?? a.Name ?? "").ToLowerInvariant(),
            Impact = "What VMs send is tagged twice or comes out in one VLAN.",
            Remedy = Mend(subject.Host, RemedyRisk.Online, "Take the VLAN off the adapter; the switch tags.", $"In the properties of the adapter of {subject.Host.Name} set the VLAN to 0; the switch tags.", PowerShell.Line($"Set-NetAdapter -CimSession {subject.Host} -Name {a.Name} -VlanID 0")),
            Evidence = [Fact(subject.Host, "physicalNetwork", $"{SwitchMembers.NameOf(a)}: VLAN", a.VlanId?.ToString(CultureInfo.InvariantCulture), "0", "MSFT_NetAdapter.VlanID")],
        });

    private static IEnumerable<Verdict> PrivateVlans(SwitchSubject subject, List<NetworkAdapter> adapters)
    {
        var secondary = adapters.Where(n => n is { Vlan: VlanMode.Private, PrivateVlan: PrivateVlanMode.Isolated or PrivateVlanMode.Community, SecondaryVlanId: > 0 }).ToList();
        foreach (var (nic, why) in secondary.Select(n => (n, n.PrimaryVlanId is null or 0 ? "no primary VLAN"
            : secondary.Find(o => o.SecondaryVlanId == n.SecondaryVlanId && o.PrimaryVlanId is > 0 && o.PrimaryVlanId < n.PrimaryVlanId) is { } other ? $"primary VLAN {n.PrimaryVlanId}, where others have {other.PrimaryVlanId}" : null)))
        {
            if (why is not null)
            {
                string vm = VmName(subject.Host, nic);
                yield return new Verdict.Fire("private", Severity.Warning, $"{vm} on {subject.Host.Name} has secondary VLAN {nic.SecondaryVlanId} with {why}")
                {
                    Discriminator = nic.Id.ToLowerInvariant(),
                    Impact = "It reaches neither its own group nor what is open to all.",
                    Remedy = Mend(subject.Host, RemedyRisk.Online, $"Give the adapter of {vm} the primary VLAN that its secondary one belongs to.", "", PowerShell.Line($"Get-VMNetworkAdapterVlan -ComputerName {subject.Host} -VMName {vm}")),
                    Evidence = [Fact(subject.Host, "devices", $"{vm}: VLAN", Words(nic), "one primary VLAN for each secondary one", "Msvm_EthernetSwitchPortVlanSettingData.PrimaryVlanId, SecondaryVlanId")],
                    Affected = [Impacted(subject.Host, nic)],
                };
            }
        }
    }

    /// <summary>VMs with one gateway are in one subnet; on one switch they should be in one VLAN.</summary>
    private static IEnumerable<Verdict> Subnets(SwitchSubject subject, List<NetworkAdapter> adapters)
    {
        // Put into words only where something differs: most switches have no such gateway.
        var disputed = Disputed(subject.Host, adapters);
        var gateways = (disputed is null ? [] : adapters).Where(n => n.Vlan is VlanMode.Access or VlanMode.Untagged)
            .SelectMany(n => GatewaysOf(subject.Host, n).Where(disputed!.Contains).Select(g => (Gateway: g, Adapter: n)))
            .GroupBy(g => g.Gateway, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal);
        foreach (var gateway in gateways.Where(g => g.Select(a => Words(a.Adapter)).Distinct(StringComparer.Ordinal).Count() > 1))
        {
            var all = gateway.Select(g => g.Adapter).OrderBy(n => VmName(subject.Host, n), StringComparer.Ordinal).ToList();
            var usual = all.GroupBy(Words, StringComparer.Ordinal).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).First().Key;
            yield return new Verdict.Fire("subnet", Severity.Info,
                $"VMs with the gateway {VisibleText.Of(gateway.Key)} have different VLANs on switch '{VisibleText.Of(subject.Switch.Name)}' of {subject.Host.Name}: {string.Join(", ", all.GroupBy(Words, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => $"{VmName(subject.Host, g.First())}{(g.Count() > 1 ? $" and {g.Count() - 1} more" : "")} {g.Key}"))}")
            {
                Discriminator = gateway.Key,
                Remedy = Mend(subject.Host, RemedyRisk.Online, "Give VMs of one subnet one VLAN, if they are to reach each other.", "In the settings of the VMs give those of one subnet one VLAN.",
                    [.. all.Where(n => Words(n) != usual).Take(4).Select(n => PowerShell.Line($"Get-VMNetworkAdapterVlan -ComputerName {subject.Host} -VMName {VmName(subject.Host, n)}"))]),
                Evidence = [.. all.Take(10).Select(n => Fact(subject.Host, "guests", VmName(subject.Host, n), $"{Words(n)}, gateway {VisibleText.Of(gateway.Key)}", "one VLAN for one subnet", "Msvm_GuestNetworkAdapterConfiguration.DefaultGateways"))],
                Affected = [.. all.Where(n => Words(n) != usual).Select(n => Impacted(subject.Host, n))],
            };
        }
    }

    /// <summary>Gateways that adapters in different VLANs have, of both versions; null: none.</summary>
    private static HashSet<string>? Disputed(HostSubject host, List<NetworkAdapter> adapters)
    {
        HashSet<string>? disputed = null;
        var vlanOf = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var nic in adapters)
        {
            if (nic.Vlan is not (VlanMode.Access or VlanMode.Untagged) || host.GuestOf.GetValueOrDefault(nic.VirtualMachineId)?.Adapters is not { } inGuest)
            {
                continue;
            }

            foreach (string gateway in inGuest.Where(a => a.AdapterId.Equals(nic.Id, StringComparison.OrdinalIgnoreCase)).SelectMany(a => a.Gateways))
            {
                int vlan = nic.Vlan == VlanMode.Access ? nic.VlanId ?? 0 : 0;
                if (!vlanOf.TryAdd(gateway, vlan) && vlanOf[gateway] != vlan)
                {
                    (disputed ??= new(StringComparer.Ordinal)).Add(gateway);
                }
            }
        }

        return disputed;
    }

    /// <summary>Of version 4 only: the gateways of version 6 are called alike in every network.</summary>
    private static IEnumerable<string> GatewaysOf(HostSubject host, NetworkAdapter nic) =>
        (host.GuestOf.GetValueOrDefault(nic.VirtualMachineId)?.Adapters ?? []).Where(a => a.AdapterId.Equals(nic.Id, StringComparison.OrdinalIgnoreCase)).SelectMany(a => a.Gateways)
            .Where(g => IPAddress.TryParse(g, out var address) && address.AddressFamily == AddressFamily.InterNetwork).Distinct(StringComparer.Ordinal);

    private static string VmName(HostSubject host, NetworkAdapter nic) => host.Reading.VirtualMachines.Content!.Items.FirstOrDefault(v => v.Id == nic.VirtualMachineId)?.Name ?? nic.VirtualMachineId.ToString();

    private static AffectedObject Impacted(HostSubject host, NetworkAdapter nic) => new(AffectedRole.Impacted, new(ObjectKind.VirtualMachine, nic.VirtualMachineId.ToString(), VmName(host, nic), host.Id));

    public override ImmutableArray<RuleCase> Cases => [.. base.Cases, .. SwitchExamples.Select(e => RuleCase.Of(this, e))];

    public override ImmutableArray<Example<ClusterSubject>> Examples { get; } =
    [
        Fires(Severity.Warning, "host adapter LM in VLAN 120 and 121", Cluster(120, 121)),
        Passes("host adapter LM in VLAN 120 on both nodes", Cluster(120, 120)),
        Passes("the VLANs of two sites", Cluster(120, 121), new() { SiteVlans = [120, 121] }),
        Fires(Severity.Warning, "one of them is no VLAN of a site", Cluster(120, 121), new() { SiteVlans = [120] }),
        Fires(Severity.Warning, "tagged on one node only", Cluster(120, 0)),
        Skips("a cluster of one node", Cluster(120)),
        CannotTell("a node that no agent reads", Given.Cluster(Node(120), null)),
        CannotTell("a node that does not say the VLAN", Cluster(120, null)),
    ];

    private static ImmutableArray<Example<SwitchSubject>> SwitchExamples { get; } =
    [
        new("a switch bound to an adapter with VLAN 30", With(Sample.Adapter with { VlanId = 30 }).Switch(), "fires Warning"),
        new("a switch bound to an adapter without VLAN", With(Sample.Adapter with { VlanId = 0 }).Switch(), "passes"),
        new("two VMs with one gateway in VLAN 10 and 20", Gateways(10, 20).Switch(), "fires Info"),
        new("two VMs with one gateway in VLAN 10", Gateways(10, 10).Switch(), "passes"),
        new("a secondary VLAN without a primary one", Private((null, 201)).Switch(), "fires Warning"),
        new("one secondary VLAN under two primary ones", Private((200, 201), (300, 201)).Switch(), "fires Warning"),
        new("two secondary VLANs under one primary", Private((200, 201), (200, 202)).Switch(), "passes"),
        new("guests that could not be read", (Gateways(10, 10) with { Guests = Sample.Failed<GuestList>(SectionState.Failed, "hung") }).Switch(), "cannot tell for"),
    ];

    private static HostReading Node(int? vlan) => Sample.Host with
    {
        Switches = Sample.Read(new VirtualSwitchList { Items = [Sample.Switch], HostAdapters = [new("a", "LM") { Vlan = vlan switch { null => VlanMode.Unknown, 0 => VlanMode.Untagged, _ => VlanMode.Access }, VlanId = vlan }] }),
    };

    private static ClusterSubject Cluster(params int?[] vlans) => Given.Cluster([.. vlans.Select(Node)]);

    private static HostReading With(PhysicalAdapter adapter) => Sample.Host with { PhysicalNetwork = Sample.Read(new PhysicalAdapterList { Items = [adapter], Teams = [] }) };

    private static Guid Id(int number) => new(number + 1, 0, 0, new byte[8]);

    private static NetworkAdapter Nic(int number) => Sample.Nic with { Id = $"nic{number}", VirtualMachineId = Id(number) };

    private static HostReading Gateways(params int[] vlans) => Given.Host().With([.. vlans.Select((_, i) => Sample.Vm with { Id = Id(i), Name = $"VM{i}" })])
        .With([.. vlans.Select((v, i) => Nic(i) with { Vlan = VlanMode.Access, VlanId = v })])
        .With([.. vlans.Select((_, i) => new Guest(Id(i)) { Adapters = [new($"nic{i}") { Gateways = ["192.168.10.1", "fe80::1"] }] })]);

    private static HostReading Private(params (int? Primary, int Secondary)[] vlans) => Given.Host().With([.. vlans.Select((_, i) => Sample.Vm with { Id = Id(i), Name = $"VM{i}" })])
        .With([.. vlans.Select((v, i) => Nic(i) with { Vlan = VlanMode.Private, PrivateVlan = PrivateVlanMode.Isolated, PrimaryVlanId = v.Primary, SecondaryVlanId = v.Secondary })]);
}

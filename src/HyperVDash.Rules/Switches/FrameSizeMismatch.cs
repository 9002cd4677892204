using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.PhysicalNetwork;
using HyperVDash.Model.Switches;
using HyperVDash.Rules.Clusters;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Switches;

public sealed class FrameSizeMismatch : Rule<ClusterSubject>, IExamines<SwitchSubject>
{
    /// <summary>Drivers count their header of 14 bytes or more, the IP layer does not.</summary>
    private const int Tolerance = 22;

    private const int LargestStandard = 1500 + Tolerance;

    public override RuleCard Card { get; } = new("HVD213", "jumbo-frame-mismatch", RuleScope.Cluster, RuleKind.Configuration)
    {
        Title = "Jumbo-frame or MTU setting differs inside one network",
        Why = "Live migration, redirected shared volumes and iSCSI stall, while ping works.",
        Fix = "Set the same frame size on every adapter of the network, on what is under it, and on the physical switch, which cannot be read here.",
        Quiet = "Sizes within 22 bytes of each other, e.g. 9000 and 9014. Before 2012 the sizes stand in the registry only, which is not read.",
        Sections = ["physicalNetwork", "cluster", "switches", "operatingSystem"],
        Severities = [Severity.Warning],
        Confidence = 0.75,
        Origin = "Published checks of server health; field practice",
    };

    public override IEnumerable<Verdict> Examine(ClusterSubject subject, RuleContext context)
    {
        if (subject.Members.Length < 2)
        {
            yield return NotFor("The cluster has one node.");
            yield break;
        }

        if (ClusterFacts.Gap(subject, h => Unreadable(h, context, "cluster")) is { } gap)
        {
            yield return gap;
            yield break;
        }

        if (subject.Cluster.Interfaces is not { } interfaces)
        {
            yield return NotSaid("cluster", "the interfaces of its networks");
            yield break;
        }

        bool fires = false;
        var silent = new SortedSet<string>(StringComparer.Ordinal);
        bool isOld = false;
        foreach (var network in interfaces.Where(i => i.Network is not null).GroupBy(i => i.Network!, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var sizes = new List<Size>();
            foreach (var one in network)
            {
                var host = subject.Members.FirstOrDefault(m => m.Node.Name.Equals(one.Node, StringComparison.OrdinalIgnoreCase))?.Host;
                var told = host is null || one.AdapterId is not { } id || Unreadable(host, context, "physicalNetwork", "operatingSystem") is not null ? [] : Sizes(host, id).ToList();
                if (told.Count == 0)
                {
                    bool tellsNot = host?.Profile is { Profile.IsHyperVOne: true };
                    isOld |= tellsNot;
                    silent.UnionWith(tellsNot ? [] : [one.Node ?? "a node"]);
                }

                sizes.AddRange(told);
            }

            if (sizes.Count > 1 && sizes.Max(s => s.Bytes) - sizes.Min(s => s.Bytes) > Tolerance)
            {
                fires = true;
                yield return Fire(subject, network.Key, sizes);
            }
        }

        if (silent.Count > 0)
        {
            yield return new Verdict.Unknown("physicalNetwork", $"The frame sizes of {string.Join(", ", silent)} are not known.");
        }
        else if (isOld)
        {
            yield return NotCollected("network", "physicalNetwork", "Before 2012 the frame sizes stand in the registry, which is not read for them.");
        }
        else if (!fires)
        {
            yield return Verdict.Passed;
        }
    }

    /// <summary>What the IP layer and the driver of an interface say; either may be missing.</summary>
    private static IEnumerable<Size> Sizes(HostSubject host, Guid id)
    {
        var network = host.Reading.PhysicalNetwork.Content!;
        var adapter = network.Items.FirstOrDefault(a => a.Id == id);
        var ip = (network.IpConfigurations ?? []).FirstOrDefault(c => c.AdapterId == id);
        string name = adapter is null ? "host adapter" : SwitchMembers.NameOf(adapter);
        if (ip?.Mtu is { } mtu)
        {
            yield return new(host, name, "MTU", mtu);
        }

        if (adapter?.JumboPacket is { } jumbo)
        {
            yield return new(host, name, "frames", jumbo);
        }
    }

    private static Verdict.Fire Fire(ClusterSubject cluster, string network, List<Size> sizes) => new("network", Severity.Warning,
        $"Frame sizes differ in network '{VisibleText.Of(network)}' of {cluster.Cluster.Name}: {string.Join(", ", sizes.Select(s => $"{s.Host.Name} {s.Bytes.ToString(CultureInfo.InvariantCulture)}").Distinct())} bytes")
    {
        Discriminator = network,
        Impact = "Large packets are lost: live migration, redirected volumes and iSCSI stall, while ping works.",
        Remedy = new("Set one size on all adapters of the network, and see that the physical switch bears it; then test with packets that may not be split.")
        {
            Commands =
            [
                .. sizes.Where(s => s.What == "frames" && s.Bytes < sizes.Max(x => x.Bytes) - Tolerance).Select(s => PowerShell.Line($"Set-NetAdapterAdvancedProperty -CimSession {s.Host} -Name {s.Adapter} -RegistryKeyword '*JumboPacket' -RegistryValue {sizes.Where(x => x.What == "frames").Max(x => x.Bytes)}")),
                $"ping -f -l {(sizes.Max(s => s.Bytes) - 42).ToString(CultureInfo.InvariantCulture)} <peer>",
            ],
            Risk = RemedyRisk.Online,
        },
        Evidence = [.. sizes.Select(s => Fact(s.Host, "physicalNetwork", $"{s.Host.Name}: {s.What} of {s.Adapter}", $"{s.Bytes.ToString(CultureInfo.InvariantCulture)} bytes", "alike in the network", s.What == "MTU" ? "MSFT_NetIPInterface.NlMtu" : "MSFT_NetAdapterAdvancedPropertySettingData *JumboPacket"))],
        Affected = [.. sizes.Select(s => s.Host).Distinct().Select(h => new AffectedObject(AffectedRole.Context, h.Identity))],
    };

    /// <summary>A host adapter that sends larger frames than what is under its switch.</summary>
    public IEnumerable<Verdict> Examine(SwitchSubject subject, RuleContext context)
    {
        yield return Unreadable(subject.Host, context, "switches", "operatingSystem") ?? subject switch
        {
            { Switch.Uplinks: null } => NotSaid("switches", "what the switch is bound to"),
            { Switch.Uplinks.IsEmpty: true } => NotFor("The switch has no uplink."),
            { Host.Profile: null } => NotSaid("operatingSystem", "its build"),
            { Host.Profile.Profile.IsHyperVOne: true } => NotFor("Before 2012 the frame sizes stand in the registry."),
            _ => Unreadable(subject.Host, context, "physicalNetwork") ?? Judge(subject),
        };
    }

    private static Verdict Judge(SwitchSubject subject)
    {
        var (host, network) = (subject.Host, subject.Host.Reading.PhysicalNetwork.Content!);
        if (host.Reading.Switches.Content!.HostAdapters is not { } adapters)
        {
            return NotSaid("switches", "the host's adapters on it");
        }

        var own = adapters.Where(a => subject.Switch.Id.Equals(a.SwitchId, StringComparison.OrdinalIgnoreCase)).ToList();
        var large = own.Select(a => (Adapter: a, (network.IpConfigurations ?? []).FirstOrDefault(c => c.AdapterId == a.AdapterId)?.Mtu)).Where(a => a.Mtu > LargestStandard).ToList();
        if (own.Count > 0 && network.IpConfigurations is null)
        {
            return NotSaid("physicalNetwork", "the MTU of its interfaces");
        }

        if (large.Count == 0)
        {
            return Verdict.Passed;
        }

        var members = SwitchMembers.Of(host, subject.Switch);
        var small = members.Adapters.Where(a => a.JumboPacket <= LargestStandard).ToList();
        var (adapter, mtu) = large[0];
        return small.Count == 0
            ? !members.IsComplete || members.Adapters.Any(a => a.JumboPacket is null) ? NotSaid("physicalNetwork", "the frame size of the adapters under the switch") : Verdict.Passed
            : new Verdict.Fire("uplink", Severity.Warning, $"The host adapter '{VisibleText.Of(adapter.Name)}' of {host.Name} sends {mtu} bytes, {SwitchMembers.NameOf(small[0])} under its switch {small[0].JumboPacket}")
            {
                Impact = "Large packets of the host are lost on their way out.",
                Remedy = new($"Let {SwitchMembers.NameOf(small[0])} bear jumbo frames, or give the host adapter the standard size.")
                {
                    Commands = [.. small.Select(a => PowerShell.Line($"Set-NetAdapterAdvancedProperty -CimSession {host} -Name {a.Name} -RegistryKeyword '*JumboPacket' -RegistryValue 9014"))], Risk = RemedyRisk.Online,
                },
                Evidence =
                [
                    .. large.Select(l => Fact(host, "physicalNetwork", $"Host adapter {VisibleText.Of(l.Adapter.Name)}: MTU", l.Mtu?.ToString(CultureInfo.InvariantCulture), null, "MSFT_NetIPInterface.NlMtu")),
                    .. small.Select(a => Fact(host, "physicalNetwork", $"{SwitchMembers.NameOf(a)}: frames", $"{a.JumboPacket} bytes", "at least the MTU above it", "MSFT_NetAdapterAdvancedPropertySettingData *JumboPacket")),
                ],
            };
    }

    private sealed record Size(HostSubject Host, string Adapter, string What, long Bytes);

    public override ImmutableArray<RuleCase> Cases => [.. base.Cases, .. SwitchExamples.Select(e => RuleCase.Of(this, e))];

    public override ImmutableArray<Example<ClusterSubject>> Examples { get; } =
    [
        Fires(Severity.Warning, "frames of 9014 and of 1514 bytes in network LM", Cluster("2022", 9014, 1514)),
        Passes("frames of 9000 and of 9014 bytes", Cluster("2022", 9000, 9014)),
        Passes("sizes exactly 22 bytes apart", Cluster("2022", 9000, 9022)),
        Fires(Severity.Warning, "sizes 23 bytes apart", Cluster("2022", 9000, 9023)),
        Passes("standard frames everywhere", Cluster("2022", 1514, 1514)),
        CannotTell("an adapter that does not say", Cluster("2022", 9014, null)),
        CannotTell("2008 R2, where the sizes are not read", Cluster("2008R2", null, null)),
        Skips("a cluster of one node", Cluster("2022", 9014)),
    ];

    private static ImmutableArray<Example<SwitchSubject>> SwitchExamples { get; } =
    [
        new("a host adapter of 9000 bytes over an adapter of 1514", HostAdapter(9000, 1514), "fires Warning"),
        new("a host adapter of 9000 bytes over an adapter of 9014", HostAdapter(9000, 9014), "passes"),
        new("a host adapter of 1500 bytes", HostAdapter(1500, 1514), "passes"),
        new("a host adapter of 9000 bytes over one that does not say", HostAdapter(9000, null), "cannot tell for"),
    ];

    private static readonly Guid Adapter = Sample.Adapter.Id!.Value;

    private static ClusterSubject Cluster(string release, params int?[] sizes)
    {
        var view = new ClusterView { Id = "c", Name = "LAB", Interfaces = [.. sizes.Select((_, i) => new ClusterInterface($"i{i}", ClusterInterfaceState.Up) { Node = $"N{i}", Network = "LM", AdapterId = Adapter })] };
        return Given.Cluster([.. sizes.Select(s => Given.Host(release).With(view) with { PhysicalNetwork = Sample.Read(new PhysicalAdapterList { Items = [Sample.Adapter with { JumboPacket = s }] }) })]);
    }

    private static SwitchSubject HostAdapter(long mtu, int? frames)
    {
        var id = new Guid("cccccccc-cccc-cccc-cccc-cccccccccccc");
        return (Sample.Host with
        {
            Switches = Sample.Read(new VirtualSwitchList { Items = [Sample.Switch], HostAdapters = [new("a", "LM") { SwitchId = Sample.Switch.Id, AdapterId = id }] }),
            PhysicalNetwork = Sample.Read(new PhysicalAdapterList { Items = [Sample.Adapter with { JumboPacket = frames }], Teams = [], IpConfigurations = [new(id) { Mtu = mtu }] }),
        }).Switch();
    }
}

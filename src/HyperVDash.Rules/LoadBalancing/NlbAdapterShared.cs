using System.Collections.Immutable;
using HyperVDash.Model;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.LoadBalancing;
using HyperVDash.Model.PhysicalNetwork;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.LoadBalancing;

public sealed class NlbAdapterShared : Rule<HostSubject>
{
    public override RuleCard Card { get; } = new("HVD902", "nlb-shared-nic", RuleScope.Host, RuleKind.Configuration)
    {
        Title = "NLB is not bound to a dedicated NIC",
        Why = "Cluster and management traffic disturb each other; in unicast mode nodes with one adapter cannot even talk to one another, for they have the same address.",
        Fix = "Give the node a second adapter, keep NLB on one of them, put the gateway and the registration in DNS on the other, and let the NLB adapter forward.",
        Quiet = "One adapter on purpose in multicast mode: tag nlb:single-nic on the host.",
        Sections = ["loadBalancing", "physicalNetwork"],
        Mentions = ["printServer", "operatingSystem"],
        Severities = [Severity.Info, Severity.Warning, Severity.Error],
        Origin = "Field notes of December 2007, third post, step 1; published guidance on networks for NLB",
    };

    public override IEnumerable<Verdict> Examine(HostSubject subject, RuleContext context)
    {
        if (Unreadable(subject, context, "loadBalancing") is { } unreadable)
        {
            yield return unreadable;
            yield break;
        }

        var clusters = subject.Reading.LoadBalancing.Content!.Clusters;
        var server = Unreadable(subject, context, "printServer");
        // A spooler that does not run lists no queue, and its server is one all the same.
        if (clusters.IsEmpty || server is Verdict.NotApplicable || (server is null && subject.Reading.PrintServer.Content is { Queues.IsEmpty: true }))
        {
            yield return server as Verdict.NotApplicable ?? NotFor("The host is no node of a print farm behind NLB.");
            yield break;
        }

        if (subject.Reading.PrintServer.Content is null || Unreadable(subject, context, "physicalNetwork") is Verdict.Unknown)
        {
            yield return (subject.Reading.PrintServer.Content is null ? server : null) ?? Unreadable(subject, context, "physicalNetwork")!;
            yield break;
        }

        foreach (var cluster in clusters)
        {
            foreach (var verdict in Judge(subject, cluster, context))
            {
                yield return cluster.AdapterId is { } id ? verdict with { Object = new(ObjectKind.PhysicalAdapter, $"{subject.Id}/{id}", $"{subject.Name} {NameOf(subject, id)}", subject.Id) } : verdict;
            }
        }
    }

    private static IEnumerable<Verdict> Judge(HostSubject host, NlbCluster cluster, RuleContext context)
    {
        if (cluster.AdapterId is not { } id)
        {
            yield return NotSaid("loadBalancing", "which adapter NLB is bound to");
            yield break;
        }

        if (host.Reading.PhysicalNetwork.Content!.IpConfigurations is not { } all)
        {
            yield return NotSaid("physicalNetwork", "the addresses of its adapters");
            yield break;
        }

        var own = all.FirstOrDefault(c => c.AdapterId == id);
        var others = all.Where(c => c.AdapterId != id && !c.Addresses.IsEmpty).ToList();
        if (others.Count == 0)
        {
            yield return cluster.Mode == NlbMode.Unknown ? NotSaid("loadBalancing", "the mode of its NLB cluster") : Single(host, cluster, id, own, context);
            yield break;
        }

        if (own is null)
        {
            yield return NotSaid("physicalNetwork", "the addresses of the adapter under NLB");
            yield break;
        }

        bool hasTwoWays = !own.Gateways.IsEmpty && others.Exists(o => !o.Gateways.IsEmpty);
        bool isOnlyElsewhere = own.Gateways.IsEmpty && others.Exists(o => !o.Gateways.IsEmpty);
        if (own.RegistersInDns == true || hasTwoWays)
        {
            yield return Fire(host, cluster, id, "management", Severity.Warning,
                $"The NLB adapter {NameOf(host, id)} of {host.Name} {(own.RegistersInDns == true ? "registers its address in DNS" : "has a default gateway beside that of another adapter")}", own, others);
        }

        if (isOnlyElsewhere && own.IsForwarding == false)
        {
            yield return Fire(host, cluster, id, "forwarding", Severity.Warning, $"The NLB adapter {NameOf(host, id)} of {host.Name} has no gateway and does not forward, so clients of other networks get no answer", own, others);
        }

        yield return own.RegistersInDns is null ? NotSaid("physicalNetwork", "whether the NLB adapter registers in DNS")
            : isOnlyElsewhere && own.IsForwarding is null ? new Verdict.Unknown("physicalNetwork", "Before 2012 the host does not tell whether an adapter forwards.") { Variant = "forwarding" }
            : Verdict.Passed;
    }

    private static Verdict Single(HostSubject host, NlbCluster cluster, Guid id, IpConfiguration? own, RuleContext context)
    {
        bool isUnicast = cluster.Mode == NlbMode.Unicast;
        if (!isUnicast && context.Settings.HasTag(host.Id, "nlb:single-nic"))
        {
            return Verdict.Passed;
        }

        // Whoever has no peers needs no way to them.
        var severity = !isUnicast ? Severity.Info : cluster.Nodes.Length > 1 ? Severity.Error : Severity.Warning;
        return Fire(host, cluster, id, "single", severity, $"{host.Name} has no adapter beside {NameOf(host, id)}, to which NLB is bound in {(isUnicast ? "unicast" : "multicast")} mode", own, []);
    }

    private static string NameOf(HostSubject host, Guid id) =>
        host.Reading.PhysicalNetwork.Content?.Items.FirstOrDefault(a => a.Id == id) is { } adapter ? VisibleText.Of(adapter.Name ?? adapter.Description ?? $"{id}") : $"{id}";

    private static Verdict.Fire Fire(HostSubject host, NlbCluster cluster, Guid id, string variant, Severity severity, string title, IpConfiguration? own, List<IpConfiguration> others)
    {
        string? name = host.Reading.PhysicalNetwork.Content?.Items.FirstOrDefault(a => a.Id == id)?.Name;
        return new(variant, severity, title)
        {
            Impact = variant == "single" && cluster.Mode == NlbMode.Unicast ? "The nodes cannot reach each other: both have the cluster's address." : "Answers take another way than questions, or management shares what clients load.",
            Remedy = variant switch
            {
                "forwarding" => Mend(host, RemedyRisk.Online, "Let the adapter under NLB forward.", "On the host: netsh interface ipv4 set interface \"<NLB adapter>\" forwarding=enabled.", PowerShell.Line($"Set-NetIPInterface -CimSession {host} -InterfaceAlias {name} -AddressFamily IPv4 -Forwarding Enabled")),
                "management" => Mend(host, RemedyRisk.Online, "Keep the default gateway and the registration in DNS on the other adapter.", "In the adapter's IPv4 settings clear the gateway, and under DNS clear \"Register this connection's addresses\".",
                    PowerShell.Line($"Set-DnsClient -CimSession {host} -InterfaceAlias {name} -RegisterThisConnectionsAddress $false")),
                _ => new($"Add a network adapter to {host.Name} and manage the server through it.") { Risk = RemedyRisk.NeedsHostRestart },
            },
            Evidence =
            [
                Fact(host, "loadBalancing", "NLB is bound to", $"{id}", null, "MicrosoftNLB_ClusterSetting.AdapterGuid"),
                Fact(host, "loadBalancing", "NLB mode", $"{cluster.Mode}", null, "MicrosoftNLB_ClusterSetting.MulticastSupportEnabled"),
                Fact(host, "physicalNetwork", "NLB adapter: gateways", Way(own), "on one adapter only", "Win32_NetworkAdapterConfiguration.DefaultIPGateway"),
                Fact(host, "physicalNetwork", "NLB adapter: registers in DNS", Word(own?.RegistersInDns), "no", "Win32_NetworkAdapterConfiguration.FullDNSRegistrationEnabled"),
                Fact(host, "physicalNetwork", "NLB adapter: forwards", Word(own?.IsForwarding), others.Exists(o => !o.Gateways.IsEmpty) ? "yes" : null, "MSFT_NetIPInterface.Forwarding"),
                Fact(host, "physicalNetwork", "Other adapters with an address", others.Count == 0 ? "none" : string.Join("; ", others.Select(o => $"{NameOf(host, o.AdapterId)}: {string.Join(", ", o.Addresses)}, gateway {Way(o)}")), "at least one", "Win32_NetworkAdapterConfiguration.IPAddress"),
            ],
        };
    }

    private static string Way(IpConfiguration? one) => one is null ? "not said" : one.Gateways.IsEmpty ? "none" : string.Join(", ", one.Gateways);

    private static string? Word(bool? value) => value switch { true => "yes", false => "no", _ => null };

    public override ImmutableArray<Example<HostSubject>> Examples { get; } =
    [
        Fires(Severity.Error, "unicast, one adapter", Node(NlbMode.Unicast, Client with { Gateways = ["10.0.0.1"] })),
        Passes("unicast, the gateway on a second adapter", Node(NlbMode.Unicast, Client, Other)),
        Fires(Severity.Warning, "unicast, one adapter, and no other node", new(GivenPrint.Node(1).Nlb(c => c with { Nodes = [.. c.Nodes.Where(n => n.IsLocal)] }) with { PhysicalNetwork = Network(Client) })),
        Fires(Severity.Info, "multicast, one adapter", Node(NlbMode.Multicast, Client)),
        Passes("multicast, one adapter, on purpose", Node(NlbMode.IgmpMulticast, Client), Given.Tagged("nlb:single-nic", "p1")),
        Fires(Severity.Error, "unicast, one adapter, tagged all the same", Node(NlbMode.Unicast, Client), Given.Tagged("nlb:single-nic", "p1")),
        Fires(Severity.Warning, "the NLB adapter registers in DNS", Node(NlbMode.Unicast, Client with { RegistersInDns = true }, Other)),
        Fires(Severity.Warning, "both adapters have a gateway", Node(NlbMode.Unicast, Client with { Gateways = ["10.0.0.1"] }, Other)),
        Fires(Severity.Warning, "the gateway is on the other adapter and the NLB adapter does not forward", Node(NlbMode.Unicast, Client with { IsForwarding = false }, Other)),
        CannotTell("the gateway is on the other adapter and the host does not say whether it forwards", Node(NlbMode.Unicast, Client with { IsForwarding = null }, Other)),
        Passes("no gateway at all", Node(NlbMode.Unicast, Client with { IsForwarding = false }, Other with { Gateways = [] })),
        CannotTell("the mode is not said", Node(NlbMode.Unknown, Client)),
        CannotTell("NLB does not say its adapter", new(GivenPrint.Node(1).Nlb(c => c with { AdapterId = null }))),
        CannotTell("the print role is denied", new(GivenPrint.Node(1) with { PrintServer = Sample.Failed<Model.Print.PrintServer>(SectionState.Denied, "needs Remote Enable") })),
        Skips("a web server behind NLB", new(GivenPrint.Node(1) with { PrintServer = Sample.Host.PrintServer })),
        Skips("a host without NLB", new(Sample.Host)),
    ];

    private static IpConfiguration Client => GivenPrint.Node(1).PhysicalNetwork.Content!.IpConfigurations!.Value[0];

    private static IpConfiguration Other => GivenPrint.Node(1).PhysicalNetwork.Content!.IpConfigurations!.Value[1];

    private static HostSubject Node(NlbMode mode, params IpConfiguration[] adapters) => new(GivenPrint.Node(1).Nlb(c => c with { Mode = mode }) with { PhysicalNetwork = Network(adapters) });

    private static Section<PhysicalAdapterList> Network(params IpConfiguration[] adapters) =>
        Sample.Read(GivenPrint.Node(1).PhysicalNetwork.Content! with { IpConfigurations = [.. adapters] });
}

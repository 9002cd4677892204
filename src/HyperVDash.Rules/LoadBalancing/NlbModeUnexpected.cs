using System.Collections.Immutable;
using HyperVDash.Model.Findings;
using HyperVDash.Model.LoadBalancing;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.LoadBalancing;

public sealed class NlbModeUnexpected : PrintFarmRule
{
    private const string StaticRoute = "router:static-arp";

    public override RuleCard Card { get; } = new("HVD903", "nlb-mode", RuleScope.Farm, RuleKind.Configuration)
    {
        Title = "NLB mode is not unicast, differs between nodes, or does not match the cluster MAC",
        Why = "Half of the nodes answer, or clients behind a router that does not believe an answer with a multicast address cannot reach the farm; some Cisco routers do not.",
        Fix = "Use unicast on all nodes; or multicast with a static entry for the virtual address on the router and on the switches.",
        Quiet = "Multicast is expected (setting Rules:NlbExpectsMulticast) and the router knows the address: tag router:static-arp on a node. The router itself cannot be read here.",
        Sections = ["loadBalancing"],
        Mentions = ["printServer", "dns", "operatingSystem"],
        Severities = [Severity.Info, Severity.Warning, Severity.Error],
        Origin = "Field notes of December 2007, third post, step 1; published guidance on networks for NLB",
    };

    protected override IEnumerable<Verdict> Examine(PrintFarm farm, FarmSubject all, RuleContext context)
    {
        var read = farm.Nodes.Where(n => Blocked(n, context, "loadBalancing") is null).ToList();
        var faults = Faults(farm, read, context).ToList();
        foreach (var fault in faults)
        {
            yield return fault;
        }

        var unknown = Unseen(farm, context, "loadBalancing")
            ?? (read.Find(n => n.Cluster.Mode == NlbMode.Unknown) is { } silent ? NotSaid("loadBalancing", $"the mode of {silent.Name}") : null)
            ?? (read.Find(n => n.Cluster.MacAddress is null) is { } without ? NotSaid("loadBalancing", $"the cluster address of {without.Name}'s adapter") : null);
        if (unknown is not null)
        {
            yield return unknown;
        }
        else if (faults.Count == 0)
        {
            yield return Verdict.Passed;
        }
    }

    private static IEnumerable<Verdict> Faults(PrintFarm farm, List<PrintFarmNode> read, RuleContext context)
    {
        var modes = read.Where(n => n.Cluster.Mode != NlbMode.Unknown).ToList();
        if (modes.Select(n => n.Cluster.Mode).Distinct().Count() > 1)
        {
            yield return Fire(farm, read, "differs", Severity.Error, context.Settings.NlbExpectsMulticast, $"The nodes of {farm.Title} run in different modes: {string.Join(", ", modes.Select(n => $"{n.Name} {Word(n.Cluster.Mode)}"))}");
        }
        else if (modes is [var first, ..])
        {
            bool isMulticast = first.Cluster.Mode != NlbMode.Unicast, isWanted = context.Settings.NlbExpectsMulticast;
            if (isMulticast != isWanted)
            {
                yield return Fire(farm, read, "unexpected", Severity.Warning, isWanted, $"{farm.Title} runs in {Word(first.Cluster.Mode)} mode, {(isWanted ? "multicast" : "unicast")} is expected");
            }
            else if (isMulticast && !read.Exists(n => context.Settings.HasTag(n.Host.Id, StaticRoute)))
            {
                yield return Fire(farm, read, "router", Severity.Info, isWanted, $"{farm.Title} runs in {Word(first.Cluster.Mode)} mode as expected; whether its router knows {farm.Address} is not known");
            }
        }

        if (Differ(read, n => n.Cluster.NetworkMask) || Differ(read, n => n.Cluster.Name))
        {
            yield return Fire(farm, read, "settings", Severity.Error, context.Settings.NlbExpectsMulticast, $"The nodes of {farm.Title} differ in {(Differ(read, n => n.Cluster.NetworkMask) ? "network mask" : "cluster name")}: {string.Join(", ", read.Select(n => $"{n.Name} {VisibleText.Of((Differ(read, x => x.Cluster.NetworkMask) ? n.Cluster.NetworkMask : n.Cluster.Name) ?? "not said")}"))}");
        }

        foreach (var node in modes.Where(n => n.Cluster.MacAddress is { } mac && !mac.StartsWith(Prefix(n.Cluster.Mode), StringComparison.OrdinalIgnoreCase)))
        {
            yield return Fire(farm, read, "mac", Severity.Error, context.Settings.NlbExpectsMulticast, $"{node.Name} runs in {Word(node.Cluster.Mode)} mode with the cluster address {node.Cluster.MacAddress}, which does not belong to it") with { Discriminator = node.Host.Id };
        }
    }

    private static bool Differ(List<PrintFarmNode> nodes, Func<PrintFarmNode, string?> of) => nodes.Select(of).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase).Count() > 1;

    /// <summary>NLB makes the address out of the mode and the virtual address.</summary>
    private static string Prefix(NlbMode mode) => mode switch { NlbMode.Unicast => "02BF", NlbMode.Multicast => "03BF", _ => "01005E7F" };

    private static string Word(NlbMode mode) => mode switch { NlbMode.Unicast => "unicast", NlbMode.Multicast => "multicast", NlbMode.IgmpMulticast => "IGMP multicast", _ => "not said" };

    private static Verdict.Fire Fire(PrintFarm farm, List<PrintFarmNode> read, string variant, Severity severity, bool isMulticast, string title) => new(variant, severity, title)
    {
        Impact = variant is "unexpected" or "router" ? "Clients behind a router that does not take multicast addresses cannot reach the farm." : "Some clients reach one node only, or none.",
        Remedy = variant == "router"
            ? new($"Enter {farm.Address} with the cluster's address in the router's ARP table and in the tables of the switches, then tag a node {StaticRoute}.") { Commands = [.. read.Where(n => n.Cluster.MacAddress is not null).Take(1).Select(n => $"arp {farm.Address} {Dotted(n.Cluster.MacAddress!)} ARPA")], Risk = RemedyRisk.Online }
            : Mend(read[0].Host, RemedyRisk.Online, $"Give all nodes of {farm.Title} one mode; the farm does not answer while it changes.", $"In Network Load Balancing Manager open the properties of {farm.Title} and choose one mode for the cluster.",
                PowerShell.Line($"Get-NlbCluster -HostName {read[0].Host} | Set-NlbCluster -OperationMode") + (isMulticast ? " Multicast" : " Unicast")),
        Evidence =
        [
            .. read.Select(n => Fact(n.Host, "loadBalancing", $"{n.Name}: mode", n.Cluster.Mode == NlbMode.Unknown ? null : Word(n.Cluster.Mode), "equal on all nodes", "MicrosoftNLB_ClusterSetting.MulticastSupportEnabled, IGMPSupport")),
            .. read.Select(n => Fact(n.Host, "loadBalancing", $"{n.Name}: address of the cluster's adapter", n.Cluster.MacAddress, n.Cluster.Mode == NlbMode.Unknown ? null : $"{Prefix(n.Cluster.Mode)}…", "MicrosoftNLB_ClusterSetting.ClusterMACAddress")),
            .. read.Select(n => Fact(n.Host, "loadBalancing", $"{n.Name}: name, address, mask", $"{VisibleText.Of(n.Cluster.Name ?? "not said")}, {n.Cluster.Address}, {n.Cluster.NetworkMask ?? "not said"}", "equal on all nodes", "MicrosoftNLB_ClusterSetting.ClusterName, ClusterIPAddress, ClusterNetworkMask")),
        ],
        Affected = [.. read.Select(n => new AffectedObject(AffectedRole.Context, n.Host.Identity))],
    };

    /// <summary>As routers write it: 03bf.0a00.0032.</summary>
    private static string Dotted(string mac) => string.Join('.', mac.ToLowerInvariant().Chunk(4).Select(c => new string(c)));

    public override ImmutableArray<Example<FarmSubject>> Examples { get; } =
    [
        Fires(Severity.Error, "P1 unicast, P2 multicast", GivenPrint.Farm(GivenPrint.Node(1), Node(2, NlbMode.Multicast, "03BF0A000032"))),
        Passes("both unicast, with the address of that mode", GivenPrint.Healthy),
        Fires(Severity.Warning, "both multicast", Both(NlbMode.Multicast, "03BF0A000032")),
        Fires(Severity.Warning, "both IGMP multicast", Both(NlbMode.IgmpMulticast, "01005E7F0032")),
        Fires(Severity.Info, "both multicast as expected, nothing known of the router", Both(NlbMode.Multicast, "03BF0A000032"), new() { NlbExpectsMulticast = true }),
        Passes("both multicast as expected, with a static entry on the router", Both(NlbMode.Multicast, "03BF0A000032"), Given.Tagged(StaticRoute, "p1") with { NlbExpectsMulticast = true }),
        Fires(Severity.Warning, "both multicast with a static entry, but unicast is expected", Both(NlbMode.Multicast, "03BF0A000032"), Given.Tagged(StaticRoute, "p1")),
        Fires(Severity.Warning, "both unicast where multicast is expected", GivenPrint.Healthy, new() { NlbExpectsMulticast = true }),
        Fires(Severity.Error, "unicast with the address of multicast", GivenPrint.Farm(GivenPrint.Node(1), Node(2, NlbMode.Unicast, "03BF0A000032"))),
        Fires(Severity.Error, "masks differ", GivenPrint.Farm(GivenPrint.Node(1), GivenPrint.Node(2).Nlb(c => c with { NetworkMask = "255.255.0.0" }))),
        Fires(Severity.Error, "cluster names differ", GivenPrint.Farm(GivenPrint.Node(1), GivenPrint.Node(2).Nlb(c => c with { Name = "print.lab" }))),
        Passes("cluster names differ in case", GivenPrint.Farm(GivenPrint.Node(1), GivenPrint.Node(2).Nlb(c => c with { Name = "PRINTNLB.lab" }))),
        CannotTell("P2 does not tell its mode", GivenPrint.Farm(GivenPrint.Node(1), GivenPrint.Node(2).Nlb(c => c with { Mode = NlbMode.Unknown }))),
        CannotTell("P2 is read by no agent", GivenPrint.Farm(GivenPrint.Node(1))),
        Skips("a host without NLB", GivenPrint.Farm(GivenPrint.Other)),
    ];

    private static Model.Fleet.HostReading Node(int number, NlbMode mode, string mac) => GivenPrint.Node(number).Nlb(c => c with { Mode = mode, MacAddress = mac });

    private static FarmSubject Both(NlbMode mode, string mac) => GivenPrint.Farm(Node(1, mac: mac, mode: mode), Node(2, mode, mac));
}

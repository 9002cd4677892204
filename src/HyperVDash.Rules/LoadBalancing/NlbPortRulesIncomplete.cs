using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model.Findings;
using HyperVDash.Model.LoadBalancing;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.LoadBalancing;

public sealed class NlbPortRulesIncomplete : PrintFarmRule
{
    // The endpoint mapper, and the ports it hands out.
    private static readonly ImmutableArray<PortNeed> Needs = [new(135, 135, NlbProtocol.Tcp), new(135, 135, NlbProtocol.Udp), new(1024, 65535, NlbProtocol.Tcp), new(1024, 65535, NlbProtocol.Udp)];

    // File sharing, over which the named pipe of the spooler goes, and its older way.
    private static readonly PortNeed Smb = new(445, 445, NlbProtocol.Tcp);
    private static readonly PortNeed OldSmb = new(139, 139, NlbProtocol.Tcp);

    public override RuleCard Card { get; } = new("HVD905", "nlb-port-rules", RuleScope.Farm, RuleKind.Configuration)
    {
        Title = "Port rules do not cover what printing needs",
        Why = "Traffic without a rule goes to the default host only. Printing needs the endpoint mapper (135) and the ports it hands out (1024 to 65535), both by TCP and UDP; classic Windows clients come by SMB (445), recent ones by RPC over TCP.",
        Fix = "Give every node the same rules: 135, 1024 to 65535 and 445, multiple hosts, affinity single; or one rule for all ports.",
        Quiet = "One rule for 0 to 65535 both ways covers everything. Setting Rules:NlbSmbAdvisory switches the advice on SMB off.",
        Sections = ["loadBalancing"],
        Mentions = ["printServer", "dns", "operatingSystem"],
        ExplainedBy = [new("HVD901", Relation.ImpactedHost)],
        Severities = [Severity.Info, Severity.Warning, Severity.Error],
        Confidence = 0.9,
        Origin = "Field notes of December 2007, third post, step 2; published protocol of the print system",
    };

    protected override IEnumerable<Verdict> Examine(PrintFarm farm, FarmSubject all, RuleContext context)
    {
        var read = farm.Nodes.Where(n => Blocked(n, context, "loadBalancing") is null && n.Cluster.PortRules is not null).ToList();
        var told = read.FindAll(n => n.Cluster.PortRules!.Value.All(PortCoverage.IsTold));
        var faults = Faults(farm, read, told, context).ToList();
        foreach (var fault in faults)
        {
            yield return fault;
        }

        var unknown = Unseen(farm, context, "loadBalancing")
            ?? (farm.Nodes.FirstOrDefault(n => n.Cluster.PortRules is null) is { } without ? NotSaid("loadBalancing", $"the port rules of {without.Name}") : null)
            ?? (told.Count < read.Count ? NotSaid("loadBalancing", $"what every port rule of {read.Find(n => !told.Contains(n))!.Name} does") : null);
        if (unknown is not null)
        {
            yield return unknown;
        }
        else if (faults.Count == 0)
        {
            yield return Verdict.Passed;
        }
    }

    private static IEnumerable<Verdict> Faults(PrintFarm farm, List<PrintFarmNode> read, List<PrintFarmNode> told, RuleContext context)
    {
        foreach (var need in Needs)
        {
            var lacking = told.Select(n => (Node: n, Gaps: PortCoverage.Gaps(n.Cluster.PortRules!.Value, need, farm.Address))).Where(n => !n.Gaps.IsEmpty).ToList();
            if (lacking.Count > 0)
            {
                string gaps = string.Join(", ", lacking.SelectMany(l => l.Gaps).Select(g => g.ToString()).Distinct());
                yield return Fire(farm, read, "uncovered", Severity.Error, $"No port rule of {farm.Title} balances {gaps} on {string.Join(", ", lacking.Select(l => l.Node.Name))}", "Clients that use these ports all reach the default host.", need) with { Discriminator = need.ToString() };
            }
        }

        if (told.Count > 1 && told.Select(n => Set(n.Cluster.PortRules!.Value)).Distinct(StringComparer.Ordinal).Count() > 1)
        {
            yield return Fire(farm, read, "differ", Severity.Error, $"The port rules of {string.Join(" and ", told.Select(n => n.Name))} differ", "NLB needs the same rules on every node; with different ones it does not converge, or drops connections.", null);
        }

        if (context.Settings.NlbSmbAdvisory && told.Exists(n => !PortCoverage.Gaps(n.Cluster.PortRules!.Value, Smb, farm.Address).IsEmpty))
        {
            yield return Fire(farm, read, "smb", Severity.Warning, $"No port rule of {farm.Title} balances SMB (445/TCP)", "Connections to \\\\cluster\\share, and with them classic print clients, all reach the default host.", Smb);
        }

        var extra = told.SelectMany(n => n.Cluster.PortRules!.Value).Where(r => !Needs.Append(Smb).Append(OldSmb).Any(n => PortCoverage.Overlaps(r, n))).Select(Words).Distinct(StringComparer.Ordinal).ToList();
        if (extra.Count > 0)
        {
            yield return Fire(farm, read, "extra", Severity.Info, $"{farm.Title} has port rules that printing does not need: {string.Join("; ", extra)}", "They let clients in on ports that nobody may watch.", null);
        }
    }

    /// <summary>The rules without their order.</summary>
    private static string Set(IEnumerable<NlbPortRule> rules) => string.Join('\n', rules.Select(Words).Order(StringComparer.Ordinal));

    private static string Words(NlbPortRule rule) => string.Create(CultureInfo.InvariantCulture,
        $"{(rule.StartPort == rule.EndPort ? $"{rule.StartPort}" : $"{rule.StartPort}–{rule.EndPort}")} {rule.Protocol switch { NlbProtocol.Tcp => "TCP", NlbProtocol.Udp => "UDP", NlbProtocol.Both => "TCP and UDP", _ => "protocol not said" }}, {rule.Filtering switch { NlbFiltering.Multiple => "multiple hosts", NlbFiltering.Single => "one host", NlbFiltering.Disabled => "blocked", _ => "filtering not said" }}, affinity {rule.Affinity.ToString().ToLowerInvariant()}{(rule.IsEnabled == false ? ", switched off" : "")}{(rule.Address is { } address ? $", for {address}" : "")}");

    private static Verdict.Fire Fire(PrintFarm farm, List<PrintFarmNode> read, string variant, Severity severity, string title, string impact, PortNeed? need) => new(variant, severity, title)
    {
        Impact = impact,
        Remedy = variant switch
        {
            "extra" => new("Remove the rules that nothing needs, on every node.") { Risk = RemedyRisk.Online },
            "differ" => new("Give every node the same rules; NLB Manager writes them to all nodes at once.") { Commands = [PowerShell.Line($"Get-NlbClusterPortRule -HostName {read[0].Host}")], Risk = RemedyRisk.Online },
            _ => Mend(read[0].Host, RemedyRisk.Online, $"Add a rule for {need} to the cluster.", $"In Network Load Balancing Manager open the port rules of {farm.Title} and add one for {need}: multiple hosts, affinity single.",
                PowerShell.Line($"Get-NlbCluster -HostName {read[0].Host} | Add-NlbClusterPortRule -StartPort {need!.From} -EndPort {need.To} -Mode Multiple -Affinity Single") + $" -Protocol {(need == Smb ? "Tcp" : "Both")}"),
        },
        Evidence =
        [
            .. read.Select(n => Fact(n.Host, "loadBalancing", $"{n.Name}: port rules", n.Cluster.PortRules!.Value.IsEmpty ? "none" : string.Join("; ", n.Cluster.PortRules!.Value.Select(Words)), variant == "differ" ? "equal on all nodes" : variant == "extra" ? "what printing needs" : $"one for {need}", "MicrosoftNLB_PortRuleEx")),
            .. read.Select(n => Fact(n.Host, "loadBalancing", $"{n.Name}: priority", n.Cluster.HostPriority?.ToString(CultureInfo.InvariantCulture), null, "MicrosoftNLB_NodeSetting.HostPriority")),
        ],
        Affected = [.. read.Select(n => new AffectedObject(AffectedRole.Context, n.Host.Identity))],
    };

    public override ImmutableArray<Example<FarmSubject>> Examples { get; } =
    [
        Fires(Severity.Error, "135/TCP and 1024–65535, but not 135/UDP", Both(Rule(135, 135, NlbProtocol.Tcp), Rule(1024, 65535))),
        Passes("one rule for all ports both ways", GivenPrint.Healthy),
        Passes("135, 445 and 1024–65535 both ways", Both(Rule(135, 135), Rule(445, 445), Rule(1024, 65535))),
        Fires(Severity.Error, "1025–65535 leaves port 1024 out", Both(Rule(135, 135), Rule(445, 445), Rule(1025, 65535))),
        Passes("two rules that meet at 30000 and 30001", Both(Rule(135, 135), Rule(445, 445), Rule(1024, 30000), Rule(30001, 65535))),
        Fires(Severity.Error, "two rules that leave port 30001 out", Both(Rule(135, 135), Rule(445, 445), Rule(1024, 30000), Rule(30002, 65535))),
        Fires(Severity.Error, "the rule for 135 blocks", Both(Rule(135, 135) with { Filtering = NlbFiltering.Disabled }, Rule(445, 445), Rule(1024, 65535))),
        Fires(Severity.Error, "the rule for 135 is switched off", Both(Rule(135, 135) with { IsEnabled = false }, Rule(445, 445), Rule(1024, 65535))),
        Fires(Severity.Error, "the rule for 135 is for another virtual address", Both(Rule(135, 135) with { Address = "10.0.0.60" }, Rule(445, 445), Rule(1024, 65535))),
        Passes("the rule for 135 is for one host", Both(Rule(135, 135) with { Filtering = NlbFiltering.Single }, Rule(445, 445), Rule(1024, 65535))),
        Passes("the rules stand in another order", GivenPrint.Farm(Node(1, Rule(0, 1000), Rule(1001, 65535)), Node(2, Rule(1001, 65535), Rule(0, 1000)))),
        Fires(Severity.Error, "the nodes' rules differ in affinity", GivenPrint.Farm(Node(1, Rule(0, 65535)), Node(2, Rule(0, 65535) with { Affinity = NlbAffinity.None }))),
        Fires(Severity.Warning, "no rule for SMB", Both(Rule(135, 135), Rule(1024, 65535))),
        Passes("no rule for SMB, the advice switched off", Both(Rule(135, 135), Rule(1024, 65535)), new() { NlbSmbAdvisory = false }),
        Fires(Severity.Info, "a rule for port 80 beside", Both(Rule(80, 80), Rule(135, 135), Rule(445, 445), Rule(1024, 65535))),
        Fires(Severity.Error, "no rule at all", Both()),
        CannotTell("the rules of P2 were not read", GivenPrint.Farm(GivenPrint.Node(1), GivenPrint.Node(2).Nlb(c => c with { PortRules = null }))),
        CannotTell("a rule does not say what it filters", Both(Rule(0, 65535) with { Filtering = NlbFiltering.Unknown })),
        CannotTell("P2 is read by no agent", GivenPrint.Farm(GivenPrint.Node(1))),
        Skips("a host without NLB", GivenPrint.Farm(GivenPrint.Other)),
    ];

    private static NlbPortRule Rule(int from, int to, NlbProtocol protocol = NlbProtocol.Both) => new(from, to, protocol) { Filtering = NlbFiltering.Multiple, Affinity = NlbAffinity.Single, IsEnabled = true };

    private static Model.Fleet.HostReading Node(int number, params NlbPortRule[] rules) => GivenPrint.Node(number).Nlb(c => c with { PortRules = [.. rules] });

    private static FarmSubject Both(params NlbPortRule[] rules) => GivenPrint.Farm(Node(1, rules), Node(2, rules));
}

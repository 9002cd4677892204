using System.Collections.Immutable;
using HyperVDash.Model;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Print;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;
using HyperVDash.Rules.LoadBalancing;

namespace HyperVDash.Rules.Print;

public sealed class SpoolerRefusesClients : PrintFarmRule
{
    public override RuleCard Card { get; } = new("HVD907", "spooler-policy", RuleScope.Farm, RuleKind.Configuration)
    {
        Title = "Policy \"Allow Print Spooler to accept client connections\" is not Enabled, or not yet active",
        Why = "A spooler without an RPC endpoint refuses every client. It reads the policy when it starts, so a change counts only after its restart.",
        Fix = "Enable the policy on every node (Computer Configuration, Administrative Templates, Printers) and restart the spooler. Hardening baselines since 2021 disable it on servers that do not print: keep the nodes out of that GPO.",
        Quiet = "Other print servers. A host with the print role that shares nothing and is in no farm is told the other way round: there the policy is better Disabled.",
        Sections = ["printServer", "loadBalancing"],
        Mentions = ["dns", "operatingSystem"],
        ExplainedBy = [new("HVD901", Relation.ImpactedHost)],
        Severities = [Severity.Info, Severity.Warning, Severity.Error],
        Origin = "Field notes of December 2007, third post, step 4; published registry value of the policy",
    };

    protected override IEnumerable<Verdict> Examine(PrintFarm farm, FarmSubject all, RuleContext context)
    {
        var policies = farm.Nodes.Where(n => Blocked(n, context, "loadBalancing") is null).Select(n => n.Server?.Policy).Where(p => p is not null and not SpoolerPolicy.Unknown).Distinct().ToList();
        var unseen = Unseen(farm, context, "loadBalancing") ?? farm.Nodes.Select(n => RegistryUnread(n, context) as Verdict.Unknown).FirstOrDefault(u => u is not null);
        foreach (var node in farm.Nodes)
        {
            var verdict = RegistryUnread(node, context) ?? (node.Server!.Policy == SpoolerPolicy.Unknown ? NotSaid("printServer", "the policy") : Judge(farm, node, policies.Count > 1));
            yield return verdict with { Object = node.Host.Identity };
            if (verdict is Verdict.Fire { Variant: "notConfigured" } && unseen is not null)
            {
                // Whether it is so on all nodes.
                yield return unseen with { Variant = "differs", Object = node.Host.Identity };
            }
        }
    }

    protected override IEnumerable<Verdict> ExamineOthers(FarmSubject all, ImmutableArray<PrintFarm> farms, RuleContext context)
    {
        var nodes = farms.SelectMany(f => f.Nodes).Select(n => n.Host).ToHashSet();
        foreach (var host in all.Hosts.Where(h => !nodes.Contains(h) && h.Reading.PrintServer.State != SectionState.Absent))
        {
            // A node of a farm is judged the other way round.
            yield return (Unreadable(host, context, "printServer") ?? (Unreadable(host, context, "loadBalancing") is Verdict.Unknown unread ? (Verdict)unread : null) ?? host.Reading.PrintServer.Content! switch
            {
                { Queues: null } => NotSaid("printServer", "its queues"),
                { Queues.IsEmpty: false } => NotFor("A print server that is in no farm."),
                { Policy: SpoolerPolicy.Unknown } => NotSaid("printServer", "the policy"),
                { Policy: SpoolerPolicy.Enabled } => Fire(host, "exposed", Severity.Info, $"The spooler of {host.Name} accepts clients by policy, but shares nothing", SpoolerPolicy.Disabled, [], null),
                _ => Verdict.Passed,
            }) with { Object = host.Identity };
        }
    }

    private static Verdict Judge(PrintFarm farm, PrintFarmNode node, bool differs)
    {
        var server = node.Server!;
        return server.Policy switch
        {
            SpoolerPolicy.Disabled => Fire(node.Host, "disabled", Severity.Error, $"The policy on {node.Name} refuses all print clients", SpoolerPolicy.Enabled, farm.Nodes, farm),
            SpoolerPolicy.NotConfigured when differs => Fire(node.Host, "differs", Severity.Warning, $"The policy is not configured on {node.Name}, other than on the other nodes of {farm.Title}", SpoolerPolicy.Enabled, farm.Nodes, farm),
            SpoolerPolicy.NotConfigured => Fire(node.Host, "notConfigured", Severity.Info, $"The policy is not configured on {node.Name}: it accepts clients while a printer is shared", SpoolerPolicy.Enabled, farm.Nodes, farm),
            _ when server.PolicyOtherUntil is null => Verdict.Passed,
            _ when server.SpoolerStartedAt is null => NotSaid("printServer", "when the spooler started"),
            _ when server.SpoolerStartedAt <= server.PolicyOtherUntil => Fire(node.Host, "restart", Severity.Warning, $"The policy on {node.Name} was changed after the spooler's start and is not active yet", SpoolerPolicy.Enabled, farm.Nodes, farm),
            _ when server.SpoolerStartedAt >= server.PolicySeenAt => Verdict.Passed,
            _ => new Verdict.Unknown("printServer", "The policy was changed about when the spooler started; which came first is not known.") { Variant = "restart" },
        };
    }

    private static Verdict.Fire Fire(HostSubject host, string variant, Severity severity, string title, SpoolerPolicy expected, ImmutableArray<PrintFarmNode> nodes, PrintFarm? farm) => new(variant, severity, title)
    {
        Impact = variant switch
        {
            "disabled" => "Every client that NLB leads here is refused.", "restart" => "Clients are treated by the old policy until the spooler starts again.",
            "exposed" => "The spooler can be reached from the network for nothing.", _ => "The next hardening baseline may refuse clients on this node alone.",
        },
        Remedy = Mend(host, RemedyRisk.Online, $"Set the policy \"Allow Print Spooler to accept client connections\" to {expected} for {host.Name} and restart the spooler.",
            $"Set the policy \"Allow Print Spooler to accept client connections\" to {expected} for {host.Name}, then run on it: net stop spooler && net start spooler.",
            PowerShell.Line($"Invoke-Command -ComputerName {host}") + " { Restart-Service Spooler }"),
        Evidence =
        [
            Fact(host, "printServer", $"{host.Name}: policy", Word(host.Reading.PrintServer.Content!.Policy), Word(expected), "registry RegisterSpoolerRemoteRpcEndPoint"),
            .. nodes.Where(n => n.Host != host).Select(n => Fact(n.Host, "printServer", $"{n.Name}: policy", n.Server is { } server ? Word(server.Policy) : null, Word(expected), "registry RegisterSpoolerRemoteRpcEndPoint")),
            Fact(host, "printServer", $"{host.Name}: start of the spooler", host.Reading.PrintServer.Content!.SpoolerStartedAt?.ToString("u"), variant == "restart" ? $"after {host.Reading.PrintServer.Content.PolicyOtherUntil:u}, when another policy was seen last" : null, "Win32_Process.CreationDate"),
        ],
        Affected = farm is null ? [] : [new(AffectedRole.Context, farm.Identity)],
    };

    private static string? Word(SpoolerPolicy policy) => policy switch { SpoolerPolicy.Enabled => "Enabled", SpoolerPolicy.Disabled => "Disabled", SpoolerPolicy.NotConfigured => "Not configured", _ => null };

    public override ImmutableArray<Example<FarmSubject>> Examples { get; } =
    [
        Fires(Severity.Error, "P1 Enabled, P2 Disabled", Second(s => s with { Policy = SpoolerPolicy.Disabled })),
        Passes("Enabled on both before their spoolers started", GivenPrint.Farm(Changed(1, TimeSpan.Zero, TimeSpan.FromMinutes(-10)), Changed(2, TimeSpan.Zero, TimeSpan.FromMinutes(-10)))),
        Passes("Enabled on both and never seen otherwise", GivenPrint.Healthy),
        Fires(Severity.Info, "not configured on both", GivenPrint.Farm(GivenPrint.Node(1).Server(s => s with { Policy = SpoolerPolicy.NotConfigured }), GivenPrint.Node(2).Server(s => s with { Policy = SpoolerPolicy.NotConfigured }))),
        Fires(Severity.Warning, "Enabled on P1, not configured on P2", Second(s => s with { Policy = SpoolerPolicy.NotConfigured })),
        Fires(Severity.Warning, "Enabled after the spooler's start", GivenPrint.Farm(GivenPrint.Node(1), Changed(2, TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(1)))),
        Fires(Severity.Warning, "the spooler started when another policy was seen last", GivenPrint.Farm(GivenPrint.Node(1), Changed(2, TimeSpan.FromMinutes(10), TimeSpan.Zero))),
        Passes("the spooler started when the policy was seen first", GivenPrint.Farm(GivenPrint.Node(1), Changed(2, TimeSpan.Zero, TimeSpan.FromMinutes(-10)))),
        CannotTell("the spooler started between two looks at the policy", GivenPrint.Farm(GivenPrint.Node(1), Changed(2, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(-5)))),
        Fires(Severity.Info, "a host of no farm that shares nothing and accepts clients by policy", GivenPrint.Farm(Sharing([], SpoolerPolicy.Enabled))),
        Passes("a host of no farm that shares nothing, its policy not configured", GivenPrint.Farm(Sharing([], SpoolerPolicy.NotConfigured))),
        Skips("a print server of its own", GivenPrint.Farm(Sharing([GivenPrint.Queue], SpoolerPolicy.Enabled))),
        CannotTell("the policy of P2 was not read", Second(s => s with { Policy = SpoolerPolicy.Unknown })),
        CannotTell("the print role of P2 is denied", GivenPrint.Farm(GivenPrint.Node(1), GivenPrint.Node(2) with { PrintServer = Sample.Failed<PrintServer>(SectionState.Denied, "needs Remote Enable") })),
        Skips("a host without NLB", GivenPrint.Farm(GivenPrint.Other)),
    ];

    private static FarmSubject Second(Func<PrintServer, PrintServer> change) => GivenPrint.Farm(GivenPrint.Node(1), GivenPrint.Node(2).Server(change));

    /// <param name="seen">How long after the spooler's start the policy was seen first.</param>
    /// <param name="other">How long after it the other policy was seen last.</param>
    private static HostReading Changed(int number, TimeSpan seen, TimeSpan other) =>
        GivenPrint.Node(number).Server(s => s with { PolicySeenAt = s.SpoolerStartedAt + seen, PolicyOtherUntil = s.SpoolerStartedAt + other });

    private static HostReading Sharing(ImmutableArray<PrintQueue> queues, SpoolerPolicy policy) => GivenPrint.Other with { PrintServer = Sample.Read(new PrintServer { Queues = queues, Policy = policy }) };
}

using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Hosts;
using HyperVDash.Model.LoadBalancing;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;
using HyperVDash.Rules.LoadBalancing;

namespace HyperVDash.Rules.Print;

public sealed class SpoolerNotRunning : PrintFarmRule
{
    private const string Spooler = "Spooler";
    private const string ServerService = "LanmanServer";

    public override RuleCard Card { get; } = new("HVD908", "spooler-not-running", RuleScope.Farm, RuleKind.State)
    {
        Title = "Print Spooler is stopped on an NLB node",
        Why = "NLB does not test the service: it keeps sending clients to the node whose spooler is dead. One that does not start with Windows is missing after the next restart.",
        Fix = "Start the spooler and let it start with Windows; while it is broken take the node out of the cluster.",
        Quiet = "The node was drained or suspended: it gets no clients.",
        Sections = ["services", "loadBalancing"],
        Mentions = ["printServer", "dns", "operatingSystem"],
        ExplainedBy = [new("HVD901", Relation.ImpactedHost)],
        Severities = [Severity.Error, Severity.Critical],
        Origin = "Field notes of December 2007, third post, step 4; field practice",
    };

    protected override IEnumerable<Verdict> Examine(PrintFarm farm, FarmSubject all, RuleContext context)
    {
        bool isDead = farm.Unread.IsEmpty && farm.Nodes.All(n => Blocked(n, context, "services", "loadBalancing") is null && Find(n, Spooler) is { } spooler && IsDown(spooler));
        foreach (var node in farm.Nodes)
        {
            foreach (var verdict in Judge(farm, node, isDead, context))
            {
                yield return verdict with { Object = node.Host.Identity };
            }
        }

        if (farm.Unread is [var first, ..])
        {
            yield return new Verdict.Unknown("services", $"{first} is a member of the cluster and read by no agent.");
        }
    }

    private static IEnumerable<Verdict> Judge(PrintFarm farm, PrintFarmNode node, bool isDead, RuleContext context)
    {
        if (Blocked(node, context, "loadBalancing", "services") is { } blind)
        {
            yield return blind;
            yield break;
        }

        if (node.IsTakenOut)
        {
            yield return NotFor("The node was taken out of the cluster.");
            yield break;
        }

        var (spooler, server) = (Find(node, Spooler), Find(node, ServerService));
        if (spooler is not null && IsDown(spooler))
        {
            yield return Fire(farm, node, spooler, "stopped", isDead ? Severity.Critical : Severity.Error,
                isDead ? $"The spooler of {node.Name} is {Word(spooler.State)}, as on every node of {farm.Title}" : $"The spooler of {node.Name} is {Word(spooler.State)}, and NLB still sends clients there");
        }
        else if (spooler is { StartMode: not (ServiceStartMode.Auto or ServiceStartMode.Unknown) })
        {
            yield return Fire(farm, node, spooler, "startMode", Severity.Error, $"The spooler of {node.Name} runs, but does not start with Windows: {spooler.StartMode}");
        }

        if (server is not null && IsDown(server))
        {
            yield return Fire(farm, node, server, "server", Severity.Error, $"The Server service of {node.Name} is {Word(server.State)}, so nobody reaches its shares");
        }

        yield return spooler is null or { State: ServiceState.Unknown } or { StartMode: ServiceStartMode.Unknown } ? NotSaid("services", "state and start of the spooler")
            : server is null or { State: ServiceState.Unknown } ? NotSaid("services", "the state of the Server service") : Verdict.Passed;
    }

    private static HostService? Find(PrintFarmNode node, string name) => node.Host.Reading.Services.Content?.Items.FirstOrDefault(s => s.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static bool IsDown(HostService service) => service.State is not (ServiceState.Running or ServiceState.Unknown);

    private static string Word(ServiceState state) => state switch { ServiceState.Stopped => "stopped", ServiceState.StartPending => "starting", ServiceState.StopPending => "stopping", _ => "paused" };

    private static Verdict.Fire Fire(PrintFarm farm, PrintFarmNode node, HostService service, string variant, Severity severity, string title) => new(variant, severity, title)
    {
        Impact = severity == Severity.Critical ? "Nobody can print." : variant == "startMode" ? "After its next restart the node takes clients and prints nothing." : "Clients that NLB leads here cannot print.",
        Remedy = Mend(node.Host, RemedyRisk.Online, $"Start the service on {node.Name}; while it is broken, take the node out.", $"On {node.Name}: net start {service.Name}; sc config {service.Name} start= auto; while it is broken: nlb.exe drainstop {farm.Address}.",
        [
            PowerShell.Line($"Set-Service -ComputerName {node.Host} -Name {service.Name} -StartupType Automatic"), PowerShell.Line($"Get-Service -ComputerName {node.Host} -Name {service.Name} | Start-Service"),
            .. variant == "startMode" ? Array.Empty<string>() : [PowerShell.Line($"Stop-NlbClusterNode -HostName {node.Host} -Drain")],
        ]),
        Evidence =
        [
            Fact(node.Host, "services", $"{node.Name}: {service.Name}, state", $"{service.State}", "Running", "Win32_Service.State"),
            Fact(node.Host, "services", $"{node.Name}: {service.Name}, start", $"{service.StartMode}", "Auto", "Win32_Service.StartMode"),
            Fact(node.Host, "services", $"{node.Name}: {service.Name}, exit code", service.ExitCode?.ToString(CultureInfo.InvariantCulture), null, "Win32_Service.ExitCode"),
            Fact(node.Host, "loadBalancing", $"{node.Name}: in the cluster", $"{node.State}", null, "MicrosoftNLB_Node.StatusCode"),
        ],
        Affected = [new(AffectedRole.Impacted, farm.Identity)],
    };

    public override ImmutableArray<Example<FarmSubject>> Examples { get; } =
    [
        Fires(Severity.Error, "the spooler of P1 is stopped, and P1 is converged", GivenPrint.Farm(Node(1, ServiceState.Stopped), GivenPrint.Node(2))),
        Passes("running and automatic on both", GivenPrint.Healthy),
        Fires(Severity.Critical, "stopped on both", GivenPrint.Farm(Node(1, ServiceState.Stopped), Node(2, ServiceState.Stopped))),
        Fires(Severity.Error, "running, but started by hand", GivenPrint.Farm(GivenPrint.Node(1), Node(2, ServiceState.Running, ServiceStartMode.Manual))),
        Fires(Severity.Error, "the Server service is stopped", GivenPrint.Farm(GivenPrint.Node(1), GivenPrint.Node(2).Service("LanmanServer", ServiceState.Stopped))),
        Skips("stopped on nodes that were drained and suspended", GivenPrint.Farm(Node(1, ServiceState.Stopped).Is(NlbNodeState.Draining), Node(2, ServiceState.Stopped).Is(NlbNodeState.Suspended))),
        Fires(Severity.Error, "stopped on P1, and P2 is read by no agent", GivenPrint.Farm(Node(1, ServiceState.Stopped))),
        CannotTell("the services of P2 are denied", GivenPrint.Farm(GivenPrint.Node(1), GivenPrint.Node(2) with { Services = Sample.Failed<ServiceList>(SectionState.Denied, "needs Remote Enable") })),
        CannotTell("P2 does not list the spooler", GivenPrint.Farm(GivenPrint.Node(1), GivenPrint.Node(2) with { Services = Sample.Read(new ServiceList()) })),
        Skips("a host without NLB", GivenPrint.Farm(GivenPrint.Other)),
    ];

    private static HostReading Node(int number, ServiceState state, ServiceStartMode start = ServiceStartMode.Auto) => GivenPrint.Node(number).Service("Spooler", state, start);
}

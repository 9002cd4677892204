using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.LoadBalancing;
using HyperVDash.Model.Print;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;
using HyperVDash.Rules.LoadBalancing;

namespace HyperVDash.Rules.Print;

public sealed class PrintQueuesDiffer : PrintFarmRule
{
    // What Windows brings by itself, by the names of drivers, which it does not translate.
    private static readonly string[] Inbox = ["Microsoft Print To PDF", "Microsoft XPS Document Writer", "Microsoft XPS Document Writer v4", "Microsoft Shared Fax Driver", "Remote Desktop Easy Print"];

    private static readonly QueueFact[] Facts =
    [
        new QueueFact("name", Severity.Error, q => q.Name, "Win32_Printer.Name"),
        new QueueFact("driver", Severity.Error, q => q.Driver, "Win32_Printer.DriverName") { IgnoresCase = true },
        new QueueFact("driver model", Severity.Warning, q => q.DriverVersion, "Win32_PrinterDriver.Name"),
        new QueueFact("driver file", Severity.Warning, q => q.DriverFileVersion, "CIM_DataFile.Version"),
        new QueueFact("architectures", Severity.Warning, q => q.Environments.IsEmpty ? null : string.Join(", ", q.Environments.Order(StringComparer.OrdinalIgnoreCase)), "Win32_PrinterDriver.SupportedPlatform") { IgnoresCase = true },
        // Names of ports may differ if they lead to one printer.
        new QueueFact("printer", Severity.Warning, q => q.PortAddress ?? q.Port, "Win32_TCPIPPrinterPort.HostAddress") { IgnoresCase = true },
        new QueueFact("port number", Severity.Warning, q => q.PortNumber?.ToString(CultureInfo.InvariantCulture) ?? "none", "Win32_TCPIPPrinterPort.PortNumber"),
        new QueueFact("LPR queue", Severity.Warning, q => q.PortQueue ?? "none", "Win32_TCPIPPrinterPort.Queue"),
        new QueueFact("processor", Severity.Warning, q => q.PrintProcessor, "Win32_Printer.PrintProcessor") { IgnoresCase = true },
        new QueueFact("data type", Severity.Warning, q => q.DataType, "Win32_Printer.PrintJobDataType") { IgnoresCase = true },
        new QueueFact("prints directly", Severity.Warning, q => Word(q.PrintsDirectly), "Win32_Printer.Attributes"),
        new QueueFact("keeps printed jobs", Severity.Warning, q => Word(q.KeepsPrintedJobs), "Win32_Printer.Attributes"),
        new QueueFact("takes RAW only", Severity.Warning, q => Word(q.TakesRawOnly), "Win32_Printer.Attributes"),
        new QueueFact("location", Severity.Info, q => q.Location ?? "none", "Win32_Printer.Location"),
        new QueueFact("comment", Severity.Info, q => q.Comment ?? "none", "Win32_Printer.Comment"),
    ];

    public override RuleCard Card { get; } = new("HVD906", "print-queues-differ", RuleScope.Farm, RuleKind.Configuration)
    {
        Title = "Print queues of the NLB nodes are not identical",
        Why = "A client's next connection lands on the other node: it prompts for a driver there, prints elsewhere, or fails.",
        Fix = "Make name, share, driver, driver version and port equal on all nodes; Printbrm copies them, as printmig once did.",
        Quiet = "A queue is not shared; it is one that Windows brings (PDF, XPS, fax); only names of ports differ; state and jobs differ.",
        Sections = ["printServer", "loadBalancing"],
        Mentions = ["dns", "operatingSystem"],
        ExplainedBy = [new("HVD901", Relation.ImpactedHost)],
        Severities = [Severity.Info, Severity.Warning, Severity.Error],
        Origin = "Field notes of December 2007, third post, step 3",
    };

    protected override IEnumerable<Verdict> Examine(PrintFarm farm, FarmSubject all, RuleContext context)
    {
        var unseen = Unseen(farm, context, "loadBalancing", "printServer") ?? (farm.Nodes.FirstOrDefault(n => n.Queues is null) is { } silent ? NotSaid("printServer", $"the queues of {silent.Name}") : null);
        var told = farm.Nodes.Where(n => Blocked(n, context, "loadBalancing", "printServer") is null && n.Queues is not null).ToList();
        var shares = farm.Nodes.SelectMany(n => n.Queues ?? []).Select(q => q.ShareName).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase).ToList();
        foreach (string share in shares)
        {
            yield return Judge(farm, share, told, unseen) with { Object = farm.Queue(share) };
        }

        if (shares.Count == 0)
        {
            yield return unseen as Verdict ?? NotFor("No queue is shared.");
        }
    }

    private static Verdict Judge(PrintFarm farm, string share, List<PrintFarmNode> told, Verdict.Unknown? unseen)
    {
        var copies = told.Select(n => new Copy(n, n.Queues!.Value.FirstOrDefault(q => q.ShareName.Equals(share, StringComparison.OrdinalIgnoreCase)))).ToList();
        var present = copies.FindAll(c => c.Queue is not null);
        if (present.Exists(c => Inbox.Contains(c.Queue!.Driver, StringComparer.OrdinalIgnoreCase)))
        {
            return NotFor("Windows brings this queue by itself.");
        }

        if (present.Count > 0 && copies.Find(c => c.Queue is null) is { } without)
        {
            return Fire(farm, share, copies, "missing", Severity.Error, $"Queue {VisibleText.Of(share)} of {farm.Title} does not exist on {without.Node.Name}", []);
        }

        var differing = Facts.Where(f => f.Differs(present)).ToList();
        if (differing.Count > 0)
        {
            var severity = differing.Max(f => f.Severity);
            return Fire(farm, share, copies, severity switch { Severity.Error => "driver", Severity.Warning => "settings", _ => "words" }, severity,
                $"Queue {VisibleText.Of(share)} of {farm.Title} differs in {string.Join(", ", differing.Select(f => f.Name))}", differing);
        }

        return unseen ?? (Facts.FirstOrDefault(f => f.IsSilent(present)) is { } fact ? NotSaid("printServer", $"the {fact.Name} of queue {VisibleText.Of(share)} on every node") as Verdict : Verdict.Passed);
    }

    private static string? Word(bool? value) => value switch { true => "yes", false => "no", _ => null };

    private static Verdict.Fire Fire(PrintFarm farm, string share, List<Copy> copies, string variant, Severity severity, string title, List<QueueFact> differing)
    {
        var good = copies.Find(c => c.Queue is not null)!;
        var other = copies.Find(c => c.Queue is null) ?? copies.First(c => c != good);
        return new(variant, severity, title)
        {
            Impact = severity == Severity.Info ? "People look for the printer in the wrong place." : "Whoever lands on the other node gets another driver, another printer, or none.",
            Remedy = Mend(good.Node.Host, RemedyRisk.Online, $"Make the queue on {other.Node.Name} like the one on {good.Node.Name}; which of them is right is yours to say. Printbrm writes all queues of a server over.",
                $"With the Printer Migration of Print Management export the queues of {good.Node.Name} and import them on {other.Node.Name}.",
                PowerShell.Line($"printbrm -s {@"\\" + good.Node.Name} -b -f p.printerExport"), PowerShell.Line($"printbrm -s {@"\\" + other.Node.Name} -r -f p.printerExport -o force"),
                PowerShell.Line($"Get-Printer -ComputerName {other.Node.Host} -Name {(other.Queue ?? good.Queue!).Name}")),
            Evidence =
            [
                .. variant == "missing" ? copies.Select(c => Fact(c.Node.Host, "printServer", $"{c.Node.Name}: share {VisibleText.Of(share)}", c.Queue is null ? "none" : "there", "there", "Win32_Printer.ShareName")) : [],
                .. differing.SelectMany(f => copies.Select(c => Fact(c.Node.Host, "printServer", $"{c.Node.Name}: {f.Name}", c.Queue is { } queue && f.Of(queue) is { } value ? VisibleText.Of(value) : null, "equal on all nodes", f.Source))),
            ],
            Affected = [new(AffectedRole.Context, farm.Identity), .. copies.Select(c => new AffectedObject(AffectedRole.Context, c.Node.Host.Identity))],
        };
    }

    /// <param name="Queue">Null: the node has none of that name.</param>
    private sealed record Copy(PrintFarmNode Node, PrintQueue? Queue);

    /// <summary>What must be equal, and how bad it is if not.</summary>
    /// <param name="Of">Null: the host did not say.</param>
    private sealed record QueueFact(string Name, Severity Severity, Func<PrintQueue, string?> Of, string Source)
    {
        public bool IgnoresCase { get; init; }

        public bool Differs(List<Copy> copies) => copies.Select(c => Of(c.Queue!)).OfType<string>().Distinct(IgnoresCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal).Count() > 1;

        /// <summary>Some say it, some do not.</summary>
        public bool IsSilent(List<Copy> copies) => copies.Exists(c => Of(c.Queue!) is null) && copies.Exists(c => Of(c.Queue!) is not null);
    }

    public override ImmutableArray<Example<FarmSubject>> Examples { get; } =
    [
        Fires(Severity.Warning, "HP2F with driver 7.1 on P1 and 6.8 on P2", Farm(Queue, Queue with { DriverFileVersion = "6.8" })),
        Passes("HP2F alike on both", GivenPrint.Healthy),
        Fires(Severity.Error, "HP2F is missing on P2", GivenPrint.Farm(GivenPrint.Node(1), GivenPrint.Node(2).Queues())),
        Fires(Severity.Error, "the driver is another one", Farm(Queue, Queue with { Driver = "HP Universal PS" })),
        Fires(Severity.Error, "the printer's name is another one", Farm(Queue, Queue with { Name = "HP 2nd floor" })),
        Fires(Severity.Warning, "the ports lead to two printers", Farm(Queue, Queue with { PortAddress = "10.0.9.20" })),
        Passes("the ports lead to one printer under two names", Farm(Queue, Queue with { Port = "HP second floor" })),
        Fires(Severity.Warning, "one of them has no driver for x86 clients", Farm(Queue with { Environments = ["Windows NT x86", "Windows x64"] }, Queue)),
        Fires(Severity.Warning, "one prints directly", Farm(Queue, Queue with { Attributes = 0x284A })),
        Passes("attributes differ in a state only", Farm(Queue, Queue with { Attributes = 0x2868 })),
        Fires(Severity.Info, "the locations differ", Farm(Queue with { Location = "Lobby" }, Queue with { Location = "Entrance" })),
        Passes("the share's name differs in case", Farm(Queue, Queue with { ShareName = "hp2f" })),
        Skips("one that Windows brings", Farm(Queue with { Driver = "Microsoft Print To PDF" }, Queue with { Driver = "Microsoft Print To PDF", DriverFileVersion = "1" })),
        CannotTell("P2 does not tell the version of the driver", Farm(Queue, Queue with { DriverFileVersion = null })),
        CannotTell("the print role of P2 is denied", GivenPrint.Farm(GivenPrint.Node(1), GivenPrint.Node(2) with { PrintServer = Sample.Failed<PrintServer>(SectionState.Denied, "needs Remote Enable") })),
        CannotTell("P2 is read by no agent", GivenPrint.Farm(GivenPrint.Node(1))),
        Fires(Severity.Error, "P2 has no print role", GivenPrint.Farm(GivenPrint.Node(1), GivenPrint.Node(2) with { PrintServer = Sample.Host.PrintServer })),
        Passes("texts that Windows compares without case", Farm(
            Queue with { PortAddress = "printer2f.lab", PrintProcessor = "winprint", DataType = "RAW" },
            Queue with { Driver = Queue.Driver!.ToUpperInvariant(), Environments = ["WINDOWS X64"], PortAddress = "PRINTER2F.LAB", PrintProcessor = "WinPrint", DataType = "raw" })),
        Fires(Severity.Warning, "the model of the driver differs in case", Farm(Queue with { DriverVersion = "a" }, Queue with { DriverVersion = "A" })),
        Fires(Severity.Warning, "ports without an address that are called otherwise", Farm(Queue with { PortAddress = null, Port = "LPT1:" }, Queue with { PortAddress = null, Port = "LPT2:" })),
        Fires(Severity.Warning, "the ports lead to two numbers of one printer", Farm(Queue with { PortNumber = 9100 }, Queue with { PortNumber = 9101 })),
        Fires(Severity.Warning, "the ports lead to two queues of one printer", Farm(Queue with { PortQueue = "lp" }, Queue with { PortQueue = "lp2" })),
        Fires(Severity.Info, "the comments differ", Farm(Queue with { Comment = "2nd floor" }, Queue with { Comment = "second floor" })),
        Fires(Severity.Error, "driver and comment differ", Farm(Queue with { Comment = "2nd floor" }, Queue with { Driver = "HP Universal PS" })),
        Fires(Severity.Error, "it is missing on P3 alone", GivenPrint.Farm(OfThree(1), OfThree(2), OfThree(3).Queues())),
        CannotTell("P2 does not tell for which systems it has the driver", Farm(Queue, Queue with { Environments = [] })),
        Passes("neither tells the version of the driver's file", Farm(Queue with { DriverFileVersion = null }, Queue with { DriverFileVersion = null })),
        Skips("a host without NLB", GivenPrint.Farm(GivenPrint.Other)),
    ];

    private static PrintQueue Queue => GivenPrint.Queue;

    private static HostReading OfThree(int number) => GivenPrint.Node(number).Nlb(c => c with
    {
        Nodes = [.. Enumerable.Range(1, 3).Select(n => new NlbNode($"P{n}", n, n == number ? NlbNodeState.Converged : NlbNodeState.Unknown) { IsLocal = n == number })],
    });

    private static FarmSubject Farm(PrintQueue first, PrintQueue second) => GivenPrint.Farm(GivenPrint.Node(1).Queues(first), GivenPrint.Node(2).Queues(second));
}

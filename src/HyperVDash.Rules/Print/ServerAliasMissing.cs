using System.Collections.Immutable;
using HyperVDash.Model;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Print;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;
using HyperVDash.Rules.LoadBalancing;

namespace HyperVDash.Rules.Print;

public sealed class ServerAliasMissing : PrintFarmRule
{
    private const int LongestNetBios = 15;
    private const string Key = @"HKLM:\SYSTEM\CurrentControlSet\Services\LanmanServer\Parameters";

    public override RuleCard Card { get; } = new("HVD911", "optional-names", RuleScope.Farm, RuleKind.Configuration)
    {
        Title = "OptionalNames alias missing, wrong type or incomplete",
        Why = "The Server service rejects connections made under a name that it does not know. A text (REG_SZ) holds one name only, a list (REG_MULTI_SZ) several; both are read when the service starts.",
        Fix = "On every node list the old servers' names and the farm's own in OptionalNames, as a list, and restart the Server service.",
        Quiet = "The farm replaced no server; clients are led to it by scripts or packages (setting Rules:PrintAliasesByScript).",
        Sections = ["printServer", "dns", "loadBalancing"],
        Mentions = ["operatingSystem"],
        ExplainedBy = [new("HVD901", Relation.ImpactedHost)],
        Severities = [Severity.Info, Severity.Warning, Severity.Error],
        Origin = "Field notes of December 2007, third post, step 7",
    };

    protected override IEnumerable<Verdict> Examine(PrintFarm farm, FarmSubject all, RuleContext context)
    {
        foreach (var node in farm.Nodes)
        {
            foreach (var verdict in NotAsked(farm, node, context) is { } none ? [none] : Judge(farm, node))
            {
                yield return verdict with { Object = node.Host.Identity };
            }
        }
    }

    private static Verdict? NotAsked(PrintFarm farm, PrintFarmNode node, RuleContext context) =>
        context.Settings.PrintAliasesByScript ? NotFor("Clients are led to the farm by scripts or packages.")
        : RegistryUnread(node, context) ?? NamesUnread(farm, context) ?? (
            farm.OldNames.IsEmpty ? NotFor("The settings name no servers that the farm replaced.")
            : node.Server!.Aliases is not { } aliases || aliases.Unread.Contains("OptionalNames") ? NotSaid("printServer", "OptionalNames") as Verdict : null);

    private static IEnumerable<Verdict> Judge(PrintFarm farm, PrintFarmNode node)
    {
        var aliases = node.Server!.Aliases!;
        ImmutableArray<string> names = aliases.OptionalNames ?? [];
        string own = PrintFarmNode.Short(node.Name);
        var missing = farm.Aliases.Where(a => a != own && !names.Contains(a, StringComparer.OrdinalIgnoreCase)).ToList();
        bool isOneText = aliases.OptionalNamesType == RegistryType.String;
        bool isWrongType = aliases.OptionalNamesType is not (null or RegistryType.String or RegistryType.MultiString) || (isOneText && names.Any(n => n.AsSpan().IndexOfAny(", \0;") >= 0));
        if (missing.Count > 0)
        {
            yield return Fire(farm, node, "missing", Severity.Error, $"{node.Name} does not answer to {string.Join(", ", missing)}");
        }

        if (isWrongType)
        {
            yield return Fire(farm, node, "type", Severity.Warning, isOneText ? $"OptionalNames of {node.Name} is one text with several names, which Windows takes for one" : $"OptionalNames of {node.Name} is of a type that holds no names");
        }

        if (names.Contains(own, StringComparer.OrdinalIgnoreCase))
        {
            yield return Fire(farm, node, "own", Severity.Warning, $"OptionalNames of {node.Name} holds its own name");
        }

        if (!isWrongType && names.Where(n => n.Length > LongestNetBios).ToList() is { Count: > 0 } tooLong)
        {
            yield return Fire(farm, node, "long", Severity.Warning, $"OptionalNames of {node.Name} holds names of more than {LongestNetBios} characters: {string.Join(", ", tooLong.Select(VisibleText.Of))}");
        }

        if (!isWrongType && names.Where(n => n.Length <= LongestNetBios && !n.Equals(own, StringComparison.OrdinalIgnoreCase) && !farm.Aliases.Contains(n, StringComparer.OrdinalIgnoreCase)).ToList() is { Count: > 0 } extra)
        {
            yield return Fire(farm, node, "extra", Severity.Info, $"{node.Name} answers to names that the settings do not name: {string.Join(", ", extra.Select(VisibleText.Of))}");
        }

        yield return aliases switch
        {
            { OptionalNamesOtherUntil: null } => Verdict.Passed,
            { ServerServiceStartedAt: { } started } when started <= aliases.OptionalNamesOtherUntil => Fire(farm, node, "restart", Severity.Warning, $"OptionalNames of {node.Name} was changed after the Server service's start and is not active yet"),
            { ServerServiceStartedAt: { } started } when started >= aliases.OptionalNamesSeenAt => Verdict.Passed,
            _ => new Verdict.Unknown("printServer", "OptionalNames was changed; whether the Server service started since is not known, for it shares its process.") { Variant = "restart" },
        };
    }

    private static Verdict.Fire Fire(PrintFarm farm, PrintFarmNode node, string variant, Severity severity, string title)
    {
        var aliases = node.Server!.Aliases!;
        string wanted = string.Join(",", farm.Aliases.Where(a => a != PrintFarmNode.Short(node.Name)).Select(PowerShell.Quote));
        return new(variant, severity, title)
        {
            Impact = variant switch { "missing" or "restart" => "Clients that use this name are refused on this node.", "extra" => "Nobody may know why the server still answers to them.", _ => "Windows does not take the value as it was meant." },
            Remedy = Mend(node.Host, RemedyRisk.Online, $"Write the names as a list on {node.Name} and restart the Server service, which ends open connections.", $"On {node.Name} write the names as REG_MULTI_SZ into OptionalNames under LanmanServer\\Parameters, then: net stop server && net start server.",
                PowerShell.Line($"Invoke-Command -ComputerName {node.Host}") + $" {{ Set-ItemProperty '{Key}' OptionalNames -Value {wanted} -Type MultiString; Restart-Service LanmanServer -Force }}"),
            Evidence =
            [
                Fact(node.Host, "printServer", $"{node.Name}: OptionalNames", aliases.OptionalNames is { } names ? string.Join(" | ", names.Select(VisibleText.Of)) : "absent", string.Join(" | ", farm.Aliases), "registry OptionalNames"),
                Fact(node.Host, "printServer", $"{node.Name}: its type", aliases.OptionalNamesType switch { null => "absent", RegistryType.String => "REG_SZ", RegistryType.MultiString => "REG_MULTI_SZ", var other => $"{other}" }, farm.Aliases.Length > 1 ? "REG_MULTI_SZ" : "REG_SZ or REG_MULTI_SZ", "registry OptionalNames"),
                Fact(node.Host, "printServer", $"{node.Name}: start of the Server service", aliases.ServerServiceStartedAt?.ToString("u"), variant == "restart" ? $"after {aliases.OptionalNamesOtherUntil:u}, when other names were seen last" : null, "Win32_Process.CreationDate"),
                .. farm.Nodes.Where(n => n != node).Select(n => Fact(n.Host, "printServer", $"{n.Name}: OptionalNames", n.Server?.Aliases is { } other ? other.OptionalNames is { } theirs ? string.Join(" | ", theirs.Select(VisibleText.Of)) : "absent" : null, null, "registry OptionalNames")),
            ],
            Affected = [new(AffectedRole.Context, farm.Identity)],
        };
    }

    public override ImmutableArray<Example<FarmSubject>> Examples { get; } =
    [
        Fires(Severity.Warning, "one text OLDPRN,PRINTNLB instead of a list: wrong type", Second(a => a with { OptionalNames = ["OLDPRN,PRINTNLB"], OptionalNamesType = RegistryType.String })),
        Fires(Severity.Error, "the same text: both names are missing", Second(a => a with { OptionalNames = ["OLDPRN,PRINTNLB"], OptionalNamesType = RegistryType.String })),
        Passes("a list of the old name and the farm's on both", GivenPrint.Healthy),
        Fires(Severity.Error, "the old name is missing on P2", Second(a => a with { OptionalNames = ["PRINTNLB"] })),
        Fires(Severity.Error, "no such value on P2", Second(a => a with { OptionalNames = null, OptionalNamesType = null })),
        Passes("the names in another case", Second(a => a with { OptionalNames = ["printnlb", "oldprn"] })),
        Fires(Severity.Warning, "a number instead of names", Second(a => a with { OptionalNames = null, OptionalNamesType = RegistryType.Number })),
        Fires(Severity.Warning, "its own name among them", Second(a => a with { OptionalNames = ["OLDPRN", "PRINTNLB", "P2"] })),
        Fires(Severity.Warning, "a name of 16 characters", Second(a => a with { OptionalNames = ["OLDPRN", "PRINTNLB", "OLDPRINTSERVER16"] })),
        Fires(Severity.Info, "a name of 15 characters that the settings do not name", Second(a => a with { OptionalNames = ["OLDPRN", "PRINTNLB", "OLDPRINTSERVER1"] })),
        Fires(Severity.Warning, "changed after the Server service's start", Second(a => a with { ServerServiceStartedAt = Sample.Now.AddDays(-1), OptionalNamesOtherUntil = Sample.Now.AddDays(-1), OptionalNamesSeenAt = Sample.Now.AddHours(-23) })),
        Passes("changed before the Server service's start", Second(a => a with { ServerServiceStartedAt = Sample.Now.AddDays(-1), OptionalNamesOtherUntil = Sample.Now.AddDays(-2), OptionalNamesSeenAt = Sample.Now.AddDays(-1) })),
        CannotTell("changed, and the Server service shares its process", Second(a => a with { OptionalNamesOtherUntil = Sample.Now.AddDays(-2), OptionalNamesSeenAt = Sample.Now.AddDays(-1) })),
        CannotTell("OptionalNames of P2 was not read", Second(a => a with { OptionalNames = null, Unread = ["OptionalNames"] })),
        CannotTell("the print role of P2 is denied", GivenPrint.Farm(GivenPrint.Node(1), GivenPrint.Node(2) with { PrintServer = Sample.Failed<PrintServer>(SectionState.Denied, "needs Remote Enable") })),
        CannotTell("the farm's names are not known", GivenPrint.Farm(Unasked(1), Unasked(2))),
        Skips("clients are led by scripts", Second(a => a with { OptionalNames = null }), new() { PrintAliasesByScript = true }),
        Skips("the farm replaced no server", GivenPrint.Farm(GivenPrint.Node(1).Asked(new() { Farms = [new(GivenPrint.Name)] }), GivenPrint.Node(2).Asked(new() { Farms = [new(GivenPrint.Name)] }))),
        Skips("a host without NLB", GivenPrint.Farm(GivenPrint.Other)),
    ];

    private static FarmSubject Second(Func<ServerAliases, ServerAliases> change) => GivenPrint.Farm(GivenPrint.Node(1), GivenPrint.Node(2).Aliases(change));

    private static HostReading Unasked(int number) => GivenPrint.Node(number) with { Dns = Sample.Failed<Model.Dns.DnsAnswers>(SectionState.Failed, "No DNS server can be reached.") };
}

using System.Collections.Immutable;
using HyperVDash.Model;
using HyperVDash.Model.Dns;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;
using HyperVDash.Rules.LoadBalancing;

namespace HyperVDash.Rules.Dns;

public sealed class OldServerNameElsewhere : NameRule
{
    private const string Retired = "dns:retired";

    public override RuleCard Card { get; } = new("HVD910", "dns-old-server-names", RuleScope.Farm, RuleKind.Configuration)
    {
        Title = "Name of a replaced print server does not (only) resolve to the cluster IP",
        Why = "Round robin sends every second client to a server that is gone: the field notes warn of exactly this outage.",
        Fix = "Rename or disable the old computer, remove its old record, and enter an A record with the virtual address.",
        Quiet = "The farm has no old names (setting Agent:PrintFarms); the name is retired: tag dns:retired on it. Computer accounts of the directory and machines that answer to the name by broadcast are not seen: a record that a computer registered is the sign.",
        Sections = ["dns", "loadBalancing"],
        Mentions = ["printServer", "operatingSystem"],
        ExplainedBy = [new("HVD901", Relation.ImpactedHost)],
        Severities = [Severity.Warning, Severity.Error],
        Origin = "Field notes of December 2007, third post, step 6",
    };

    protected override IEnumerable<Verdict> Examine(PrintFarm farm, FarmSubject all, RuleContext context)
    {
        if (farm.OldNames.IsEmpty)
        {
            yield return farm.Names.IsEmpty && farm.Nodes.Select(n => Blocked(n, context, "loadBalancing", "dns")).FirstOrDefault(u => u is not null) is { } blind
                ? blind : NotFor("The settings name no servers that the farm replaced.");
            yield break;
        }

        foreach (string name in farm.OldNames)
        {
            foreach (var verdict in context.Settings.HasTag(name, Retired) ? [new Verdict.NotApplicable($"Tagged {Retired}.")] : Judge(farm, name, all, context))
            {
                yield return verdict with { Object = farm.DnsName(name) };
            }
        }
    }

    private static IEnumerable<Verdict> Judge(PrintFarm farm, string name, FarmSubject all, RuleContext context)
    {
        var answers = FarmNames.Of(name, all, context);
        var remedy = Mend(farm.Nodes[0].Host, RemedyRisk.Online, $"Rename or disable the old computer first; then let {name} lead to {farm.Address} alone.", $"Rename or disable the old computer first; then in DNS Manager remove its record and enter {name} with {farm.Address}.",
        [
            .. answers.SelectMany(a => a.Answer.Addresses ?? []).Where(a => a != farm.Address).Distinct(StringComparer.Ordinal).Select(a => PowerShell.Line($"Remove-DnsServerResourceRecord -ComputerName <dns> -ZoneName {ZoneOf(name)} -Name {HostOf(name)} -RRType A -RecordData {a}")),
            .. answers.Any(a => a.Answer.Addresses?.Contains(farm.Address) != true) ? [PowerShell.Line($"Add-DnsServerResourceRecordA -ComputerName <dns> -ZoneName {ZoneOf(name)} -Name {HostOf(name)} -IPv4Address {farm.Address}")] : Array.Empty<string>(),
        ]);
        if (AddressUnread(farm, context) is { } unread)
        {
            yield return unread;
            yield break;
        }

        if (Fault(farm.Address, answers) is { } fault)
        {
            yield return Fire(farm, name, answers, fault.Variant, fault.Severity, $"The old server's name {name} {fault.What}; {farm.Address} alone is expected",
                fault.Variant == "several" ? "Every second client is sent to a server that is gone." : "Clients that still use the old name do not reach the farm.", remedy);
        }

        if (answers.Any(a => a.Answer.IsDynamic == true))
        {
            yield return Fire(farm, name, answers, "registers", Severity.Warning, $"A computer still registers the old server's name {name} in DNS", "Whatever is removed comes back with its next registration.", remedy);
        }

        yield return FarmNames.Unasked(farm, answers, context)
            ?? (answers.All(a => a.Answer.IsDynamic is null) ? new Verdict.Unknown("dns", "Whether a computer still registers the name is not known: no DNS server that holds its zone is read.") { Variant = "registers" } as Verdict : Verdict.Passed);
    }

    public override ImmutableArray<Example<FarmSubject>> Examples { get; } =
    [
        Fires(Severity.Warning, "oldprn.lab leads to 10.0.0.50 and to 10.0.0.21", Asked(GivenPrint.Answer(GivenPrint.OldName, "10.0.0.21", GivenPrint.Address))),
        Passes("oldprn.lab leads to 10.0.0.50 alone", GivenPrint.Healthy),
        Fires(Severity.Error, "it leads to the old server only", Asked(GivenPrint.Answer(GivenPrint.OldName, "10.0.0.21"))),
        Fires(Severity.Error, "it does not exist", Asked(GivenPrint.Answer(GivenPrint.OldName))),
        Fires(Severity.Warning, "it is an alias of the farm", Asked(GivenPrint.Answer(GivenPrint.OldName, GivenPrint.Address) with { Alias = GivenPrint.Name })),
        Fires(Severity.Warning, "two DNS servers differ", Asked(GivenPrint.Answer(GivenPrint.OldName, GivenPrint.Address), GivenPrint.Answer(GivenPrint.OldName, "10.0.0.21") with { Source = "zone lab of DC2" })),
        Fires(Severity.Warning, "a computer registered it", Asked(GivenPrint.Answer(GivenPrint.OldName, GivenPrint.Address) with { IsDynamic = true })),
        Skips("it is retired", Asked(GivenPrint.Answer(GivenPrint.OldName)), Given.Tagged(Retired, GivenPrint.OldName)),
        CannotTell("no DNS server with the zone is read", Asked(GivenPrint.Answer(GivenPrint.OldName, GivenPrint.Address) with { Source = "10.0.0.2", IsDynamic = null })),
        CannotTell("no DNS server answers", Asked(new DnsAnswer(GivenPrint.OldName, "10.0.0.2") { Error = "DNS server 10.0.0.2 does not answer." })),
        CannotTell("names are not looked up", GivenPrint.Farm(Unasked(1), Unasked(2))),
        Skips("the farm replaced no server", GivenPrint.Farm(Alone(1), Alone(2))),
        Skips("a host without NLB", GivenPrint.Farm(GivenPrint.Other)),
    ];

    private static FarmSubject Asked(params DnsAnswer[] answers) => Asked(new DnsAnswers { Farms = [new(GivenPrint.Name) { OldNames = [GivenPrint.OldName] }], Items = [.. answers] });

    private static FarmSubject Asked(DnsAnswers answers) => GivenPrint.Farm(GivenPrint.Node(1).Asked(answers), GivenPrint.Node(2).Asked(answers));

    private static HostReading Alone(int number) => GivenPrint.Node(number).Asked(new() { Farms = [new(GivenPrint.Name)], Items = [GivenPrint.Answer(GivenPrint.Name, GivenPrint.Address)] });

    private static HostReading Unasked(int number) => GivenPrint.Node(number) with { Dns = Sample.Failed<DnsAnswers>(SectionState.Failed, "No DNS server can be reached.") };
}

using System.Collections.Immutable;
using HyperVDash.Model;
using HyperVDash.Model.Dns;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;
using HyperVDash.Rules.LoadBalancing;

namespace HyperVDash.Rules.Dns;

public sealed class ClusterNameNotInDns : NameRule
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    public override RuleCard Card { get; } = new("HVD909", "dns-cluster-name-missing", RuleScope.Farm, RuleKind.Configuration)
    {
        Title = "No A record for the NLB cluster name, or it points elsewhere",
        Why = "Clients map \\\\cluster\\share: without the record they miss the farm, with another address they reach a dead one.",
        Fix = "One A record, typed in, with the virtual address alone, at every DNS server of the zone.",
        Quiet = "The name was asked for without a search suffix; what a client's own hosts file says is not seen. Which name clients use says the setting Agent:PrintFarms, for NLB's own is often a placeholder.",
        Sections = ["dns", "loadBalancing"],
        Mentions = ["printServer", "operatingSystem"],
        ExplainedBy = [new("HVD901", Relation.ImpactedHost)],
        Severities = [Severity.Info, Severity.Warning, Severity.Error],
        Origin = "Field notes of December 2007, third post, step 5",
    };

    protected override IEnumerable<Verdict> Examine(PrintFarm farm, FarmSubject all, RuleContext context)
    {
        if (farm.Names.IsEmpty)
        {
            yield return farm.Nodes.Select(n => Blocked(n, context, "loadBalancing", "dns")).FirstOrDefault(u => u is not null)
                ?? new Verdict.Unknown("dns", $"Which name clients use for {farm.Address} is not known; name it in Agent:PrintFarms.");
            yield break;
        }

        foreach (string name in farm.Names.Select(f => f.ClusterName))
        {
            foreach (var verdict in Judge(farm, name, all, context))
            {
                yield return verdict with { Object = farm.DnsName(name) };
            }
        }
    }

    private static IEnumerable<Verdict> Judge(PrintFarm farm, string name, FarmSubject all, RuleContext context)
    {
        var answers = FarmNames.Of(name, all, context);
        var remedy = Mend(farm.Nodes[0].Host, RemedyRisk.Online, $"Enter one A record for {name} with {farm.Address}, and remove every other.", $"In DNS Manager enter one host record for {name} with {farm.Address}, and remove every other.",
        [
            .. answers.SelectMany(a => a.Answer.Addresses ?? []).Where(a => a != farm.Address).Distinct(StringComparer.Ordinal).Select(a => PowerShell.Line($"Remove-DnsServerResourceRecord -ComputerName <dns> -ZoneName {ZoneOf(name)} -Name {HostOf(name)} -RRType A -RecordData {a}")),
            .. answers.All(a => a.Answer.Addresses?.Contains(farm.Address) == true) ? Array.Empty<string>() : [PowerShell.Line($"Add-DnsServerResourceRecordA -ComputerName <dns> -ZoneName {ZoneOf(name)} -Name {HostOf(name)} -IPv4Address {farm.Address}")],
        ]);
        if (AddressUnread(farm, context) is { } unread)
        {
            yield return unread;
            yield break;
        }

        if (Fault(farm.Address, answers) is { } fault)
        {
            yield return Fire(farm, name, answers, fault.Variant, fault.Severity, $"The farm's name {name} {fault.What}; {farm.Address} is expected", "Clients miss the farm, or some of them reach an address where nobody answers.", remedy);
        }

        if (answers.Any(a => a.Answer.IsDynamic == true))
        {
            yield return Fire(farm, name, answers, "dynamic", Severity.Warning, $"The record of {name} was registered by a computer and not typed in", "It goes when that computer goes, or changes with it.", remedy);
        }

        if (answers.Where(a => a.Answer.TimeToLive > Longest).Select(a => a.Answer.TimeToLive!.Value).DefaultIfEmpty().Max() is var kept && kept > Longest)
        {
            yield return Fire(farm, name, answers, "kept", Severity.Info, $"Clients keep the address of {name} for {kept.TotalHours:0.#} hours", "After a move of the farm they go to the old address so long.",
                Mend(farm.Nodes[0].Host, RemedyRisk.Online, "Give the record a time to live of an hour at most.", $"In DNS Manager (View, Advanced) give the record of {name} a time to live of an hour at most.", PowerShell.Line($"Get-DnsServerResourceRecord -ComputerName <dns> -ZoneName {ZoneOf(name)} -Name {HostOf(name)} -RRType A")));
        }

        yield return FarmNames.Unasked(farm, answers, context) as Verdict ?? Verdict.Passed;
    }

    public override ImmutableArray<Example<FarmSubject>> Examples { get; } =
    [
        Fires(Severity.Error, "printnlb.lab does not exist", Asked(GivenPrint.Answer(GivenPrint.Name))),
        Passes("printnlb.lab leads to 10.0.0.50 alone", GivenPrint.Healthy),
        Fires(Severity.Error, "it leads to another address", Asked(GivenPrint.Answer(GivenPrint.Name, "10.0.0.21"))),
        Fires(Severity.Warning, "it leads to 10.0.0.50 and to another address", Asked(GivenPrint.Answer(GivenPrint.Name, "10.0.0.21", GivenPrint.Address))),
        Fires(Severity.Warning, "two DNS servers differ", Asked(GivenPrint.Answer(GivenPrint.Name, GivenPrint.Address), GivenPrint.Answer(GivenPrint.Name, "10.0.0.21") with { Source = "zone lab of DC2" })),
        Fires(Severity.Warning, "it is an alias", Asked(GivenPrint.Answer(GivenPrint.Name, GivenPrint.Address) with { Alias = "print.lab" })),
        Fires(Severity.Warning, "a computer registered the record", Asked(GivenPrint.Answer(GivenPrint.Name, GivenPrint.Address) with { IsDynamic = true })),
        Passes("it is kept for an hour", Asked(GivenPrint.Answer(GivenPrint.Name, GivenPrint.Address) with { TimeToLive = TimeSpan.FromHours(1) })),
        Fires(Severity.Info, "it is kept for an hour and a second", Asked(GivenPrint.Answer(GivenPrint.Name, GivenPrint.Address) with { TimeToLive = TimeSpan.FromSeconds(3601) })),
        CannotTell("no DNS server answers", Asked(new DnsAnswer(GivenPrint.Name, "10.0.0.2") { Error = "DNS server 10.0.0.2 does not answer." })),
        CannotTell("nobody asked", GivenPrint.Farm(Unasked(1), Unasked(2))),
        CannotTell("the name is not known", Asked(new DnsAnswers())),
        Skips("a host without NLB", GivenPrint.Farm(GivenPrint.Other)),
    ];

    private static FarmSubject Asked(params DnsAnswer[] answers) => Asked(new DnsAnswers { Farms = [new(GivenPrint.Name)], Items = [.. answers] });

    private static FarmSubject Asked(DnsAnswers answers) => GivenPrint.Farm(GivenPrint.Node(1).Asked(answers), GivenPrint.Node(2).Asked(answers));

    private static HostReading Unasked(int number) => GivenPrint.Node(number) with { Dns = Sample.Failed<DnsAnswers>(SectionState.Off, "No print farm is configured (Agent:PrintFarms).") };
}

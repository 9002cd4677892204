using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Print;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;
using HyperVDash.Rules.LoadBalancing;

namespace HyperVDash.Rules.Print;

public sealed class AliasRefused : PrintFarmRule
{
    private const string Server = @"HKLM:\SYSTEM\CurrentControlSet\Services\LanmanServer\Parameters";
    private const string Print = @"HKLM:\SYSTEM\CurrentControlSet\Control\Print";

    public override RuleCard Card { get; } = new("HVD912", "alias-hardening-blocks", RuleScope.Farm, RuleKind.Configuration)
    {
        Title = "Security settings refuse access through an alias name",
        Why = "DNS and OptionalNames look right and access is still denied: the server checks under which name it was called, or the client may not sign in by NTLM, which is all that is left for a name without an account.",
        Fix = "List the names in OptionalNames or switch the strict name check off; list them for the hardening level too; accept NTLM for the farm, for one principal name cannot stand on two accounts.",
        Quiet = "All names are in OptionalNames and the hardening level is 0. Hardening level and NTLM rest on field practice and are warnings. Principal names stand in the directory, which is not read.",
        Sections = ["printServer", "dns", "loadBalancing"],
        Mentions = ["operatingSystem"],
        ExplainedBy = [new("HVD901", Relation.ImpactedHost)],
        Severities = [Severity.Warning, Severity.Error],
        Confidence = 0.75,
        Origin = "What steps 6 and 7 of the third post of December 2007 mean on later Windows; published guidance on aliases of print servers; field practice for hardening and NTLM",
    };

    protected override IEnumerable<Verdict> Examine(PrintFarm farm, FarmSubject all, RuleContext context)
    {
        bool isAlias = farm.Nodes.SelectMany(n => n.Host.Reading.Dns.Content?.Items ?? []).Any(a => a.Alias is not null && farm.Names.Any(f => f.ClusterName == a.Name || f.OldNames.Contains(a.Name)));
        foreach (var node in farm.Nodes)
        {
            foreach (var verdict in NotAsked(farm, node, context) is { } none ? [none] : Judge(farm, node, isAlias))
            {
                yield return verdict with { Object = node.Host.Identity };
            }
        }
    }

    private static Verdict? NotAsked(PrintFarm farm, PrintFarmNode node, RuleContext context) => RegistryUnread(node, context) ?? NamesUnread(farm, context)
        ?? (farm.Names.IsEmpty ? new Verdict.Unknown("dns", "Which names clients use is not known; name them in Agent:PrintFarms.")
        : node.Server!.Aliases is null ? NotSaid("printServer", "the values that decide about aliases") : null);

    private static IEnumerable<Verdict> Judge(PrintFarm farm, PrintFarmNode node, bool isAlias)
    {
        var aliases = node.Server!.Aliases!;
        var names = farm.Aliases.Where(a => a != PrintFarmNode.Short(node.Name)).ToList();
        var unlisted = Without(names, aliases.OptionalNames);
        var unallowed = Without(names, aliases.AllowedNames);
        if (unlisted.Count > 0 && aliases.IsStrictNameCheckingOff == false && !aliases.Unread.Contains("OptionalNames"))
        {
            yield return Fire(farm, node, "strict", Severity.Error, $"{node.Name} checks names strictly and does not know {string.Join(", ", unlisted)}");
        }

        if (aliases.HardeningLevel >= 1 && unallowed.Count > 0 && !aliases.Unread.Contains("SrvAllowedServerNames"))
        {
            yield return Fire(farm, node, "hardening", Severity.Warning, $"{node.Name} has hardening level {aliases.HardeningLevel} and does not allow {string.Join(", ", unallowed)}");
        }

        if (isAlias && aliases.IsDnsOnWire == false)
        {
            yield return Fire(farm, node, "cname", Severity.Warning, $"Clients reach {node.Name} through an alias in DNS, for which its spooler does not print");
        }

        if (aliases.NtlmRestriction >= 1)
        {
            yield return Fire(farm, node, "ntlm", Severity.Warning, $"{node.Name} restricts NTLM, the only way to sign in to a farm's name");
        }

        string[] needed = [.. unlisted.Count > 0 && aliases.IsStrictNameCheckingOff is null ? ["DisableStrictNameChecking"] : Array.Empty<string>(), .. isAlias && aliases.IsDnsOnWire is null ? ["DnsOnWire"] : Array.Empty<string>()];
        yield return needed.Concat(aliases.Unread.Where(u => u is "OptionalNames" or "SmbServerNameHardeningLevel" or "SrvAllowedServerNames" or "RestrictReceivingNTLMTraffic")).FirstOrDefault() is { } unread
            ? NotSaid("printServer", unread) : Verdict.Passed;
    }

    private static List<string> Without(List<string> names, ImmutableArray<string>? listed) => names.FindAll(n => !(listed ?? []).Any(l => PrintFarmNode.Short(l) == n));

    private static Verdict.Fire Fire(PrintFarm farm, PrintFarmNode node, string variant, Severity severity, string title)
    {
        var aliases = node.Server!.Aliases!;
        string names = string.Join(",", farm.Aliases.Select(PowerShell.Quote));
        string? command = variant switch
        {
            "strict" => $"Set-ItemProperty '{Server}' DisableStrictNameChecking 1 -Type DWord; Restart-Service LanmanServer -Force",
            "hardening" => $"Set-ItemProperty '{Server}' SrvAllowedServerNames -Value {names} -Type MultiString; Restart-Service LanmanServer -Force",
            "cname" => $"Set-ItemProperty '{Print}' DnsOnWire 1 -Type DWord; Restart-Service Spooler",
            _ => null,
        };
        return new(variant, severity, title)
        {
            Impact = "Clients that use this name are refused, although DNS and OptionalNames look right.",
            Remedy = command is null
                ? new("Except the print nodes from the policy that restricts NTLM. Do not register one principal name on two accounts: then Kerberos fails for both.") { Risk = RemedyRisk.Online }
                : Mend(node.Host, RemedyRisk.Online, $"Let {node.Name} take calls under the farm's names.", $"In the registry of {node.Name}: {command}", PowerShell.Line($"Invoke-Command -ComputerName {node.Host}") + $" {{ {command} }}"),
            Evidence =
            [
                Fact(node.Host, "printServer", $"{node.Name}: OptionalNames", List(aliases.OptionalNames), variant == "strict" ? string.Join(" | ", farm.Aliases) : null, "registry OptionalNames"),
                Fact(node.Host, "printServer", $"{node.Name}: strict name check", aliases.IsStrictNameCheckingOff switch { true => "off", false => "on", _ => null }, variant == "strict" ? "off, or all names in OptionalNames" : null, "registry DisableStrictNameChecking"),
                Fact(node.Host, "printServer", $"{node.Name}: hardening level", aliases.HardeningLevel?.ToString(CultureInfo.InvariantCulture) ?? "absent", variant == "hardening" ? "0" : null, "registry SmbServerNameHardeningLevel"),
                Fact(node.Host, "printServer", $"{node.Name}: names allowed under it", List(aliases.AllowedNames), variant == "hardening" ? string.Join(" | ", farm.Aliases) : null, "registry SrvAllowedServerNames"),
                Fact(node.Host, "printServer", $"{node.Name}: prints for aliases in DNS", aliases.IsDnsOnWire switch { true => "yes", false => "no", _ => null }, variant == "cname" ? "yes" : null, "registry DnsOnWire"),
                Fact(node.Host, "printServer", $"{node.Name}: NTLM restriction", aliases.NtlmRestriction?.ToString(CultureInfo.InvariantCulture) ?? "absent", variant == "ntlm" ? "0" : null, "registry RestrictReceivingNTLMTraffic"),
            ],
            Affected = [new(AffectedRole.Context, farm.Identity)],
        };
    }

    private static string List(ImmutableArray<string>? names) => names is { } told ? told.IsEmpty ? "none" : string.Join(" | ", told.Select(VisibleText.Of)) : "absent";

    public override ImmutableArray<Example<FarmSubject>> Examples { get; } =
    [
        Fires(Severity.Warning, "hardening level 1 with no allowed names", Second(a => a with { HardeningLevel = 1, AllowedNames = [] })),
        Fires(Severity.Warning, "hardening level 2 with the farm's name only", Second(a => a with { HardeningLevel = 2, AllowedNames = ["PRINTNLB"] })),
        Passes("hardening level 1 with all names allowed, one of them with its domain", Second(a => a with { HardeningLevel = 1, AllowedNames = ["printnlb.lab", "OLDPRN"] })),
        Passes("hardening level 0, no strict check, aliases in DNS accepted", GivenPrint.Healthy),
        Fires(Severity.Error, "strict name check, and the old name is not in OptionalNames", Second(a => a with { IsStrictNameCheckingOff = false, OptionalNames = ["PRINTNLB"] })),
        Passes("strict name check with all names in OptionalNames", Second(a => a with { IsStrictNameCheckingOff = false })),
        Fires(Severity.Error, "strict name check, and OptionalNames is one text with several names", Second(a => a with { IsStrictNameCheckingOff = false, OptionalNames = ["OLDPRN,PRINTNLB"], OptionalNamesType = RegistryType.String })),
        Fires(Severity.Warning, "an old name is an alias in DNS and the spooler does not print for those", Alias(false)),
        Passes("an old name is an alias in DNS and the spooler prints for those", Alias(true)),
        Fires(Severity.Warning, "NTLM is restricted", Second(a => a with { NtlmRestriction = 1 })),
        Passes("NTLM is not restricted", Second(a => a with { NtlmRestriction = 0 })),
        CannotTell("the hardening level was not read", Second(a => a with { HardeningLevel = null, Unread = ["SmbServerNameHardeningLevel"] })),
        CannotTell("the print role of P2 is denied", GivenPrint.Farm(GivenPrint.Node(1), GivenPrint.Node(2) with { PrintServer = Sample.Failed<PrintServer>(SectionState.Denied, "needs Remote Enable") })),
        CannotTell("the farm's names are not known", GivenPrint.Farm(GivenPrint.Node(1).Asked(new()), GivenPrint.Node(2).Asked(new()))),
        Skips("a host without NLB", GivenPrint.Farm(GivenPrint.Other)),
    ];

    private static FarmSubject Second(Func<ServerAliases, ServerAliases> change) => GivenPrint.Farm(GivenPrint.Node(1), GivenPrint.Node(2).Aliases(change));

    private static FarmSubject Alias(bool isOnWire)
    {
        var answers = GivenPrint.Answers([GivenPrint.Address], []);
        answers = answers with { Items = [answers.Items[0], answers.Items[1] with { Alias = GivenPrint.Name }] };
        return GivenPrint.Farm(GivenPrint.Node(1).Asked(answers), GivenPrint.Node(2).Asked(answers).Aliases(a => a with { IsDnsOnWire = isOnWire }));
    }
}

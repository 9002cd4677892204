using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model.Findings;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.LoadBalancing;

namespace HyperVDash.Rules.Dns;

/// <summary>What the rules about names of a farm in DNS share: each name must lead to the virtual address and nowhere else, at every DNS server.</summary>
public abstract class NameRule : PrintFarmRule
{
    /// <summary>Why the virtual address is not known now: no node of the farm can be read.</summary>
    private protected static Verdict.Unknown? AddressUnread(PrintFarm farm, RuleContext context) =>
        farm.Nodes.All(n => Blocked(n, context, "loadBalancing") is not null) ? Blocked(farm.Nodes[0], context, "loadBalancing") : null;

    /// <summary>How bad the answers are, the worst first; null: every source gives the farm's address alone.</summary>
    private protected static (string Variant, Severity Severity, string What)? Fault(string address, ImmutableArray<NameAnswer> answers)
    {
        var told = answers.Where(a => a.Answer.Addresses is not null).ToList();
        var wrong = told.FindAll(a => a.Answer.Alias is null && !a.Answer.Addresses!.Value.Contains(address));
        return wrong.Count > 0 && wrong.Count < told.Count ? ("differs", Severity.Warning, $"leads elsewhere at {wrong[0].Answer.Source}: {wrong[0].Words}")
            : wrong.Count > 0 && wrong.TrueForAll(a => a.Answer.Addresses!.Value.IsEmpty) ? ("missing", Severity.Error, "does not exist in DNS")
            : wrong.Count > 0 ? ("elsewhere", Severity.Error, $"leads to {wrong[0].Words}")
            : told.Find(a => a.Answer.Alias is not null) is { } alias ? ("alias", Severity.Warning, $"is an alias of {alias.Answer.Alias}")
            : told.Find(a => !a.IsOnly(address)) is { } several ? ("several", Severity.Warning, $"leads to {several.Words}")
            : null;
    }

    private protected static Verdict.Fire Fire(PrintFarm farm, string name, ImmutableArray<NameAnswer> answers, string variant, Severity severity, string title, string impact, Remedy remedy) => new(variant, severity, title)
    {
        Impact = impact,
        Remedy = remedy,
        Evidence =
        [
            .. answers.Select(a => Fact(a.Host, "dns", $"{name} at {VisibleText.Of(a.Answer.Source)}", a.Answer.Error is { } error ? VisibleText.Of(error) : a.Words, $"{farm.Address} alone", "DNS A and CNAME records")),
            .. answers.Where(a => a.Answer.TimeToLive is not null).Select(a => Fact(a.Host, "dns", $"Kept for, at {VisibleText.Of(a.Answer.Source)}", $"{a.Answer.TimeToLive!.Value.TotalMinutes.ToString("0.#", CultureInfo.InvariantCulture)} min", variant == "kept" ? "60 min at most" : null, "TTL")),
            .. answers.Where(a => a.Answer.IsDynamic is not null).Select(a => Fact(a.Host, "dns", $"Record at {VisibleText.Of(a.Answer.Source)}", a.Answer.IsDynamic == true ? "registered by a computer" : "typed in", "typed in", "MicrosoftDNS_AType.TimeStamp")),
        ],
        Affected = [new(AffectedRole.Impacted, farm.Identity)],
    };

    /// <summary>The zone that holds the name, as far as the name tells.</summary>
    private protected static string ZoneOf(string name) => name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..];

    private protected static string HostOf(string name) => name.Split('.')[0];
}

using System.Collections.Immutable;
using HyperVDash.Model.Dns;
using HyperVDash.Model.Fleet;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.LoadBalancing;

namespace HyperVDash.Rules.Dns;

/// <summary>What every source says of the names of a farm.</summary>
internal static class FarmNames
{
    /// <summary>The answers about one name, each source once, with the host that asked or holds the zone. Reads <c>dns</c> of all hosts.</summary>
    public static ImmutableArray<NameAnswer> Of(string name, FarmSubject all, RuleContext context) =>
    [
        .. all.Hosts.Where(h => SectionGate.Check(h, "dns", context) is null || h.Reading.Dns.State == SectionState.Partial).SelectMany(h => (h.Reading.Dns.Content?.Items ?? []).Where(a => a.Name == name).Select(a => new NameAnswer(h, a)))
            .DistinctBy(a => a.Answer.Source, StringComparer.Ordinal).OrderBy(a => a.Answer.Source, StringComparer.Ordinal),
    ];

    /// <summary>Why the answers may not be all there is: a node did not ask, or a DNS server said nothing; null: they are.</summary>
    public static Verdict.Unknown? Unasked(PrintFarm farm, ImmutableArray<NameAnswer> answers, RuleContext context)
    {
        foreach (var node in farm.Nodes)
        {
            if ((SectionGate.Check(node.Host, "loadBalancing", context) ?? SectionGate.Check(node.Host, "dns", context)) is Verdict.Unknown unknown)
            {
                return unknown with { Reason = $"{node.Name}: {unknown.Reason}" };
            }
        }

        foreach (var answer in answers)
        {
            if (SectionGate.Check(answer.Host, "dns", context) is Verdict.Unknown unknown)
            {
                return unknown with { Reason = $"{answer.Host.Name}: {unknown.Reason}" };
            }
        }

        return answers.IsEmpty ? new Verdict.Unknown("dns", "No DNS server was asked for the name.")
            : answers.FirstOrDefault(a => a.Answer.Addresses is null) is { } silent ? new Verdict.Unknown("dns", $"{silent.Answer.Source}: {silent.Answer.Error ?? "no answer"}") : null;
    }
}

/// <param name="Host">The host in whose section it stands.</param>
internal sealed record NameAnswer(HostSubject Host, DnsAnswer Answer)
{
    /// <summary>Nothing but the address.</summary>
    public bool IsOnly(string address) => Answer.Addresses is [var only] && only == address;

    public string Words => Answer switch
    {
        { Addresses: null } => "no answer",
        { Addresses: { IsEmpty: true }, Alias: { } alias } => $"alias of {alias}",
        { Addresses: { IsEmpty: true } } => "no such name",
        { Addresses: { } addresses } => string.Join(", ", addresses) + (Answer.Alias is { } target ? $" through {target}" : ""),
    };
}

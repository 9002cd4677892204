using System.Collections.Immutable;
using HyperVDash.Model.Findings;
using HyperVDash.Rules;
using HyperVDash.Web.Fleet;

namespace HyperVDash.Web.Features.Findings;

/// <summary>Findings of one rule or one object; what all its rows share stands once, at the foot.</summary>
/// <param name="Key">Rule id, or the object's id.</param>
/// <param name="Title">What the rule says is wrong, or the object's name.</param>
public sealed record FindingGroup(string Key, string Title, ImmutableArray<Finding> Findings)
{
    public Severity Worst => Findings.Max(f => f.Severity);

    public DateTimeOffset Oldest => Findings.Min(f => f.FirstSeen);

    public string Count => $"{Findings.Length} {(Findings.Length == 1 ? Noun(Findings[0].Subject.Kind) : Findings.Select(f => f.Subject.Kind).Distinct().Count() == 1 ? $"{Noun(Findings[0].Subject.Kind)}{Plural(Findings[0].Subject.Kind)}" : "objects")}";

    /// <summary>Where every row's first fact was read: CIM sources all rows have in common.</summary>
    public ImmutableArray<string> SharedSources => Findings.Select(f => f.Evidence.Select(e => e.Source).OfType<string>().ToHashSet(StringComparer.Ordinal))
        .Aggregate((all, more) => { all.IntersectWith(more); return all; }).Order(StringComparer.Ordinal).Take(3).ToImmutableArray();

    public static ImmutableArray<FindingGroup> ByRule(IEnumerable<Finding> findings) =>
        [.. findings.GroupBy(f => f.RuleId).Select(g => new FindingGroup(g.Key, RuleCatalogue.Find(g.Key)?.Card.Title ?? g.Key, [.. g]))];

    public static ImmutableArray<FindingGroup> ByObject(IEnumerable<Finding> findings) =>
        [.. findings.GroupBy(f => (f.Subject.Kind, f.Subject.Id)).Select(g => new FindingGroup(g.Key.Id, g.First().Subject.Name, [.. g]))];

    private static string Noun(ObjectKind kind) => kind switch
    {
        ObjectKind.VirtualMachine => "VM", ObjectKind.Host => "host", ObjectKind.Cluster => "cluster", ObjectKind.ClusterNode => "node", ObjectKind.Switch => "switch",
        ObjectKind.Drive => "drive", ObjectKind.Controller => "controller", ObjectKind.NetworkAdapter => "adapter", ObjectKind.PhysicalAdapter => "adapter", ObjectKind.Service => "service", ObjectKind.LoadBalancingCluster => "print farm",
        ObjectKind.PrintQueue => "queue", ObjectKind.DnsName => "name", _ => "object",
    };

    private static string Plural(ObjectKind kind) => kind == ObjectKind.Switch ? "es" : "s";
}

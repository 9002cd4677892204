using System.Collections.Immutable;
using HyperVDash.Model.Findings;
using HyperVDash.Rules.Engine;
using HyperVDash.Web.Fleet;

namespace HyperVDash.Web.Features.Rules;

/// <summary>What other settings would make of the present readings, for one rule. Both sides are worked out anew from one sample, so that they can be compared.</summary>
/// <param name="Closed">Findings that would be there no more.</param>
/// <param name="Opened">Findings that would be new.</param>
/// <param name="Graded">Findings with another severity, as they would be.</param>
/// <param name="Accepted">Findings that would be accepted and are open now.</param>
/// <param name="Reopened">Findings that are accepted and would be open.</param>
/// <param name="Unknown">Objects that cannot be judged now: nobody knows what it would do to them.</param>
public sealed record FindingForecast(
    ImmutableArray<Finding> Closed, ImmutableArray<Finding> Opened, ImmutableArray<Finding> Graded, ImmutableArray<Finding> Accepted, ImmutableArray<Finding> Reopened, int Unknown)
{
    public bool IsNothing => Closed.IsEmpty && Opened.IsEmpty && Graded.IsEmpty && Accepted.IsEmpty && Reopened.IsEmpty;

    public static FindingForecast Of(FleetView fleet, IRule rule, RuleSettings now, RuleSettings next)
    {
        var (before, _) = Found(fleet, rule, now);
        var (after, unknown) = Found(fleet, rule, next);
        var both = before.Values.Where(f => after.ContainsKey(f.Id)).Select(f => (Was: f, Becomes: after[f.Id])).ToList();
        return new(
            Ordered(before.Values.Where(f => !after.ContainsKey(f.Id))),
            Ordered(after.Values.Where(f => !before.ContainsKey(f.Id))),
            Ordered(both.Where(b => b.Was.Severity != b.Becomes.Severity).Select(b => b.Becomes)),
            Ordered(both.Where(b => b.Was.Accepted is null && b.Becomes.Accepted is not null).Select(b => b.Becomes)),
            Ordered(both.Where(b => b.Was.Accepted is not null && b.Becomes.Accepted is null).Select(b => b.Becomes)),
            unknown);
    }

    private static ImmutableArray<Finding> Ordered(IEnumerable<Finding> findings) =>
        [.. findings.OrderByDescending(f => f.Severity).ThenBy(f => f.Subject.Name, StringComparer.OrdinalIgnoreCase).ThenBy(f => f.Id, StringComparer.Ordinal)];

    private static (Dictionary<string, Finding> Findings, int Unknown) Found(FleetView fleet, IRule rule, RuleSettings settings)
    {
        IRule[] only = [rule];
        ImmutableArray<HostSubject> hosts = [.. fleet.Hosts.Select(h => new HostSubject(h.Reading))];
        List<FindingBook> books =
        [
            .. hosts.Select(h => RuleEngine.ExamineHost(h, settings, fleet.At, only))
                .Concat(RuleEngine.ClustersOf(hosts).Select(c => RuleEngine.ExamineCluster(c, settings, fleet.At, only)))
                .Append(RuleEngine.ExamineFarm(new FarmSubject(hosts), settings, fleet.At, only))
                .Select(e => new FindingBook { IsSingleSample = true }.Apply(e)),
        ];
        return (books.SelectMany(b => b.Findings).DistinctBy(f => f.Id).ToDictionary(f => f.Id), Tally.Sum(books.SelectMany(b => b.Tallies)).Sum(t => t.Unknown));
    }
}

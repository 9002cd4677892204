using System.Text.RegularExpressions;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Agent.Commands;

/// <summary>What <c>check</c> prints for people: a line a finding, what could not be checked with the reasons, and the counts.</summary>
internal static class CheckTable
{
    /// <summary>Whose the rules are that look at every host together.</summary>
    public const string AllHosts = "all hosts";

    private const int MaxReasons = 10;

    private const int MaxNames = 3;

    /// <param name="books">What the rules said of each host, of each cluster and of all hosts together, under the name of whom it is.</param>
    public static IEnumerable<string> Lines(FindingReport report, IReadOnlyCollection<HostReading> hosts, IReadOnlyCollection<(string Who, FindingBook Book)> books)
    {
        var found = books.SelectMany(b => b.Book.Findings.Select(f => (f.Id, b.Who))).DistinctBy(f => f.Id).ToDictionary(f => f.Id, f => f.Who);
        var byId = hosts.DistinctBy(h => h.Id ?? h.Key, StringComparer.OrdinalIgnoreCase).ToDictionary(h => h.Id ?? h.Key, h => (h.Name, Word: Word(h.Name)), StringComparer.OrdinalIgnoreCase);
        foreach (var finding in report.Findings.OrderBy(f => f.Accepted is not null))
        {
            string title = Placed(finding, byId, found);
            yield return finding.Accepted is { } by
                ? $"accepted  {finding.RuleId}  {title} ({finding.Severity.ToString().ToLowerInvariant()}, accepted by {by.Owner} until {by.ReviewBy:o})"
                : $"{finding.Severity.ToString().ToLowerInvariant(),-9} {finding.RuleId}  {title}";
        }

        foreach (string line in Unchecked(books.SelectMany(b => b.Book.Tallies.Select(t => (b.Who, t)))))
        {
            yield return line;
        }

        int unknown = report.Rules.Sum(r => r.Unknown);
        int accepted = report.Findings.Count(f => f.Accepted is not null);
        yield return $"{report.Findings.Length - accepted} {(report.Findings.Length - accepted == 1 ? "finding" : "findings")}{(accepted > 0 ? $", {accepted} more are accepted" : "")}; {report.Rules.Sum(r => r.Checked)} checks, {unknown} of them could not be made.";
    }

    /// <summary>With its host or cluster in front of a title that says nothing of where it is.</summary>
    private static string Placed(Finding finding, Dictionary<string, (string Name, Regex Word)> hosts, Dictionary<string, string> found)
    {
        if (finding.Subject.HostId is { } id && hosts.TryGetValue(id, out var host))
        {
            return host.Word.IsMatch(finding.Title) ? finding.Title : $"{host.Name}: {finding.Title}";
        }

        string? where = found.GetValueOrDefault(finding.Id);
        bool isSaid = where is null or AllHosts || Word(where).IsMatch(finding.Title) || hosts.Values.Any(h => h.Word.IsMatch(finding.Title));
        return isSaid ? finding.Title : $"{where}: {finding.Title}";
    }

    /// <summary>Finds a name as a word of its own: HV1 is not named where HV10 is.</summary>
    private static Regex Word(string name) => new($@"(?<!\w){Regex.Escape(name)}(?!\w)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    private static IEnumerable<string> Unchecked(IEnumerable<(string Who, RuleTally Tally)> tallies)
    {
        var reasons = tallies
            .SelectMany(t => t.Tally.Reasons.Where(r => r.Outcome == "unknown").Select(r => (t.Who, t.Tally.RuleId, r.Reason, r.Count)))
            .GroupBy(r => r.Reason, StringComparer.Ordinal)
            .Select(g => (Reason: g.Key, Count: g.Sum(r => r.Count), Who: Some(Nearest([.. g.Select(r => r.Who)])), Rules: Some(g.Select(r => r.RuleId))))
            .OrderByDescending(r => r.Count).ThenBy(r => r.Reason, StringComparer.Ordinal)
            .ToList();
        if (reasons.Count == 0)
        {
            yield break;
        }

        yield return "Could not be checked:";
        foreach (var (reason, count, who, rules) in reasons.Take(MaxReasons))
        {
            yield return $"{count,7}  {who}: {reason} ({rules})";
        }

        if (reasons.Count > MaxReasons)
        {
            yield return $"         and for {reasons.Count - MaxReasons} more {(reasons.Count == MaxReasons + 1 ? "reason" : "reasons")}; --format json lists all of them.";
        }
    }

    /// <summary>A host that cannot be read is missed by the rules over all hosts too, and then it is the host that is meant.</summary>
    private static IEnumerable<string> Nearest(IReadOnlyCollection<string> who) => who.Any(w => w != AllHosts) ? who.Where(w => w != AllHosts) : who;

    private static string Some(IEnumerable<string> all)
    {
        var names = all.Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase).ToList();
        return names.Count <= MaxNames ? string.Join(", ", names) : $"{string.Join(", ", names.Take(MaxNames))} and {names.Count - MaxNames} more";
    }
}

using System.Globalization;
using HyperVDash.Model.Findings;
using HyperVDash.Web.Fleet;

namespace HyperVDash.Web.Features.Now;

/// <summary>The one sentence the first page begins with. It calls nothing healthy that was not read.</summary>
/// <param name="Headline">The sentence.</param>
/// <param name="Kind">Shape of the worst thing in it.</param>
public sealed record VerdictSentence(string Headline, string Kind)
{
    public static VerdictSentence Of(FleetView fleet)
    {
        if (fleet.IsFirstReading)
        {
            return fleet.ExpectedHosts == 0
                ? new("Waiting for the first agent…", "unknown")
                : new($"Reading {fleet.ExpectedHosts} hosts…", "unknown");
        }

        int blind = fleet.Hosts.Count(h => !h.IsFullyKnown);
        string unseen = blind == 0 ? "" : blind == 1 ? " One host cannot be fully judged." : $" {Upper(Count(blind))} hosts cannot be fully judged.";
        foreach (var severity in (Severity[])[Severity.Critical, Severity.Error, Severity.Warning])
        {
            int count = fleet.Findings.Count(f => f.Severity == severity);
            if (count > 0)
            {
                string word = severity.ToString().ToLowerInvariant();
                return new($"{Upper(Count(count))} {word} finding{(count == 1 ? " is" : "s are")} open.{unseen}", word);
            }
        }

        return blind > 0
            ? new($"No finding is open where we can see.{unseen}", "unknown")
            : new($"Nothing is wrong that {fleet.Rules.Length} rules look for.", "ok");
    }

    private static string Count(int number) => number switch
    {
        1 => "one", 2 => "two", 3 => "three", 4 => "four", 5 => "five", 6 => "six", 7 => "seven", 8 => "eight", 9 => "nine", 10 => "ten",
        _ => number.ToString(CultureInfo.InvariantCulture),
    };

    private static string Upper(string word) => string.Concat(char.ToUpperInvariant(word[0]).ToString(), word.AsSpan(1));
}

using System.Globalization;
using HyperVDash.Model.Findings;
using HyperVDash.Rules;
using HyperVDash.Web.Fleet;

namespace HyperVDash.Web.Features.Now;

/// <summary>The one sentence the first page begins with. It calls nothing healthy that was not read.</summary>
/// <param name="Headline">The sentence.</param>
/// <param name="Kind">Shape of the worst thing in it.</param>
public sealed record VerdictSentence(string Headline, string Kind)
{
    public static VerdictSentence Of(FleetView fleet)
    {
        string[] silent = [.. fleet.Agents.Where(a => !a.IsConnected).Select(a => VisibleText.Of(a.Name))];
        int blind = fleet.Hosts.Count(h => !h.IsFullyKnown && !h.IsAwaited) + fleet.LostHosts;
        string unseen = blind == 0 ? "" : blind == 1 ? " One host cannot be fully judged." : $" {Upper(Count(blind))} hosts cannot be fully judged.";
        unseen += fleet.AwaitedHosts switch { 0 => "", 1 => " One host is still being read.", var many => $" {Upper(Count(many))} hosts are still being read." };
        unseen += silent.Length switch { 0 => "", 1 => $" Agent {silent[0]} says nothing.", _ => $" Agents {string.Join(", ", silent[..^1])} and {silent[^1]} say nothing." };
        // What is open leads, whatever else is not known: nobody waits with a critical finding for the last host to answer.
        foreach (var severity in (Severity[])[Severity.Critical, Severity.Error, Severity.Warning])
        {
            int count = fleet.Findings.Count(f => f.Severity == severity);
            if (count > 0)
            {
                string word = severity.ToString().ToLowerInvariant();
                return new($"{Upper(Count(count))} {word} finding{(count == 1 ? " is" : "s are")} open.{unseen}", word);
            }
        }

        if (fleet.IsFirstReading)
        {
            return new(FirstReading.Of(fleet).Title, "unknown");
        }

        if (fleet.IsFullyKnown)
        {
            string off = fleet.RulesOff switch { 0 => "", 1 => " One rule is off.", var many => $" {Upper(Count(many))} rules are off." };
            return fleet.Accepted.Length switch
            {
                0 => new($"Nothing is wrong that {fleet.RulesOn} rules look for.{off}", "ok"),
                1 => new($"Nothing is open. One finding is accepted.{off}", Standing.Of(fleet.Accepted[0] with { IsStale = false })),
                var accepted => new($"Nothing is open. {Upper(Count(accepted))} findings are accepted.{off}", Standing.Of(fleet.Accepted[0] with { IsStale = false })),
            };
        }

        string unmade = unseen.Length > 0 || fleet.UnknownChecks == 0 ? ""
            : fleet.UnknownChecks == 1 ? " One check could not be made." : $" {Upper(Count(fleet.UnknownChecks))} checks could not be made.";
        return new($"No finding is open where we can see.{unseen}{unmade}", "unknown");
    }

    private static string Count(int number) => number switch
    {
        1 => "one", 2 => "two", 3 => "three", 4 => "four", 5 => "five", 6 => "six", 7 => "seven", 8 => "eight", 9 => "nine", 10 => "ten",
        _ => number.ToString(CultureInfo.InvariantCulture),
    };

    private static string Upper(string word) => string.Concat(char.ToUpperInvariant(word[0]).ToString(), word.AsSpan(1));
}

using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Own;

namespace HyperVDash.Rules.Tuning;

/// <summary>What is wrong with tuned rules and accepted risks: a sentence each, which begins with the key and says what to write.</summary>
internal static class TuningMistakes
{
    private const int MaxEntries = 2000;
    private const int MaxText = 500;

    // Without them nobody would learn that others saw nothing.
    private static readonly string[] NeverOff = ["HVD110", "HVD111"];

    public static IEnumerable<string> Of(RuleSettings settings)
    {
        if (settings.Tuning.Length > MaxEntries)
        {
            yield return $"Rules:Tuning has {settings.Tuning.Length} entries; it may have {MaxEntries}. One entry with a name pattern or a tag can stand for many.";
        }

        if (settings.AcceptedRisks.Length > MaxEntries)
        {
            yield return $"Rules:AcceptedRisks has {settings.AcceptedRisks.Length} entries; it may have {MaxEntries}. One entry with a name pattern or a tag can stand for many.";
        }

        var rules = settings.Tuning.IsEmpty && settings.AcceptedRisks.IsEmpty ? RuleSet.Catalogue : RulesOf(settings);
        foreach (var (i, tuning) in settings.Tuning.Take(MaxEntries).Index())
        {
            string key = $"Rules:Tuning:{i}";
            foreach (string mistake in Of(key, tuning, rules, "{ \"Rule\": \"HVD204\", \"Off\": true }").Concat(TooLong($"{key}:Reason", tuning.Reason)))
            {
                yield return mistake;
            }

            if (tuning.Off is null && tuning.Severity is null)
            {
                yield return $"{key} says nothing about {tuning.Rule}; give it \"Off\": true or a Severity.";
            }

            if (tuning.Off == true && NeverOff.Contains(tuning.Rule, StringComparer.OrdinalIgnoreCase))
            {
                yield return $"{key}:Off is true for {tuning.Rule}, which tells what could not be read and cannot be switched off; give it a Severity, or name the risk in Rules:AcceptedRisks.";
            }
        }

        foreach (var (i, risk) in settings.AcceptedRisks.Take(MaxEntries).Index())
        {
            string key = $"Rules:AcceptedRisks:{i}";
            foreach (string mistake in Of(key, risk, rules, "{ \"Rule\": \"HVD204\", \"Host\": \"HV1\", \"Owner\": \"Ann\", \"ReviewBy\": \"2027-03-31\" }").Concat(TooLong($"{key}:Reason", risk.Reason)).Concat(TooLong($"{key}:Owner", risk.Owner)))
            {
                yield return mistake;
            }

            if (string.IsNullOrWhiteSpace(risk.Owner))
            {
                yield return $"{key}:Owner is missing; name who answers for this risk.";
            }

            if (risk.ReviewBy is null)
            {
                yield return $"{key}:ReviewBy is missing; write the last day on which the risk is accepted, such as 2027-03-31.";
            }

            if (risk.Finding is { } finding && (finding.Length != 64 || !finding.All(char.IsAsciiHexDigit)))
            {
                yield return $"{key}:Finding is '{Shown(finding)}'; it must be the id in the address of the finding's page, 64 digits of 0 to 9 and a to f.";
            }
        }
    }

    private static IEnumerable<string> Of(string key, TuningScope scope, RuleSet rules, string example)
    {
        if (scope.Rule.Length == 0)
        {
            yield return $"{key}:Rule is missing; an entry is written as {example}.";
        }
        else if (!rules.Knows(scope.Rule))
        {
            yield return $"{key}:Rule is '{Shown(scope.Rule)}', and there is no such rule; the Rules page lists them, and docs/rules, such as HVD204.";
        }

        foreach (var (name, text) in new[] { ("Cluster", scope.Cluster), ("Host", scope.Host), ("Tag", scope.Tag), ("SetBy", scope.SetBy) })
        {
            if (text is not null && string.IsNullOrWhiteSpace(text))
            {
                yield return $"{key}:{name} is blank; write its name, or leave the key out.";
            }

            foreach (string mistake in TooLong($"{key}:{name}", text))
            {
                yield return mistake;
            }
        }

        if (scope.Name is { } pattern && (pattern.Length > 200 || string.IsNullOrWhiteSpace(pattern) || pattern.Any(char.IsControl)))
        {
            yield return $"{key}:Name is '{Shown(pattern)}', which no name can fit; write up to 200 characters of a name, with * for any text and ? for one character, such as test-*.";
        }
        else if (scope.Name is not null && scope.Name.All(c => c == '*'))
        {
            yield return $"{key}:Name is '{Shown(scope.Name)}', which fits every name; leave the key out if all are meant.";
        }
    }

    private static IEnumerable<string> TooLong(string key, string? text) =>
        text?.Length > MaxText ? [$"{key} has {text.Length} characters; it may have {MaxText}."] : [];

    private static string Shown(string text) => VisibleText.Of(text.Length > 60 ? $"{text[..60]}…" : text);

    /// <summary>Where the user's own file cannot be read, that is said elsewhere.</summary>
    private static RuleSet RulesOf(RuleSettings settings)
    {
        try
        {
            return RuleSet.Of(settings);
        }
        catch (Exception unread) when (unread is IOException or UnauthorizedAccessException)
        {
            return RuleSet.Catalogue;
        }
    }
}

using System.Collections.Immutable;
using System.Text.Json.Nodes;
using HyperVDash.Agent.Settings;
using HyperVDash.Model.Json;
using HyperVDash.Rules;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Tuning;
using HyperVDash.Web.Fleet;
using HyperVDash.Web.Tuning;
using Microsoft.Extensions.Configuration;

namespace HyperVDash.Web.Features.Rules;

/// <summary>What is saved as it would be with a change that a visitor tries.</summary>
/// <param name="Saved">With the change; as it is if that holds a mistake.</param>
/// <param name="Settings">That over the settings file.</param>
/// <param name="Json">What to write into the settings file for the same; null where nothing is to be written there.</param>
/// <param name="Words">The change as a phrase.</param>
/// <param name="Fields">What asks for this change and nothing else, by the names of the form's fields.</param>
/// <param name="Mistakes">Sentences; with one the change can be neither tried nor saved.</param>
public sealed record RuleTrial(SavedTuning Saved, RuleSettings Settings, string? Json, string Words, ImmutableArray<(string Name, string Value)> Fields, ImmutableArray<string> Mistakes)
{
    /// <summary>What stands before the name of a threshold in the address of the page.</summary>
    public const string ThresholdPrefix = "t.";

    /// <summary>The act that takes a saved entry back.</summary>
    public const string Remove = "remove";

    /// <summary>Characters of one text.</summary>
    public const int MaxText = 500;

    private static readonly string[] Limits = ["Cluster", "Host", "VirtualMachine", "Name", "Tag"];

    /// <summary>Thresholds of a rule that the page can change: those with one value.</summary>
    public static ImmutableArray<(Threshold Threshold, Setting Setting)> Changeable(string ruleId, RuleSettings now) => [.. OfRule(ruleId, now).Where(p => Setting.IsScalar(p.Setting.Type))];

    private static IEnumerable<(Threshold Threshold, Setting Setting)> OfRule(string ruleId, RuleSettings now) =>
        Threshold.Of(ruleId, now).Join(Setting.Of(typeof(RuleSettings)), t => t.Key, s => s.Name, (t, s) => (t, s));

    /// <summary>The page on which a saved entry is changed, with its fields filled; null if the form cannot say what it says.</summary>
    public static string? ChangeLink(SavedEntry entry)
    {
        string? act = entry.Mistake is not null ? null : entry.Value switch
        {
            RuleTuning { Off: { } off, Severity: null } => off ? "off" : "on",
            RuleTuning { Off: null, Severity: { } severity } => severity.ToString().ToLowerInvariant(),
            AcceptedRisk => "accept",
            _ => null,
        };
        var risk = entry.Value as AcceptedRisk;
        return act is null ? null : Link(entry.Value.Rule, ("Entry", entry.Id), ("do", act),
            ("Cluster", entry.Value.Cluster), ("Host", entry.Value.Host), ("VirtualMachine", entry.Value.VirtualMachine?.ToString()), ("Name", entry.Value.Name), ("Tag", entry.Value.Tag),
            ("Finding", risk?.Finding), ("Owner", risk?.Owner), ("ReviewBy", risk?.ReviewBy is { } day ? $"{day:o}" : null), ("Reason", (entry.Value as RuleTuning)?.Reason ?? risk?.Reason));
    }

    /// <summary>The page on which a saved entry is taken back.</summary>
    public static string RemoveLink(string ruleId, SavedEntry entry) => Link(ruleId, ("Entry", entry.Id), ("do", Remove));

    /// <summary>The page on which a saved threshold is taken back.</summary>
    public static string RemoveLink(string ruleId, SavedThreshold threshold) => $"rules/{Uri.EscapeDataString(ruleId)}/try?{ThresholdPrefix}{threshold.Key}=";

    /// <summary>Null: nothing is asked for.</summary>
    /// <param name="asked">From the address or a form, by the names of the form's fields.</param>
    /// <param name="stamp">Who saves it; null while it is only tried.</param>
    public static RuleTrial? Of(string ruleId, RuleBook book, IReadOnlyDictionary<string, string> asked, Stamp? stamp = null)
    {
        string Asked(string name) => asked.TryGetValue(name, out string? text) ? text.Length > MaxText ? text[..(MaxText + 1)] : text : "";
        string act = Asked("do");
        var entry = asked.ContainsKey("Entry") ? book.Saved.Find(Asked("Entry")) : null;
        if (asked.ContainsKey("Entry") && (entry is null || !entry.IsOf(ruleId)))
        {
            return Wrong(book, "Entry is not there any more: somebody changed it or took it back. What holds now stands below.");
        }

        if (act == Remove)
        {
            return entry is null ? Wrong(book, "Entry is missing; it names what is taken back.") : Tried(book, book.Saved.Without(entry), null, $"{WordsOf(entry.Value)} is taken back", [("do", act), ("Entry", entry.Id)]);
        }

        // A list that somebody wrote by hand cannot be changed here, but taken back like any other. Whole texts: what is cut would be another value.
        var changed = OfRule(ruleId, book.Settings)
            .Where(t => asked.ContainsKey(ThresholdPrefix + t.Threshold.Key)).Select(t => (t.Setting, t.Threshold, Text: asked[ThresholdPrefix + t.Threshold.Key].Trim()))
            .Where(t => (t.Text.Length == 0 || Setting.IsScalar(t.Setting.Type)) && IsAnother(t.Threshold, t.Text, book)).ToList();
        var keys = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (setting, _, text) in changed.Where(c => c.Text.Length > 0))
        {
            keys[$"Rules:{setting.Name}"] = text;
        }

        string? list = act switch { "accept" => "AcceptedRisks", "off" or "on" or "info" or "warning" or "error" or "critical" => "Tuning", _ => null };
        if (list is not null)
        {
            string key = $"Rules:{list}:0";
            keys[$"{key}:Rule"] = ruleId;
            keys[$"{key}:Off"] = act switch { "off" => "true", "on" => "false", _ => null };
            keys[$"{key}:Severity"] = act is "info" or "warning" or "error" or "critical" ? $"{char.ToUpperInvariant(act[0])}{act[1..]}" : null;
            foreach (string name in list == "Tuning" ? [.. Limits, "Reason"] : (string[])[.. Limits, "Finding", "Owner", "ReviewBy", "Reason"])
            {
                keys[$"{key}:{name}"] = Asked(name) is { } text && !string.IsNullOrWhiteSpace(text) ? text : null;
            }

            keys[$"{key}:SetBy"] = stamp?.By;
            keys[$"{key}:SetOn"] = stamp is null ? null : $"{stamp.On:o}";
        }

        var given = keys.Where(k => k.Value is not null).ToDictionary(StringComparer.OrdinalIgnoreCase);
        if (given.Count == 0 && changed.Count == 0)
        {
            return null;
        }

        var reader = new SettingsReader(new ConfigurationBuilder().AddInMemoryCollection(given).Build());
        var read = reader.Read<RuleSettings>("Rules") with { OwnRules = book.FromFile.OwnRules };
        ImmutableArray<string> mistakes = [.. reader.With(read.Mistakes().Concat(TooMuch(list, entry, book)).Concat(list is null ? TooLong("Reason", Asked("Reason")) : [])
            .Concat(list is null || stamp is null ? TooLong("SetBy", stamp?.By ?? Asked("SetBy")) : [])
            .Concat(changed.SelectMany(c => TooLong(c.Threshold.Key, c.Text))))];
        if (!mistakes.IsEmpty)
        {
            return Wrong(book, mistakes);
        }

        var rules = Written(given);
        var saved = book.Saved;
        if (list is not null)
        {
            TuningScope value = list == "Tuning" ? read.Tuning[0] : read.AcceptedRisks[0];
            saved = saved.With(new SavedEntry(list, rules[list]![0]!.ToJsonString(AgentJson.Options), value), entry);
        }

        string? reason = string.IsNullOrWhiteSpace(Asked("Reason")) ? null : Asked("Reason");
        foreach (var (setting, threshold, text) in changed)
        {
            saved = text.Length == 0 || Equals(setting.Property.GetValue(read), setting.Property.GetValue(book.FromFile)) ? saved.WithoutThreshold(threshold.Key)
                : saved.With(new SavedThreshold(threshold.Key, rules[setting.Name]!.ToJsonString(AgentJson.Options), setting.Property.GetValue(read)) { SetBy = stamp?.By, SetOn = stamp?.On, Reason = reason });
        }

        var phrases = changed.Select(c => c.Text.Length == 0 ? $"{c.Threshold.Key} is taken back" : $"{c.Threshold.Key} is {VisibleText.Of(c.Text)}");
        string[] names = list is null ? ["Reason"] : ["do", "Entry", .. Limits, "Finding", "Owner", "ReviewBy", "Reason"];
        return Tried(
            book, saved, given.Count == 0 ? null : new JsonObject { ["Rules"] = rules }.ToJsonString(AgentJson.Indented),
            string.Join(", ", list is null ? phrases : phrases.Prepend(WordsOf(list == "Tuning" ? read.Tuning[0] : read.AcceptedRisks[0]) + (entry is null ? "" : $", in place of {WordsOf(entry.Value)}"))),
            [.. names.Select(n => (n, Asked(n))).Where(f => !string.IsNullOrWhiteSpace(f.Item2)), .. changed.Select(c => (ThresholdPrefix + c.Threshold.Key, c.Text))]);
    }

    /// <summary>An entry as a phrase.</summary>
    public static string WordsOf(TuningScope value) => value switch
    {
        AcceptedRisk risk => $"accepted by {VisibleText.Of(risk.Owner ?? "")} until {risk.ReviewBy:o} {risk.Words}",
        RuleTuning tuning => RuleSetup.Words(tuning),
        _ => value.Words,
    };

    /// <summary>An empty field takes back what was saved, and says nothing where nothing was.</summary>
    private static bool IsAnother(Threshold threshold, string text, RuleBook book) =>
        text.Length == 0 ? book.Saved.Threshold(threshold.Key) is not null : text != threshold.Value;

    private static IEnumerable<string> TooMuch(string? list, SavedEntry? inPlaceOf, RuleBook book) =>
        list is not null && inPlaceOf?.List != list && book.Saved.Entries.Count(e => e.List == list) >= SavedTuning.MaxEntries
            ? [$"Rules:{list} has {SavedTuning.MaxEntries} saved entries, and may have no more. One entry with a name pattern or a tag can stand for many."]
            : [];

    private static IEnumerable<string> TooLong(string name, string? text) => text?.Length > MaxText ? [$"{name} has more than {MaxText} characters; it may have {MaxText}."] : [];

    private static RuleTrial Wrong(RuleBook book, params ImmutableArray<string> mistakes) => new(book.Saved, book.Settings, null, "", [], mistakes);

    private static RuleTrial Tried(RuleBook book, SavedTuning saved, string? json, string words, ImmutableArray<(string Name, string Value)> fields) =>
        new(saved, saved.Over(book.FromFile), json, words, fields, []);

    /// <summary>The page that tries a change.</summary>
    public static string Link(string ruleId, params IEnumerable<(string Name, string? Value)> fields) =>
        Microsoft.AspNetCore.WebUtilities.QueryHelpers.AddQueryString($"rules/{Uri.EscapeDataString(ruleId)}/try", fields.Where(f => f.Value is not null).ToDictionary(f => f.Name, f => f.Value));

    /// <summary>Section <c>Rules</c> of a settings file that holds nothing else.</summary>
    private static JsonObject Written(Dictionary<string, string?> given)
    {
        var rules = new JsonObject();
        JsonObject? entry = null;
        foreach (var (key, value) in given)
        {
            string[] path = key.Split(':');
            bool isThreshold = path.Length == 2;
            if (!isThreshold && entry is null)
            {
                entry = [];
                rules[path[1]] = new JsonArray(entry);
            }

            var place = isThreshold ? rules : entry ?? rules;
            place[path[^1]] = (isThreshold || path[^1] == "Off") && bool.TryParse(value, out bool yes) ? yes
                : isThreshold && int.TryParse(value, System.Globalization.CultureInfo.InvariantCulture, out int number) ? number
                : value;
        }

        return rules;
    }
}

using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using HyperVDash.Agent.Settings;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Json;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Tuning;

namespace HyperVDash.Web.Tuning;

/// <summary>What was saved from the pages about rules. It holds over the settings file: its entries come after those there, its thresholds in place of those there.</summary>
public sealed record SavedTuning
{
    /// <summary>Entries of one list; with as many in the settings file a rule still finds its own at once.</summary>
    public const int MaxEntries = 2000;

    /// <summary>Nothing was saved.</summary>
    public static SavedTuning None { get; } = new();

    /// <summary>Both lists, in the order in which they hold.</summary>
    public ImmutableArray<SavedEntry> Entries
    {
        get;
        init
        {
            field = value;
            var ofValue = new Dictionary<object, SavedEntry>(value.Length, ReferenceEqualityComparer.Instance);
            foreach (var entry in value)
            {
                ofValue.TryAdd(entry.Value, entry);
            }

            _ofValue = ofValue;
        }
    } = [];

    // By reference: two entries that say the same are two.
    private readonly Dictionary<object, SavedEntry> _ofValue = [];

    public ImmutableArray<SavedThreshold> Thresholds { get; init; } = [];

    /// <summary>Why something of it is not applied; sentences that begin with the key.</summary>
    public IEnumerable<string> Mistakes => Entries.Select(e => e.Mistake).Concat(Thresholds.Select(t => t.Mistake)).OfType<string>();

    /// <summary>The settings with it.</summary>
    /// <param name="file">What the settings file says.</param>
    public RuleSettings Over(RuleSettings file)
    {
        var usable = Entries.Where(e => e.Mistake is null).Select(e => e.Value).ToList();
        if (usable.Count == 0 && Thresholds.All(t => t.Mistake is not null))
        {
            return file;
        }

        var settings = file with { Tuning = [.. file.Tuning, .. usable.OfType<RuleTuning>()], AcceptedRisks = [.. file.AcceptedRisks, .. usable.OfType<AcceptedRisk>()] };
        foreach (var threshold in Thresholds)
        {
            if (threshold.Value is { } value)
            {
                SettingOf(threshold.Key)?.Set(settings, value);
            }
        }

        return settings;
    }

    /// <summary>Of two that say the very same the later one, which is the one that holds.</summary>
    public SavedEntry? Find(string? id) => Entries.LastOrDefault(e => e.Id == id);

    /// <summary>Where an entry of the settings that hold was saved; null: it stands in the settings file.</summary>
    public SavedEntry? EntryOf(TuningScope value) => _ofValue.GetValueOrDefault(value);

    /// <summary>The saved risk by which a finding is accepted; null: it stands in the settings file, or several say the same and nobody can tell which it is.</summary>
    /// <param name="file">What the settings file says.</param>
    public SavedEntry? AcceptingOf(Finding finding, RuleSettings file)
    {
        if (finding.Accepted is not { } accepted)
        {
            return null;
        }

        var saved = Entries.Where(e => e.Mistake is null && e.Value is AcceptedRisk risk && Fits(risk)).ToList();
        return saved.Find(e => ((AcceptedRisk)e.Value).Finding is not null) ?? (saved.Count == 1 && !file.AcceptedRisks.Any(Fits) ? saved[0] : null);

        bool Fits(AcceptedRisk risk) => risk.Rule.Equals(finding.RuleId, StringComparison.OrdinalIgnoreCase) && risk.Owner == accepted.Owner && risk.ReviewBy == accepted.ReviewBy && risk.Reason == accepted.Reason
            && (risk.Finding is null || risk.Finding.Equals(finding.Id, StringComparison.OrdinalIgnoreCase));
    }

    public SavedThreshold? Threshold(string key) => Thresholds.FirstOrDefault(t => t.Key.Equals(key, StringComparison.OrdinalIgnoreCase));

    /// <param name="inPlaceOf">The entry that it replaces; null: it comes last.</param>
    public SavedTuning With(SavedEntry entry, SavedEntry? inPlaceOf) => this with { Entries = inPlaceOf is null ? Entries.Add(entry) : Entries.SetItem(Entries.LastIndexOf(inPlaceOf), entry) };

    public SavedTuning Without(SavedEntry entry) => this with { Entries = Entries.RemoveAt(Entries.LastIndexOf(entry)) };

    public SavedTuning With(SavedThreshold threshold) => this with { Thresholds = [.. WithoutThreshold(threshold.Key).Thresholds, threshold] };

    public SavedTuning WithoutThreshold(string key) => this with { Thresholds = Thresholds.RemoveAll(t => t.Key.Equals(key, StringComparison.OrdinalIgnoreCase)) };

    /// <summary>Changes with what was saved about one rule, and with nothing else.</summary>
    public string RevisionOf(string ruleId)
    {
        var thresholds = Rules.Tuning.Threshold.Of(ruleId, Defaults).Select(t => t.Key).ToHashSet(StringComparer.OrdinalIgnoreCase);
        string all = string.Join('\n', Entries.Where(e => e.IsOf(ruleId)).Select(e => e.Id)
            .Concat(Thresholds.Where(t => thresholds.Contains(t.Key)).OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => $"{t.Key}={t.Json} {t.SetBy} {t.SetOn:o} {t.Reason}")));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all)))[..16];
    }

    /// <summary>As a settings file; who set a threshold stands beside it in section <c>Saved</c>.</summary>
    public string ToJson()
    {
        var rules = new JsonObject();
        var saved = new JsonObject();
        foreach (var threshold in Thresholds)
        {
            rules[threshold.Key] = JsonNode.Parse(threshold.Json);
            var about = new JsonObject();
            foreach (var (name, text) in new[] { ("SetBy", threshold.SetBy), ("SetOn", threshold.SetOn is { } day ? $"{day:o}" : null), ("Reason", threshold.Reason) })
            {
                if (text is not null)
                {
                    about[name] = text;
                }
            }

            saved[threshold.Key] = about;
        }

        foreach (string list in SavedTuningText.Lists)
        {
            if (Entries.Any(e => e.List == list))
            {
                rules[list] = new JsonArray([.. Entries.Where(e => e.List == list).Select(e => JsonNode.Parse(e.Json))]);
            }
        }

        return new JsonObject { ["Rules"] = rules, ["Saved"] = saved }.ToJsonString(AgentJson.Indented) + "\n";
    }

    internal static Setting? SettingOf(string key) =>
        Rules.Tuning.Threshold.IsOne(key) ? Settings.FirstOrDefault(s => s.Name.Equals(key, StringComparison.OrdinalIgnoreCase)) : null;

    private static readonly ImmutableArray<Setting> Settings = Setting.Of(typeof(RuleSettings));

    private static readonly RuleSettings Defaults = new();
}

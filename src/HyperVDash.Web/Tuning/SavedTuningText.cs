using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using HyperVDash.Agent.Settings;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Tuning;
using Microsoft.Extensions.Configuration;

namespace HyperVDash.Web.Tuning;

/// <summary>Reads the file of saved tuning, which somebody may have changed by hand.</summary>
internal static class SavedTuningText
{
    /// <summary>The keys of section <c>Rules</c> that are lists of entries.</summary>
    public static readonly ImmutableArray<string> Lists = ["Tuning", "AcceptedRisks"];

    private const int MaxDepth = 16;

    private static readonly JsonNodeOptions AnyCase = new() { PropertyNameCaseInsensitive = true };

    /// <summary>An entry or threshold with a mistake is kept and not applied.</summary>
    /// <param name="file">What the settings file says; the rules of your own that it names may be tuned.</param>
    /// <exception cref="FormatException">It is no such file; the message says what is wrong with it, as the rest of a sentence.</exception>
    public static SavedTuning Read(string json, RuleSettings file)
    {
        try
        {
            return Of(JsonNode.Parse(json, AnyCase, new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false }), json, file);
        }
        catch (Exception wrong) when (wrong is JsonException or ArgumentException or InvalidOperationException or InvalidDataException)
        {
            throw new FormatException($"it is no such file: {wrong.Message.TrimEnd('.')}", wrong);
        }
    }

    private static SavedTuning Of(JsonNode? root, string json, RuleSettings file)
    {
        var whole = Group(root, "the file", "Rules", "Saved");
        var rules = whole["Rules"] is { } section ? Group(section, "Rules") : [];
        var about = whole["Saved"] is { } saved ? Group(saved, "Saved") : [];
        var reader = new SettingsReader(new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build());
        var read = reader.Read<RuleSettings>("Rules") with { OwnRules = file.OwnRules };
        var mistakes = reader.With(read.Mistakes());

        var tuning = SavedTuning.None;
        foreach (var (key, value) in rules)
        {
            if (Lists.FirstOrDefault(l => l.Equals(key, StringComparison.OrdinalIgnoreCase)) is { } list)
            {
                TuningScope[] values = list == "Tuning" ? [.. read.Tuning] : [.. read.AcceptedRisks];
                tuning = tuning with { Entries = tuning.Entries.AddRange(Entries(list, value, values, mistakes)) };
            }
            else
            {
                tuning = tuning with { Thresholds = tuning.Thresholds.Add(Threshold(key, value, read, about[key] as JsonObject, mistakes)) };
            }
        }

        return tuning;
    }

    private static IEnumerable<SavedEntry> Entries(string list, JsonNode? array, TuningScope[] values, IReadOnlyList<string> mistakes)
    {
        var items = array as JsonArray ?? throw new FormatException($"Rules:{list} is no list");
        if (items.Count > SavedTuning.MaxEntries)
        {
            throw new FormatException($"Rules:{list} has {items.Count} entries; it may have {SavedTuning.MaxEntries}");
        }

        for (int i = 0; i < items.Count; i++)
        {
            string key = $"Rules:{list}:{i}";
            if (items[i] is not JsonObject entry || items.Count != values.Length)
            {
                throw new FormatException($"{key} is no entry");
            }

            yield return new(list, entry.ToJsonString(HyperVDash.Model.Json.AgentJson.Options), values[i], Wrong(key, mistakes));
        }
    }

    private static SavedThreshold Threshold(string key, JsonNode? value, RuleSettings read, JsonObject? about, IReadOnlyList<string> mistakes)
    {
        var setting = SavedTuning.SettingOf(key);
        string? wrong = Wrong($"Rules:{key}", mistakes)
            ?? (setting is null ? $"Rules:{key} is no threshold of a rule; it belongs in the settings file." : IsEmpty(value, setting) ? $"Rules:{key} is empty; write a value, or leave the key out." : null);
        return new(setting?.Name ?? key, value?.ToJsonString(HyperVDash.Model.Json.AgentJson.Options) ?? "null", wrong is null ? setting!.Property.GetValue(read) : null, wrong)
        {
            SetBy = Text(about, "SetBy"),
            SetOn = DateOnly.TryParseExact(Text(about, "SetOn"), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null,
            Reason = Text(about, "Reason"),
        };
    }

    /// <summary>Whoever reads settings would take the default for it, and with it overrule the settings file.</summary>
    private static bool IsEmpty(JsonNode? value, Setting setting) => value switch
    {
        null => true,
        JsonObject group => group.Count == 0,
        JsonArray list => list.Count == 0 && Setting.IsScalar(setting.Type),
        _ => value.ToString().Length == 0,
    };

    private static string? Wrong(string key, IReadOnlyList<string> mistakes)
    {
        string[] own = [.. mistakes.Where(m => m.StartsWith($"{key} ", StringComparison.OrdinalIgnoreCase) || m.StartsWith($"{key}:", StringComparison.OrdinalIgnoreCase))];
        return own.Length == 0 ? null : string.Join(' ', own);
    }

    private static JsonObject Group(JsonNode? node, string what, params string[] only)
    {
        var group = node as JsonObject ?? throw new FormatException($"{what} is no group of settings");
        return only.Length > 0 && group.Select(p => p.Key).FirstOrDefault(k => !only.Contains(k, StringComparer.OrdinalIgnoreCase)) is { } other
            ? throw new FormatException($"section {(other.Length > 60 ? $"{other[..60]}…" : other)} does not belong in it")
            : group;
    }

    private static string? Text(JsonObject? about, string name) => about?[name] is JsonValue value && value.TryGetValue(out string? text) && text.Length is > 0 and <= 500 ? text : null;
}

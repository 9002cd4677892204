using System.Collections.Immutable;
using System.Text.Json.Nodes;
using HyperVDash.Agent.Settings;
using HyperVDash.Model.Json;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Tuning;
using Microsoft.Extensions.Configuration;

namespace HyperVDash.Web.Features.Rules;

/// <summary>Settings as they would be with a change that a visitor tries. Nothing is saved.</summary>
/// <param name="Settings">With the change; as they are if it holds a mistake.</param>
/// <param name="Json">What to write into the settings file.</param>
/// <param name="Mistakes">Sentences; with one the change cannot be tried.</param>
public sealed record RuleTrial(RuleSettings Settings, string Json, ImmutableArray<string> Mistakes)
{
    /// <summary>What stands before the name of a threshold in the address of the page.</summary>
    public const string ThresholdPrefix = "t.";

    private const int MaxText = 500;

    private static readonly string[] Limits = ["Cluster", "Host", "VirtualMachine", "Name", "Tag"];

    /// <summary>Thresholds of a rule that the page can change: those with one value.</summary>
    public static ImmutableArray<(Threshold Threshold, Setting Setting)> Changeable(string ruleId, RuleSettings now) =>
    [
        .. Threshold.Of(ruleId, now).Join(Setting.Of(typeof(RuleSettings)), t => t.Key, s => s.Name, (t, s) => (t, s)).Where(p => Setting.IsScalar(p.s.Type)),
    ];

    /// <summary>Null: nothing is asked for.</summary>
    /// <param name="asked">From the address, by the names of the form's fields.</param>
    public static RuleTrial? Of(string ruleId, RuleSettings now, IReadOnlyDictionary<string, string> asked)
    {
        string Asked(string name) => asked.TryGetValue(name, out string? text) ? text.Length > MaxText ? text[..(MaxText + 1)] : text : "";
        var changed = Changeable(ruleId, now).Where(t => Asked(ThresholdPrefix + t.Threshold.Key).Trim() is { Length: > 0 } text && text != t.Threshold.Value)
            .Select(t => (t.Setting, Text: Asked(ThresholdPrefix + t.Threshold.Key).Trim())).ToList();
        var keys = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (setting, text) in changed)
        {
            keys[$"Rules:{setting.Name}"] = text;
        }

        string? list = Asked("do") switch { "accept" => "AcceptedRisks", "off" or "on" or "info" or "warning" or "error" or "critical" => "Tuning", _ => null };
        if (list is not null)
        {
            string entry = $"Rules:{list}:0";
            keys[$"{entry}:Rule"] = ruleId;
            keys[$"{entry}:Off"] = Asked("do") switch { "off" => "true", "on" => "false", _ => null };
            keys[$"{entry}:Severity"] = Asked("do") is "info" or "warning" or "error" or "critical" ? $"{char.ToUpperInvariant(Asked("do")[0])}{Asked("do")[1..]}" : null;
            foreach (string name in list == "Tuning" ? [.. Limits, "Reason"] : (string[])[.. Limits, "Finding", "Owner", "ReviewBy", "Reason"])
            {
                keys[$"{entry}:{name}"] = Asked(name) is { } text && !string.IsNullOrWhiteSpace(text) ? text : null;
            }
        }

        var given = keys.Where(k => k.Value is not null).ToDictionary(StringComparer.OrdinalIgnoreCase);
        if (given.Count == 0)
        {
            return null;
        }

        var reader = new SettingsReader(new ConfigurationBuilder().AddInMemoryCollection(given).Build());
        var read = reader.Read<RuleSettings>("Rules") with { OwnRules = now.OwnRules };
        ImmutableArray<string> mistakes = [.. reader.With(read.Mistakes())];
        return new(mistakes.IsEmpty ? With(now, read, changed.Select(c => c.Setting)) : now, Written(given), mistakes);
    }

    private static RuleSettings With(RuleSettings now, RuleSettings read, IEnumerable<Setting> changed)
    {
        var next = now with { Tuning = now.Tuning.AddRange(read.Tuning), AcceptedRisks = now.AcceptedRisks.AddRange(read.AcceptedRisks) };
        foreach (var setting in changed)
        {
            setting.Set(next, setting.Property.GetValue(read)!);
        }

        return next;
    }

    /// <summary>As a settings file that holds nothing else.</summary>
    private static string Written(Dictionary<string, string?> given)
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

        return new JsonObject { ["Rules"] = rules }.ToJsonString(AgentJson.Indented);
    }
}

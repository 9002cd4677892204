using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using HyperVDash.Lab.Scenarios;
using HyperVDash.Lab.Scenarios.Description;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Json;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Agent.Tests.Scenarios;

/// <summary>A lab of which every text that Windows translates is in another language is read as the same lab, and the same is found in it.</summary>
public sealed class LanguageTests
{
    private static readonly ConcurrentDictionary<(string Lab, string Language), Lazy<Task<(JsonArray Inventory, string[] Findings)>>> Read = new();

    /// <summary>The only places in which the text may be another one: what they hold is shown and decides nothing.</summary>
    private static readonly HashSet<string> Shown =
    [
        "operatingSystem.content.caption", "roles.content.items.name", "switches.content.items.extensionList.name", "devices.content.controllers.name", "devices.content.networkAdapters.name", "jobs.content.items.caption",
    ];

    public static TheoryData<string, string> LabsAndLanguages() => new(
        from lab in new[] { "demo", "healthy", "prerelease-2008", "print-farm", "old-clusters", "estate" }
        from language in LabWords.ByLanguage.Keys
        where language != "en"
        select (lab, language));

    [Theory, MemberData(nameof(LabsAndLanguages))]
    public async Task Inventory_is_equal_to_the_English_one_but_for_texts_that_are_only_shown(string lab, string language)
    {
        var (english, _) = await OfAsync(lab, "en");
        var (other, _) = await OfAsync(lab, language);

        var differences = JsonDifferences.Between(english, other)
            // Each lab begins at its own full hour, and each file is looked at in its own moment.
            .Where(d => !(JsonDifferences.IsInstant(d.One) && JsonDifferences.IsInstant(d.Other)))
            .Select(d => (d.Place, One: d.One?.ToJsonString(), Other: d.Other?.ToJsonString())).ToList();
        var elsewhere = differences.Where(d => !Shown.Contains(d.Place)).DistinctBy(d => d.Place).Select(d => $"{d.Place}: {d.One} | {d.Other}").ToList();
        Assert.True(elsewhere.Count == 0, string.Join('\n', elsewhere));
        Assert.NotEmpty(differences);
    }

    [Theory, MemberData(nameof(LabsAndLanguages))]
    public async Task The_same_is_found_in_every_language(string lab, string language) =>
        Assert.Equal((await OfAsync(lab, "en")).Findings, (await OfAsync(lab, language)).Findings);

    [Fact]
    public void Every_word_is_translated_into_every_language()
    {
        // The same in these languages: a maker's word, or nothing at all.
        string[] same = ["Server/de", "RemoteManagement/de"];
        var missing = from language in LabWords.ByLanguage.Where(l => l.Key != "en")
                      from word in typeof(LabWords).GetProperties().Where(p => p.PropertyType == typeof(string))
                      where Equals(word.GetValue(language.Value), word.GetValue(LabWords.English)) && !same.Contains($"{word.Name}/{language.Key}")
                      select $"{word.Name}/{language.Key}";

        Assert.Empty(missing);
    }

    private static Task<(JsonArray Inventory, string[] Findings)> OfAsync(string lab, string language) => Read.GetOrAdd((lab, language), key => new(async () =>
    {
        var words = LabWords.ByLanguage[key.Language];
        // One site and a node of the next.
        var scenario = key.Lab == "estate" ? LabScenarios.Estate(9, words, TimeProvider.System, isFrozen: true) : LabScenarios.Build(key.Lab, words, TimeProvider.System, isFrozen: true);
        var readings = await ScenarioReader.ReadAsync(scenario, CancellationToken.None);
        var findings = ScenarioReader.Examine(scenario, readings).Select(e => $"{e.Rule.Id} {e.Subject.Kind} {e.Subject.Id} {e.Subject.HostId} {Outcome(e.Verdict)}").Order(StringComparer.Ordinal);
        return (new JsonArray([.. readings.Select(r => Inventory(r, words))]), [.. findings]);
    })).Value;

    private static string Outcome(Verdict verdict) => verdict switch
    {
        Verdict.Fire fire => $"{fire.Variant} {fire.Severity} {fire.Discriminator}",
        Verdict.Unknown unknown => $"unknown {unknown.Section}",
        _ => verdict.GetType().Name,
    };

    /// <summary>What every section came to, without the times of the reading.</summary>
    private static JsonNode Inventory(HostReading reading, LabWords words)
    {
        var sections = new JsonObject();
        foreach (var (name, _, section) in reading.Sections())
        {
            var content = JsonSerializer.SerializeToNode(section, section.GetType(), AgentJson.Options)!["content"];
            sections[name] = new JsonObject { ["state"] = section.Attempt.State.ToString(), ["content"] = name is "clock" or "counters" ? null : content?.DeepClone() };
        }

        // A cluster's names are keys: those that Windows chose are told back into English, in which the lists are in order.
        var cluster = sections["cluster"]!.AsObject();
        cluster["content"] = InEnglish(cluster["content"], words);
        return sections;
    }

    private static JsonNode? InEnglish(JsonNode? node, LabWords words) => node switch
    {
        JsonObject o => new JsonObject(o.Select(m => KeyValuePair.Create(m.Key, InEnglish(m.Value, words)))),
        JsonArray a when a.All(i => i is JsonObject) => new JsonArray([.. a.Select(i => InEnglish(i, words)).OrderBy(i => i!["name"]?.ToJsonString(), StringComparer.Ordinal)]),
        JsonValue v when v.GetValueKind() == JsonValueKind.String => InEnglish(v.GetValue<string>(), words),
        _ => node?.DeepClone(),
    };

    private static string InEnglish(string name, LabWords words) =>
        name == words.ClusterGroup ? LabWords.English.ClusterGroup
        : name == words.AvailableStorage ? LabWords.English.AvailableStorage
        : name == words.ClusterAddress ? LabWords.English.ClusterAddress
        : name == words.ClusterName ? LabWords.English.ClusterName
        : name.StartsWith(words.ConfigurationResource + " ", StringComparison.Ordinal) ? LabWords.English.ConfigurationResource + name[words.ConfigurationResource.Length..]
        : name.StartsWith(words.VirtualMachineResource + " ", StringComparison.Ordinal) ? LabWords.English.VirtualMachineResource + name[words.VirtualMachineResource.Length..]
        : name;
}

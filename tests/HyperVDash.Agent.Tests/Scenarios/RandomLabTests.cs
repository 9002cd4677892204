using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using HyperVDash.Agent.Tests.Scenarios.Expected;
using HyperVDash.Lab.Scenarios;
using HyperVDash.Lab.Scenarios.Description;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Json;

namespace HyperVDash.Agent.Tests.Scenarios;

/// <summary>Labs that chance described, served over the real protocol, come back as they were described: every section, every property.</summary>
public sealed class RandomLabTests
{
    public static TheoryData<string> Releases => GeneratedLabTests.Releases;

    [Fact]
    public void Every_section_is_compared_or_said_to_be_compared_elsewhere() =>
        Assert.Equal(ExpectedReading.AllSections.Order(StringComparer.Ordinal), ExpectedReading.Compared.Keys.Concat(ExpectedReading.NotCompared.Keys).Order(StringComparer.Ordinal));

    [Theory, MemberData(nameof(Releases))]
    public async Task Random_labs_come_back_as_they_were_described(string release)
    {
        var stop = TestContext.Current.CancellationToken;
        await RandomLabs.Of(release).SampleAsync(async random =>
        {
            var clock = new StandingClock(StandingClock.Morning);
            var lab = LabScenarios.Describe(random.Describe, clock, isFrozen: true);
            var readings = await ScenarioReader.ReadAsync(lab, clock, stop);
            var wrong = lab.Description.Hosts.Zip(readings).SelectMany(p => Wrong(new DescribedHost(p.First, lab.Description, StandingClock.Morning), p.Second)).ToList();
            Assert.True(wrong.Count == 0, string.Join('\n', wrong.Distinct().Take(25)));
        }, iter: 5, threads: 1);
    }

    private static IEnumerable<string> Wrong(DescribedHost described, HostReading reading)
    {
        foreach (var (name, expect) in ExpectedReading.Compared)
        {
            var section = SectionLens.Find(name)!.Get(reading);
            var expected = expect(described);
            bool isAnswered = section.Attempt.State == SectionState.Complete || (expected is null && section.Attempt.State is SectionState.Absent or SectionState.Unsupported) || IsExcused(name, described, section);
            if (!isAnswered)
            {
                yield return $"{name} is {section.Attempt.State}: {section.Attempt.Reason}";
            }

            var wanted = JsonSerializer.SerializeToNode(expected, AgentJson.Options);
            var read = JsonSerializer.SerializeToNode(section, section.GetType(), AgentJson.Options)!["content"];
            foreach (var (place, one, other) in JsonDifferences.Between(InOrder(name, wanted), InOrder(name, read), name).Where(d => !ExpectedReading.NotDescribed.Contains(d.Place)))
            {
                yield return $"{described.Host.Name} {place}: described {Short(one)} | read {Short(other)}";
            }
        }
    }

    // A spooler that does not run lists no queues, and says so.
    private static bool IsExcused(string name, DescribedHost described, Section section) =>
        name == "printServer" && described.Host.StoppedServices.Contains("Spooler") && section.Attempt.State == SectionState.Partial;

    /// <summary>Lists whose order means nothing and follows ids that are not described.</summary>
    private static JsonNode? InOrder(string section, JsonNode? content)
    {
        string? list = section switch { "services" => "workers", "eventLog" => "items", "volumes" => "items", "switches" => "hostAdapters", _ => null };
        if (list is not null && content?[list] is JsonArray items)
        {
            content[list] = new JsonArray([.. items.Select(i => i!.DeepClone()).OrderBy(Key, StringComparer.Ordinal)]);
        }

        return content;

        static string Key(JsonNode item)
        {
            // The number of an event is called as the ids of others are, and is described.
            string[] unknown = item["provider"] is null ? ["id", "processId", "adapterId", "macAddress"] : ["data"];
            return new JsonObject(item.AsObject().Where(m => !unknown.Contains(m.Key)).Select(m => KeyValuePair.Create(m.Key, m.Value?.DeepClone()))).ToJsonString();
        }
    }

    private static string? Short(JsonNode? node) => node?.ToJsonString() is { Length: > 300 } text ? $"{text[..300]}…" : node?.ToJsonString();
}

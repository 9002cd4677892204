using System.Text.Json;
using System.Text.Json.Nodes;
using HyperVDash.Agent.Collect;
using HyperVDash.Agent.Tests.Wire;
using HyperVDash.Cim.WsMan;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Json;
using HyperVDash.Rules.Tests;

namespace HyperVDash.Agent.Tests.HandMade;

/// <summary>Hosts whose answers were written by hand and not by the Lab, so that reader and Lab cannot share a mistake.</summary>
public sealed class HandMadeHostTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "HyperVDash.Agent.Tests", "HandMade");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string> Hosts => [.. Directory.GetFiles(Folder, "*.soap").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)];

    [Fact]
    public void There_are_twenty_of_them() => Assert.Equal(20, Hosts.Count);

    [Theory, MemberData(nameof(Hosts))]
    public async Task A_host_is_read_as_what_it_was_written_to_be(string host)
    {
        var text = HandMadeHostText.Read(Path.Combine(Folder, $"{host}.soap"));
        await using var listener = await SoapListener.StartAsync((question, _) => Task.FromResult(text.Answer(question)), Stop);
        var target = new WsManTarget(listener.Url) { User = "u", Password = "p" };
        await using var collector = new HostCollector(host, "wsman", Origin.Lab, host, () => new WsManSession(target, TimeProvider.System), new CollectorOptions(), "t", TimeProvider.System);
        var reading = await collector.ReadAllAsync(Stop);

        var wrong = text.Facts.Select(f => Wrong(reading, f.Path, f.Value)).OfType<string>().ToList();
        Assert.NotEmpty(text.Facts);
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static string? Wrong(HostReading reading, string path, string value)
    {
        string[] steps = path.Split('.');
        var section = SectionLens.Find(steps[0])!.Get(reading);
        if (steps.Length == 1)
        {
            return value.Equals($"{section.Attempt.State}", StringComparison.OrdinalIgnoreCase) ? null : $"{path}: {value} was written, it is {section.Attempt.State}: {section.Attempt.Reason}";
        }

        var content = JsonSerializer.SerializeToNode(section, section.GetType(), AgentJson.Options)!["content"];
        var found = HandMadeHostText.At(content, steps.Skip(1));
        return JsonNode.DeepEquals(JsonNode.Parse(value), found) ? null : $"{path}: {value} was written, {found?.ToJsonString() ?? "nothing"} was read ({section.Attempt.State}: {section.Attempt.Reason})";
    }
}

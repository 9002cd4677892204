using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using HyperVDash.Agent.Collect;
using HyperVDash.Agent.Tests.Scenarios;
using HyperVDash.Cim.WsMan;
using HyperVDash.Lab.Scenarios;
using HyperVDash.Lab.WsMan;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Json;
using Microsoft.AspNetCore.Http;

namespace HyperVDash.Agent.Tests.Wire;

/// <summary>Answers of a lab that chance described, damaged by chance: nothing throws, nothing hangs, and no section is complete with anything else than the undamaged one says.</summary>
public sealed class DamageTests
{
    private static readonly string[] Sections = [.. SectionLens.All.Select(l => l.Name)];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Facts that may be unsaid in a section that is complete, because the section they come from says why.</summary>
    private static readonly HashSet<string> SaidElsewhere =
    [
        // Which namespace answers is told by every section that needs it, if none could be found.
        "operatingSystem.namespaceVersion",
        // A column of the summaries, which are the section performance.
        "guests.items.integrationVersion",
    ];

    public static TheoryData<string> Releases => ["pre2008", "2008R2", "2012", "2022"];

    private static readonly Gen<(Damage Damage, double Where, int Seed)[]> Damages25 = Gen.Select(Gen.OneOf(Enum.GetValues<Damage>()), Gen.Double[0, 0.999], Gen.Int[0, 1_000_000]).Array[25];

    [Theory, MemberData(nameof(Releases))]
    // The same damage each time, so that a build tells of a change; with CsCheck_Seed set to another seed, other damage.
    public Task No_damage_makes_a_section_complete_with_other_content(string release) =>
        Gen.Select(RandomLabs.Of(release).Where(l => l.Hosts == 1 && l.Vms > 5), Damages25).SampleAsync(HarmAsync, seed: Environment.GetEnvironmentVariable("CsCheck_Seed") ?? "0006e58ZDGA2", iter: 1, threads: 1);

    private static async Task HarmAsync(RandomLab random, (Damage Damage, double Where, int Seed)[] damages)
    {
        var stop = TestContext.Current.CancellationToken;
        var clock = new StandingClock(StandingClock.Morning);
        var scenario = LabScenarios.Describe(random.Describe, clock, isFrozen: true);
        await using var lab = await LabServer.StartAsync(scenario.Hosts, new LabServerOptions(), TimeProvider.System, stop);
        using var http = new HttpClient();
        var wire = new DamagedWire(http, lab.Addresses[0].Url);
        await using var listener = await SoapListener.StartAsync(wire.AnswerAsync, stop);
        var whole = await ReadAsync(listener.Url, clock, stop);
        Assert.Equal(ContentOf(whole), ContentOf(await ReadAsync(listener.Url, clock, stop)));
        string[] asked = [.. wire.Asked.Keys.Order(StringComparer.Ordinal)];

        // All at once: one damage says less than several that do the same harm.
        var harm = new List<string>();
        foreach (var (damage, where, seed) in damages)
        {
            string key = asked[(int)(where * asked.Length)];
            wire.Plan(damage, key, new Random(seed));
            var read = await ReadAsync(listener.Url, clock, stop).WaitAsync(Patience, stop);
            if (wire.IsDone())
            {
                harm.AddRange(whole.Sections().Zip(read.Sections()).SelectMany(p => Wrong(damage, p.First, p.Second)).Take(5).Select(w => $"{damage} of {key} ({seed}): {w}"));
            }
        }

        Assert.True(harm.Count == 0, string.Join('\n', harm));
    }

    private static IEnumerable<string> Wrong(Damage damage, NamedSection whole, NamedSection read)
    {
        var (before, after) = (whole.Section.Attempt, read.Section.Attempt);

        // Measured anew each time.
        if (read.Name == "clock")
        {
            yield break;
        }

        if (after.Reason?.Contains("could not be made of", StringComparison.Ordinal) == true || after.Reason?.Contains("could not be asked:", StringComparison.Ordinal) == true)
        {
            yield return $"{read.Name} threw: {after.Reason}";
        }

        if (after.State is not (SectionState.Complete or SectionState.Absent or SectionState.Unsupported or SectionState.Off))
        {
            if (after.Reason is not { Length: > 10 })
            {
                yield return $"{read.Name} is {after.State} and does not say why.";
            }

            yield break;
        }

        if (after.State != before.State && before.State is not (SectionState.Failed or SectionState.Denied or SectionState.Partial))
        {
            yield return $"{read.Name} was {before.State} and is {after.State}: {after.Reason}";
            yield break;
        }

        foreach (var (place, one, other) in JsonDifferences.Between(Content(whole.Section), Content(read.Section), read.Name))
        {
            bool isUnsaid = other is null || (other.GetValueKind() == JsonValueKind.String && other.GetValue<string>() == "unknown");

            // How many files wait is a number of the agent's own; one whose turn was in vain waits again.
            if (place == "virtualDisks.waiting")
            {
                continue;
            }

            if (!(isUnsaid && (Damages.IsOfOneColumn(damage) || SaidElsewhere.Contains(place))))
            {
                yield return $"{place} was {Short(one)} and is {Short(other)}";
            }
        }
    }

    private static string? Short(JsonNode? node) => node?.ToJsonString() is { Length: > 300 } text ? $"{text[..300]}…" : node?.ToJsonString();

    private static JsonNode? Content(Section section) => JsonSerializer.SerializeToNode(section, section.GetType(), AgentJson.Options)!["content"];

    private static List<string> ContentOf(HostReading reading) => [.. reading.Sections().Where(s => s.Name != "clock").Select(s => $"{s.Name} {s.Section.Attempt.State} {Content(s.Section)?.ToJsonString()}")];

    /// <summary>By an agent that knows nothing of the host yet: what is kept of an earlier read would hide what is lost.</summary>
    private static async Task<HostReading> ReadAsync(Uri url, TimeProvider time, CancellationToken stop)
    {
        var target = new WsManTarget(url) { User = "lab", Password = "lab", NetworkDelay = TimeSpan.Zero, OperationTimeout = TimeSpan.FromSeconds(20), MaxElements = 7 };
        await using var collector = new HostCollector("H", "wsman", Origin.Lab, "H", () => new WsManSession(target, time), new CollectorOptions(), "t", time);
        return await collector.ReadAsync(Sections, stop);
    }

    /// <summary>Hands questions on to the lab, and one of its answers back damaged.</summary>
    private sealed class DamagedWire(HttpClient http, Uri lab)
    {
        private readonly Lock _gate = new();
        private (Damage Damage, string Key, Random Random)? _plan;
        private bool _isDamaged;

        /// <summary>Class and operation of every question so far.</summary>
        public Dictionary<string, int> Asked { get; } = [];

        public void Plan(Damage damage, string key, Random random)
        {
            lock (_gate)
            {
                (_plan, _isDamaged) = ((damage, key, random), false);
            }
        }

        /// <summary>True if an answer was damaged since the plan was made; the plan is over then.</summary>
        public bool IsDone()
        {
            lock (_gate)
            {
                _plan = null;
                return _isDamaged;
            }
        }

        public async Task<SoapAnswer> AnswerAsync(SoapQuestion question, HttpRequest request)
        {
            using var onward = new HttpRequestMessage(HttpMethod.Post, lab) { Content = new StringContent(question.Text) };
            onward.Content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/soap+xml;charset=UTF-8");
            onward.Headers.TryAddWithoutValidation("Authorization", (string?)request.Headers.Authorization);
            using var response = await http.SendAsync(onward, request.HttpContext.RequestAborted);
            var answer = new SoapAnswer((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(request.HttpContext.RequestAborted));
            string key = $"{question.Class} {question.Operation}";
            lock (_gate)
            {
                if (answer.Status == 200 && question.Operation is not ("Release" or "Identify"))
                {
                    Asked[key] = Asked.GetValueOrDefault(key) + 1;
                }

                // One of several answers alike, by chance.
                if (_plan is { } plan && !_isDamaged && plan.Key == key && answer.Status == 200 && (Asked[key] == 1 || plan.Random.Next(2) == 0) && Damages.Do(plan.Damage, answer, plan.Random) is { } damaged)
                {
                    _isDamaged = true;
                    return damaged;
                }
            }

            return answer;
        }
    }
}

using System.Collections.Concurrent;
using HyperVDash.Model;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Web.Fleet;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace HyperVDash.Web.Tests.Fleet;

public sealed class AgentFollowerTests(FleetSilo silo) : IClassFixture<FleetSilo>, IDisposable
{
    private const string Problem = "application/problem+json";
    private const string OtherServer = "It answers 404, which an agent does not; see Url of this agent in Web:Agents.";

    private readonly FakeTimeProvider _time = new();
    private readonly FakeAgent _agent = new();
    private readonly WarningLog _log = new();

    public void Dispose() => _agent.Dispose();

    [Fact]
    public async Task A_host_that_the_agent_reads_no_more_leaves_the_fleet_and_the_agent_is_not_silent_for_that() => await FollowAsync("one", async _ =>
    {
        var (stays, goes) = (Fleets.Named("HV61"), Fleets.Named("HV62"));
        _agent.Read("hv61", stays);
        _agent.Read("hv62", goes);
        await UntilAsync(() => Shown(stays) is not null && Shown(goes) is not null);

        _agent.Remove("hv62");
        await UntilAsync(() => Shown(goes) is null);

        Assert.NotNull(Shown(stays));
        await UntilAsync(() => silo.Feed.Current.Agents.Single(a => a.Name == "one").IsConnected);
    });

    [Fact]
    public async Task A_host_that_tells_its_id_or_another_one_is_there_once() => await FollowAsync("two", async _ =>
    {
        var host = Fleets.Named("HV63");
        _agent.Read("hv63", new HostReading("hv63", "hv63"));
        await UntilAsync(() => silo.Feed.Current.Hosts.Any(h => h.Id == "hv63"));
        _agent.Read("hv63", host);
        await UntilAsync(() => Shown(host) is not null && !silo.Feed.Current.Hosts.Any(h => h.Id == "hv63"));

        var other = Fleets.Named("HV64");
        _agent.Read("hv63", other);
        await UntilAsync(() => Shown(other) is not null && Shown(host) is null);
    });

    [Fact]
    public async Task An_error_that_nobody_thought_of_ends_nothing() => await FollowAsync("three", async _ =>
    {
        var host = Fleets.Named("HV65");
        _agent.Fault = new InvalidOperationException("Nobody thought of this.");
        _agent.Read("hv65", host);
        await UntilAsync(() => silo.Feed.Current.Agents.Any(a => a is { Name: "three", IsSilent: true, Reason: "Nobody thought of this." }));

        _agent.Fault = null;
        await UntilAsync(() => Shown(host) is not null);
    });

    [Fact]
    public async Task An_agent_that_lists_no_host_is_heard_and_is_known_to_read_none() => await FollowAsync("ten", async _ =>
    {
        await UntilAsync(() => silo.Feed.Current.Agents.Any(a => a is { Name: "ten", IsConnected: true, Listed: 0 }));

        _agent.Read("hv79", Fleets.Named("HV79"));
        await UntilAsync(() => silo.Feed.Current.Agents.Any(a => a is { Name: "ten", Listed: 1 }));
    });

    [Fact]
    public async Task To_verify_at_a_silent_agent_gives_a_reason_and_no_fault() => await FollowAsync("four", async follower =>
    {
        _agent.Fault = new HttpRequestException("Connection refused.");

        Assert.Equal("Agent four did not read: Connection refused.", (await follower.VerifyAsync("hv66", "", TestContext.Current.CancellationToken)).Reason);
    });

    [Theory]
    [InlineData(404, Problem, """{"title":"No such host","detail":"This agent reads no host 'hv66'. It reads: hv01."}""", "It answers 404: This agent reads no host 'hv66'. It reads: hv01.")]
    [InlineData(400, Problem, """{"title":"Bad Request","detail":"There is no section 'x'."}""", "It answers 400: There is no section 'x'.")]
    [InlineData(403, Problem, """{"title":"This agent answers this machine only."}""", "It answers 403: This agent answers this machine only.")]
    [InlineData(401, Problem, """{"title":"This agent wants its token."}""", "It refuses the token; see Token and TokenEnv of this agent in Web:Agents.")]
    [InlineData(403, "text/html", "<html>Forbidden</html>", "It refuses the token; see Token and TokenEnv of this agent in Web:Agents.")]
    [InlineData(404, "text/html", "<html>Not here</html>", OtherServer)]
    [InlineData(404, "application/json", """{"detail":"Not here"}""", OtherServer)]
    [InlineData(404, Problem, "torn {", OtherServer)]
    [InlineData(404, Problem, "[1]", OtherServer)]
    [InlineData(404, Problem, """{"detail":7,"title":" "}""", OtherServer)]
    public async Task What_an_agent_says_of_a_refusal_is_told_and_of_another_server_the_setting_that_mends_it(int status, string type, string body, string reason) => await FollowAsync("eleven", async follower =>
    {
        _agent.Refusal = ((System.Net.HttpStatusCode)status, type, body);

        Assert.Equal($"Agent eleven did not read: {reason}", (await follower.VerifyAsync("hv66", "", TestContext.Current.CancellationToken)).Reason);
        await UntilAsync(() => silo.Feed.Current.Agents.Any(a => a is { Name: "eleven", IsSilent: true } && a.Reason == reason));
    });

    [Theory]
    [InlineData(7000, "It answers 404: xxx")]
    [InlineData(9000, OtherServer)]
    public async Task Of_a_long_refusal_the_beginning_is_told_and_of_an_endless_one_nothing(int length, string begins) => await FollowAsync("eleven", async follower =>
    {
        _agent.Refusal = (System.Net.HttpStatusCode.NotFound, Problem, $$"""{"detail":"{{new string('x', length)}}"}""");

        string reason = (await follower.VerifyAsync("hv66", "", TestContext.Current.CancellationToken)).Reason!;
        Assert.StartsWith($"Agent eleven did not read: {begins}", reason, StringComparison.Ordinal);
        Assert.True(reason.Length < 600);
    });

    [Fact]
    public async Task A_host_is_asked_for_by_its_id_under_the_key_that_this_agent_has_for_it() => await FollowAsync("five", async follower =>
    {
        var (mine, other) = (Fleets.Named("HV67"), Fleets.Named("HV68") with { Key = "box" });
        _agent.Read("box", mine);
        await UntilAsync(() => follower.KeyOf(mine) is not null);

        Assert.Equal("box", follower.KeyOf(mine with { Key = "as another agent calls it" }));
        Assert.Null(follower.KeyOf(other));
    });

    [Fact]
    public async Task A_host_whose_stream_is_broken_is_not_read_and_its_agent_is_not_silent_for_that() => await FollowAsync("six", async _ =>
    {
        var (well, broken) = (Fresh("HV69"), Fresh("HV70"));
        _agent.Read("hv69", well);
        _agent.Read("hv70", broken);
        await UntilAsync(() => Shown(well) is not null && Shown(broken) is not null);

        _agent.Garbled.Add("hv70");
        _agent.Read("hv70", broken);
        int asked = _agent.Asked["hv70"];
        bool wasSilent = false;
        await UntilAsync(() =>
        {
            _agent.Read("hv69", well);
            wasSilent |= silo.Feed.Current.Agents.Single(a => a.Name == "six") is { IsConnected: false };
            return _agent.Asked["hv70"] > asked + 5 && Line(broken) is { IsCurrent: false };
        });

        Assert.False(wasSilent);
        Assert.True(Line(well)!.IsCurrent);
        Assert.StartsWith("Agent six tells nothing of it: ", Line(broken)!.WhyNotCurrent, StringComparison.Ordinal);
        Assert.Equal("Agent six tells nothing of hv70", Assert.Single(_log.Warnings).Split(": ")[0]);

        _agent.Garbled.Remove("hv70");
        await UntilAsync(() => Line(broken)!.IsCurrent);
    });

    [Fact]
    public async Task An_agent_of_whose_hosts_every_stream_is_broken_is_silent() => await FollowAsync("seven", async _ =>
    {
        var host = Fleets.Named("HV71");
        _agent.Garbled.Add("hv71");
        _agent.Read("hv71", host);

        await UntilAsync(() => silo.Feed.Current.Agents.Any(a => a is { Name: "seven", IsSilent: true }));
    });

    [Fact]
    public async Task A_host_of_which_nothing_was_ever_told_is_named_with_the_reason() => await FollowAsync("eight", async _ =>
    {
        _agent.Garbled.Add("hv73");
        _agent.Read("hv72", Fleets.Named("HV72"));
        _agent.Read("hv73", Fleets.Named("HV73"));

        await UntilAsync(() => silo.Feed.Current.Agents.Any(a => a is { Name: "eight", IsConnected: true, Faults: [{ Key: "hv73", HostId: null }] }));
    });

    [Fact]
    public async Task A_host_that_comes_back_while_its_leaving_fails_is_followed_again()
    {
        var grains = LameGrains.Over(silo.Grains);
        await FollowAsync("nine", async _ =>
        {
            var (stays, goes) = (Fleets.Named("HV74"), Fleets.Named("HV75"));
            _agent.Read("hv74", stays);
            _agent.Read("hv75", goes);
            await UntilAsync(() => Shown(stays) is not null && Shown(goes) is not null);
            _agent.Remove("hv75");
            await UntilAsync(() => LameGrains.Of(grains).Failed > 0);

            _agent.Read("hv75", goes with { Target = "anew" });

            await UntilAsync(() => Shown(goes)?.Target == "anew");
        }, grains);
    }

    [Fact]
    public async Task However_many_streams_break_at_one_moment_every_host_is_followed_again() => await FollowAsync("eleven", async _ =>
    {
        string[] keys = [.. Enumerable.Range(0, 60).Select(i => $"hv{i + 1000}")];
        foreach (string key in keys)
        {
            _agent.Read(key, new HostReading(key, key));
        }

        // Again and again: they get into each other's way by chance only.
        for (int times = 1; times <= 20; times++)
        {
            int asked = times;
            await UntilAsync(() => Array.TrueForAll(keys, k => _agent.Asked.GetValueOrDefault(k) >= asked));
            _agent.BreakAll();
        }
    });

    /// <summary>Runs a test while the agent is followed; that it ends when told is part of each.</summary>
    private async Task FollowAsync(string name, Func<AgentFollower, Task> test, IGrainFactory? grains = null)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var follower = new AgentFollower(new AgentAddress(name, new Uri("http://agent/"), null), _agent, grains ?? silo.Grains, silo.Feed, _time, _log);
        var running = follower.RunAsync(stop.Token);
        await test(follower);
        await stop.CancelAsync();
        await running;
    }

    /// <summary>Read by a clock that is ahead, so that only its agent can make it look old.</summary>
    private static HostReading Fresh(string name) => Fleets.Named(name) with { VirtualMachines = Sample.Read(new VirtualMachineList()) with { ReadAt = TimeProvider.System.GetUtcNow().AddHours(1) } };

    private HostReading? Shown(HostReading host) => Line(host)?.Reading;

    private HostLine? Line(HostReading host) => silo.Feed.Current.Hosts.FirstOrDefault(h => h.Id == host.Id);

    private async Task UntilAsync(Func<bool> isSo)
    {
        for (int i = 0; i < 1000 && !isSo(); i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        Assert.True(isSo());
    }

    private sealed class WarningLog : ILogger<AgentFollower>
    {
        private readonly ConcurrentQueue<string> _warnings = [];

        public IReadOnlyCollection<string> Warnings => _warnings;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel >= LogLevel.Warning)
            {
                _warnings.Enqueue(formatter(state, exception));
            }
        }
    }
}

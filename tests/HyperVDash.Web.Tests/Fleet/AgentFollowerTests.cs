using HyperVDash.Model.Fleet;
using HyperVDash.Web.Fleet;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace HyperVDash.Web.Tests.Fleet;

public sealed class AgentFollowerTests(FleetSilo silo) : IClassFixture<FleetSilo>, IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly FakeAgent _agent = new();

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
    public async Task To_verify_at_a_silent_agent_gives_a_reason_and_no_fault() => await FollowAsync("four", async follower =>
    {
        _agent.Fault = new HttpRequestException("Connection refused.");

        Assert.Equal("Agent four did not read: Connection refused.", (await follower.VerifyAsync("hv66", "", TestContext.Current.CancellationToken)).Reason);
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

    /// <summary>Runs a test while the agent is followed; that it ends when told is part of each.</summary>
    private async Task FollowAsync(string name, Func<AgentFollower, Task> test)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var follower = new AgentFollower(new AgentAddress(name, new Uri("http://agent/"), null), _agent, silo.Grains, silo.Feed, _time, NullLogger<AgentFollower>.Instance);
        var running = follower.RunAsync(stop.Token);
        await test(follower);
        await stop.CancelAsync();
        await running;
    }

    private HostReading? Shown(HostReading host) => silo.Feed.Current.Hosts.FirstOrDefault(h => h.Id == host.Id)?.Reading;

    private async Task UntilAsync(Func<bool> isSo)
    {
        for (int i = 0; i < 1000 && !isSo(); i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        Assert.True(isSo());
    }
}

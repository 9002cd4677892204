using HyperVDash.Agent.Collect;
using HyperVDash.Cim.WsMan;
using HyperVDash.Lab.Scenarios;
using HyperVDash.Lab.WsMan;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Rules.Engine;
using Microsoft.Extensions.Time.Testing;

namespace HyperVDash.Agent.Tests.Scenarios;

/// <summary>What only a lab that was watched for a while shows: read again and again on a clock that is set forward.</summary>
public sealed class FindingsThatTakeTimeTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 24, 9, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task A_host_that_waits_for_a_restart_is_told_after_a_day_and_is_an_error_after_two_weeks()
    {
        await using var host = await WatchedHost.StartAsync("HV04", _time);

        Assert.Empty(await host.FindingsAsync("HVD106"));
        _time.Advance(TimeSpan.FromHours(24));
        Assert.Empty(await host.FindingsAsync("HVD106"));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["restart Warning"], await host.FindingsAsync("HVD106"));
        _time.Advance(TimeSpan.FromDays(13));
        Assert.Equal(["restart Error"], await host.FindingsAsync("HVD106"));
    }

    [Fact]
    public async Task A_VM_whose_memory_is_short_is_told_after_half_an_hour()
    {
        await using var host = await WatchedHost.StartAsync("HV05", _time);

        Assert.DoesNotContain("pressure Warning", await host.FindingsAsync("HVD707"));
        _time.Advance(TimeSpan.FromMinutes(29));
        Assert.DoesNotContain("pressure Warning", await host.FindingsAsync("HVD707"));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Contains("pressure Warning", await host.FindingsAsync("HVD707"));
    }

    [Fact]
    public async Task A_shared_volume_that_is_redirected_and_a_clustered_VM_that_still_starts_are_told_after_a_quarter_of_an_hour()
    {
        await using var host = await WatchedHost.StartAsync("OLD1", _time, "old-clusters");

        Assert.DoesNotContain("redirected Warning", await host.ClusterFindingsAsync("HVD312"));
        _time.Advance(TimeSpan.FromMinutes(15));
        Assert.DoesNotContain("redirected Warning", await host.ClusterFindingsAsync("HVD312"));
        Assert.DoesNotContain("pending Error", await host.ClusterFindingsAsync("HVD313"));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Contains("redirected Warning", await host.ClusterFindingsAsync("HVD312"));
        Assert.Contains("pending Error", await host.ClusterFindingsAsync("HVD313"));
    }

    [Fact]
    public async Task A_job_that_stands_still_is_told_after_half_an_hour_and_is_an_error_after_an_hour()
    {
        await using var host = await WatchedHost.StartAsync("HV04", _time);

        Assert.Empty(await host.FindingsAsync("HVD510"));
        _time.Advance(TimeSpan.FromMinutes(30));
        Assert.Empty(await host.FindingsAsync("HVD510"));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["job Warning"], await host.FindingsAsync("HVD510"));
        _time.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal(["job Error"], await host.FindingsAsync("HVD510"));
    }

    [Fact]
    public async Task A_merge_is_information_while_it_moves_and_more_when_it_stands_still()
    {
        await using var host = await WatchedHost.StartAsync("HV08", _time);

        Assert.Equal(["merging Info"], await host.FindingsAsync("HVD603"));
        _time.Advance(TimeSpan.FromMinutes(31));
        Assert.Equal(["merging Warning"], await host.FindingsAsync("HVD603"));
        _time.Advance(TimeSpan.FromHours(21));
        Assert.Equal(["merging Error"], await host.FindingsAsync("HVD603"));
    }

    [Fact]
    public async Task A_file_without_a_checkpoint_is_told_after_half_an_hour()
    {
        await using var host = await WatchedHost.StartAsync("HV03", _time);

        Assert.Empty(await host.FindingsAsync("HVD604"));
        _time.Advance(TimeSpan.FromMinutes(29));
        Assert.Empty(await host.FindingsAsync("HVD604"));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(["left Error"], await host.FindingsAsync("HVD604"));
    }

    [Fact]
    public async Task A_merge_that_waits_for_the_VM_to_be_off_is_an_error_after_two_weeks()
    {
        await using var host = await WatchedHost.StartAsync("HV02", _time);

        Assert.Equal(["whenOff Warning"], await host.FindingsAsync("HVD603"));
        _time.Advance(TimeSpan.FromDays(14) + TimeSpan.FromSeconds(1));
        Assert.Equal(["whenOff Error"], await host.FindingsAsync("HVD603"));
    }

    [Fact]
    public async Task A_pause_of_replication_is_told_after_an_hour_and_a_failover_that_nobody_finished_after_a_day()
    {
        await using var host = await WatchedHost.StartAsync("HV07", _time);
        string[] atOnce = ["resync Error", "warning Warning"];

        Assert.Equal(atOnce, (await host.FindingsAsync("HVD001")).Order(StringComparer.Ordinal));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(atOnce, (await host.FindingsAsync("HVD001")).Order(StringComparer.Ordinal));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["paused Warning", .. atOnce], (await host.FindingsAsync("HVD001")).Order(StringComparer.Ordinal));
        _time.Advance(TimeSpan.FromHours(23));
        Assert.Equal(["failover Error", "paused Warning", .. atOnce], (await host.FindingsAsync("HVD001")).Order(StringComparer.Ordinal));
    }

    /// <summary>One host of a frozen lab, with the agent's clock and its own standing on the same one.</summary>
    private sealed class WatchedHost(LabServer lab, HostCollector collector, RuleSettings settings, FakeTimeProvider time) : IAsyncDisposable
    {
        private FindingBook _book = new() { IsSingleSample = true };

        public static async Task<WatchedHost> StartAsync(string name, FakeTimeProvider time, string lab = "demo")
        {
            var scenario = LabScenarios.Build(lab, time, isFrozen: true);
            var server = await LabServer.StartAsync([scenario.Hosts.Single(h => h.Name == name)], new LabServerOptions(), TimeProvider.System, Stop);
            var address = server.Addresses[0];
            var target = new WsManTarget(address.Url) { User = "lab", Password = "lab" };
            return new(server, new HostCollector(address.Host, "wsman", Origin.Lab, address.Url.ToString(), () => new WsManSession(target, time), new CollectorOptions(), "test", time), new RuleSettings { Tags = scenario.Description.Tags }, time);
        }

        /// <summary>Variant and severity of what the rule has open after one more look.</summary>
        public async Task<List<string>> FindingsAsync(string rule)
        {
            _book = _book.Apply(RuleEngine.ExamineHost(await collector.ReadAllAsync(Stop), settings, time.GetUtcNow()));
            return [.. _book.Findings.Where(f => f.RuleId == rule && f.State != FindingState.Resolved).Select(f => $"{f.Variant} {f.Severity}")];
        }

        /// <summary>The same for the cluster that the host is a node of.</summary>
        public async Task<List<string>> ClusterFindingsAsync(string rule)
        {
            var cluster = Assert.Single(RuleEngine.ClustersOf([new HostSubject(await collector.ReadAllAsync(Stop))]));
            var book = new FindingBook { IsSingleSample = true }.Apply(RuleEngine.ExamineCluster(cluster, settings, time.GetUtcNow()));
            return [.. book.Findings.Where(f => f.RuleId == rule).Select(f => $"{f.Variant} {f.Severity}")];
        }

        public async ValueTask DisposeAsync()
        {
            await collector.DisposeAsync();
            await lab.DisposeAsync();
        }
    }
}

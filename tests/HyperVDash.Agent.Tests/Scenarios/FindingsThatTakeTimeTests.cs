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

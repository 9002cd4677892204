using System.Collections.Immutable;
using HyperVDash.Agent.Commands;
using HyperVDash.Cim.WsMan;
using HyperVDash.Agent.Collect;
using HyperVDash.Lab.Scenarios;
using HyperVDash.Lab.WsMan;
using HyperVDash.Model.Fleet;
using HyperVDash.Rules.Engine;
using HyperVDash.Web.Features.Clusters;

namespace HyperVDash.Web.Tests.Features;

/// <summary>Switch names × nodes of the demo's cluster of 2022.</summary>
public sealed class ParityTableTests
{
    [Fact]
    public async Task A_near_miss_stands_in_the_row_of_the_name_it_was_meant_to_be_and_an_internal_switch_is_not_equal()
    {
        var table = ParityTable.Of(await ClusterAsync());

        var names = table.Rows.Select(r => r.Name).ToList();
        Assert.Equal(names.Distinct(StringComparer.OrdinalIgnoreCase), names);
        Assert.Contains(table.Rows, r => r.Cells.Any(c => c.State == ParityState.Near));
        Assert.Contains(table.Rows, r => r.Users > 0 && r.Cells.All(c => c.State == ParityState.Unbound));
        Assert.Contains(table.Rows, r => r.Users > 0 && r.Cells.All(c => c.State == ParityState.Same));
        Assert.All(table.Rows, r => Assert.Equal(3, r.Cells.Length));
    }

    [Fact]
    public async Task A_node_that_nobody_reads_is_not_read_and_not_missing()
    {
        var cluster = await ClusterAsync();
        var table = ParityTable.Of(cluster with { Members = [.. cluster.Members.Select((m, i) => i == 1 ? m with { Host = null } : m)] });

        Assert.All(table.Rows, r => Assert.Equal(ParityState.NotRead, r.Cells[1].State));
    }

    private static async Task<ClusterSubject> ClusterAsync()
    {
        var stop = TestContext.Current.CancellationToken;
        var demo = LabScenarios.Build("demo", TimeProvider.System, isFrozen: true);
        await using var lab = await LabServer.StartAsync(demo.Hosts, new LabServerOptions(), TimeProvider.System, stop);
        var hosts = new List<HostSubject>();
        foreach (var address in lab.Addresses)
        {
            var target = new WsManTarget(address.Url) { User = "lab", Password = "lab" };
            await using var collector = new HostCollector(address.Host, "wsman", Origin.Lab, address.Host, () => new WsManSession(target, TimeProvider.System), new CollectorOptions(), "t", TimeProvider.System);
            hosts.Add(new HostSubject(await collector.ReadAsync([.. collector.Current.Sections().Select(s => s.Name)], stop)));
        }

        return RuleEngine.ClustersOf(hosts).Single(c => c.Members.Length == 3);
    }
}

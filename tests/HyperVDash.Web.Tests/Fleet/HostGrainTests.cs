using HyperVDash.Model;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Fleet;
using HyperVDash.Rules;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Web.Tests.Fleet;

public sealed class HostGrainTests(FleetSilo silo) : IClassFixture<FleetSilo>
{
    private static readonly ClusterView Cluster = new() { Id = "c1", Name = "LAB", Nodes = [new("HV51", ClusterNodeState.Up), new("HV52", ClusterNodeState.Up)] };

    [Fact]
    public async Task An_agent_that_may_not_list_the_VMs_takes_nothing_from_one_that_may()
    {
        var host = Fleets.Named("HV41", Fleets.Vm(1, "vm"));
        var denied = host with { VirtualMachines = new() { Attempt = new() { State = SectionState.Denied } } };
        await silo.Host(host.Id!).Apply("a/hv41", host);

        await silo.Host(host.Id!).Apply("b/hv41", denied);
        Assert.NotNull(Shown(host.Id!)!.VirtualMachines.Content);

        await silo.Host(host.Id!).Apply("a/hv41", denied);
        Assert.Null(Shown(host.Id!)!.VirtualMachines.Content);
    }

    [Fact]
    public async Task A_host_goes_with_the_last_agent_that_reads_it()
    {
        var host = Fleets.Named("HV42");
        await silo.Host(host.Id!).Apply("a/hv42", host);
        await silo.Host(host.Id!).Apply("b/hv42", host);

        await silo.Host(host.Id!).Leave("a/hv42");
        Assert.NotNull(Shown(host.Id!));

        await silo.Host(host.Id!).Leave("b/hv42");
        Assert.Null(Shown(host.Id!));
    }

    [Fact]
    public async Task A_cluster_that_its_nodes_left_is_not_judged_any_more_and_one_that_cannot_be_read_still_is()
    {
        var nodes = new[] { "HV51", "HV52" }.Select(n => Fleets.Named(n) with { Cluster = Sample.Read(Cluster) }).ToList();
        await ApplyAsync(nodes);
        int judged = Judged();
        Assert.True(judged > 0);

        await ApplyAsync(nodes.Select(n => n with { Cluster = new() { Attempt = new() { State = SectionState.Failed } } }));
        Assert.Equal(judged, Judged());

        await ApplyAsync(nodes.Select(n => n with { Cluster = new() { Attempt = new() { State = SectionState.Absent } } }));
        Assert.Equal(0, Judged());
    }

    private async Task ApplyAsync(IEnumerable<HostReading> nodes)
    {
        foreach (var node in nodes)
        {
            await silo.Host(node.Id!).Apply($"a/{node.Key}", node);
        }
    }

    private HostReading? Shown(string id) => silo.Feed.Current.FindHost(id)?.Reading;

    private int Judged()
    {
        // A rule that also looks at switches or hosts has something to judge without a cluster.
        var rules = RuleCatalogue.All.Where(r => r is IExamines<ClusterSubject> && r is not (IExamines<SwitchSubject> or IExamines<HostSubject> or IExamines<VirtualMachineSubject> or IExamines<FarmSubject>)).Select(r => r.Card.Id).ToHashSet(StringComparer.Ordinal);
        return silo.Feed.Current.Rules.Where(r => rules.Contains(r.RuleId)).Sum(r => r.Checked);
    }
}

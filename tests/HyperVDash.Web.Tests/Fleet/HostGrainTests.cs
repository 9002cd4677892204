using HyperVDash.Model;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Hosts;
using HyperVDash.Model.VirtualMachines;
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
    public async Task Of_two_agents_with_unequal_rights_one_is_shown_as_long_as_it_reads()
    {
        var host = Fleets.Named("HV43", Fleets.Vm(1, "vm"));
        for (int i = 1; i <= 4; i++)
        {
            await silo.Host(host.Id!).Apply("a/hv43", Read(host, i));
            await silo.Host(host.Id!).Apply("b/hv43", Read(host, i + 0.5) with { Roles = Sample.Failed<RoleList>(SectionState.Denied, "no right") });
            silo.Time.Advance(TimeSpan.FromSeconds(5));

            Assert.Equal(SectionState.Complete, Shown(host.Id!)!.Roles.Attempt.State);
        }
    }

    [Fact]
    public async Task When_the_agent_that_is_shown_reads_no_more_another_takes_over_although_its_clock_is_late()
    {
        var host = Fleets.Named("HV44", Fleets.Vm(1, "vm"));
        var late = host with { VirtualMachines = Sample.Read(new VirtualMachineList()) };
        await silo.Host(host.Id!).Apply("a/hv44", Read(host, 0));
        await silo.Host(host.Id!).Apply("b/hv44", Read(late, -3600));
        Assert.Single(Shown(host.Id!)!.VirtualMachines.Content!.Items);

        // It is still heard, as one is that cannot reach the host.
        silo.Time.Advance(TimeSpan.FromSeconds(20));
        await silo.Host(host.Id!).Apply("a/hv44", Read(host, 0));
        await silo.Host(host.Id!).Apply("b/hv44", Read(late, -3580));
        Assert.Empty(Shown(host.Id!)!.VirtualMachines.Content!.Items);

        await silo.Host(host.Id!).Apply("a/hv44", Read(host, 20));
        Assert.Empty(Shown(host.Id!)!.VirtualMachines.Content!.Items);
    }

    [Fact]
    public async Task Of_two_agents_that_cannot_read_a_host_the_one_that_still_says_so_is_shown()
    {
        var host = Fleets.Named("HV45") with { VirtualMachines = Sample.Failed<VirtualMachineList>(SectionState.Denied, "no right") };
        await silo.Host(host.Id!).Apply("a/hv45", host);
        await silo.Host(host.Id!).Apply("b/hv45", host with { Target = "b" });
        Assert.Equal(host.Target, Shown(host.Id!)!.Target);

        silo.Time.Advance(TimeSpan.FromSeconds(20));
        await silo.Host(host.Id!).Apply("b/hv45", host with { Target = "b" });
        Assert.Equal("b", Shown(host.Id!)!.Target);
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
        await UntilAsync(() => Judged() > 0);

        silo.Time.Advance(TimeSpan.FromSeconds(5));

        await ApplyAsync(nodes.Select(n => n with { Cluster = new() { Attempt = new() { State = SectionState.Failed } } }));
        for (int i = 0; i < 30; i++)
        {
            // A cluster that changed would be looked at within half a second.
            Assert.True(Judged() > 0);
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        // What was well about it yesterday is not well today.
        await UntilAsync(() => Judged(t => t.Passed + t.Fired) == 0 && Judged(t => t.Unknown) > 0);

        await ApplyAsync(nodes.Select(n => n with { Cluster = new() { Attempt = new() { State = SectionState.Absent } } }));
        await UntilAsync(() => Judged() == 0);
    }

    private async Task ApplyAsync(IEnumerable<HostReading> nodes)
    {
        foreach (var node in nodes)
        {
            await silo.Host(node.Id!).Apply($"a/{node.Key}", node);
        }
    }

    private static HostReading Read(HostReading host, double seconds) => host with
    {
        VirtualMachines = host.VirtualMachines with { ReadAt = Sample.Now.AddSeconds(seconds), Attempt = host.VirtualMachines.Attempt with { At = Sample.Now.AddSeconds(seconds) } },
    };

    private static async Task UntilAsync(Func<bool> isSo)
    {
        for (int i = 0; i < 300 && !isSo(); i++)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        Assert.True(isSo());
    }

    private HostReading? Shown(string id) => silo.Feed.Current.FindHost(id)?.Reading;

    private int Judged() => Judged(t => t.Checked);

    private int Judged(Func<RuleTally, int> count)
    {
        // A rule that also looks at switches, disks or hosts has something to judge without a cluster.
        var rules = RuleCatalogue.All.Where(r => r is IExamines<ClusterSubject> && r is not (IExamines<SwitchSubject> or IExamines<HostSubject> or IExamines<VirtualMachineSubject> or IExamines<DriveSubject> or IExamines<NetworkAdapterSubject> or IExamines<FarmSubject>)).Select(r => r.Card.Id).ToHashSet(StringComparer.Ordinal);
        return silo.Feed.Current.Rules.Where(r => rules.Contains(r.RuleId)).Sum(count);
    }
}

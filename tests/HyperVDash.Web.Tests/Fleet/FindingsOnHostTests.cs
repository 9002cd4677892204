using HyperVDash.Model;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Web.Fleet;

namespace HyperVDash.Web.Tests.Fleet;

/// <summary>What counts as a finding on a host, for every list, chip, tile and marker.</summary>
public sealed class FindingsOnHostTests
{
    private static readonly ClusterView Cluster = new() { Id = "c1", Name = "LAB", Nodes = [new("HV01", ClusterNodeState.Up), new("HV02", ClusterNodeState.Up)] };
    private static readonly HostReading One = Node("HV01", 1);
    private static readonly HostReading Two = Node("HV02", 2);

    [Theory]
    [InlineData(ObjectKind.Volume)]
    [InlineData(ObjectKind.PhysicalAdapter)]
    [InlineData(ObjectKind.Switch)]
    [InlineData(ObjectKind.VirtualDisk)]
    [InlineData(ObjectKind.Service)]
    public void A_finding_about_anything_of_a_host_is_on_that_host_and_on_no_other(ObjectKind kind)
    {
        var fleet = With(Fleets.Finding(Severity.Error, new(kind, $"{One.Id}/something", "E:", One.Id)));

        Assert.Equal((1, 0), (On(fleet, One), On(fleet, Two)));
        Assert.Equal(("error", "ok"), (fleet.StandingOf(fleet.FindHost(One.Id!)!), fleet.StandingOf(fleet.FindHost(Two.Id!)!)));
    }

    [Fact]
    public void A_VM_is_on_the_host_that_lists_it_now()
    {
        var fleet = With(Fleets.Finding(Severity.Error, new(ObjectKind.VirtualMachine, Fleets.Vm(2, "vm2").Id.ToString(), "vm2")));

        Assert.Equal((0, 1), (On(fleet, One), On(fleet, Two)));
    }

    [Fact]
    public void A_finding_about_a_node_of_a_cluster_is_on_the_host_that_it_is()
    {
        var fleet = With(Fleets.Finding(Severity.Error, new(ObjectKind.ClusterNode, "c1/node/hv02", "HV02")));

        Assert.Equal((0, 1), (On(fleet, One), On(fleet, Two)));
    }

    [Fact]
    public void A_clusters_finding_is_on_the_hosts_that_it_affects_and_not_on_those_that_were_compared()
    {
        var fleet = With(Fleets.Finding(Severity.Error, new(ObjectKind.Cluster, "c1", "LAB")) with
        {
            Affected = [new(AffectedRole.Impacted, Fleets.Ref(Two))],
            Evidence = [new("Switches", "2") { HostId = One.Id }],
        });

        Assert.Equal((0, 1), (On(fleet, One), On(fleet, Two)));
    }

    [Fact]
    public void A_finding_about_no_host_and_no_cluster_is_on_the_hosts_it_was_read_from()
    {
        var fleet = With(Fleets.Finding(Severity.Error, new(ObjectKind.PrintQueue, "farm/queue/a", "a")) with { Evidence = [new("Driver", "4") { HostId = One.Id }] });

        Assert.Equal((1, 0), (On(fleet, One), On(fleet, Two)));
    }

    [Fact]
    public void A_finding_that_somebody_answers_for_is_accepted_on_the_same_host()
    {
        var fleet = With(Fleets.Finding(Severity.Error, new(ObjectKind.Volume, $"{One.Id}/e", "E:", One.Id)) with { Accepted = new("Ann", new(2030, 1, 1)) });

        Assert.Equal(0, On(fleet, One));
        Assert.Single(fleet.AcceptedOn(fleet.FindHost(One.Id!)!));
    }

    [Fact]
    public void A_scope_keeps_them()
    {
        var alone = Fleets.Named("HV09");
        var finding = Fleets.Finding(Severity.Error, new(ObjectKind.Cluster, "c1", "LAB")) with { Affected = [new(AffectedRole.Impacted, Fleets.Ref(alone))] };
        var fleet = new FleetView(Sample.Now, [], [One, Two, alone], [finding], [], 3);

        Assert.Single(Scope.Narrow(fleet, alone.Id).Findings);
    }

    private static FleetView With(params Finding[] findings) => new(Sample.Now, [], [One, Two], [.. findings], [], 2);

    private static int On(FleetView fleet, HostReading host) => fleet.FindingsOn(fleet.FindHost(host.Id!)!).Count();

    private static HostReading Node(string name, int vm) => Fleets.Named(name, Fleets.Vm(vm, $"vm{vm}")) with { Cluster = Sample.Read(Cluster) };
}

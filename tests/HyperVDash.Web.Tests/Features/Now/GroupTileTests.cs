using HyperVDash.Model;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Fleet;
using HyperVDash.Web.Features.Now;
using HyperVDash.Web.Tests.Fleet;

namespace HyperVDash.Web.Tests.Features.Now;

public sealed class GroupTileTests
{
    private static readonly ClusterView Cluster = new()
    {
        Id = "c1",
        Name = "LAB",
        Nodes = [new("HV01", ClusterNodeState.Up), new("HV02", ClusterNodeState.Up)],
        VirtualMachines = [new(Guid.NewGuid(), "a") { State = ClusterResourceState.Online }, new(Guid.NewGuid(), "b") { State = ClusterResourceState.Offline }],
    };

    [Fact]
    public void With_every_node_read_the_tile_says_how_many_VMs_run()
    {
        var tile = Assert.Single(GroupTile.Of(Fleets.Of(Node("HV01"), Node("HV02"))));

        Assert.Equal(("LAB", "ok", 1, 2), (tile.Name, tile.Kind, tile.Running, tile.Total));
        Assert.All(tile.Nodes, n => Assert.Null(n.Note));
    }

    [Fact]
    public void With_a_node_that_nobody_reads_the_number_is_not_known_and_the_tile_not_well()
    {
        var tile = Assert.Single(GroupTile.Of(Fleets.Of(Node("HV01"))));

        Assert.Null(tile.Running);
        Assert.Equal("unknown", tile.Kind);
        Assert.Equal(new NodeChip("HV02", null, "unknown", "not read by any agent"), tile.Nodes[1]);
    }

    [Fact]
    public void A_node_that_was_read_and_no_longer_answers_is_unknown_like_one_that_never_was()
    {
        var lost = Node("HV02");
        lost = lost with { VirtualMachines = lost.VirtualMachines with { Attempt = new(SectionState.Failed, Sample.Now, 3, "Connection refused.") } };

        var tile = Assert.Single(GroupTile.Of(Fleets.Of(Node("HV01"), lost)));

        Assert.Equal(("unknown", "Connection refused."), (tile.Nodes[1].Kind, tile.Nodes[1].Note));
        Assert.Null(tile.Running);
    }

    [Fact]
    public void What_the_cluster_said_before_nobody_could_read_it_tells_not_how_many_run()
    {
        HostReading[] nodes = [.. new[] { Node("HV01"), Node("HV02") }.Select(n => n with { Cluster = n.Cluster with { Attempt = new(SectionState.Denied, Sample.Now, 3, "No right.") } })];

        var tile = Assert.Single(GroupTile.Of(Fleets.Of(nodes)));

        Assert.Equal((null, null, 2), (tile.Running, tile.OutsideCluster, tile.Total));
    }

    [Fact]
    public void Hosts_outside_clusters_share_one_tile() =>
        Assert.Equal(["LAB", "Single hosts"], GroupTile.Of(Fleets.Of(Node("HV01"), Node("HV02"), Fleets.Named("HV09"))).Select(t => t.Name));

    private static HostReading Node(string name) => Fleets.Named(name) with { Cluster = Sample.Read(Cluster) };
}

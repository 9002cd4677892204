using HyperVDash.Model;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Disks;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules.Clusters;
using HyperVDash.Rules.Disks;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Tests.Clusters;

/// <summary>What is open about a part of a cluster stays open while a node cannot tell of that part, also where other parts are told.</summary>
public sealed class LostViewTests
{
    private static readonly ClusterView View = new()
    {
        Id = "c", Name = "LAB", Resources = [], Groups = [new("SQL01", ClusterGroupState.Failed, "N0") { Type = 111 }],
        VirtualMachines = [new(Sample.VmId, "Virtual Machine SQL01") { Group = "SQL01", State = ClusterResourceState.Failed, PossibleOwners = ["N0", "N1"] }],
    };

    private static HostReading Disks(string release) => Given.Host(release).With(Sample.Vm).With(Given.Disk(Model.Devices.ControllerKind.Scsi, 0, 0, Sample.VirtualDisk.Path)).With(View) with
    {
        VirtualDisks = Sample.Read(new VirtualDiskList { Items = [Sample.VirtualDisk] }),
    };

    private static Finding Stale(IRule rule, ClusterSubject first, ClusterSubject then)
    {
        var book = new FindingBook { IsSingleSample = true }.Apply(RuleEngine.ExamineCluster(first, new(), Sample.Now, [rule]));
        Assert.Single(book.Findings);

        book = book.Apply(RuleEngine.ExamineCluster(then, new(), Sample.Now, [rule]));

        Assert.Empty(book.Closed);
        return Assert.Single(book.Findings);
    }

    [Fact]
    public void A_failed_vm_stays_one_when_the_groups_are_lost()
    {
        var before = Given.Cluster(Given.Host().With(Sample.Vm).With(View));
        var after = Given.Cluster(Given.Host().With(Sample.Vm).With(View with { Groups = null }));

        Assert.True(Stale(new ClusteredVmFailed(), before, after).IsStale);
    }

    [Fact]
    public void A_disk_that_an_owner_cannot_open_stays_one_when_its_node_tells_of_no_disks()
    {
        var older = Given.Host("2008R2").With(Array.Empty<VirtualMachine>());

        var stale = Stale(new VirtualDiskDoesNotFitHost(), Given.Cluster(Disks("2012"), older),
            Given.Cluster(Disks("2012") with { VirtualDisks = Sample.Failed<VirtualDiskList>(SectionState.Denied, "no right") }, older));

        Assert.True(stale.IsStale);
        Assert.Equal("no right", stale.StaleReason);
    }

    [Fact]
    public void The_card_names_the_node_that_can_read_the_cluster()
    {
        var cluster = Given.Cluster(Given.Host().With(Sample.Vm).With(View), Given.Host().With(Array.Empty<VirtualMachine>()).With(View));
        var first = cluster.Members[0].Host!.Whole with { Cluster = Sample.Failed<ClusterView>(SectionState.Denied, "no right") };
        var blind = cluster with { Members = [cluster.Members[0] with { Host = new(first) }, cluster.Members[1]] };

        var fire = new ClusteredVmFailed().Examine(blind, new RuleContext(Sample.Now, new())).OfType<Verdict.Fire>().Single();

        Assert.All(fire.Evidence.Where(e => e.Section == "cluster"), e => Assert.Equal("n1", e.HostId));
    }
}

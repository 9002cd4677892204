using HyperVDash.Agent.Collect.Clusters;
using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Cim;
using HyperVDash.Model;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Units;
using HyperVDash.Model.Volumes;
using static HyperVDash.Agent.Tests.Collect.HandMade;

namespace HyperVDash.Agent.Tests.Collect.Clusters;

public sealed class ClusterReaderTests
{
    private const string Mount = @"C:\ClusterStorage\Volume1";
    private const string VolumeId = @"\\?\Volume{44444444-4444-4444-4444-444444444444}\";

    private static HandMade Cluster(int build = 20348) => new HandMade(build: build)
        .Has(Plan.ClusterItself, Row("MSCluster_Cluster", ("Name", "LAB"), ("QuorumType", "Majority")))
        .Has(Plan.Nodes, Node("HV01", 0), Node("HV02", 0));

    private static CimRow Node(string name, long state) => Row("MSCluster_Node", ("Name", name), ("State", state), ("NodeWeight", 1L), ("DynamicWeight", 1L), ("NodeDrainStatus", 0L), ("StatusInformation", 0L));

    private static ClusterView Read(HandMade host) => host.Read(new ClusterReader()).Cluster.Content!;

    [Fact]
    public void What_2008_does_not_say_is_null_and_not_empty()
    {
        var host = new HandMade(1, 6001)
            .Has(Plan.ClusterItself, Row("MSCluster_Cluster", ("Name", "LAB")))
            .Has(Plan.Nodes, Row("MSCluster_Node", ("Name", "HV01"), ("State", 0L)))
            .Has(Plan.Groups, Row("MSCluster_ResourceGroup", ("Name", "web"), ("State", 0L)));

        var view = Read(host);

        var node = Assert.Single(view.Nodes);
        Assert.Equal((null, null, null, null, null), (node.Vote, node.DynamicVote, node.DrainStatus, node.IsIsolated, node.IsQuarantined));
        var group = Assert.Single(view.Groups!.Value);
        Assert.Equal((null, null, null, null, null), (group.Type, group.Priority, group.OwnerNode, group.AntiAffinity, group.PreferredOwners));
        Assert.Equal((null, null, null), (view.Networks, view.Interfaces, view.Resources));
        Assert.Equal((null, null, null, null), (view.FunctionalLevel, view.QuorumType, view.WitnessVote, view.SharedVolumesRoot));
        Assert.Empty(view.SharedVolumes!.Value);
    }

    [Fact]
    public void A_state_is_as_old_as_the_agent_has_seen_it()
    {
        var host = Cluster();
        var since = host.Now;
        Read(host);

        host.Now = since.AddMinutes(5);
        host.Has(Plan.Nodes, Node("HV01", 0), Node("HV02", 2));
        var paused = Read(host);
        host.Now = since.AddMinutes(9);
        var still = Read(host);

        Assert.Equal([since, since.AddMinutes(5)], paused.Nodes.Select(n => n.StateSeenAt!.Value));
        Assert.Equal([since, since.AddMinutes(5)], still.Nodes.Select(n => n.StateSeenAt!.Value));
    }

    [Theory]
    [InlineData(4294967295L), InlineData(-1L), InlineData(77L)]
    public void A_state_number_without_a_meaning_is_unknown(long state)
    {
        var host = Cluster()
            .Has(Plan.Nodes, Node("HV01", state))
            .Has(Plan.ClusterNetworks, Row("MSCluster_Network", ("Name", "N"), ("State", state)))
            .Has(Plan.ClusterInterfaces, Row("MSCluster_NetworkInterface", ("Name", "I"), ("State", state)))
            .Has(Plan.SharedVolumes, Row("MSCluster_ClusterSharedVolume", ("Name", Mount), ("FaultState", state)));

        var view = Read(host);

        Assert.Equal(ClusterNodeState.Unknown, view.Nodes[0].State);
        Assert.Equal(ClusterNetworkState.Unknown, view.Networks!.Value[0].State);
        Assert.Equal(ClusterInterfaceState.Unknown, view.Interfaces!.Value[0].State);
        Assert.Equal((SharedVolumeFault.Unknown, null), (view.SharedVolumes!.Value[0].Fault, view.SharedVolumes.Value[0].FaultSeenAt));
    }

    [Fact]
    public void Isolated_and_quarantined_nodes_are_told_apart()
    {
        var host = Cluster().Has(Plan.Nodes,
            Row("MSCluster_Node", ("Name", "A"), ("State", 0L), ("StatusInformation", 1L)), Row("MSCluster_Node", ("Name", "B"), ("State", 1L), ("StatusInformation", 2L)));

        Assert.Equal([(true, false), (false, true)], Read(host).Nodes.Select(n => (n.IsIsolated!.Value, n.IsQuarantined!.Value)));
    }

    [Fact]
    public void Resources_keep_the_machine_of_their_configuration_and_the_id_of_their_disk()
    {
        var id = Guid.NewGuid();
        var host = Cluster().Has(Plan.ClusterResources,
            Row("MSCluster_Resource", ("Name", "Virtual Machine web"), ("Type", "Virtual Machine"), ("State", 2L), ("PrivateProperties", Row("P", ("VmID", $"{id}")))),
            Row("MSCluster_Resource", ("Name", "Virtual Machine Configuration web"), ("Type", "Virtual Machine Configuration"), ("State", 2L), ("PrivateProperties", Row("P", ("VmID", $"{{{id}}}")))),
            Row("MSCluster_Resource", ("Name", "Disk 1"), ("Type", "Physical Disk"), ("State", 4L), ("PrivateProperties", Row("P", ("DiskIdGuid", ""), ("DiskSignature", 0xCAFEL)))),
            Row("MSCluster_Resource", ("Name", "Witness"), ("Type", "File Share Witness"), ("State", 3L), ("CoreResource", true)))
            .Has(Plan.GroupToResource, Row("MSCluster_ResourceGroupToResource", ("GroupComponent", Ref("MSCluster_ResourceGroup", "G")), ("PartComponent", Ref("MSCluster_Resource", "Disk 1"))), Row("MSCluster_ResourceGroupToResource"))
            .Has(Plan.NodeToResource, Row("MSCluster_NodeToActiveResource", ("GroupComponent", Ref("MSCluster_Node", "HV02")), ("PartComponent", Ref("MSCluster_Resource", "Disk 1"))));

        var view = Read(host);

        Assert.Equal(id, Assert.Single(view.VirtualMachines!.Value).VirtualMachineId);
        Assert.Equal(["Disk 1", "Virtual Machine Configuration web", "Witness"], view.Resources!.Value.Select(r => r.Name));
        var disk = view.Resources.Value[0];
        Assert.Equal(("0x0000CAFE", "G", "HV02", ClusterResourceState.Failed), (disk.DiskId, disk.Group, disk.OwnerNode, disk.State));
        Assert.Equal(id, view.Resources.Value[1].VirtualMachineId);
        Assert.True(view.Resources.Value[2].IsCore);
    }

    [Fact]
    public void A_shared_volume_has_its_resource_its_partition_and_the_time_its_fault_was_seen()
    {
        var host = WithVolume(4_194_304, 1_000_000, fault: 1);
        var since = host.Now;
        Read(host);
        host.Now = since.AddMinutes(3);

        var volume = Assert.Single(Read(host).SharedVolumes!.Value);

        Assert.Equal(("Cluster Disk 1", Mount, VolumeId, "CSVFS"), (volume.Name, volume.Path, volume.VolumeId, volume.FileSystem));
        Assert.Equal((ByteSize.FromGiB(4096), new ByteSize(1_000_000L << 20)), (volume.Size, volume.Free));
        Assert.Equal((SharedVolumeFault.Redirected, since), (volume.Fault, volume.FaultSeenAt));
        Assert.Equal(true, volume.IsInBackup);

        WithVolume(4_194_304, 1_000_000, fault: 0, host);
        Assert.Null(Read(host).SharedVolumes!.Value[0].FaultSeenAt);
    }

    [Theory]
    [InlineData(4_194_304L, 4096L)]
    [InlineData(4_294_967_295L, 4096L)]
    [InlineData(4_398_046_511_104L, 4096L)]
    [InlineData(2_097_152_000L, 2000L)]
    public void The_unit_of_a_partition_is_the_one_that_fits_the_hosts_own_list_of_volumes(long total, long gibibytes)
    {
        var host = WithVolume(total, total / 2, fault: 0);
        host.Before = new HostReading("H", "H") { Volumes = Sample.Read(new VolumeList { Items = [new(VolumeId.ToUpperInvariant()) { Size = ByteSize.FromGiB(gibibytes) }] }) };

        var volume = Assert.Single(Read(host).SharedVolumes!.Value);

        Assert.InRange(volume.Size!.Value.Bytes, (gibibytes << 30) - (1 << 20), gibibytes << 30);
        Assert.InRange(volume.Free!.Value.Bytes, (gibibytes << 29) - (1 << 20), gibibytes << 29);
    }

    [Fact]
    public void A_lesser_class_that_is_denied_is_named_and_the_rest_is_read()
    {
        var host = Cluster().Lacks(Plan.ClusterNetworks, CimErrorKind.AccessDenied).Lacks(Plan.SharedVolumes, CimErrorKind.AccessDenied);

        var section = host.Read(new ClusterReader()).Cluster;

        Assert.Equal(SectionState.Partial, section.Attempt.State);
        Assert.Contains(section.Attempt.Missing, m => m.StartsWith("networks: ", StringComparison.Ordinal));
        Assert.Equal((null, null, 2), (section.Content!.Networks, section.Content.SharedVolumes, section.Content.Nodes.Length));
    }

    private static HandMade WithVolume(long total, long free, long fault, HandMade? host = null) => (host ?? Cluster())
        .Has(Plan.SharedVolumes, Row("MSCluster_ClusterSharedVolume", ("Name", Mount), ("VolumeName", VolumeId), ("FaultState", fault), ("BackupState", 1L)))
        .Has(Plan.DiskPartitions, Row("MSCluster_DiskPartition", ("Path", Mount), ("FileSystem", "CSVFS"), ("TotalSize", total), ("FreeSpace", free)))
        .Has(Plan.SharedVolumeToPartition, Row("MSCluster_ClusterSharedVolumeToPartition", ("GroupComponent", Ref("MSCluster_ClusterSharedVolume", Mount)), ("PartComponent", Ref("MSCluster_DiskPartition", Mount, "Path"))))
        .Has(Plan.SharedVolumeToResource, Row("MSCluster_ClusterSharedVolumeToResource", ("GroupComponent", Ref("MSCluster_ClusterSharedVolume", Mount)), ("PartComponent", Ref("MSCluster_Resource", "Cluster Disk 1"))));
}

using HyperVDash.Lab.Hosts;
using HyperVDash.Lab.Scenarios.Description;

namespace HyperVDash.Lab.Scenarios.Rows;

/// <summary>Cluster shared volumes, each with its disk resource and its partition.</summary>
internal static class SharedVolumeRows
{
    private const string Namespace = ClusterRows.Namespace;
    private const uint Active = 4;

    public static void Write(HostTables t, LabCluster cluster, List<HostDescription> nodes)
    {
        for (int i = 0; i < cluster.SharedVolumes.Length; i++)
        {
            var one = cluster.SharedVolumes[i];
            string disk = $"Cluster Disk {i + 1}";
            string mount = $@"C:\ClusterStorage\{one.Name}";
            var id = VolumeIdOf(cluster, one);
            var resource = ClusterGroupRows.WriteResource(t, disk, "Physical Disk", 2, t.Words.AvailableStorage, nodes[i % nodes.Count].Name, new LabInstance("MSCluster_Property_Resource_Physical_Disk")
            {
                ["DiskIdType"] = 1, ["DiskIdGuid"] = Ids.Of($"disk/{cluster.Name}/{one.Name}").ToString("B"), ["DiskSignature"] = 0,
            });
            resource["IsClusterSharedVolume"] = true;
            string volume = $@"\\?\Volume{{{id}}}\";
            t.Add(Namespace, new("MSCluster_ClusterSharedVolume")
            {
                ["Name"] = mount, ["VolumeName"] = volume, ["FaultState"] = one.Fault, ["BackupState"] = one.IsInBackup ? 1 : 0, ["VolumeOffset"] = 135_266_304UL,
            });
            t.Add(Namespace, new("MSCluster_DiskPartition")
            {
                ["Path"] = mount, ["VolumeLabel"] = one.Name, ["FileSystem"] = t.Since("2012") ? "CSVFS" : "NTFS", ["TotalSize"] = one.SizeMb, ["FreeSpace"] = one.FreeMb, ["VolumeGuid"] = id.ToString(),
                ["PartitionNumber"] = 2, ["MountPoints"] = (string[])[mount],
            });
            if (t.Since("2012"))
            {
                // What this node has of it; the rates do not matter here.
                t.Add(HostTables.Cimv2, new("Win32_PerfFormattedData_CsvFsPerfProvider_ClusterCSVFileSystem")
                {
                    ["Name"] = one.Name, ["VolumeState"] = one.Fault == 2 ? 0 : one.StateOn.GetValueOrDefault(t.Description.Name, Active), ["VolumePauseCountTotal"] = 0UL,
                });
            }

            var self = ClusterRows.Named("MSCluster_ClusterSharedVolume", mount);
            t.Add(Namespace, new("MSCluster_ClusterSharedVolumeToPartition") { ["GroupComponent"] = self, ["PartComponent"] = new LabReference("MSCluster_DiskPartition", ("Path", mount)) });
            t.Add(Namespace, new("MSCluster_ClusterSharedVolumeToResource") { ["GroupComponent"] = self, ["PartComponent"] = ClusterRows.Named("MSCluster_Resource", disk) });
        }
    }

    public static Guid VolumeIdOf(LabCluster cluster, LabSharedVolume volume) => Ids.Of($"csv/{cluster.Name}/{volume.Name}");
}

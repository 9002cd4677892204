using System.Globalization;
using HyperVDash.Lab.Hosts;
using HyperVDash.Lab.Scenarios.Description;

namespace HyperVDash.Lab.Scenarios.Rows;

/// <summary>The failover cluster as each of its nodes tells it: itself, its nodes and the networks between them.</summary>
internal static class ClusterRows
{
    public const string Namespace = "root/MSCluster";

    public static void Write(HostTables t)
    {
        var cluster = t.Lab.Clusters.Single(c => c.Name == t.Description.Cluster);
        var nodes = t.Lab.NodesOf(cluster.Name).ToList();
        var row = t.Add(Namespace, new("MSCluster_Cluster")
        {
            ["Name"] = cluster.Name, ["Caption"] = cluster.Name, ["CreationClassName"] = "MSCluster_Cluster", ["QuorumType"] = cluster.Witness is null ? "Majority" : $"Majority and {cluster.Witness}",
            ["Status"] = "OK",
        });
        if (t.Since("2008R2"))
        {
            row["EnableSharedVolumes"] = 1;
            row["SharedVolumesRoot"] = @"C:\ClusterStorage";
        }

        if (t.Since("2012"))
        {
            row["Fqdn"] = $"{cluster.Name}.{cluster.Domain}";
        }

        if (t.Since("2012R2"))
        {
            // The cluster keeps the sum of votes odd.
            row["WitnessDynamicWeight"] = cluster.Witness is not null && nodes.Count % 2 == 0 ? 1 : 0;
        }

        if (t.Since("2016"))
        {
            row["ClusterFunctionalLevel"] = cluster.FunctionalLevel;
        }

        for (int i = 0; i < nodes.Count; i++)
        {
            WriteNode(t, nodes[i], i + 1, cluster.NodeStates.GetValueOrDefault(nodes[i].Name), cluster.NodeStatuses.GetValueOrDefault(nodes[i].Name));
        }

        foreach (var network in cluster.Networks)
        {
            WriteNetwork(t, cluster, network, nodes);
        }

        ClusterGroupRows.Write(t, cluster, nodes);
        if (t.Since("2008R2"))
        {
            SharedVolumeRows.Write(t, cluster, nodes);
        }
    }

    public static LabReference Named(string className, string name) => new(className, ("Name", name));

    private static void WriteNode(HostTables t, HostDescription node, int id, uint state, uint status)
    {
        string[] version = node.WindowsVersion.Split('.');
        var row = t.Add(Namespace, new("MSCluster_Node")
        {
            ["Name"] = node.Name, ["Caption"] = node.Name, ["CreationClassName"] = "MSCluster_Node", ["State"] = state, ["NodeWeight"] = 1,
            ["BuildNumber"] = uint.Parse(node.Build, CultureInfo.InvariantCulture), ["MajorVersion"] = uint.Parse(version[0], CultureInfo.InvariantCulture),
            ["MinorVersion"] = uint.Parse(version[1], CultureInfo.InvariantCulture), ["NodeInstanceID"] = Ids.Of($"node/{node.Name}").ToString(), ["Status"] = "OK",
        });
        if (t.Since("2012"))
        {
            row["Id"] = $"{id}";
            row["NodeDrainStatus"] = state == 2 ? 2 : 0;
            row["DynamicWeight"] = state == 1 ? 0 : 1;
        }

        if (t.Since("2016"))
        {
            row["StatusInformation"] = status;
        }
    }

    private static void WriteNetwork(HostTables t, LabCluster cluster, LabClusterNetwork network, List<HostDescription> nodes)
    {
        t.Add(Namespace, new("MSCluster_Network")
        {
            ["Name"] = network.Name, ["ID"] = Ids.Of($"network/{cluster.Name}/{network.Name}").ToString(), ["Address"] = network.Address, ["AddressMask"] = "255.255.255.0",
            ["Role"] = network.Role, ["State"] = network.State, ["IPv4Addresses"] = (string[])[network.Address], ["Metric"] = network.Metric,
        });
        for (int i = 0; i < nodes.Count; i++)
        {
            var nic = nodes[i].Nics.IsEmpty ? null : nodes[i].Nics[network.Adapter % nodes[i].Nics.Length];
            string address = $"{network.Address[..network.Address.LastIndexOf('.')]}.{11 + i}";
            t.Add(Namespace, new("MSCluster_NetworkInterface")
            {
                ["Name"] = $"{nodes[i].Name} - {nic?.Name}", ["DeviceID"] = Ids.Of($"interface/{nodes[i].Name}/{network.Name}").ToString(), ["SystemName"] = nodes[i].Name, ["Network"] = network.Name,
                ["Adapter"] = nic?.Description, ["AdapterId"] = nic?.Id.ToString("D").ToUpperInvariant(), ["Address"] = address, ["IPv4Addresses"] = (string[])[address],
                ["State"] = cluster.NodeStates.GetValueOrDefault(nodes[i].Name) == 1 ? 0 : network.FailedOn.Contains(nodes[i].Name) ? 1u : network.State,
            });
        }
    }
}

using HyperVDash.Lab.Hosts;
using HyperVDash.Lab.Scenarios.Description;

namespace HyperVDash.Lab.Scenarios.Rows;

/// <summary>The failover cluster as each of its nodes tells it.</summary>
internal static class ClusterRows
{
    private const string Namespace = "root/MSCluster";

    public static void Write(HostTables t)
    {
        var cluster = t.Lab.Clusters.Single(c => c.Name == t.Description.Cluster);
        var nodes = t.Lab.NodesOf(cluster.Name).ToList();
        var row = t.Add(Namespace, new("MSCluster_Cluster")
        {
            ["Name"] = cluster.Name, ["Caption"] = cluster.Name, ["CreationClassName"] = "MSCluster_Cluster", ["QuorumType"] = "Majority", ["Status"] = "OK",
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

        if (t.Since("2016"))
        {
            row["ClusterFunctionalLevel"] = cluster.FunctionalLevel;
        }

        for (int i = 0; i < nodes.Count; i++)
        {
            WriteNode(t, nodes[i], i + 1);
        }

        t.Add(Namespace, new("MSCluster_Network")
        {
            ["Name"] = "Cluster Network 1", ["ID"] = Ids.Of($"network/{cluster.Name}").ToString(), ["Address"] = "192.168.10.0", ["AddressMask"] = "255.255.255.0", ["Role"] = 3,
            ["State"] = 3, ["IPv4Addresses"] = (string[])["192.168.10.0"], ["Metric"] = 39841,
        });
        WriteGroup(t, "Cluster Group", 0, 1, nodes[0].Name);
        foreach (var clustered in cluster.Vms)
        {
            var owner = nodes.Find(n => n.Vms.Any(v => v.Id == clustered.VmId)) ?? throw new InvalidOperationException($"{cluster.Name} has no node with VM {clustered.VmId}.");
            WriteVm(t, owner, owner.Vms.First(v => v.Id == clustered.VmId), clustered.PossibleOwners is { } owners ? [.. owners] : [.. nodes.Select(n => n.Name)]);
        }
    }

    private static void WriteNode(HostTables t, HostDescription node, int id)
    {
        string[] version = node.WindowsVersion.Split('.');
        var row = t.Add(Namespace, new("MSCluster_Node")
        {
            ["Name"] = node.Name, ["Caption"] = node.Name, ["CreationClassName"] = "MSCluster_Node", ["State"] = 0, ["NodeWeight"] = 1, ["BuildNumber"] = uint.Parse(node.Build, System.Globalization.CultureInfo.InvariantCulture),
            ["MajorVersion"] = uint.Parse(version[0], System.Globalization.CultureInfo.InvariantCulture), ["MinorVersion"] = uint.Parse(version[1], System.Globalization.CultureInfo.InvariantCulture),
            ["NodeInstanceID"] = Ids.Of($"node/{node.Name}").ToString(), ["Status"] = "OK",
        });
        if (t.Since("2012"))
        {
            row["Id"] = $"{id}";
            row["NodeDrainStatus"] = 0;
        }

        if (t.Since("2016"))
        {
            row["StatusInformation"] = 0;
        }
    }

    private static void WriteVm(HostTables t, HostDescription owner, LabVm vm, string[] possibleOwners)
    {
        var (resource, group) = vm.State switch
        {
            LabVmState.Running or LabVmState.Paused or LabVmState.Pausing or LabVmState.Resuming => (2u, 0u),
            LabVmState.Starting or LabVmState.Resetting => (129u, 4u),
            LabVmState.Stopping or LabVmState.Saving => (130u, 4u),
            _ => (3u, 1u),
        };
        WriteGroup(t, vm.Name, group, 111, owner.Name);
        WriteResource(t, $"Virtual Machine {vm.Name}", "Virtual Machine", resource, owner, vm, possibleOwners);
        WriteResource(t, $"Virtual Machine Configuration {vm.Name}", "Virtual Machine Configuration", 2, owner, vm, possibleOwners);
    }

    private static void WriteGroup(HostTables t, string name, uint state, uint type, string owner)
    {
        var row = t.Add(Namespace, new("MSCluster_ResourceGroup") { ["Name"] = name, ["Caption"] = name, ["State"] = state, ["PersistentState"] = 1, ["Status"] = "OK" });
        if (t.Since("2008R2"))
        {
            row["GroupType"] = type;
            row["Priority"] = 2000;
        }

        if (t.Since("2012"))
        {
            row["Id"] = Ids.Of($"group/{t.Description.Cluster}/{name}").ToString();
            row["OwnerNode"] = owner;
        }

        t.Add(Namespace, new("MSCluster_NodeToActiveGroup") { ["GroupComponent"] = Named("MSCluster_Node", owner), ["PartComponent"] = Named("MSCluster_ResourceGroup", name) });
    }

    private static void WriteResource(HostTables t, string name, string type, uint state, HostDescription owner, LabVm vm, string[] possibleOwners)
    {
        var row = t.Add(Namespace, new("MSCluster_Resource")
        {
            ["Name"] = name, ["Caption"] = name, ["Type"] = type, ["State"] = state, ["CoreResource"] = false, ["PersistentState"] = true, ["Status"] = "OK",
            ["PrivateProperties"] = new LabInstance("MSCluster_Property_Resource_" + type.Replace(' ', '_')) { ["VmID"] = vm.Id.ToString(), ["VmState"] = Version1.VmRows.StateNumber(vm.State) },
        });
        if (t.Since("2008R2"))
        {
            row["IsClusterSharedVolume"] = false;
            row["ResourceClass"] = 0;
        }

        if (t.Since("2012"))
        {
            row["Id"] = Ids.Of($"resource/{t.Description.Cluster}/{name}").ToString();
            row["OwnerGroup"] = vm.Name;
            row["OwnerNode"] = owner.Name;
        }

        t.Add(Namespace, new("MSCluster_ResourceGroupToResource") { ["GroupComponent"] = Named("MSCluster_ResourceGroup", vm.Name), ["PartComponent"] = Named("MSCluster_Resource", name) });
        t.Add(Namespace, new("MSCluster_NodeToActiveResource") { ["GroupComponent"] = Named("MSCluster_Node", owner.Name), ["PartComponent"] = Named("MSCluster_Resource", name) });
        foreach (string node in possibleOwners)
        {
            t.Add(Namespace, new("MSCluster_ResourceToPossibleOwner") { ["GroupComponent"] = Named("MSCluster_Resource", name), ["PartComponent"] = Named("MSCluster_Node", node) });
        }
    }

    private static LabReference Named(string className, string name) => new(className, ("Name", name));
}

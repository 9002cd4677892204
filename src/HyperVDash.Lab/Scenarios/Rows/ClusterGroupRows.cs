using HyperVDash.Lab.Hosts;
using HyperVDash.Lab.Scenarios.Description;

namespace HyperVDash.Lab.Scenarios.Rows;

/// <summary>Groups and resources of a cluster: the cluster's own, and those of its VMs.</summary>
internal static class ClusterGroupRows
{
    private const string Namespace = ClusterRows.Namespace;

    public static void Write(HostTables t, LabCluster cluster, List<HostDescription> nodes)
    {
        WriteGroup(t, t.Words.ClusterGroup, 0, 1, nodes[0].Name);
        WriteGroup(t, t.Words.AvailableStorage, 1, 2, nodes[0].Name);
        WriteResource(t, t.Words.ClusterAddress, "IP Address", 2, t.Words.ClusterGroup, nodes[0].Name, null, isCore: true);
        WriteResource(t, t.Words.ClusterName, "Network Name", 2, t.Words.ClusterGroup, nodes[0].Name, null, isCore: true);
        if (cluster.Witness is { } witness)
        {
            WriteResource(t, witness, witness, cluster.WitnessState, t.Words.ClusterGroup, nodes[0].Name, null, isCore: true);
        }

        foreach (var clustered in cluster.Vms)
        {
            if (clustered.Left is { } left)
            {
                WriteVm(t, clustered, nodes[0].Name, left, LabVmState.Off, [.. nodes.Select(n => n.Name)]);
                continue;
            }

            var owner = nodes.Find(n => n.Vms.Any(v => v.Id == clustered.VmId)) ?? throw new InvalidOperationException($"{cluster.Name} has no node with VM {clustered.VmId}.");
            var vm = owner.Vms.First(v => v.Id == clustered.VmId);
            WriteVm(t, clustered, owner.Name, vm.Name, vm.State, clustered.PossibleOwners is { } owners ? [.. owners] : [.. nodes.Select(n => n.Name)]);
        }
    }

    public static LabInstance WriteResource(HostTables t, string name, string type, uint state, string group, string owner, LabInstance? privateProperties, bool isCore = false)
    {
        var row = t.Add(Namespace, new("MSCluster_Resource")
        {
            ["Name"] = name, ["Caption"] = name, ["Type"] = type, ["State"] = state, ["CoreResource"] = isCore, ["PersistentState"] = true, ["Status"] = "OK",
            ["PrivateProperties"] = privateProperties,
        });
        if (t.Since("2008R2"))
        {
            row["IsClusterSharedVolume"] = false;
            row["ResourceClass"] = type == "Physical Disk" ? 1 : 0;
        }

        if (t.Since("2012"))
        {
            row["Id"] = Ids.Of($"resource/{t.Description.Cluster}/{name}").ToString();
            row["OwnerGroup"] = group;
            row["OwnerNode"] = owner;
        }

        t.Add(Namespace, new("MSCluster_ResourceGroupToResource") { ["GroupComponent"] = ClusterRows.Named("MSCluster_ResourceGroup", group), ["PartComponent"] = ClusterRows.Named("MSCluster_Resource", name) });
        t.Add(Namespace, new("MSCluster_NodeToActiveResource") { ["GroupComponent"] = ClusterRows.Named("MSCluster_Node", owner), ["PartComponent"] = ClusterRows.Named("MSCluster_Resource", name) });
        return row;
    }

    private static void WriteVm(HostTables t, LabClusteredVm clustered, string owner, string vm, LabVmState vmState, string[] possibleOwners)
    {
        var (resource, group) = vmState switch
        {
            _ when clustered.HasFailed => (4u, 2u),
            _ when clustered.IsPartial => (2u, 3u),
            LabVmState.Running or LabVmState.Paused or LabVmState.Pausing or LabVmState.Resuming => (2u, 0u),
            LabVmState.Starting or LabVmState.Resetting => (129u, 4u),
            LabVmState.Stopping or LabVmState.Saving => (130u, 4u),
            _ => (3u, 1u),
        };
        WriteGroup(t, vm, group, 111, owner, clustered);
        foreach (var (name, type, state) in ((string, string, uint)[])
            [($"{t.Words.VirtualMachineResource} {vm}", "Virtual Machine", resource), ($"{t.Words.ConfigurationResource} {vm}", "Virtual Machine Configuration", 2)])
        {
            WriteResource(t, name, type, state, vm, owner, new LabInstance("MSCluster_Property_Resource_" + type.Replace(' ', '_'))
            {
                ["VmID"] = clustered.VmId.ToString(), ["VmState"] = Version1.VmRows.StateNumber(vmState),
            });
            foreach (string node in possibleOwners)
            {
                t.Add(Namespace, new("MSCluster_ResourceToPossibleOwner") { ["GroupComponent"] = ClusterRows.Named("MSCluster_Resource", name), ["PartComponent"] = ClusterRows.Named("MSCluster_Node", node) });
            }
        }
    }

    private static void WriteGroup(HostTables t, string name, uint state, uint type, string owner, LabClusteredVm? clustered = null)
    {
        var row = t.Add(Namespace, new("MSCluster_ResourceGroup")
        {
            ["Name"] = name, ["Caption"] = name, ["State"] = state, ["PersistentState"] = 1, ["Status"] = "OK", ["AntiAffinityClassNames"] = clustered?.AntiAffinity.ToArray(),
        });
        if (t.Since("2008R2"))
        {
            row["GroupType"] = type;
        }

        if (t.Since("2012"))
        {
            row["Priority"] = clustered?.Priority ?? 2000;
            row["Id"] = Ids.Of($"group/{t.Description.Cluster}/{name}").ToString();
            row["OwnerNode"] = owner;
        }

        t.Add(Namespace, new("MSCluster_NodeToActiveGroup") { ["GroupComponent"] = ClusterRows.Named("MSCluster_Node", owner), ["PartComponent"] = ClusterRows.Named("MSCluster_ResourceGroup", name) });
        foreach (string node in clustered?.PreferredOwners ?? [])
        {
            t.Add(Namespace, new("MSCluster_ResourceGroupToPreferredNode")
            {
                ["GroupComponent"] = ClusterRows.Named("MSCluster_ResourceGroup", name), ["PartComponent"] = ClusterRows.Named("MSCluster_Node", node),
            });
        }
    }
}

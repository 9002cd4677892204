using HyperVDash.Lab.Scenarios.Description;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Units;

namespace HyperVDash.Agent.Tests.Scenarios.Expected;

/// <summary>The failover cluster as each of its nodes tells it.</summary>
internal static class ExpectedCluster
{
    public static ClusterView? Of(DescribedHost h)
    {
        if (h.Host.Cluster is null)
        {
            return null;
        }

        var cluster = h.Lab.Clusters.Single(c => c.Name == h.Host.Cluster);
        var nodes = h.Lab.NodesOf(cluster.Name).ToList();
        return new()
        {
            Id = cluster.Id.ToString(), Name = cluster.Name, Fqdn = h.Since("2012") ? $"{cluster.Name}.{cluster.Domain}" : null, FunctionalLevel = h.Since("2016") ? (int)cluster.FunctionalLevel : null,
            QuorumType = cluster.Witness is null ? "Majority" : $"Majority and {cluster.Witness}", SharedVolumesRoot = h.Since("2008R2") ? @"C:\ClusterStorage" : null,
            WitnessVote = h.Since("2012R2") ? cluster.Witness is not null && nodes.Count % 2 == 0 ? 1 : 0 : null,
            Nodes = [.. nodes.OrderBy(n => n.Name, StringComparer.OrdinalIgnoreCase).Select(n => Node(h, cluster, n))],
            Groups = [.. Groups(h, cluster, nodes).OrderBy(g => g.Name, StringComparer.OrdinalIgnoreCase)],
            VirtualMachines = [.. cluster.Vms.Select(v => Machine(h, v, nodes)).OrderBy(v => v.Name, StringComparer.Ordinal)],
            Resources = [.. Resources(h, cluster, nodes).OrderBy(r => r.Name, StringComparer.Ordinal)],
            Networks = [.. cluster.Networks.OrderBy(n => n.Name, StringComparer.OrdinalIgnoreCase).Select(Network)],
            Interfaces =
            [
                .. from network in cluster.Networks.OrderBy(n => n.Name, StringComparer.Ordinal)
                   from node in nodes.OrderBy(n => n.Name, StringComparer.OrdinalIgnoreCase)
                   let nic = node.Nics[network.Adapter % node.Nics.Length]
                   select new ClusterInterface($"{node.Name} - {nic.Name}", cluster.NodeStates.GetValueOrDefault(node.Name) == 1 ? ClusterInterfaceState.Unavailable : (ClusterInterfaceState)(network.State + 1))
                   {
                       Node = node.Name, Network = network.Name, Adapter = nic.Description, AdapterId = nic.Id, Address = $"{network.Address[..network.Address.LastIndexOf('.')]}.{11 + nodes.IndexOf(node)}",
                   },
            ],
            SharedVolumes = [.. cluster.SharedVolumes.Where(_ => h.Since("2008R2")).Select((v, i) => Volume(h, v, i + 1)).OrderBy(v => v.Path, StringComparer.OrdinalIgnoreCase)],
        };
    }

    private static ClusterNode Node(DescribedHost h, LabCluster cluster, HostDescription node)
    {
        uint state = cluster.NodeStates.GetValueOrDefault(node.Name);
        return new(node.Name, state switch { 0 => ClusterNodeState.Up, 1 => ClusterNodeState.Down, 2 => ClusterNodeState.Paused, _ => ClusterNodeState.Joining })
        {
            Vote = 1, DynamicVote = !h.Since("2012") ? null : state == 1 ? 0 : 1, DrainStatus = !h.Since("2012") ? null : state == 2 ? 2 : 0,
            IsIsolated = h.Since("2016") ? false : null, IsQuarantined = h.Since("2016") ? false : null, StateSeenAt = h.Now,
        };
    }

    private static IEnumerable<ClusterGroup> Groups(DescribedHost h, LabCluster cluster, List<HostDescription> nodes)
    {
        ClusterGroup Group(string name, ClusterGroupState state, string owner, int type, LabClusteredVm? clustered) => new(name, state, owner)
        {
            Type = h.Since("2008R2") ? type : null, Priority = h.Since("2012") ? (int)(clustered?.Priority ?? 2000) : null, StateSeenAt = h.Now,
            // A list that is empty and one that is not set look alike on the wire.
            AntiAffinity = clustered is { AntiAffinity.IsEmpty: false } ? clustered.AntiAffinity : null, PreferredOwners = clustered?.PreferredOwners ?? [],
        };
        yield return Group(h.Words.ClusterGroup, ClusterGroupState.Online, nodes[0].Name, 1, null);
        yield return Group(h.Words.AvailableStorage, ClusterGroupState.Offline, nodes[0].Name, 2, null);
        foreach (var clustered in cluster.Vms)
        {
            var (owner, vm) = Find(clustered, nodes);
            yield return Group(vm.Name, StateOf(vm) switch { ClusterResourceState.Online => ClusterGroupState.Online, ClusterResourceState.Offline => ClusterGroupState.Offline, _ => ClusterGroupState.Pending }, owner, 111, clustered);
        }
    }

    private static (string Owner, LabVm Vm) Find(LabClusteredVm clustered, List<HostDescription> nodes) =>
        nodes.SelectMany(n => n.Vms.Where(v => v.Id == clustered.VmId).Select(v => (n.Name, v))).First();

    private static ClusterResourceState StateOf(LabVm vm) => vm.State switch
    {
        LabVmState.Running or LabVmState.Paused or LabVmState.Pausing or LabVmState.Resuming => ClusterResourceState.Online,
        LabVmState.Starting or LabVmState.Resetting => ClusterResourceState.OnlinePending,
        LabVmState.Stopping or LabVmState.Saving => ClusterResourceState.OfflinePending,
        _ => ClusterResourceState.Offline,
    };

    private static ClusteredVirtualMachine Machine(DescribedHost h, LabClusteredVm clustered, List<HostDescription> nodes)
    {
        var (owner, vm) = Find(clustered, nodes);
        return new(vm.Id, $"{h.Words.VirtualMachineResource} {vm.Name}")
        {
            Group = vm.Name, OwnerNode = owner, State = StateOf(vm), PossibleOwners = [.. (clustered.PossibleOwners ?? [.. nodes.Select(n => n.Name)]).Order(StringComparer.OrdinalIgnoreCase)],
        };
    }

    private static IEnumerable<ClusterResource> Resources(DescribedHost h, LabCluster cluster, List<HostDescription> nodes)
    {
        string first = nodes[0].Name;
        yield return new(h.Words.ClusterAddress, "IP Address", ClusterResourceState.Online) { Group = h.Words.ClusterGroup, OwnerNode = first, IsCore = true };
        yield return new(h.Words.ClusterName, "Network Name", ClusterResourceState.Online) { Group = h.Words.ClusterGroup, OwnerNode = first, IsCore = true };
        if (cluster.Witness is { } witness)
        {
            yield return new(witness, witness, cluster.WitnessState switch { 2 => ClusterResourceState.Online, 3 => ClusterResourceState.Offline, _ => ClusterResourceState.Failed })
            {
                Group = h.Words.ClusterGroup, OwnerNode = first, IsCore = true,
            };
        }

        foreach (var clustered in cluster.Vms)
        {
            var (owner, vm) = Find(clustered, nodes);
            yield return new($"{h.Words.ConfigurationResource} {vm.Name}", "Virtual Machine Configuration", ClusterResourceState.Online) { Group = vm.Name, OwnerNode = owner, IsCore = false, VirtualMachineId = vm.Id };
        }

        for (int i = 0; i < cluster.SharedVolumes.Length && h.Since("2008R2"); i++)
        {
            yield return new($"Cluster Disk {i + 1}", "Physical Disk", ClusterResourceState.Online)
            {
                Group = h.Words.AvailableStorage, OwnerNode = nodes[i % nodes.Count].Name, IsCore = false, DiskId = Ids.Of($"disk/{cluster.Name}/{cluster.SharedVolumes[i].Name}").ToString("B"),
            };
        }
    }

    private static ClusterNetwork Network(LabClusterNetwork network) => new(network.Name, network.State switch { 0 => ClusterNetworkState.Unavailable, 1 => ClusterNetworkState.Down, 2 => ClusterNetworkState.Partitioned, _ => ClusterNetworkState.Up })
    {
        Role = (int)network.Role, Subnet = $"{network.Address} 255.255.255.0", Metric = (int)network.Metric,
    };

    private static SharedVolume Volume(DescribedHost h, LabSharedVolume volume, int disk) => new($"Cluster Disk {disk}")
    {
        Path = $@"C:\ClusterStorage\{volume.Name}", FileSystem = h.Since("2012") ? "CSVFS" : "NTFS", Size = new ByteSize((long)volume.SizeMb << 20), Free = new ByteSize((long)volume.FreeMb << 20),
        Fault = volume.Fault switch { 0 => SharedVolumeFault.None, 1 => SharedVolumeFault.Redirected, _ => SharedVolumeFault.NoAccess }, FaultSeenAt = volume.Fault == 0 ? null : h.Now, IsInBackup = volume.IsInBackup,
    };
}

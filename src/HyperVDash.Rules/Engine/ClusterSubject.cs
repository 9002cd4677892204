using System.Collections.Immutable;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Findings;
using HyperVDash.Model.VirtualMachines;

namespace HyperVDash.Rules.Engine;

/// <summary>A failover cluster with its nodes, each with its reading or without.</summary>
public sealed record ClusterSubject(ClusterView Cluster, ImmutableArray<ClusterMember> Members) : ISubject
{
    public ObjectRef Identity => new(ObjectKind.Cluster, Cluster.Id, Cluster.Name);

    /// <summary>The VMs of all nodes that are read, by id; one that two nodes list is the one that runs. Reads <c>virtualMachines</c>.</summary>
    public Dictionary<Guid, VirtualMachineSubject> VirtualMachinesById() =>
        Hosts.SelectMany(h => (h.Reading.VirtualMachines.Content?.Items ?? []).Select(v => new VirtualMachineSubject(v, h)))
            .GroupBy(v => v.Vm.Id).ToDictionary(g => g.Key, g => g.OrderByDescending(v => v.Vm.State == VirtualMachineState.Running).First());

    public IEnumerable<HostSubject> Hosts => Members.Select(m => m.Host).OfType<HostSubject>();
}

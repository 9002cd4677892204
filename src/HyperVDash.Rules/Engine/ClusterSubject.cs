using System.Collections.Immutable;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Findings;
using HyperVDash.Model.VirtualMachines;

namespace HyperVDash.Rules.Engine;

/// <summary>A failover cluster with its nodes, each with its reading or without.</summary>
public sealed record ClusterSubject(ClusterView Cluster, ImmutableArray<ClusterMember> Members) : ISubject
{
    private Dictionary<Guid, VirtualMachineSubject>? _byId;

    public ObjectRef Identity => new(ObjectKind.Cluster, Cluster.Id, Cluster.Name);

    /// <summary>The VMs of all nodes that are read, by id; one that two nodes list is the one that runs. Reads <c>virtualMachines</c>.</summary>
    public IReadOnlyDictionary<Guid, VirtualMachineSubject> VirtualMachinesById()
    {
        var known = _byId;
        if (known is not null)
        {
            foreach (var host in Hosts)
            {
                _ = host.Reading.VirtualMachines.Content;
            }

            return known;
        }

        var byId = new Dictionary<Guid, VirtualMachineSubject>();
        foreach (var host in Hosts)
        {
            foreach (var vm in host.Reading.VirtualMachines.Content?.Items ?? [])
            {
                if (!byId.TryGetValue(vm.Id, out var other) || (other.Vm.State != VirtualMachineState.Running && vm.State == VirtualMachineState.Running))
                {
                    byId[vm.Id] = new VirtualMachineSubject(vm, host);
                }
            }
        }

        return _byId = byId;
    }

    public IEnumerable<HostSubject> Hosts => Members.Select(m => m.Host).OfType<HostSubject>();
}

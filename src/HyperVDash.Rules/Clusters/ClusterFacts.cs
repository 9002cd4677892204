using HyperVDash.Model.Clusters;
using HyperVDash.Model.Findings;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Rules.Clusters;

/// <summary>What several cluster rules ask.</summary>
internal static class ClusterFacts
{
    /// <summary>The nodes whose sections may be used, by the rule's own gate.</summary>
    public static List<ClusterMember> Told(ClusterSubject cluster, Func<HostSubject, Verdict?> gate) => [.. cluster.Members.Where(m => m.Host is not null && gate(m.Host) is null)];

    /// <summary>Set if some node is not among those told: it may be the one that differs.</summary>
    public static Verdict.Unknown? Blind(ClusterSubject cluster, List<ClusterMember> told, string section, string what) => told.Count == cluster.Members.Length ? null
        : new(section, $"{what} not known on {string.Join(", ", cluster.Members.Except(told).Select(m => m.Node.Name))}.");

    /// <summary>Why some node was not seen, by the rule's own gate; null: all were.</summary>
    public static Verdict.Unknown? Unseen(ClusterSubject cluster, Func<HostSubject, Verdict?> gate, string section) => cluster.Members
        .Select(m => m.Host is null ? new Verdict.Unknown(section, $"{m.Node.Name} is read by no agent.") : gate(m.Host) is Verdict.Unknown unknown ? unknown with { Reason = $"{m.Node.Name}: {unknown.Reason}" } : null)
        .FirstOrDefault(u => u is not null);

    /// <summary>Null if the cluster as a whole was read well by a node; else why not.</summary>
    public static Verdict? Gap(ClusterSubject cluster, Func<HostSubject, Verdict?> gate)
    {
        var verdicts = cluster.Hosts.Select(gate).ToList();
        return verdicts.Count == 0 ? new Verdict.Unknown("cluster", "No node of the cluster is read.") : verdicts.Contains(null) ? null
            // A node that left the cluster is no reason to forget what the others can no longer say.
            : verdicts.Find(v => v is Verdict.Unknown) ?? verdicts[0];
    }

    /// <summary>The node that tells of the cluster: the first that can read it, by the rule's own gate.</summary>
    public static HostSubject Teller(ClusterSubject cluster, Func<HostSubject, Verdict?> gate) => cluster.Hosts.FirstOrDefault(h => gate(h) is null) ?? cluster.Hosts.First();

    public static ObjectRef NodeOf(ClusterSubject cluster, ClusterNode node) => new(ObjectKind.ClusterNode, $"{cluster.Cluster.Id}/node/{node.Name}".ToLowerInvariant(), node.Name);

    /// <summary>A VM of the cluster, also one whose host is not read.</summary>
    public static ObjectRef VmOf(IReadOnlyDictionary<Guid, VirtualMachineSubject> vms, ClusteredVirtualMachine resource) =>
        vms.TryGetValue(resource.VirtualMachineId, out var vm) ? vm.Identity : new(ObjectKind.VirtualMachine, resource.VirtualMachineId.ToString(), resource.Group ?? resource.Name);
}

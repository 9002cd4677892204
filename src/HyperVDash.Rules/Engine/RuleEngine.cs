using System.Collections.Immutable;
using HyperVDash.Model.Fleet;

namespace HyperVDash.Rules.Engine;

/// <summary>
/// Runs the rules of the catalogue over one snapshot. It keeps nothing: where readings come again and again an examiner remembers, and a
/// <see cref="FindingBook"/> holds what was found.
/// </summary>
public static class RuleEngine
{
    /// <summary>Host, VM, drive, network adapter and switch rules.</summary>
    public static Examination ExamineHost(HostReading reading, RuleSettings settings, DateTimeOffset now) =>
        ExamineHost(new HostSubject(reading), settings, now);

    /// <summary>A captured host is judged as of the time it was captured.</summary>
    /// <param name="rules">Null: all of the catalogue.</param>
    public static Examination ExamineHost(HostSubject host, RuleSettings settings, DateTimeOffset now, IReadOnlyCollection<IRule>? rules = null) =>
        new HostExaminer(rules).Examine(host, settings, now);

    /// <summary>Cluster rules.</summary>
    /// <param name="rules">Null: all of the catalogue.</param>
    public static Examination ExamineCluster(ClusterSubject cluster, RuleSettings settings, DateTimeOffset now, IReadOnlyCollection<IRule>? rules = null) =>
        ScopeMemory<ClusterSubject>.Once(cluster, [.. cluster.Hosts], settings, now, rules);

    /// <summary>Rules over all hosts.</summary>
    /// <param name="rules">Null: all of the catalogue.</param>
    public static Examination ExamineFarm(FarmSubject farm, RuleSettings settings, DateTimeOffset now, IReadOnlyCollection<IRule>? rules = null) =>
        ScopeMemory<FarmSubject>.Once(farm, farm.Hosts, settings, now, rules);

    /// <summary>The clusters that some readings name, each with its nodes; a node that no reading belongs to is not read.</summary>
    public static ImmutableArray<ClusterSubject> ClustersOf(IReadOnlyCollection<HostSubject> hosts)
    {
        var byName = hosts.Where(h => h.Whole.ComputerSystem.Content?.NetBiosName is not null)
            .GroupBy(h => h.Whole.ComputerSystem.Content!.NetBiosName!, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(g => g.Key, g => g.First(), StringComparer.OrdinalIgnoreCase);
        return
        [
            .. hosts.Where(h => h.Whole.Cluster.Content is { Id.Length: > 0 })
                .GroupBy(h => h.Whole.Cluster.Content!.Id, StringComparer.OrdinalIgnoreCase)
                // The view read last speaks for the cluster; which node gave it does not matter.
                .Select(g => g.OrderByDescending(h => h.Whole.Cluster.ReadAt).First().Whole.Cluster.Content!)
                .Select(c => new ClusterSubject(c, [.. c.Nodes.Select(n => new ClusterMember(n, byName.GetValueOrDefault(n.Name)))]))
                .OrderBy(c => c.Cluster.Name, StringComparer.OrdinalIgnoreCase),
        ];
    }
}

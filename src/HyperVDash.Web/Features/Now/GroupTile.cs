using System.Collections.Immutable;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Findings;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Releases;
using HyperVDash.Web.Fleet;

namespace HyperVDash.Web.Features.Now;

/// <summary>A cluster, or all stand-alone hosts together, as one tile of the first page.</summary>
/// <param name="Kind">Shape of the worst thing in it.</param>
/// <param name="OldestRead">When the node that was read longest ago was read; null if one never was.</param>
public sealed record GroupTile(string Id, string Name, string Detail, string Href, string Kind, DateTimeOffset? OldestRead)
{
    public ImmutableArray<NodeChip> Nodes { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>VMs that run; null while a node or the cluster is not read, for then nobody knows.</summary>
    public int? Running { get; init; }

    /// <summary>VMs in all; null if the cluster did not say.</summary>
    public int? Total { get; init; }

    /// <summary>VMs on the nodes of a cluster that are not in it, and so not among <see cref="Total"/>; null for single hosts, or while a node's list is not known.</summary>
    public int? OutsideCluster { get; init; }

    /// <summary>The VMs that the count of running ones leaves out, in words.</summary>
    public string Rest => string.Join(", ", new[] { Total - Running is > 0 and var idle ? $"{idle} do not" : null, OutsideCluster is > 0 ? $"{OutsideCluster} not clustered" : null }.OfType<string>());

    /// <summary>What is counted.</summary>
    public string Noun { get; init; } = "VMs";

    public ImmutableArray<Finding> Findings { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Clusters first, worst first; then the stand-alone hosts.</summary>
    public static ImmutableArray<GroupTile> Of(FleetView fleet)
    {
        var clusters = fleet.Clusters.Select(c => Cluster(fleet, c)).OrderBy(t => Standing.Rank(t.Kind)).ThenBy(t => t.Name, StringComparer.OrdinalIgnoreCase);
        var clustered = fleet.Clusters.SelectMany(c => c.Members).Select(m => m.Host?.Id).OfType<string>().ToHashSet(StringComparer.OrdinalIgnoreCase);
        var single = fleet.Hosts.Where(h => !clustered.Contains(h.Id)).ToList();
        return [.. clusters, .. single.Count == 0 ? [] : (GroupTile[])[Single(fleet, single)]];
    }

    private static GroupTile Cluster(FleetView fleet, ClusterSubject cluster)
    {
        var hosts = cluster.Members.Select(m => m.Host is { } host ? fleet.FindHost(host.Id) : null).ToList();
        var vms = cluster.Cluster.VirtualMachines;
        // What the cluster said before tells how many there are, not how many run.
        bool isOfNow = hosts.TrueForAll(h => h is { IsCurrent: true }) && hosts.Exists(h => h!.KnowledgeOf("cluster") is SectionKnowledge.Whole or SectionKnowledge.Partial);
        return new(cluster.Cluster.Id, cluster.Cluster.Name, Releases(hosts.OfType<HostLine>()), $"clusters/{Uri.EscapeDataString(cluster.Cluster.Id)}", fleet.StandingOf(cluster), Oldest(hosts))
        {
            Nodes = [.. cluster.Members.Select((m, i) => Node(fleet, m.Node.Name, hosts[i], m.Node.State))],
            Running = isOfNow ? vms?.Count(v => v.State == ClusterResourceState.Online) : null,
            Total = vms?.Length,
            Noun = "clustered VMs",
            OutsideCluster = vms is { } inside && isOfNow
                ? hosts.SelectMany(h => fleet.VmsOf[h!]).Select(v => v.Vm.Id).Except(inside.Select(v => v.VirtualMachineId)).Count()
                : null,
            Findings = [.. fleet.FindingsOn(cluster)],
        };
    }

    private static GroupTile Single(FleetView fleet, List<HostLine> hosts)
    {
        var vms = hosts.SelectMany(h => fleet.VmsOf[h]).ToList();
        var findings = hosts.SelectMany(fleet.FindingsOn).DistinctBy(f => f.Id).ToImmutableArray();
        return new("single", "Single hosts", Releases(hosts), "hosts", Standing.Worst(hosts.Select(fleet.StandingOf)), Oldest(hosts))
        {
            Nodes = [.. hosts.Select(h => Node(fleet, h.Name, h, ClusterNodeState.Up))],
            Running = hosts.TrueForAll(h => h.IsCurrent) ? vms.Count(v => v.Vm.State == VirtualMachineState.Running) : null,
            Total = vms.Count,
            Findings = findings,
        };
    }

    private static NodeChip Node(FleetView fleet, string name, HostLine? host, ClusterNodeState state) => host switch
    {
        null => new(name, null, Standing.Unknown, "not read by any agent"),
        { IsCurrent: false } => new(name, host.Href, Standing.Unknown, host.WhyNotCurrent ?? "not read"),
        _ when state == ClusterNodeState.Down => new(name, host.Href, "error", "down"),
        _ when state is ClusterNodeState.Paused or ClusterNodeState.Joining => new(name, host.Href, "warning", state.ToString().ToLowerInvariant()),
        _ => new(name, host.Href, fleet.StandingOf(host), null),
    };

    private static DateTimeOffset? Oldest(IReadOnlyCollection<HostLine?> hosts) =>
        hosts.Any(h => h?.Reading.VirtualMachines.ReadAt is null) ? null : hosts.Min(h => h!.Reading.VirtualMachines.ReadAt);

    // "2022", or "2008 to 2025" in the order of releases.
    private static string Releases(IEnumerable<HostLine> hosts)
    {
        var releases = hosts.Select(h => h.Facts.Profile?.Profile).OfType<ReleaseProfile>().DistinctBy(p => p.Key).OrderBy(p => p.Order).ToList();
        return releases switch
        {
            [] => "release not known",
            [var only] => Short(only),
            [var first, .., var last] => $"{Short(first)} to {Short(last)}",
        };
    }

    private static string Short(ReleaseProfile profile) => profile.IsPreRelease ? "pre-release" : profile.Name.Replace("Windows Server ", "", StringComparison.Ordinal);
}

/// <param name="Href">Page of the host; null if no agent reads it.</param>
/// <param name="Note">Why it is not simply there; null if it is.</param>
public sealed record NodeChip(string Name, string? Href, string Kind, string? Note);

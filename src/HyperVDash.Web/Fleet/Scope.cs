namespace HyperVDash.Web.Fleet;

/// <summary>
/// The part of the fleet that pages speak of: a cluster, or a stand-alone host. It stands in front of every address
/// (<c>/in/ID/vms</c>) as the base of all links, so each link keeps it, with and without a circuit.
/// </summary>
/// <param name="Id">Of the cluster or host.</param>
public sealed record Scope(string Id, string Name)
{
    public const string Prefix = "/in/";

    /// <summary>Base address of its pages.</summary>
    public string Href => $"{Prefix}{Uri.EscapeDataString(Id)}/";

    /// <summary>All that can be chosen: a node of a cluster is no scope of its own, for its peers would look unread.</summary>
    public static IEnumerable<Scope> All(FleetView fleet)
    {
        var nodes = fleet.Clusters.SelectMany(c => c.Members).Select(m => m.Host?.Id).OfType<string>().ToHashSet(StringComparer.OrdinalIgnoreCase);
        return fleet.Clusters.Select(c => new Scope(c.Cluster.Id, c.Cluster.Name)).Concat(fleet.Hosts.Where(h => !nodes.Contains(h.Id)).Select(h => new Scope(h.Id, h.Name)));
    }

    /// <summary>The id in a base address; null if that is the whole fleet.</summary>
    public static string? IdIn(string baseUri)
    {
        string path = new Uri(baseUri).AbsolutePath;
        int at = path.LastIndexOf(Prefix, StringComparison.Ordinal);
        return at < 0 ? null : Uri.UnescapeDataString(path[(at + Prefix.Length)..].TrimEnd('/'));
    }

    /// <summary>The fleet with nothing but the scope in it; the fleet itself if it has no such scope.</summary>
    public static FleetView Narrow(FleetView fleet, string? id)
    {
        if (id is null)
        {
            return fleet;
        }

        var nodes = fleet.FindCluster(id)?.Members.Select(m => m.Host?.Id).OfType<string>() ?? (fleet.FindHost(id) is { } host ? [host.Id] : []);
        var hosts = nodes.ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (hosts.Count == 0)
        {
            return fleet;
        }

        var inside = hosts.Select(fleet.FindHost).OfType<HostLine>().SelectMany(h => fleet.FindingsOn(h).Concat(fleet.AcceptedOn(h)))
            .Concat(fleet.FindingsOf[id]).Concat(fleet.AcceptedOf[id]).DistinctBy(f => f.Id);
        return new FleetView(
            fleet.At, fleet.Agents, [.. fleet.Hosts.Where(h => hosts.Contains(h.Id)).Select(h => h.Reading)], [.. inside], fleet.Rules, hosts.Count, fleet.Refusals)
        {
            History = fleet.History,
            Off = fleet.Off,
            Doubles = [.. fleet.Doubles.Where(d => hosts.Contains(d.HostId))],
        };
    }
}

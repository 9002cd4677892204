using HyperVDash.Model.Dns;

namespace HyperVDash.Agent.Collect.Dns;

/// <summary>A print farm behind Windows NLB: the names its clients use; an entry of the setting <c>Agent:PrintFarms</c>.</summary>
public sealed record PrintFarmOptions
{
    private const int MaxOldNames = 32;

    /// <summary>Fully qualified name that must lead to the farm's virtual address, e.g. <c>printnlb.corp.example</c>.</summary>
    public string ClusterName { get; init; } = "";

    /// <summary>Names of the servers that the farm replaced; a short name is taken to be in the domain of the cluster name.</summary>
    public IReadOnlyList<string> OldNames { get; init; } = [];

    /// <summary>Keys of the targets that are nodes of the farm; none: every host on which NLB is set up.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>What is wrong with the entry, each mistake with its key.</summary>
    public IEnumerable<string> Mistakes(string section, IReadOnlyCollection<string> targets)
    {
        if (DnsName.Qualified(ClusterName) is null)
        {
            yield return $"{section}:ClusterName is '{ClusterName}'; it must be a fully qualified name such as printnlb.corp.example.";
        }

        if (OldNames.Count > MaxOldNames)
        {
            yield return $"{section}:OldNames has {OldNames.Count} names; at most {MaxOldNames} are looked up.";
        }

        for (int i = 0; i < OldNames.Count; i++)
        {
            if (DnsName.Of(OldNames[i]) is null)
            {
                yield return $"{section}:OldNames:{i} is '{OldNames[i]}', which is no DNS name; write e.g. oldprn1 or oldprn1.corp.example.";
            }
        }

        for (int i = 0; i < Hosts.Count; i++)
        {
            if (!targets.Contains(Hosts[i], StringComparer.OrdinalIgnoreCase))
            {
                yield return $"{section}:Hosts:{i} is '{Hosts[i]}', but no entry of Agent:Targets has that key.";
            }
        }
    }

    /// <summary>The names in DNS's spelling; null if the cluster name is none.</summary>
    internal PrintFarmNames? Names() => DnsName.Qualified(ClusterName) is { } cluster
        ? new PrintFarmNames(cluster)
        {
            OldNames = [.. OldNames.Select(o => DnsName.In(DnsName.DomainOf(cluster), o)).OfType<string>().Distinct(StringComparer.Ordinal).Take(MaxOldNames)], Hosts = [.. Hosts],
        }
        : null;
}

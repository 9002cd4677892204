using System.Collections.Immutable;

namespace HyperVDash.Model.Dns;

/// <summary>
/// Content of the section dns: what the names of a print farm resolve to, as the agent's resolver sees it and, where this host is a DNS server, as its zones hold it.
/// </summary>
public sealed record DnsAnswers
{
    /// <summary>The farms whose names were looked up, from the setting <c>Agent:PrintFarms</c> and from NLB itself.</summary>
    public ImmutableArray<PrintFarmNames> Farms { get; init => field = value.IsDefault ? [] : value; } = [];

    public ImmutableArray<DnsAnswer> Items { get; init => field = value.IsDefault ? [] : value; } = [];
}

/// <summary>The names under which clients look for a print farm.</summary>
/// <param name="ClusterName">Fully qualified, in lower case; must lead to the farm's virtual address.</param>
public sealed record PrintFarmNames(string ClusterName)
{
    /// <summary>Names of the servers that the farm replaced, fully qualified, in lower case.</summary>
    public ImmutableArray<string> OldNames { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Keys of the hosts that the settings call nodes of the farm; empty: the settings name none.</summary>
    public ImmutableArray<string> Hosts { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>The name comes from NLB (MicrosoftNLB_ClusterSetting.ClusterName) and not from the settings.</summary>
    public bool IsFromNlb { get; init; }
}

/// <summary>What one source says of one name.</summary>
/// <param name="Name">Fully qualified, in lower case.</param>
/// <param name="Source">The resolver or DNS server that answered.</param>
public sealed record DnsAnswer(string Name, string Source)
{
    /// <summary>A records; empty: the name does not exist. Null: no answer, see <see cref="Error"/>.</summary>
    public ImmutableArray<string>? Addresses { get; init; }

    /// <summary>Target of a CNAME; null if the name is none.</summary>
    public string? Alias { get; init; }

    public TimeSpan? TimeToLive { get; init; }

    /// <summary>True for a record that a computer registered itself (TimeStamp not 0); null: not said.</summary>
    public bool? IsDynamic { get; init; }

    public string? Error { get; init; }
}

using System.Collections.Immutable;

namespace HyperVDash.Lab.Scenarios.Description;

/// <summary>A DNS zone.</summary>
public sealed record LabZone(string Name, ImmutableArray<LabDnsRecord> Records);

/// <param name="Owner">Fully qualified.</param>
/// <param name="Data">An address, or with <see cref="IsAlias"/> another name.</param>
public sealed record LabDnsRecord(string Owner, string Data)
{
    public bool IsAlias { get; init; }

    /// <summary>A computer registered it itself.</summary>
    public bool IsDynamic { get; init; }

    public TimeSpan TimeToLive { get; init; } = TimeSpan.FromMinutes(20);
}

/// <summary>A print farm as the product's settings know it.</summary>
/// <param name="Hosts">Its nodes.</param>
public sealed record LabPrintFarm(string ClusterName, ImmutableArray<string> OldNames, ImmutableArray<string> Hosts);

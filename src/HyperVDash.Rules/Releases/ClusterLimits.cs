using System.Collections.Immutable;

namespace HyperVDash.Rules.Releases;

/// <summary>How large a cluster may be; null: no limit is known.</summary>
public sealed record ClusterLimits
{
    public int? Nodes { get; init; }

    public int? VirtualMachines { get; init; }

    /// <summary>The level a cluster has once all of its nodes run this release and it was raised.</summary>
    public int? FunctionalLevel { get; init; }

    /// <inheritdoc cref="VirtualMachineLimits.Unverified"/>
    public ImmutableArray<string> Unverified { get; init => field = value.IsDefault ? [] : value; } = [];
}

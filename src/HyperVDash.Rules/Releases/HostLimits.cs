using System.Collections.Immutable;

namespace HyperVDash.Rules.Releases;

/// <summary>What a host and what runs on it may add up to; null: no such limit is known.</summary>
public sealed record HostLimits
{
    public int? LogicalProcessors { get; init; }

    public long? MemoryGiB { get; init; }

    /// <summary>With processors that page in five levels.</summary>
    public long? MemoryGiBFiveLevelPaging { get; init; }

    public int? RunningVms { get; init; }

    /// <summary>Virtual processors of all running VMs.</summary>
    public int? VirtualProcessors { get; init; }

    /// <summary>Virtual processors for each logical one; null from 2012 on.</summary>
    public int? ProcessorsPerLogical { get; init; }

    /// <summary>The same where every guest is Windows 7.</summary>
    public int? ProcessorsPerLogicalWindows7 { get; init; }

    /// <summary>Update that raises two of the limits; the service pack after it holds it.</summary>
    public string? RaisedBy { get; init; }

    /// <inheritdoc cref="RaisedBy"/>
    public int? RaisedLogicalProcessors { get; init; }

    /// <inheritdoc cref="RaisedBy"/>
    public int? RaisedRunningVms { get; init; }

    /// <inheritdoc cref="VirtualMachineLimits.Unverified"/>
    public ImmutableArray<string> Unverified { get; init => field = value.IsDefault ? [] : value; } = [];
}

using System.Collections.Immutable;

namespace HyperVDash.Model.Switches;

/// <summary>Content of the section switches.</summary>
public sealed record VirtualSwitchList
{
    public ImmutableArray<VirtualSwitch> Items { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>The management operating system's own adapters on the switches; null: not read.</summary>
    public ImmutableArray<HostAdapter>? HostAdapters { get; init; }
}

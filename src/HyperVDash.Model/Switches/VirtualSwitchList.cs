using System.Collections.Immutable;

namespace HyperVDash.Model.Switches;

/// <summary>Content of the section switches.</summary>
public sealed record VirtualSwitchList
{
    public ImmutableArray<VirtualSwitch> Items { get; init => field = value.IsDefault ? [] : value; } = [];
}

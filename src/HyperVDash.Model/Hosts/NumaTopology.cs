using System.Collections.Immutable;
using HyperVDash.Model.Units;

namespace HyperVDash.Model.Hosts;

/// <summary>Content of the section numa (Msvm_NumaNode and the host rows of Msvm_Memory); unsupported on v1.</summary>
public sealed record NumaTopology
{
    public ImmutableArray<NumaNode> Nodes { get; init => field = value.IsDefault ? [] : value; } = [];
}

/// <param name="Number">The number at the end of Msvm_NumaNode.NodeID.</param>
public sealed record NumaNode(int Number)
{
    public int? LogicalProcessors { get; init; }

    /// <summary>Memory of the node (host row of Msvm_Memory, NumberOfBlocks × 1 MiB).</summary>
    public ByteSize? Memory { get; init; }

    /// <summary>Memory VMs may still get (CurrentlyConsumableMemoryBlocks × 1 MiB).</summary>
    public ByteSize? AvailableMemory { get; init; }
}

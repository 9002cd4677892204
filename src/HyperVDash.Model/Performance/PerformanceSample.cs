using System.Collections.Immutable;
using HyperVDash.Model.Units;

namespace HyperVDash.Model.Performance;

/// <summary>Content of the section performance: the newest fast numbers.</summary>
public sealed record PerformanceSample
{
    public ImmutableArray<VirtualMachinePerformance> VirtualMachines { get; init => field = value.IsDefault ? [] : value; } = [];
}

/// <param name="ProcessorPercent">Load of the VM's own processors, 0 to 100 (Msvm_SummaryInformation.ProcessorLoad).</param>
/// <param name="AssignedMemory">MemoryUsage; null when off or out of range.</param>
/// <param name="MemoryAvailablePercent">MemoryAvailable; negative is a deficit; dynamic memory only.</param>
public sealed record VirtualMachinePerformance(
    Guid VirtualMachineId, int? ProcessorPercent = null, ByteSize? AssignedMemory = null, int? MemoryAvailablePercent = null)
{
    /// <summary>AvailableMemoryBuffer in percent; negative is a deficit; dynamic memory only.</summary>
    public int? MemoryBufferPercent { get; init; }

    /// <summary>Since when the buffer, or without one what is available, has been in deficit, as far as the agent saw; null: it is not, or the host does not say. Remembered by the agent.</summary>
    [AgentMoment]
    public DateTimeOffset? MemoryShortSince { get; init; }

    /// <summary>SwapFilesInUse: smart paging is active; null on v1.</summary>
    public bool? IsSmartPaging { get; init; }

    /// <summary>MemorySpansPhysicalNumaNodes; null on v1.</summary>
    public bool? SpansNumaNodes { get; init; }
}

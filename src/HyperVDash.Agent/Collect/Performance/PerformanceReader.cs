using System.Collections.Immutable;
using HyperVDash.Agent.Collect.Memory;
using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Cim;
using HyperVDash.Model.Performance;
using HyperVDash.Model.Units;

namespace HyperVDash.Agent.Collect.Performance;

/// <summary>The fast numbers of Msvm_SummaryInformation, and since when memory has been short, which the host does not tell.</summary>
internal static class PerformanceReader
{
    private const long MaxMiB = 1 << 20;

    private const string Short = "memoryShort/";

    public static SectionResult<PerformanceSample> Read(TableSet tables, HostFacts host, HostMemory memory)
    {
        var summaries = SummaryRows.Of(tables);
        if (summaries.Error is { } error)
        {
            return SectionResult<PerformanceSample>.Failed(error);
        }

        var now = summaries.Rows.Select(Sample).OfType<VirtualMachinePerformance>().OrderBy(v => v.VirtualMachineId).ToList();

        // What is well again, or off, or gone, begins anew the next time.
        memory.KeepOnly(Short, now.Where(IsShort).Select(Key).ToHashSet(StringComparer.OrdinalIgnoreCase));
        return SectionResult<PerformanceSample>.Read(
            new() { VirtualMachines = [.. now.Select(v => IsShort(v) ? v with { MemoryShortSince = memory.Since(Key(v), "short", host.Now) } : v)] }, []);
    }

    private static bool IsShort(VirtualMachinePerformance now) => (now.MemoryBufferPercent ?? now.MemoryAvailablePercent) < 0;

    private static string Key(VirtualMachinePerformance now) => Short + now.VirtualMachineId;

    /// <summary>Null if the row does not say whose it is.</summary>
    private static VirtualMachinePerformance? Sample(CimRow row) => row.Guid("Name") is not { } id ? null : new(
        id,
        row.Int32("ProcessorLoad") is >= 0 and <= 100 and var load ? load : null,
        // Powered-off VMs carry leftovers here.
        row.Int64("MemoryUsage") is > 0 and <= MaxMiB and var mib ? new ByteSize(mib << 20) : null,
        row.Int32("MemoryAvailable") is >= -1000 and <= 100 and var free ? free : null)
    {
        // Without dynamic memory the host sends the largest number there is.
        MemoryBufferPercent = row.Int32("AvailableMemoryBuffer") is >= -1000 and <= 10_000 and var buffer ? buffer : null,
        IsSmartPaging = row.Boolean("SwapFilesInUse"),
        SpansNumaNodes = row.Boolean("MemorySpansPhysicalNumaNodes"),
    };
}

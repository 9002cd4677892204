using System.Collections.Immutable;
using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Cim;
using HyperVDash.Model.Performance;
using HyperVDash.Model.Units;

namespace HyperVDash.Agent.Collect.Performance;

/// <summary>The fast numbers of Msvm_SummaryInformation.</summary>
internal static class PerformanceReader
{
    private const long MaxMiB = 1 << 20;

    public static SectionResult<PerformanceSample> Read(TableSet tables, HostFacts host)
    {
        var summaries = SummaryRows.Of(tables);
        return summaries.Error is { } error
            ? SectionResult<PerformanceSample>.Failed(error)
            : SectionResult<PerformanceSample>.Read(new()
            {
                VirtualMachines =
                [
                    .. from row in summaries.Rows
                       let id = row.Guid("Name")
                       where id is not null
                       orderby id
                       select new VirtualMachinePerformance(
                           id.Value,
                           row.Int32("ProcessorLoad") is >= 0 and <= 100 and var load ? load : null,
                           // Powered-off VMs carry leftovers here.
                           row.Int64("MemoryUsage") is > 0 and <= MaxMiB and var mib ? new ByteSize(mib << 20) : null,
                           row.Int32("MemoryAvailable") is >= -1000 and <= 100 and var free ? free : null)
                       {
                           // Without dynamic memory the host sends the largest number there is.
                           MemoryBufferPercent = row.Int32("AvailableMemoryBuffer") is >= -1000 and <= 10_000 and var buffer ? buffer : null,
                           IsSmartPaging = row.Boolean("SwapFilesInUse"),
                           SpansNumaNodes = row.Boolean("MemorySpansPhysicalNumaNodes"),
                       },
                ],
            }, []);
    }
}

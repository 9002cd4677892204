using System.Globalization;
using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Hosts;
using HyperVDash.Model.Units;

namespace HyperVDash.Agent.Collect.Hosts;

/// <summary>The NUMA nodes of a host and their memory.</summary>
internal sealed class NumaReader() : SectionReader<NumaTopology>("numa", r => r.Numa, (r, s) => r with { Numa = s })
{
    private const long BlockBytes = 1 << 20;

    private static readonly TableQuery Nodes = new(HostFacts.V2, "Msvm_NumaNode", "NodeID", "NumberOfLogicalProcessors", "CurrentlyConsumableMemoryBlocks") { Identity = "NodeID", IsNeverEmpty = true };
    private static readonly TableQuery Memory = new(HostFacts.V2, "Msvm_Memory", "DeviceID", "SystemName", "NumberOfBlocks") { IsNeverEmpty = true };

    public override bool NeedsHyperV => true;

    public override IEnumerable<TableQuery> Queries(HostFacts host) => host.IsV1 ? [] : [Nodes, Memory];

    protected override SectionResult<NumaTopology> Read(SectionSources sources)
    {
        if (sources.Host.IsV1)
        {
            return SectionResult<NumaTopology>.Without(SectionState.Unsupported, @"root\virtualization does not tell NUMA nodes; Hyper-V of 2012 and later does.");
        }

        var nodes = sources.Tables[Nodes];
        var memory = sources.Tables[Memory];
        if (nodes.Error is { } error)
        {
            return SectionResult<NumaTopology>.Failed(error);
        }

        // Rows of VMs carry a VM's id as system name; the sum of all nodes ends in "Aggregate" and is no number.
        var blocks = memory.Rows.Where(r => r.Guid("SystemName") is null)
            .Select(r => (Number: NumberOf(r.String("DeviceID")), Blocks: r.Int64("NumberOfBlocks")))
            .Where(m => m is { Number: not null, Blocks: not null })
            .GroupBy(m => m.Number!.Value)
            .ToDictionary(g => g.Key, g => g.First().Blocks);
        return SectionResult<NumaTopology>.Read(new()
        {
            Nodes =
            [
                .. nodes.Rows.Select(r => (Row: r, Number: NumberOf(r.String("NodeID")))).Where(n => n.Number is not null).OrderBy(n => n.Number).Select(n => new NumaNode(n.Number!.Value)
                {
                    LogicalProcessors = n.Row.Int32("NumberOfLogicalProcessors"),
                    Memory = Size(blocks.GetValueOrDefault(n.Number.Value)),
                    AvailableMemory = Size(n.Row.Int64("CurrentlyConsumableMemoryBlocks")),
                }),
            ],
        }, [Outcome.Gap("memory of the nodes", memory)]);
    }

    private static int? NumberOf(string? id) =>
        id is not null && int.TryParse(InstanceId.LastSegment(id), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;

    private static ByteSize? Size(long? blocks) => blocks is >= 0 and < long.MaxValue / BlockBytes ? new ByteSize(blocks.Value * BlockBytes) : null;
}

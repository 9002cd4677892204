using System.Collections.Immutable;
using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Cim;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Performance;
using HyperVDash.Model.Units;

namespace HyperVDash.Agent.Collect.Performance;

/// <summary>Rates from the performance classes. A class the release lacks is no fault: what it would tell is null.</summary>
internal sealed class CounterReader() : SectionReader<CounterSample>("counters", r => r.Counters, (r, s) => r with { Counters = s })
{
    private const string Total = "_Total";

    private static readonly ImmutableArray<TableQuery> Machines = [Plan.VirtualProcessorTime, Plan.AdapterTraffic, Plan.DiskTraffic, Plan.MemoryPressure];

    public override IEnumerable<TableQuery> Queries(HostFacts host) => [Plan.FreeMemory, Plan.HostProcessorTime, Plan.SwitchTraffic, .. Machines, Plan.SharedVolumeStates];

    protected override SectionResult<CounterSample> Read(SectionSources sources)
    {
        var (tables, host) = (sources.Tables, sources.Host);
        var asked = Queries(host).Select(q => tables[q]).ToList();
        if (!asked.Exists(t => t.IsRead))
        {
            return asked.Find(t => !t.IsAbsent)?.Error is { } error
                ? SectionResult<CounterSample>.Failed(error)
                : SectionResult<CounterSample>.Without(SectionState.Unsupported, "This release has no performance classes.");
        }

        return SectionResult<CounterSample>.Read(
            new()
            {
                Host = Host(tables),
                VirtualMachines = Machines.Any(q => tables[q].IsRead) && host.Namespace is not null && tables[Plan.Systems(host)].IsKnown ? VirtualMachines(tables, host) : null,
                SharedVolumes = tables[Plan.SharedVolumeStates].IsRead ? SharedVolumes(tables[Plan.SharedVolumeStates], sources) : null,
            },
            [
                Outcome.Gap("free memory", tables[Plan.FreeMemory]), Outcome.Gap("host processors", tables[Plan.HostProcessorTime]), Outcome.Gap("switches", tables[Plan.SwitchTraffic]),
                Outcome.Gap("virtual processors", tables[Plan.VirtualProcessorTime]), Outcome.Gap("network adapters", tables[Plan.AdapterTraffic]),
                Outcome.Gap("virtual disks", tables[Plan.DiskTraffic]), Outcome.Gap("memory pressure", tables[Plan.MemoryPressure]), Outcome.Gap("shared volumes", tables[Plan.SharedVolumeStates]), sources.Gap.OfVirtualMachines(),

                // It tells whose a file is; before the first read of the devices there is nothing to complain of.
                OwnersOfFiles(tables, host.IsV1 ? Plan.Resources(host) : Plan.Storage(host)),
            ]);
    }

    private static string? OwnersOfFiles(TableSet tables, TableQuery query) => tables.Has(query) && !tables[query].IsKnown ? Outcome.Gap("owners of virtual disks", tables[query]) : null;

    private static HostCounters Host(TableSet tables) => new()
    {
        ProcessorPercent = Percent(tables[Plan.HostProcessorTime].Rows.FirstOrDefault(r => IsTotal(r))?.Int64("PercentTotalRunTime")),
        FreeMemory = tables[Plan.FreeMemory] is { IsRead: true } os && os.Rows.FirstOrDefault()?.Int64("FreePhysicalMemory") is >= 0 and < 1L << 50 and var kilobytes ? new ByteSize(kilobytes << 10) : null,
        NetworkBytesPerSecond = Sum(tables[Plan.SwitchTraffic], "BytesPersec"),
        DiskBytesPerSecond = Sum(tables[Plan.DiskTraffic], "ReadBytesPersec", "WriteBytesPersec"),
    };

    private static ImmutableArray<VirtualMachineCounters> VirtualMachines(TableSet tables, HostFacts host)
    {
        var machines = new MachineNames(tables[Plan.Systems(host)].Rows);
        var processors = new Dictionary<Guid, (long? Sum, int Count)>();
        foreach (var row in Fresh(tables[Plan.VirtualProcessorTime]))
        {
            if (machines.OfProcessor(row.String("Name")) is { } id)
            {
                // Without one of them the mean of the others is not the VM's.
                var (sum, count) = processors.GetValueOrDefault(id, (0, 0));
                processors[id] = (row.Int64("PercentTotalRunTime") is >= 0 and var percent ? sum + percent : null, count + 1);
            }
        }

        var network = new Rates();
        foreach (var row in Fresh(tables[Plan.AdapterTraffic]))
        {
            network.Add(machines.OfAdapter(row.String("Name")), row, "BytesReceivedPersec", "BytesSentPersec");
        }

        var files = new DiskFiles(tables, host, machines);
        var (disk, operations) = (new Rates(), new Rates());
        foreach (var row in Fresh(tables[Plan.DiskTraffic]))
        {
            disk.Add(files.OwnerOf(row.String("Name")), row, "ReadBytesPersec", "WriteBytesPersec");
            operations.Add(files.OwnerOf(row.String("Name")), row, "ReadOperationsPerSec", "WriteOperationsPerSec");
        }

        var pressure = new Dictionary<Guid, int?>();
        foreach (var row in Fresh(tables[Plan.MemoryPressure]))
        {
            if (machines.Of(row.String("Name")) is { } id)
            {
                pressure[id] = row.Int32("AveragePressure") is >= 0 and var percent ? percent : null;
            }
        }

        var told = processors.Keys.Concat(network.Owners).Concat(disk.Owners).Concat(pressure.Keys).Distinct().Order();
        return
        [
            .. told.Select(id => new VirtualMachineCounters(id)
            {
                ProcessorPercent = processors.TryGetValue(id, out var busy) ? Percent(busy.Sum / busy.Count) : null,
                NetworkBytesPerSecond = network[id],
                DiskBytesPerSecond = disk[id],
                DiskOperationsPerSecond = operations[id],
                MemoryPressurePercent = pressure.GetValueOrDefault(id),
            }),
        ];
    }

    private static ImmutableArray<SharedVolumeActivity> SharedVolumes(Table table, SectionSources sources)
    {
        var before = sources.Before.Counters.Content?.SharedVolumes?.ToDictionary(v => v.Name, StringComparer.OrdinalIgnoreCase);
        return
        [
            .. from row in Fresh(table)
               let name = Text.Cut(row.String("Name"))
               where name is { Length: > 0 }
               group row by name.ToUpperInvariant() into rows
               let row = rows.First()
               let io = IoOf(row.Int64("VolumeState"))
               orderby rows.Key
               select new SharedVolumeActivity(Text.Cut(row.String("Name"))!, io) { SeenAt = IsHeld(io) ? Since(rows.Key) : null },
        ];

        DateTimeOffset? Since(string name) => before is null ? null : before.TryGetValue(name, out var was) && IsHeld(was.Io) ? was.SeenAt : sources.Host.Now;
    }

    private static SharedVolumeIo IoOf(long? state) => state switch
    {
        0 => SharedVolumeIo.Failing,
        >= 1 and <= 3 => SharedVolumeIo.Paused,
        4 => SharedVolumeIo.Active,
        _ => SharedVolumeIo.Unknown,
    };

    private static bool IsHeld(SharedVolumeIo io) => io is SharedVolumeIo.Failing or SharedVolumeIo.Paused;

    /// <summary>Rates of an earlier read are not rates of now.</summary>
    private static IEnumerable<CimRow> Fresh(Table table) => table.IsRead ? table.Rows.Where(r => !IsTotal(r)).DistinctBy(r => r.String("Name"), StringComparer.OrdinalIgnoreCase) : [];

    private static bool IsTotal(CimRow row) => Total.Equals(row.String("Name"), StringComparison.OrdinalIgnoreCase);

    private static int? Percent(long? value) => value is >= 0 ? (int)Math.Min(100, value.Value) : null;

    private static long? Sum(Table table, params string[] columns) =>
        table.IsRead ? Fresh(table).SelectMany(r => columns.Select(c => Rate(r, c))).Aggregate((long?)0, (sum, rate) => sum + rate) : null;

    private static long? Rate(CimRow row, string column) => row.Int64(column) is >= 0 and < 1L << 50 and var rate ? rate : null;

    /// <summary>Sums per VM; one of which a part was not said has none.</summary>
    private sealed class Rates
    {
        private readonly Dictionary<Guid, long?> _sums = [];

        public IEnumerable<Guid> Owners => _sums.Keys;

        public long? this[Guid id] => _sums.GetValueOrDefault(id);

        public void Add(Guid? owner, CimRow row, params ReadOnlySpan<string> columns)
        {
            foreach (string column in columns)
            {
                if (owner is { } id)
                {
                    _sums[id] = _sums.GetValueOrDefault(id, 0) + Rate(row, column);
                }
            }
        }
    }
}

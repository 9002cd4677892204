using System.Collections.Immutable;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Performance;

namespace HyperVDash.Web.Fleet.History;

/// <summary>
/// The last hour of counters of hosts and VMs, in memory. It is bounded: a ring per object and measure that was ever told, and objects that told nothing for an hour are forgotten.
/// </summary>
public sealed class CounterHistory
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Dictionary<CounterMeasure, CounterRing>> _rings = new(StringComparer.OrdinalIgnoreCase);
    private long _swept;

    /// <summary>Takes what a reading holds. The same read twice is one.</summary>
    public void Note(HostReading reading)
    {
        if (reading.Counters is not { Content: { } counters, ReadAt: { } at } || !reading.Counters.IsReadable())
        {
            return;
        }

        lock (_gate)
        {
            string host = KeyOf(reading);
            Note(host, CounterMeasure.Processor, at, counters.Host.ProcessorPercent);
            Note(host, CounterMeasure.FreeMemory, at, counters.Host.FreeMemory?.Bytes);
            Note(host, CounterMeasure.Network, at, counters.Host.NetworkBytesPerSecond);
            Note(host, CounterMeasure.Disk, at, counters.Host.DiskBytesPerSecond);
            foreach (var vm in counters.VirtualMachines ?? [])
            {
                Note(vm, at);
            }

            Sweep(CounterRing.PlaceOf(at));
        }
    }

    /// <summary>One place for each quarter of a minute of the hour before <paramref name="now"/>, oldest first; null where nothing was told.</summary>
    public ImmutableArray<double?> Of(HostReading host, CounterMeasure measure, DateTimeOffset now) => Of(KeyOf(host), measure, now);

    public ImmutableArray<double?> Of(Guid virtualMachine, CounterMeasure measure, DateTimeOffset now) => Of(KeyOf(virtualMachine), measure, now);

    public int ObjectCount
    {
        get
        {
            lock (_gate)
            {
                return _rings.Count;
            }
        }
    }

    private ImmutableArray<double?> Of(string key, CounterMeasure measure, DateTimeOffset now)
    {
        lock (_gate)
        {
            return _rings.GetValueOrDefault(key)?.GetValueOrDefault(measure) is { } ring ? [.. ring.Until(now).Select(v => float.IsNaN(v) ? (double?)null : v)] : [];
        }
    }

    private void Note(VirtualMachineCounters vm, DateTimeOffset at)
    {
        string key = KeyOf(vm.VirtualMachineId);
        Note(key, CounterMeasure.Processor, at, vm.ProcessorPercent);
        Note(key, CounterMeasure.Network, at, vm.NetworkBytesPerSecond);
        Note(key, CounterMeasure.Disk, at, vm.DiskBytesPerSecond);
        Note(key, CounterMeasure.DiskOperations, at, vm.DiskOperationsPerSecond);
        Note(key, CounterMeasure.MemoryPressure, at, vm.MemoryPressurePercent);
    }

    private void Note(string key, CounterMeasure measure, DateTimeOffset at, double? value)
    {
        if (value is not { } number)
        {
            return;
        }

        if (!_rings.TryGetValue(key, out var rings))
        {
            _rings.Add(key, rings = []);
        }

        if (!rings.TryGetValue(measure, out var ring))
        {
            rings.Add(measure, ring = new());
        }

        ring.Note(at, number);
    }

    private void Sweep(long place)
    {
        if (place - _swept < CounterRing.Places / 4)
        {
            return;
        }

        _swept = place;
        foreach (string key in _rings.Where(r => r.Value.Values.All(ring => ring.Last <= place - CounterRing.Places)).Select(r => r.Key).ToList())
        {
            _rings.Remove(key);
        }
    }

    private static string KeyOf(HostReading host) => $"host/{host.Id ?? host.Key}";

    private static string KeyOf(Guid virtualMachine) => $"vm/{virtualMachine}";
}

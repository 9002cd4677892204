using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Performance;
using HyperVDash.Model.Units;
using HyperVDash.Web.Fleet;
using HyperVDash.Web.Fleet.History;

namespace HyperVDash.Web.Features.Performance;

/// <summary>One measure as a page shows it: its newest number, its range in the last hour, and the line between.</summary>
/// <param name="Now">Null: the host did not say.</param>
/// <param name="Range">Null until there are two numbers to compare.</param>
public sealed record CounterLine(string Name, string? Now, string? Range, ImmutableArray<double?> Values)
{
    /// <summary>Upper end of the drawing; null: the greatest of the values.</summary>
    public double? Top { get; init; }

    public static ImmutableArray<CounterLine> Of(HostReading host, CounterHistory history, DateTimeOffset now)
    {
        var counters = host.Counters.IsReadable() ? host.Counters.Content?.Host : null;
        CounterLine Line(string name, CounterMeasure measure, double? value, Func<double, string> print) => Made(name, value, history.Of(host, measure, now), print);
        return
        [
            Line("Processors", CounterMeasure.Processor, counters?.ProcessorPercent, Percent) with { Top = 100 },
            Line("Free memory", CounterMeasure.FreeMemory, counters?.FreeMemory?.Bytes, Bytes),
            Line("Virtual switches", CounterMeasure.Network, counters?.NetworkBytesPerSecond, Rate),
            Line("Virtual disks", CounterMeasure.Disk, counters?.DiskBytesPerSecond, Rate),
        ];
    }

    public static ImmutableArray<CounterLine> Of(VirtualMachineLine vm, CounterHistory history, DateTimeOffset now)
    {
        var section = vm.Host.Reading.Counters;
        var counters = section.IsReadable() ? (section.Content?.VirtualMachines ?? []).FirstOrDefault(c => c.VirtualMachineId == vm.Vm.Id) : null;
        CounterLine Line(string name, CounterMeasure measure, double? value, Func<double, string> print) => Made(name, value, history.Of(vm.Vm.Id, measure, now), print);
        return
        [
            Line("Processors", CounterMeasure.Processor, counters?.ProcessorPercent, Percent) with { Top = 100 },
            Line("Network", CounterMeasure.Network, counters?.NetworkBytesPerSecond, Rate),
            Line("Disks", CounterMeasure.Disk, counters?.DiskBytesPerSecond, Rate),
            Line("Disk operations", CounterMeasure.DiskOperations, counters?.DiskOperationsPerSecond, v => string.Create(CultureInfo.InvariantCulture, $"{v:0}/s")),
            Line("Memory pressure", CounterMeasure.MemoryPressure, counters?.MemoryPressurePercent, Percent),
        ];
    }

    private static CounterLine Made(string name, double? now, ImmutableArray<double?> values, Func<double, string> print)
    {
        var told = values.OfType<double>().ToList();
        string? range = told.Count < 2 ? null : print(told.Min()) is var low && print(told.Max()) is var high && low == high ? $"steady at {low}" : $"{low} to {high}";
        return new(name, now is { } value ? print(value) : null, range, values);
    }

    private static string Percent(double value) => string.Create(CultureInfo.InvariantCulture, $"{value:0} %");

    private static string Bytes(double value) => new ByteSize((long)value).ToString();

    private static string Rate(double value) => value switch
    {
        < 1e3 => string.Create(CultureInfo.InvariantCulture, $"{value:0} B/s"),
        < 1e6 => string.Create(CultureInfo.InvariantCulture, $"{value / 1e3:0.#} kB/s"),
        < 1e9 => string.Create(CultureInfo.InvariantCulture, $"{value / 1e6:0.#} MB/s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{value / 1e9:0.##} GB/s"),
    };
}

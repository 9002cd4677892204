using HyperVDash.Model;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Performance;
using HyperVDash.Web.Fleet.History;

namespace HyperVDash.Web.Tests.Fleet;

public sealed class CounterHistoryTests
{
    private readonly CounterHistory _history = new();

    private static HostReading At(DateTimeOffset at, int? percent, params VirtualMachineCounters[] vms) => Sample.Host with
    {
        Counters = Sample.Read(new CounterSample { Host = new() { ProcessorPercent = percent }, VirtualMachines = [.. vms] }) with { ReadAt = at },
    };

    [Fact]
    public void A_reading_every_quarter_of_a_minute_fills_the_last_hour_and_no_more()
    {
        for (int i = 0; i <= 300; i++)
        {
            _history.Note(At(Sample.Now.AddSeconds(15 * i), i % 100));
        }

        var values = _history.Of(Sample.Host, CounterMeasure.Processor, Sample.Now.AddSeconds(15 * 300));

        Assert.Equal(Enumerable.Range(61, 240).Select(i => (double?)(i % 100)), values);
    }

    [Fact]
    public void What_was_not_told_is_null_and_not_zero()
    {
        _history.Note(At(Sample.Now, 10));
        _history.Note(At(Sample.Now.AddSeconds(15), null));
        _history.Note(At(Sample.Now.AddSeconds(45), 30));

        var values = _history.Of(Sample.Host, CounterMeasure.Processor, Sample.Now.AddSeconds(60));

        Assert.Equal([10, null, null, 30, null], values[^5..]);
        Assert.All(values[..^5], v => Assert.Null(v));
    }

    [Fact]
    public void After_an_hour_of_silence_nothing_of_before_is_left()
    {
        _history.Note(At(Sample.Now, 10));
        _history.Note(At(Sample.Now.AddHours(3), 20));

        Assert.Equal([20], _history.Of(Sample.Host, CounterMeasure.Processor, Sample.Now.AddHours(3)).OfType<double>());
        Assert.Empty(_history.Of(Sample.Host, CounterMeasure.Processor, Sample.Now.AddHours(6)).OfType<double>());
    }

    [Fact]
    public void A_VM_that_is_gone_for_an_hour_is_forgotten()
    {
        _history.Note(At(Sample.Now, 10, new VirtualMachineCounters(Sample.VmId) { ProcessorPercent = 5 }));
        Assert.Equal(2, _history.ObjectCount);

        _history.Note(At(Sample.Now.AddHours(2), 10));

        Assert.Equal(1, _history.ObjectCount);
    }

    [Fact]
    public void A_measure_that_was_never_told_has_no_places()
    {
        _history.Note(At(Sample.Now, 10));

        Assert.Empty(_history.Of(Sample.Host, CounterMeasure.Disk, Sample.Now));
    }

    [Fact]
    public void A_section_that_failed_adds_nothing()
    {
        var reading = At(Sample.Now, 10);
        _history.Note(reading with { Counters = reading.Counters with { Attempt = new(SectionState.Failed, Sample.Now, Reason: "down") } });

        Assert.Equal(0, _history.ObjectCount);
    }
}

using Bunit;
using HyperVDash.Model;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Performance;
using HyperVDash.Web.Features.Performance;
using HyperVDash.Web.Fleet;
using HyperVDash.Web.Fleet.History;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace HyperVDash.Web.Tests.Features.Performance;

public sealed class CounterPanelTests : BunitContext
{
    private readonly FakeTimeProvider _time = new(Sample.Now.AddSeconds(15));
    private readonly CounterHistory _history = new();

    public CounterPanelTests() => Services.AddSingleton<TimeProvider>(_time);

    private static HostReading Reading(DateTimeOffset at, int? percent, long? network) => Sample.Host with
    {
        Counters = Sample.Read(new CounterSample { Host = new() { ProcessorPercent = percent, NetworkBytesPerSecond = network }, VirtualMachines = [new(Sample.VmId) { ProcessorPercent = percent }] }) with { ReadAt = at },
    };

    private IRenderedComponent<HostLastHour> Render(HostReading reading) => Render<HostLastHour>(p => p
        .Add(c => c.Host, new HostLine(reading, Sample.Now)).Add(c => c.Fleet, new FleetView(Sample.Now, [], [reading], [], [], 1) { History = _history }));

    [Fact]
    public void The_numbers_stand_as_text_beside_a_line_that_needs_no_script()
    {
        _history.Note(Reading(Sample.Now, 10, 1_000));
        var now = Reading(Sample.Now.AddSeconds(15), 40, 2_500_000);
        _history.Note(now);

        var panel = Render(now);

        Assert.Equal(["Processors 40 % 10 % to 40 %", "Virtual switches 2.5 MB/s 1 kB/s to 2.5 MB/s"], panel.FindAll("li").Select(l => string.Join(' ', l.QuerySelectorAll("b,span,p").Select(e => e.TextContent.Trim()))));
        Assert.Equal(2, panel.FindAll("svg.spark path").Count);
        Assert.All(panel.FindAll("svg"), s => Assert.Equal("true", s.GetAttribute("aria-hidden")));
    }

    [Fact]
    public void A_measure_the_host_stopped_telling_is_not_said_and_keeps_its_line()
    {
        _history.Note(Reading(Sample.Now, 10, null));
        var now = Reading(Sample.Now.AddSeconds(15), null, null);

        var panel = Render(now);

        Assert.Contains("not said", panel.Find("li").TextContent, StringComparison.Ordinal);
        Assert.Single(panel.FindAll("svg.spark path"));
    }

    [Fact]
    public void A_section_that_failed_says_why_and_shows_no_number_as_of_now()
    {
        var reading = Reading(Sample.Now, 10, null);
        var panel = Render(reading with { Counters = reading.Counters with { Attempt = new(SectionState.Failed, Sample.Now, Reason: "The host did not answer.") } });

        Assert.Contains("Not read: The host did not answer.", panel.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("10 %", panel.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void A_host_without_performance_classes_shows_no_panel() =>
        Assert.Equal("", Render(Sample.Host with { Counters = Sample.Failed<CounterSample>(SectionState.Unsupported, "no classes") }).Markup.Trim());
}

using Bunit;
using HyperVDash.Model;
using HyperVDash.Model.Events;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Hosts;
using HyperVDash.Model.Units;
using HyperVDash.Model.Volumes;
using HyperVDash.Web.Features.Events;
using HyperVDash.Web.Features.Hosts;
using HyperVDash.Web.Features.Volumes;
using HyperVDash.Web.Fleet;
using HyperVDash.Web.Tests.Fleet;
using Microsoft.Extensions.DependencyInjection;

namespace HyperVDash.Web.Tests.Features.Hosts;

/// <summary>What is not known is never shown as fine.</summary>
public sealed class HostPanelsTests : BunitContext
{
    public HostPanelsTests() => Services.AddSingleton(TimeProvider.System);

    private static HostLine Line(HostReading reading) => Fleets.Of(reading).Hosts.Single();

    [Fact]
    public void A_log_without_errors_names_the_channels_that_were_not_read()
    {
        var reading = Sample.Host with { EventLog = Sample.Read(new EventLog { Channels = ["System"], UnreadChannels = ["Microsoft-Windows-Hyper-V-VMMS-Admin"], Since = Sample.Now }) };

        string text = Render<EventsPanel>(p => p.Add(c => c.Host, Line(reading))).Markup;

        Assert.Contains("nothing is known of them: Microsoft-Windows-Hyper-V-VMMS-Admin", text, StringComparison.Ordinal);
        Assert.Contains("No warning and no error in what was read", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_section_that_was_not_read_says_why()
    {
        var reading = Sample.Host with { EventLog = Sample.Failed<EventLog>(SectionState.Denied, "No right to the log."), Volumes = Sample.Failed<VolumeList>(SectionState.Failed, "Broken off.") };

        Assert.Contains("not read. No right to the log.", Render<EventsPanel>(p => p.Add(c => c.Host, Line(reading))).Markup, StringComparison.Ordinal);
        Assert.Contains("not read. Broken off.", Render<VolumesPanel>(p => p.Add(c => c.Host, Line(reading))).Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Marks_of_a_restart_that_were_read_in_part_are_no_clear_no()
    {
        var part = Sample.Read(new PendingRestart());
        var reading = Sample.Host with { PendingRestart = part with { Attempt = part.Attempt with { State = SectionState.Partial } } };

        Assert.Contains("not as far as it could be read", Render<WindowsPanel>(p => p.Add(c => c.Host, Line(reading))).Markup, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData(0, "like the agent's")]
    [InlineData(-412, "412 s behind the agent's")]
    [InlineData(90, "90 s ahead of the agent's")]
    public void A_skew_has_a_direction(int? seconds, string? words) => Assert.Equal(words, HostWords.Skew(seconds is { } s ? TimeSpan.FromSeconds(s) : null));

    [Theory]
    [InlineData(100L, 25L, 75.0)]
    [InlineData(100L, 0L, 100.0)]
    [InlineData(0L, 0L, null)]
    [InlineData(100L, null, null)]
    [InlineData(null, 10L, null)]
    [InlineData(100L, 200L, null)]
    public void A_volume_is_as_full_as_both_numbers_say_or_nobody_knows(long? size, long? free, double? percent) =>
        Assert.Equal(percent, VolumeUse.Percent(new Volume("v") { Size = size is { } s ? new ByteSize(s) : null, Free = free is { } f ? new ByteSize(f) : null }));
}

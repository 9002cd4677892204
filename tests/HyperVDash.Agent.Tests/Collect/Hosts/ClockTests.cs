using HyperVDash.Agent.Collect.Hosts;
using HyperVDash.Model.Fleet;

namespace HyperVDash.Agent.Tests.Collect.Hosts;

public sealed class ClockTests
{
    private static readonly DateTimeOffset Answered = new(2026, 11, 24, 9, 20, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0.5, 1, 1)]
    [InlineData(-0.5, 1, 0)]
    [InlineData(-412, 0.04, -412)]
    [InlineData(0, 0.04, 0)]
    public void The_host_read_its_clock_in_the_middle_of_the_round_trip(double aheadOfAnswer, double roundTrip, int skew)
    {
        var sample = ClockReader.Sample(Answered.AddSeconds(aheadOfAnswer), Answered, TimeSpan.FromSeconds(roundTrip));

        Assert.Equal(TimeSpan.FromSeconds(skew), sample.Skew);
        Assert.Equal(1000 * roundTrip, sample.TookMs);
    }

    [Fact]
    public async Task A_clock_that_stays_within_a_second_is_the_same_content_and_one_that_leaves_it_is_not()
    {
        await using var host = new HandMadeHost("2022", "20348");
        host.Os["LocalDateTime"] = host.Time.GetUtcNow().AddSeconds(90);
        var first = await host.ReadAsync("clock");

        host.Time.Advance(TimeSpan.FromMinutes(10));
        host.Os["LocalDateTime"] = host.Time.GetUtcNow().AddSeconds(91);
        var second = await host.ReadAsync("clock");
        host.Os["LocalDateTime"] = host.Time.GetUtcNow().AddSeconds(92);
        var third = await host.ReadAsync("clock");

        Assert.Equal([90, 90, 92], new[] { first, second, third }.Select(r => r.Clock.Content!.Skew!.Value.TotalSeconds));
        Assert.Equal(first.Clock.Revision, second.Clock.Revision);
        Assert.Equal(first.Revision, second.Revision);
        Assert.Equal(host.Time.GetUtcNow(), second.Clock.ReadAt);
        Assert.NotEqual(second.Clock.Revision, third.Clock.Revision);
    }

    [Fact]
    public async Task Three_questions_are_asked_each_for_one_column()
    {
        await using var host = new HandMadeHost("2022", "20348");

        await host.ReadAsync("clock");

        Assert.Equal(3, host.Log.All.Count(r => r.Class == "Win32_OperatingSystem" && r.Wql == "SELECT LocalDateTime FROM Win32_OperatingSystem WHERE BuildNumber IS NOT NULL"));
    }

    [Fact]
    public async Task A_host_that_tells_no_time_has_no_skew()
    {
        await using var host = new HandMadeHost("2022", "20348");
        host.Os["LocalDateTime"] = null;

        var reading = await host.ReadAsync("clock");

        Assert.Null(reading.Clock.Content);
        Assert.NotEqual(SectionState.Complete, reading.Clock.Attempt.State);
    }
}

using HyperVDash.Agent.Collect;
using HyperVDash.Model.Fleet;
using Microsoft.Extensions.Time.Testing;

namespace HyperVDash.Agent.Tests.Collect;

public sealed class LaneScheduleTests
{
    private static readonly HostReading Reading = new("hv01", "hv01");

    private static readonly string[] All = [.. Reading.Sections().Select(s => s.Name)];

    private readonly FakeTimeProvider _time = new();
    private readonly LaneSchedule _schedule;

    public LaneScheduleTests() => _schedule = new LaneSchedule(new CollectorOptions(), _time);

    [Fact]
    public void At_first_everything_is_due_and_then_each_lane_after_its_interval()
    {
        Assert.Equal(All, _schedule.Due(Reading));

        _schedule.Read(Reading, All, _time.GetUtcNow(), isSignInRefused: false);
        Assert.Empty(_schedule.Due(Reading));

        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(SectionLens.All.Where(s => new CollectorOptions().IntervalOf(s.Lane) <= TimeSpan.FromSeconds(5)).Select(s => s.Name), _schedule.Due(Reading));
        Assert.Contains("virtualMachines", _schedule.Due(Reading));
    }

    [Fact]
    public void A_section_that_was_read_out_of_turn_does_not_put_off_the_others_of_its_lane()
    {
        _schedule.Read(Reading, All, _time.GetUtcNow(), isSignInRefused: false);
        _time.Advance(TimeSpan.FromSeconds(29));
        _schedule.Read(Reading, ["services"], _time.GetUtcNow(), isSignInRefused: false);

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Contains("switches", _schedule.Due(Reading));
    }

    [Fact]
    public void A_refused_account_is_left_alone_for_15_minutes_and_used_again_once_it_is_accepted()
    {
        _schedule.Read(Reading, All, _time.GetUtcNow(), isSignInRefused: true);
        _time.Advance(TimeSpan.FromSeconds(899));
        Assert.Empty(_schedule.Due(Reading));

        // Somebody asked for a read meanwhile, and the password had been put right.
        _schedule.Read(Reading, ["services"], _time.GetUtcNow(), isSignInRefused: false);
        Assert.NotEmpty(_schedule.Due(Reading));
    }

    [Fact]
    public void After_15_minutes_a_refused_account_is_tried_again()
    {
        _schedule.Read(Reading, All, _time.GetUtcNow(), isSignInRefused: true);

        _time.Advance(TimeSpan.FromMinutes(15));

        Assert.Equal(All, _schedule.Due(Reading));
    }

    [Fact]
    public void A_host_that_cannot_be_reached_is_tried_after_15_s_and_then_after_twice_as_long_up_to_10_minutes()
    {
        foreach (int pause in (int[])[15, 30, 60, 120, 240, 480, 600, 600])
        {
            // Both lanes come back with the same silence.
            _schedule.Read(Reading, All, _time.GetUtcNow(), isSignInRefused: false, isUnreachable: true);
            _schedule.Read(Reading, All, _time.GetUtcNow(), isSignInRefused: false, isUnreachable: true);
            Assert.Equal(_time.GetUtcNow() + TimeSpan.FromSeconds(pause), _schedule.NextDue);

            _time.Advance(TimeSpan.FromSeconds(pause - 1));
            Assert.Empty(_schedule.Due(Reading));
            _time.Advance(TimeSpan.FromSeconds(1));
            Assert.Contains("virtualMachines", _schedule.Due(Reading));
        }

        _schedule.Read(Reading, All, _time.GetUtcNow(), isSignInRefused: false);
        _schedule.Read(Reading, All, _time.GetUtcNow(), isSignInRefused: false, isUnreachable: true);
        Assert.Equal(_time.GetUtcNow() + TimeSpan.FromSeconds(15), _schedule.NextDue);
    }

    [Fact]
    public void What_failed_in_a_slow_lane_is_tried_again_after_5_minutes()
    {
        var failed = Reading with { Updates = Reading.Updates with { Attempt = new Attempt(SectionState.Failed, _time.GetUtcNow(), 0, "hv01 did not answer.") } };
        _schedule.Read(failed, All, _time.GetUtcNow(), isSignInRefused: false);

        _time.Advance(TimeSpan.FromMinutes(5));

        Assert.Contains("updates", _schedule.Due(failed));
        Assert.DoesNotContain("virtualDisks", _schedule.Due(failed));
    }

    [Fact]
    public void While_an_account_is_left_alone_nothing_is_due_before_its_time() =>
        Assert.Equal(_time.GetUtcNow() + TimeSpan.FromMinutes(15), Refused().NextDue);

    private LaneSchedule Refused()
    {
        _schedule.Read(Reading, All, _time.GetUtcNow(), isSignInRefused: true);
        return _schedule;
    }

    [Theory]
    [InlineData(SectionState.Complete, 0)]
    [InlineData(SectionState.Partial, 5)]
    public void Disks_that_wait_are_read_at_once_and_in_trouble_a_little_later(SectionState state, int minutes)
    {
        var waiting = Reading with { VirtualDisks = new(new() { Waiting = 3 }) { Attempt = new(state) } };
        _schedule.Read(waiting, All, _time.GetUtcNow(), isSignInRefused: false);

        Assert.Equal(minutes == 0, _schedule.Due(waiting, isSlow: true).Contains("virtualDisks"));
        _time.Advance(TimeSpan.FromMinutes(minutes));
        Assert.Equal(["virtualDisks"], _schedule.Due(waiting, isSlow: true).Except(["counters"]));
        Assert.True(_schedule.NextDueOf(isSlow: true) <= _time.GetUtcNow());

        _schedule.Read(Reading with { VirtualDisks = new(new()) { Attempt = new(SectionState.Complete) } }, ["virtualDisks"], _time.GetUtcNow(), isSignInRefused: false);
        Assert.DoesNotContain("virtualDisks", _schedule.Due(waiting));
    }

    [Fact]
    public void Slow_lanes_and_fast_ones_share_all_sections()
    {
        Assert.Equal(All.Order(), _schedule.Due(Reading, isSlow: true).Concat(_schedule.Due(Reading, isSlow: false)).Order());
        Assert.Contains("virtualMachines", _schedule.Due(Reading, isSlow: false));
        Assert.Contains("virtualDisks", _schedule.Due(Reading, isSlow: true));
    }
}

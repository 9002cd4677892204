using HyperVDash.Web.Fleet;
using Microsoft.Extensions.Time.Testing;

namespace HyperVDash.Web.Tests.Fleet;

public sealed class ExaminationPaceTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly ExaminationPace _pace;

    public ExaminationPaceTests() => _pace = new(TimeSpan.FromSeconds(5), _time);

    [Fact]
    public void The_first_change_is_looked_at_at_once_and_those_that_follow_with_it()
    {
        Assert.Equal(TimeSpan.Zero, _pace.Change());
        Assert.Null(_pace.Change());
        Assert.Null(_pace.Change());
    }

    [Fact]
    public void After_a_look_the_next_change_waits_for_the_rest_of_the_pause()
    {
        _pace.Change();
        _pace.Looked();

        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(TimeSpan.FromSeconds(3), _pace.Change());
        Assert.Null(_pace.Change());
    }

    [Fact]
    public void A_change_after_a_long_rest_is_looked_at_at_once()
    {
        _pace.Change();
        _pace.Looked();

        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(TimeSpan.Zero, _pace.Change());
    }

    [Fact]
    public void A_thousand_changes_a_minute_are_a_dozen_looks()
    {
        int looks = 0;
        TimeSpan? due = null;
        for (int i = 0; i < 1000; i++)
        {
            due = _pace.Change() is { } wait ? wait : due;
            _time.Advance(TimeSpan.FromMilliseconds(60));
            due -= TimeSpan.FromMilliseconds(60);
            if (due <= TimeSpan.Zero)
            {
                (looks, due) = (looks + 1, null);
                _pace.Looked();
            }
        }

        Assert.InRange(looks, 11, 13);
    }
}

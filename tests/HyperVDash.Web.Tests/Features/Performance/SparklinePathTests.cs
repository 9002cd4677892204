using HyperVDash.Web.Features.Performance;

namespace HyperVDash.Web.Tests.Features.Performance;

public sealed class SparklinePathTests
{
    [Fact]
    public void Zero_lies_at_the_foot_and_the_top_at_the_head() => Assert.Equal("M0 31h0L120 16L240 1", SparklinePath.Of([0, 50, 100], 100));

    [Fact]
    public void Without_a_top_the_greatest_value_is_the_head() => Assert.Equal("M0 16h0L240 1", SparklinePath.Of([5, 10], null));

    [Fact]
    public void A_value_beyond_the_top_stays_in_the_picture() => Assert.Equal("M0 1h0L240 31", SparklinePath.Of([250, -5], 100));

    [Fact]
    public void A_silence_breaks_the_line_and_a_slow_lane_does_not()
    {
        double?[] slow = [1, null, null, null, null, null, null, null, 1];
        double?[] silent = [1, null, null, null, null, null, null, null, null, 1];

        Assert.Equal(1, SparklinePath.Of([.. slow], 1).Count(c => c == 'M'));
        Assert.Equal(2, SparklinePath.Of([.. silent], 1).Count(c => c == 'M'));
    }

    [Fact]
    public void Nothing_told_draws_nothing()
    {
        Assert.Equal("", SparklinePath.Of([], 100));
        Assert.Equal("", SparklinePath.Of([null, null], null));
    }

    [Fact]
    public void All_zeros_are_a_line_at_the_foot() => Assert.Equal("M0 31h0L240 31", SparklinePath.Of([0, 0], null));
}

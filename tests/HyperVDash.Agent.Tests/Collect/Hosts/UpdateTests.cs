using HyperVDash.Agent.Collect.Hosts;

namespace HyperVDash.Agent.Tests.Collect.Hosts;

public sealed class UpdateTests
{
    [Theory]
    [InlineData("01c85a1f7b3c8000", null, "2008-01-18")]
    [InlineData("20240131", null, "2024-01-31")]
    [InlineData("1/9/2026", true, "2026-01-09")]
    [InlineData("1/9/2026", false, "2026-09-01")]
    [InlineData("4/4/2026", null, "2026-04-04")]
    [InlineData("1/9/2026", null, null)]
    [InlineData("13/13/2026", true, null)]
    [InlineData("09.01.2026", true, null)]
    [InlineData("", true, null)]
    [InlineData(null, true, null)]
    [InlineData("ffffffffffffffff", null, null)]
    public void A_date_is_read_only_where_it_can_be_read_in_one_way(string? text, bool? isMonthFirst, string? date) =>
        Assert.Equal(date, UpdateReader.InstalledAt(text, isMonthFirst)?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));

    [Theory]
    [InlineData(true, "1/9/2026", "2/13/2026")]
    [InlineData(false, "1/9/2026", "13/2/2026")]
    [InlineData(null, "1/9/2026", "2/3/2026")]
    [InlineData(null, "13/2/2026", "2/13/2026")]
    [InlineData(null, "01c85a1f7b3c8000")]
    public void One_unmistakable_date_tells_the_order_of_all(bool? isMonthFirst, params string[] texts) => Assert.Equal(isMonthFirst, UpdateReader.IsMonthFirst(texts));

    [Fact]
    public async Task An_update_that_the_host_lists_twice_counts_once()
    {
        await using var host = new HandMadeHost("2022", "20348");
        host.Add(HandMadeHost.Cimv2, new("Win32_QuickFixEngineering") { ["HotFixID"] = "KB2", ["InstalledOn"] = "2/13/2026" });
        host.Add(HandMadeHost.Cimv2, new("Win32_QuickFixEngineering") { ["HotFixID"] = "kb2", ["InstalledOn"] = "" });
        host.Add(HandMadeHost.Cimv2, new("Win32_QuickFixEngineering") { ["HotFixID"] = "KB1", ["InstalledOn"] = "13. Februar 2026" });

        var reading = await host.ReadAsync("updates");

        Assert.Equal(["KB1 ", "KB2 2026-02-13"], reading.Updates.Content!.Items.Select(u => $"{u.Id} {u.InstalledAt:yyyy-MM-dd}"));
    }
}

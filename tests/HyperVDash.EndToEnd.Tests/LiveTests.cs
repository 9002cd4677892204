using Microsoft.Playwright;

namespace HyperVDash.EndToEnd.Tests;

public sealed class LiveTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_VM_that_changes_in_the_lab_changes_on_an_open_page_without_a_reload()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var dashboard = await Dashboard.StartAsync(Stop);
        await dashboard.UntilReadAsync(Stop);
        var page = await chromium.Browser.NewPageAsync();
        await page.GotoAsync(new Uri(dashboard.Url, "vms?size=200").ToString());
        await page.EvaluateAsync("() => window.sameDocument = true");
        string before = await StatesAsync(page);

        await dashboard.UntilAsync(async () => await StatesAsync(page) != before, Stop);

        Assert.True(await page.EvaluateAsync<bool>("() => window.sameDocument"));
    }

    [Fact]
    public async Task After_the_dashboard_is_killed_the_page_says_so_stays_readable_and_lives_again_once_it_is_back()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var dashboard = await Dashboard.StartAsync(Stop, ("Web__DemoFrozen", "true"));
        await dashboard.UntilReadAsync(Stop);
        var page = await chromium.Browser.NewPageAsync();
        string url = new Uri(dashboard.Url, "vms?sort=host").ToString();
        await page.GotoAsync(url, new() { WaitUntil = WaitUntilState.NetworkIdle });
        await page.WaitForTimeoutAsync(1500);
        int rows = await page.Locator("tbody tr").CountAsync();

        dashboard.Kill();
        await Assertions.Expect(page.GetByText("Live updates paused").First).ToBeVisibleAsync(new() { Timeout = 20_000 });
        Assert.Equal(rows, await page.Locator("tbody tr").CountAsync());

        await dashboard.RestartAsync(Stop);
        await Assertions.Expect(page.GetByText("Live updates paused").First).ToBeHiddenAsync(new() { Timeout = 30_000 });
        Assert.Equal(url, page.Url);
    }

    private static async Task<string> StatesAsync(IPage page) => string.Join('|', await page.Locator("tbody tr td:nth-child(2)").AllTextContentsAsync());
}

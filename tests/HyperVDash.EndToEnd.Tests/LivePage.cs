using Microsoft.Playwright;

namespace HyperVDash.EndToEnd.Tests;

internal static class LivePage
{
    /// <summary>The circuit has taken the page over: what is typed or focused before is replaced with the page.</summary>
    public static async Task UntilLiveAsync(this IPage page)
    {
        await page.WaitForFunctionAsync("() => document.querySelector('.app[data-live]') !== null");
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
    }
}

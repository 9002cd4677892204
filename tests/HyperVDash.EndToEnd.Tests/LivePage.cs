using Microsoft.Playwright;

namespace HyperVDash.EndToEnd.Tests;

internal static class LivePage
{
    /// <summary>The circuit has taken the page over: what is typed or focused before is replaced with the page.</summary>
    public static async Task UntilLiveAsync(this IPage page)
    {
        await page.WaitForFunctionAsync("() => performance.getEntriesByType('resource').some(r => r.name.includes('_blazor/negotiate'))");
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        await page.WaitForTimeoutAsync(400);
    }
}

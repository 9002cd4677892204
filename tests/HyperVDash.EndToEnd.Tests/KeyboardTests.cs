using Microsoft.Playwright;

namespace HyperVDash.EndToEnd.Tests;

/// <summary>Everything can be reached without a mouse.</summary>
public sealed class KeyboardTests(FrozenDemo demo, Chromium chromium)
{
    [Fact]
    public async Task Keys_go_to_pages_rows_findings_and_the_list_of_keys_and_can_be_switched_off()
    {
        var page = await chromium.NewPageAsync();
        await page.GotoAsync(demo.Dashboard.Url.ToString());
        await page.UntilLiveAsync();

        await page.Locator(".skip").FocusAsync();
        await page.WaitForFunctionAsync("() => document.querySelector('.skip').offsetWidth > 40");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForFunctionAsync("() => location.hash === '#main'");
        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("f");
        await page.WaitForURLAsync("**/findings");
        await page.UntilLiveAsync();

        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("j");
        await FocusedAsync(page, "e => e === document.querySelectorAll('a.fr')[1]");
        await page.Keyboard.PressAsync("k");
        string first = (await page.Locator("a.fr").First.GetAttributeAsync("href"))!;
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync($"**/{first}");

        await Assertions.Expect(page.Locator(".steps")).ToContainTextAsync("1 of");
        await page.Keyboard.PressAsync("]");
        await Assertions.Expect(page.Locator(".steps")).ToContainTextAsync("2 of");
        await page.Keyboard.PressAsync("[");
        await Assertions.Expect(page.Locator(".steps")).ToContainTextAsync("1 of");

        await page.GotoAsync(new Uri(demo.Dashboard.Url, "vms").ToString());
        await page.UntilLiveAsync();
        await page.Keyboard.PressAsync("/");
        await FocusedAsync(page, "e => e.id === 'filter'");
        await page.Keyboard.PressAsync("Escape");

        await page.Keyboard.PressAsync("?");
        await Assertions.Expect(page.Locator("dialog#keys")).ToBeVisibleAsync();
        Assert.True((await page.Locator("dialog#keys").BoundingBoxAsync())!.X > 100, "The list of keys lies in a corner.");
        await page.Locator("#keys-on").UncheckAsync();
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("?");
        await Assertions.Expect(page.Locator("dialog#keys")).ToBeHiddenAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Ctrl_K_finds_anything_while_typing_and_opens_it()
    {
        var page = await chromium.NewPageAsync();
        await page.GotoAsync(demo.Dashboard.Url.ToString());
        await page.UntilLiveAsync();

        await page.Keyboard.PressAsync("Control+k");
        await FocusedAsync(page, "e => e.id === 'goto'");
        await page.Keyboard.TypeAsync("sql-02");
        await Assertions.Expect(page.Locator("#found a").First).ToContainTextAsync("sql-02");
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("sql-02");
        await page.Context.CloseAsync();
    }

    // Asks the document, not the window: another test's page may be in front.
    private static Task FocusedAsync(IPage page, string isIt) => page.WaitForFunctionAsync($"() => document.activeElement && ({isIt})(document.activeElement)", null, new() { Timeout = 10_000 });
}

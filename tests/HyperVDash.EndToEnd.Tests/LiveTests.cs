using HyperVDash.Lab.Scenarios;
using HyperVDash.Lab.WsMan;
using Microsoft.Extensions.Time.Testing;
using Microsoft.Playwright;

namespace HyperVDash.EndToEnd.Tests;

[Collection(AloneCollection.Name)]
public sealed class LiveTests(Chromium chromium)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_changes_on_a_host_changes_on_an_open_page_without_a_reload()
    {
        // A lab whose clock the test turns, so that things happen when it says.
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var demo = LabScenarios.Build("demo", time);
        await using var lab = await LabServer.StartAsync([demo.Hosts.Single(h => h.Name == "HV04")], new LabServerOptions(), time, Stop);
        await using var dashboard = await Dashboard.StartAsync(Stop,
            ("Agent__Targets__0__Key", "HV04"), ("Agent__Targets__0__Url", lab.Addresses[0].Url.ToString()), ("Agent__Targets__0__User", "lab"), ("Agent__Targets__0__PasswordEnv", "LAB_PASSWORD"), ("LAB_PASSWORD", "lab"));
        await dashboard.UntilReadAsync(Stop);
        var vms = await OpenAsync(dashboard, "vms?q=build-01");
        var switches = await OpenAsync(dashboard, "switches?q=m&sort=name");
        await Assertions.Expect(vms.Locator("tbody tr")).ToContainTextAsync("Off");
        await Assertions.Expect(switches.Locator("tbody")).ToContainTextAsync("Mgmt");

        time.Advance(TimeSpan.FromSeconds(29));
        await Assertions.Expect(vms.Locator("tbody tr")).ToContainTextAsync("Running", new() { Timeout = 10_000 });

        time.Advance(TimeSpan.FromSeconds(65));
        await Assertions.Expect(switches.Locator("tbody")).ToContainTextAsync("Management", new() { Timeout = 45_000 });

        time.Advance(TimeSpan.FromSeconds(60));
        await Assertions.Expect(switches.Locator("tbody")).Not.ToContainTextAsync("Management", new() { Timeout = 45_000 });

        Assert.True(await vms.EvaluateAsync<bool>("() => window.sameDocument"));
        Assert.True(await switches.EvaluateAsync<bool>("() => window.sameDocument"));
        await vms.Context.CloseAsync();
        await switches.Context.CloseAsync();
    }

    [Fact]
    public async Task After_the_dashboard_is_killed_the_page_says_so_stays_readable_and_lives_again_within_10_s_of_its_return()
    {
        await using var dashboard = await Dashboard.StartAsync(Stop, ("Web__DemoFrozen", "true"));
        await dashboard.UntilReadAsync(Stop);
        var page = await OpenAsync(dashboard, "vms?sort=host");
        string url = page.Url;
        int rows = await page.Locator("tbody tr").CountAsync();

        dashboard.Kill();
        await Assertions.Expect(page.GetByText("Live updates paused, showing").First).ToBeVisibleAsync(new() { Timeout = 20_000 });
        Assert.Equal(rows, await page.Locator("tbody tr").CountAsync());

        await dashboard.RestartAsync(Stop);
        // A page of the new process has lost the mark; one without the bar is live again.
        await page.WaitForFunctionAsync("() => !window.sameDocument && performance.getEntriesByType('resource').some(r => r.name.includes('_blazor/negotiate'))", null, new() { Timeout = 10_000 });
        await Assertions.Expect(page.GetByText("Live updates paused, showing").First).ToBeHiddenAsync();
        Assert.Equal(url, page.Url);
        await page.Context.CloseAsync();
    }

    private async Task<IPage> OpenAsync(Dashboard dashboard, string path)
    {
        var page = await chromium.NewPageAsync();
        await page.GotoAsync(new Uri(dashboard.Url, path).ToString(), new() { WaitUntil = WaitUntilState.NetworkIdle });
        // On a busy machine the network rests before the circuit begins, and a page without one has nothing to lose.
        await page.UntilLiveAsync();
        await page.EvaluateAsync("() => window.sameDocument = true");
        return page;
    }
}

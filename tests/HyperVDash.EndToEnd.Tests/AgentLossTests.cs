using System.Diagnostics;
using Microsoft.Playwright;

namespace HyperVDash.EndToEnd.Tests;

[Collection(AloneCollection.Name)]
public sealed class AgentLossTests(Chromium chromium)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_remote_agent_that_dies_ages_its_hosts_and_nothing_disappears_or_turns_green_until_it_is_back()
    {
        int port = Dashboard.FreePort();
        var agent = StartAgent(port);
        try
        {
            await using var dashboard = await Dashboard.StartAsync(Stop, ("Web__Agents__0__Name", "lab agent"), ("Web__Agents__0__Url", $"http://127.0.0.1:{port}/"));
            await dashboard.UntilAsync(async () => (await dashboard.GetAsync("api/fleet", Stop)) is var f && !f.GetProperty("isReading").GetBoolean() && f.GetProperty("hosts").GetInt32() == 8, Stop);
            var page = await chromium.NewPageAsync();
            await page.GotoAsync(new Uri(dashboard.Url, "vms?size=200").ToString());
            await page.EvaluateAsync("() => window.sameDocument = true");
            int rows = await page.Locator("tbody tr").CountAsync();
            Assert.InRange(rows, 55, 65);

            agent.Kill(entireProcessTree: true);
            await Assertions.Expect(page.GetByText("Agent lab agent is silent since")).ToBeVisibleAsync(new() { Timeout = 10_000 });
            await Assertions.Expect(page.Locator(".ban time").First).ToBeVisibleAsync();
            await Assertions.Expect(page.Locator("tbody tr.hatch")).ToHaveCountAsync(rows);
            await Assertions.Expect(page.Locator("tbody use[href='#s-ok']")).ToHaveCountAsync(0);

            await dashboard.UntilAsync(async () => await StaleAsync(dashboard) == 8, Stop);
            Assert.Equal(rows, await page.Locator("tbody tr").CountAsync());
            Assert.DoesNotContain("#s-ok\"", await dashboard.HtmlAsync("", Stop), StringComparison.Ordinal);

            agent = StartAgent(port);
            await dashboard.UntilAsync(async () => await StaleAsync(dashboard) == 0, Stop, () => SaidAsync(dashboard, agent));
            await Assertions.Expect(page.Locator(".ban")).ToHaveCountAsync(0, new() { Timeout = 20_000 });
            await Assertions.Expect(page.Locator("tbody tr.hatch")).ToHaveCountAsync(0, new() { Timeout = 20_000 });
            Assert.Equal(rows, await page.Locator("tbody tr").CountAsync());
            Assert.True(await page.EvaluateAsync<bool>("() => window.sameDocument"));
            await page.Context.CloseAsync();
        }
        finally
        {
            agent.Kill(entireProcessTree: true);
            agent.Dispose();
        }
    }

    private static async Task<int> StaleAsync(Dashboard dashboard) =>
        (await dashboard.GetAsync("api/findings", Stop)).EnumerateArray().Count(f => f.GetProperty("ruleId").GetString() == "HVD110");

    private static async Task<string> SaidAsync(Dashboard dashboard, Process agent) => string.Join(
        Environment.NewLine,
        agent.HasExited ? $"The agent ended with {agent.ExitCode}." : "The agent runs.",
        await ProcessOutput.ReadAsync("agent", agent, Stop),
        await dashboard.HtmlAsync("api/fleet", Stop),
        string.Join(", ", (await dashboard.GetAsync("api/findings", Stop)).EnumerateArray().Where(f => f.GetProperty("ruleId").GetString() == "HVD110").Select(f => f.GetRawText())));

    private static Process StartAgent(int port)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "HyperVDash.Agent.dll"), "serve", "--lab", "demo", "--lab-frozen", "--listen", $"http://127.0.0.1:{port}" },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        process.KeepOutput("agent");
        return process;
    }
}

using System.Diagnostics;

namespace HyperVDash.EndToEnd.Tests;

public sealed class AgentLossTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_remote_agent_that_dies_ages_its_hosts_and_nothing_disappears_until_it_is_back()
    {
        int port = Dashboard.FreePort();
        var agent = StartAgent(port);
        try
        {
            await using var dashboard = await Dashboard.StartAsync(Stop, ("Web__Agents__0__Name", "lab agent"), ("Web__Agents__0__Url", $"http://127.0.0.1:{port}/"));
            await dashboard.UntilAsync(async () => (await dashboard.GetAsync("api/fleet", Stop)) is var f && !f.GetProperty("isReading").GetBoolean() && f.GetProperty("hosts").GetInt32() == 8, Stop);
            int vms = (await dashboard.GetAsync("api/fleet", Stop)).GetProperty("virtualMachines").GetInt32();

            agent.Kill(entireProcessTree: true);
            await dashboard.UntilAsync(async () => await StaleAsync(dashboard) == 8, Stop);
            Assert.Equal(vms, (await dashboard.GetAsync("api/fleet", Stop)).GetProperty("virtualMachines").GetInt32());
            Assert.Contains("silent", await dashboard.HtmlAsync("", Stop), StringComparison.Ordinal);

            agent = StartAgent(port);
            await dashboard.UntilAsync(async () => await StaleAsync(dashboard) == 0, Stop);
            Assert.Equal(vms, (await dashboard.GetAsync("api/fleet", Stop)).GetProperty("virtualMachines").GetInt32());
        }
        finally
        {
            agent.Kill(entireProcessTree: true);
            agent.Dispose();
        }
    }

    private static async Task<int> StaleAsync(Dashboard dashboard) =>
        (await dashboard.GetAsync("api/findings", Stop)).EnumerateArray().Count(f => f.GetProperty("ruleId").GetString() == "HVD110");

    private static Process StartAgent(int port)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "HyperVDash.Agent.dll"), "serve", "--lab", "demo", "--lab-frozen", "--listen", $"http://127.0.0.1:{port}" },
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        return process;
    }
}

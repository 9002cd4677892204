using System.Diagnostics;
using System.Text.Json;
using HyperVDash.Agent.Serve;
using HyperVDash.Agent.Targets;
using HyperVDash.Model.Fleet;
using Microsoft.Extensions.Logging.Abstractions;

namespace HyperVDash.Benchmarks;

/// <summary>
/// An agent in a process of its own: it reads every host from nothing, headers of disks included, and then goes on as it always does. After each phase it prints one line
/// and waits for one, so that whoever started it can look at what the server served.
/// </summary>
internal static class AgentRun
{
    private const string PasswordVariable = "HVD_BENCHMARK_PASSWORD";
    private const int WarmUpRounds = 15;

    public static async Task RunAsync(Uri server, int hosts, int minutes, TextReader input, TextWriter output, CancellationToken cancellationToken)
    {
        Environment.SetEnvironmentVariable(PasswordVariable, "lab");
        for (int i = 0; i < WarmUpRounds; i++)
        {
            // A small host: what is compiled meanwhile is no part of what is measured, and neither is its memory.
            await Inventory.ReadAllAsync(new Uri(server, $"/{PreparedServer.WarmUpHost}/wsman"), WarmUpRounds, cancellationToken);
        }

        // What was called often enough is compiled beside it.
        await Task.Delay(TimeSpan.FromSeconds(3), cancellationToken);

        using var http = new HttpClient();
        using var roster = new HostRoster(
            new AgentOptions { Targets = [.. Enumerable.Range(0, hosts).Select(i => Target(server, i))] }, TimeProvider.System, NullLoggerFactory.Instance);
        await MeasureAsync("first", 0, async () =>
        {
            await roster.StartAsync(cancellationToken);
            foreach (var worker in roster.Workers)
            {
                while (!Inventory.IsWhole(worker.Current))
                {
                    await Task.Delay(20, cancellationToken);
                }
            }
        });
        for (int i = 1; i <= minutes; i++)
        {
            await MeasureAsync($"minute {i}", 1, () => Task.Delay(TimeSpan.FromMinutes(1), cancellationToken));
        }

        await roster.StopAsync(cancellationToken);

        async Task MeasureAsync(string name, double length, Func<Task> part)
        {
            await CloseAsync();
            GC.Collect();
            var cpu = Environment.CpuUsage.TotalTime;
            long start = Stopwatch.GetTimestamp();
            await part();
            var (wall, took) = (Stopwatch.GetElapsedTime(start), Environment.CpuUsage.TotalTime - cpu);
            await CloseAsync();
            double peak = Phase.PeakOfThisProcess;
            double heap = GC.GetTotalMemory(forceFullCollection: true) / (double)(1 << 20);
            await output.WriteLineAsync(JsonSerializer.Serialize(new Phase(name, length, wall.TotalMilliseconds, took.TotalMilliseconds, peak, heap)));
            await output.FlushAsync(cancellationToken);
            await input.ReadLineAsync(cancellationToken);
        }

        async Task CloseAsync() => (await http.GetAsync(new Uri(server, PreparedServer.ClosePath), cancellationToken)).Dispose();
    }

    private static TargetOptions Target(Uri server, int number) => new()
    {
        Key = $"host{number}", Url = new Uri(server, $"/{number}/wsman"), User = "lab", PasswordEnv = PasswordVariable, Origin = Origin.Lab,
    };
}

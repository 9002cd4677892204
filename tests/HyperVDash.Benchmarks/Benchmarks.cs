using System.Globalization;

namespace HyperVDash.Benchmarks;

/// <summary>
/// Without arguments: starts its own server processes, measures and prints a table.
/// <c>inventory</c>: measures only the reading of one host of 1,000 VMs.
/// <c>rules</c>: measures only the rules; <c>rules each</c>: one by one, the slowest first; <c>rules parts</c>: its parts at several sizes; <c>rules profile SECONDS</c>: again and again, for a profiler to look at.
/// <c>scale</c>: an agent in a process of its own over 1, 100 and 1,000 VMs on one host and 50 on each of 200; <c>scale HOSTS VMS [MINUTES]</c>: over one such lab.
/// <c>server VMS</c>: serves the prepared answers of one generated host until its input ends.
/// <c>profile VMS SECONDS</c>: reads that host again and again, for a profiler to look at.
/// </summary>
public static class Benchmarks
{
    public static async Task<int> Main(string[] args)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, press) =>
        {
            press.Cancel = true;
            stop.Cancel();
        };
        switch (args)
        {
            case []:
                await Report.PrintAsync(Console.Out, stop.Token);
                return 0;
            case ["inventory"]:
                await Report.PrintInventoryAsync(Console.Out, stop.Token);
                return 0;
            case ["rules"]:
                await RuleRounds.PrintAsync(Console.Out, stop.Token);
                return 0;
            case ["rules", "each", .. [] or ["tidy"]]:
                await RuleRounds.PrintEachAsync(args.Length > 2, Console.Out, stop.Token);
                return 0;
            case ["rules", "parts", .. [] or ["tidy"]]:
                await RuleRounds.PrintPartsAsync(args.Length > 2, Console.Out, stop.Token);
                return 0;
            case ["rules", "profile", var seconds, .. [] or ["tidy"]]:
                await RuleRounds.RepeatAsync(TimeSpan.FromSeconds(Number(seconds)), args.Length > 3, Console.Out, stop.Token);
                return 0;
            case ["scale"]:
                await Scale.PrintAsync([(1, 1), (1, 100), (1, 1000), (200, 50)], 1, Console.Out, stop.Token);
                return 0;
            case ["scale", var hosts, var vms]:
                await Scale.PrintAsync([(Number(hosts), Number(vms))], 1, Console.Out, stop.Token);
                return 0;
            case ["scale", var hosts, var vms, var minutes]:
                await Scale.PrintAsync([(Number(hosts), Number(vms))], Number(minutes), Console.Out, stop.Token);
                return 0;
            case ["servers", var hosts, var vms]:
                await PreparedServer.RunManyAsync(Number(hosts), Number(vms), Console.In, Console.Out, stop.Token);
                return 0;
            case ["agent", var url, var hosts, var minutes]:
                await AgentRun.RunAsync(new Uri(url), Number(hosts), Number(minutes), Console.In, Console.Out, stop.Token);
                return 0;
            case ["walk", var url]:
                await Yardsticks.WalkAsync(new Uri(url), Console.Out, stop.Token);
                return 0;
            case ["server", var vms]:
                await PreparedServer.RunAsync(Number(vms), Console.In, Console.Out, stop.Token);
                return 0;
            case ["profile", var vms, var seconds]:
                await Report.RepeatAsync(Number(vms), TimeSpan.FromSeconds(Number(seconds)), stop.Token);
                return 0;
            default:
                await Console.Error.WriteLineAsync("Usage: HyperVDash.Benchmarks [inventory | rules [each [tidy] | parts [tidy] | profile SECONDS [tidy]] | scale [HOSTS VMS [MINUTES]] | server VMS | profile VMS SECONDS]");
                return 1;
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}

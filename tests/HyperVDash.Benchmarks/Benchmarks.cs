using System.Globalization;

namespace HyperVDash.Benchmarks;

/// <summary>
/// Without arguments: starts its own server processes, measures and prints a table.
/// <c>inventory</c>: measures only the reading of one host of 1,000 VMs.
/// <c>rules</c>: measures only the rules; <c>rules each</c>: one by one, the slowest first; <c>rules profile SECONDS</c>: again and again, for a profiler to look at.
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
            case ["rules", "each"]:
                await RuleRounds.PrintEachAsync(Console.Out, stop.Token);
                return 0;
            case ["rules", "profile", var seconds]:
                await RuleRounds.RepeatAsync(TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture)), Console.Out, stop.Token);
                return 0;
            case ["server", var vms]:
                await PreparedServer.RunAsync(int.Parse(vms, CultureInfo.InvariantCulture), Console.In, Console.Out, stop.Token);
                return 0;
            case ["profile", var vms, var seconds]:
                await Report.RepeatAsync(int.Parse(vms, CultureInfo.InvariantCulture), TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture)), stop.Token);
                return 0;
            default:
                await Console.Error.WriteLineAsync("Usage: HyperVDash.Benchmarks [inventory | rules [each | profile SECONDS] | server VMS | profile VMS SECONDS]");
                return 1;
        }
    }
}

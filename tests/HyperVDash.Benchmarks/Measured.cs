using System.Diagnostics;

namespace HyperVDash.Benchmarks;

/// <summary>What some rounds of one thing took.</summary>
internal sealed class Measured(string name, Func<Task> round)
{
    private readonly List<(double Wall, double Cpu, long Bytes)> _rounds = [];

    public string Name => name;

    public double WallMs => Median(r => r.Wall);

    /// <summary>Processor time of this process, all its threads.</summary>
    public double CpuMs => Median(r => r.Cpu);

    public double Bytes => Median(r => r.Bytes);

    /// <summary>Runs the rounds of several things in turn, so that a slow minute of the machine falls on all of them.</summary>
    public static async Task InTurnAsync(IReadOnlyList<Measured> things, int warmUp, int rounds)
    {
        for (int i = -warmUp; i < rounds; i++)
        {
            foreach (var thing in things)
            {
                await thing.RoundAsync(isKept: i >= 0);
            }
        }
    }

    private async Task RoundAsync(bool isKept)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using var process = Process.GetCurrentProcess();
        var cpu = process.TotalProcessorTime;
        long bytes = GC.GetTotalAllocatedBytes(precise: true);
        long start = Stopwatch.GetTimestamp();
        await round();
        double wall = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        bytes = GC.GetTotalAllocatedBytes(precise: true) - bytes;
        process.Refresh();
        if (isKept)
        {
            _rounds.Add((wall, (process.TotalProcessorTime - cpu).TotalMilliseconds, bytes));
        }
    }

    private double Median(Func<(double Wall, double Cpu, long Bytes), double> of)
    {
        double[] sorted = [.. _rounds.Select(of).Order()];
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}

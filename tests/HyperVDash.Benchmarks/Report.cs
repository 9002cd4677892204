using System.Diagnostics;

namespace HyperVDash.Benchmarks;

/// <summary>Measures everything and prints it, ratios first.</summary>
internal static class Report
{
    private const int WarmUp = 12;
    private const int Rounds = 21;

    public static async Task PrintAsync(TextWriter output, CancellationToken cancellationToken)
    {
        var (inventory, reader, drain, size) = await HostAsync(1000, cancellationToken);
        var (small, _, _, _) = await HostAsync(100, cancellationToken);

        await output.WriteLineAsync($"""
            | ratio | wall | processor |
            |---|---:|---:|
            | inventory of 1,000 VMs / bare XmlReader over the same bytes (goal 2.0) | {inventory.WallMs / reader.WallMs:0.00} | {inventory.CpuMs / reader.CpuMs:0.00} |
            | inventory of 1,000 VMs / draining the same answers | {inventory.WallMs / drain.WallMs:0.00} | {inventory.CpuMs / drain.CpuMs:0.00} |
            | bytes allocated per VM, 1,000 VMs / 100 VMs | {inventory.Bytes / 1000 / (small.Bytes / 100):0.00} | |

            | measured, median of {Rounds} | wall ms | processor ms | allocated |
            |---|---:|---:|---:|
            {string.Join('\n', new[] { inventory, reader, drain, small }.Select(m => $"| {m.Name} | {m.WallMs:0.0} | {m.CpuMs:0.0} | {m.Bytes / (1 << 20):0.0} MB |"))}

            | per VM | |
            |---|---:|
            | bytes allocated, host of 1,000 VMs | {inventory.Bytes / 1000:0} |
            | bytes allocated, host of 100 VMs | {small.Bytes / 100:0} |
            | bytes on the wire, host of 1,000 VMs | {size / 1000:0} |
            """);
        await RuleRounds.PrintAsync(output, cancellationToken);
    }

    public static async Task PrintInventoryAsync(TextWriter output, CancellationToken cancellationToken)
    {
        var (inventory, reader, drain, _) = await HostAsync(1000, cancellationToken);
        await output.WriteLineAsync($"""
            {string.Join('\n', new[] { inventory, reader, drain }.Select(m => $"{m.Name}: {m.WallMs:0.0} ms, {m.CpuMs:0.0} ms of processor, {m.Bytes / (1 << 20):0.0} MB"))}
            inventory / bare XmlReader (goal 2.0): {inventory.WallMs / reader.WallMs:0.00} of time, {inventory.CpuMs / reader.CpuMs:0.00} of processor
            """);
    }

    public static async Task RepeatAsync(int vms, TimeSpan time, CancellationToken cancellationToken)
    {
        using var server = await ServerProcess.StartAsync(vms, cancellationToken);
        var rounds = new List<(double Wall, double Cpu, double Pause, int Collections, double Allocated)>();
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < time;)
        {
            long began = Stopwatch.GetTimestamp();
            var cpu = Environment.CpuUsage.TotalTime;
            var pause = GC.GetTotalPauseDuration();
            int collections = GC.CollectionCount(0);
            long allocated = GC.GetTotalAllocatedBytes(precise: true);
            await Inventory.ReadAsync(server.Url, cancellationToken);
            rounds.Add((Stopwatch.GetElapsedTime(began).TotalMilliseconds, (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds,
                (GC.GetTotalPauseDuration() - pause).TotalMilliseconds, GC.CollectionCount(0) - collections, GC.GetTotalAllocatedBytes(precise: true) - allocated));
        }

        // The first half is warm-up.
        var kept = rounds.Skip(rounds.Count / 2).ToList();
        double[] walls = [.. kept.Select(r => r.Wall).Order()];
        Console.WriteLine($"{rounds.Count} rounds; of the second half: fastest {walls[0]:0} ms, median {walls[walls.Length / 2]:0} ms, processor {kept.Average(r => r.Cpu):0} ms, "
            + $"paused {kept.Average(r => r.Pause):0} ms in {kept.Average(r => r.Collections):0.0} collections, "
            + $"{kept.Average(r => r.Allocated) / (1 << 20):0.0} MB allocated");
    }

    private static async Task<(Measured Inventory, Measured Reader, Measured Drain, long Size)> HostAsync(int vms, CancellationToken cancellationToken)
    {
        using var server = await ServerProcess.StartAsync(vms, cancellationToken);
        var exchanges = await server.ExchangesAsync(cancellationToken);
        long size = exchanges.Sum(e => (long)e.Answer.Length);
        var inventory = new Measured($"inventory of a {vms:N0}-VM host, {exchanges.Count} requests, {size / 1e6:0.0} MB", async () =>
        {
            var reading = await Inventory.ReadAsync(server.Url, cancellationToken);
            Require(reading.VirtualMachines.Content?.Items.Length == vms, "The inventory lacks VMs.");
        });
        var reader = new Measured($"XmlReader.Read() over the same {size / 1e6:0.0} MB", () =>
        {
            Require(Yardsticks.ReadAll(exchanges) > 1000, "The answers are empty.");
            return Task.CompletedTask;
        });
        var drain = new Measured("draining the same answers over HTTP", async () =>
            Require(await Yardsticks.DrainAsync(server.Url, exchanges, cancellationToken) == size, "Not everything came."));
        await Measured.InTurnAsync([inventory, reader, drain], WarmUp, Rounds);
        return (inventory, reader, drain, size);
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidOperationException(otherwise);
        }
    }
}

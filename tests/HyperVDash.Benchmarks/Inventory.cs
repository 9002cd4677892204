using HyperVDash.Agent.Collect;
using HyperVDash.Cim.WsMan;
using HyperVDash.Model.Fleet;

namespace HyperVDash.Benchmarks;

/// <summary>
/// A full reading of one host by the agent's own collector, from nothing. Without the headers of disk files, which are asked one by one, some each hour, and not
/// the same ones each time.
/// </summary>
internal static class Inventory
{
    public static async Task<HostReading> ReadAsync(Uri url, CancellationToken cancellationToken)
    {
        var target = new WsManTarget(url) { User = "lab", Password = "lab" };
        await using var collector = new HostCollector(
            "host", "wsman", Origin.Lab, url.ToString(), () => new WsManSession(target, TimeProvider.System), new CollectorOptions(), "benchmark", TimeProvider.System);
        var reading = await collector.ReadAsync([.. collector.Current.Sections().Select(s => s.Name).Where(name => name != "virtualDisks")], cancellationToken);
        var unread = reading.Sections().Where(s => s.Name != "virtualDisks" && s.Section.Attempt.State is not (SectionState.Complete or SectionState.Absent or SectionState.Off)).ToList();
        return unread.Count == 0
            ? reading
            : throw new InvalidOperationException($"Not a full inventory: {string.Join("; ", unread.Select(s => $"{s.Name} {s.Section.Attempt.State} {s.Section.Attempt.Reason}{string.Join(", ", s.Section.Attempt.Missing)}"))}");
    }

    /// <summary>The same with the headers of all disk files, and then the lanes that come round every minute, as often as is said.</summary>
    public static async Task ReadAllAsync(Uri url, int again, CancellationToken cancellationToken)
    {
        var target = new WsManTarget(url) { User = "lab", Password = "lab" };
        await using var collector = new HostCollector(
            "host", "wsman", Origin.Lab, url.ToString(), () => new WsManSession(target, TimeProvider.System), new CollectorOptions(), "benchmark", TimeProvider.System);
        // Turn by turn, as a serving agent does.
        var reading = await collector.ReadAsync([.. SectionLens.All.Select(l => l.Name)], cancellationToken);
        while (reading.VirtualDisks is { Attempt.State: SectionState.Complete, Content.Waiting: > 0 })
        {
            reading = await collector.ReadAsync(["virtualDisks"], cancellationToken);
        }

        if (!IsWhole(reading))
        {
            throw new InvalidOperationException($"{url} was not read whole: {reading.VirtualDisks.Content?.Waiting} disks wait.");
        }

        string[] often = [.. SectionLens.All.Where(l => l.Lane is Lane.State or Lane.Counters or Lane.Switches or Lane.Guest).Select(l => l.Name)];
        for (int i = 0; i < again; i++)
        {
            await collector.ReadAsync(often, cancellationToken);
        }
    }

    /// <summary>True if nothing is left to read, headers of disks included.</summary>
    /// <exception cref="InvalidOperationException">A part could not be read.</exception>
    public static bool IsWhole(HostReading reading)
    {
        var failed = reading.Sections().Where(s => s.Section.Attempt.State is SectionState.Denied or SectionState.Failed).ToList();
        return failed.Count > 0
            ? throw new InvalidOperationException($"{reading.Key}: {string.Join("; ", failed.Select(s => $"{s.Name} {s.Section.Attempt.Reason}"))}")
            : reading.Sections().All(s => s.Section.Attempt.State != SectionState.Pending) && reading.VirtualDisks.Content is { Waiting: 0 };
    }
}

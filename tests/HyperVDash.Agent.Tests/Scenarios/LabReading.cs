using HyperVDash.Agent.Collect;
using HyperVDash.Agent.Commands;
using HyperVDash.Agent.Targets;
using HyperVDash.Model.Fleet;

namespace HyperVDash.Agent.Tests.Scenarios;

/// <summary>Reads hosts of a lab as the commands do: with its faults, its print farms and its names.</summary>
internal static class LabReading
{
    private static readonly string[] Sections = [.. SectionLens.All.Select(l => l.Name)];

    public static async Task<List<HostReading>> OfAsync(string lab, CancellationToken stop, params string[] faults)
    {
        await using var source = await LabTargets.StartAsync(lab, frozen: true, faults, 0, TimeProvider.System, stop);
        var readings = new List<HostReading>();
        foreach (var target in source.Targets)
        {
            await using var collector = TargetSessions.Collector(target, "t", TimeProvider.System);
            readings.Add(await collector.ReadAsync(Sections, stop));
        }

        return readings;
    }

    /// <summary>Only some sections of one host.</summary>
    public static async Task<HostReading> OfHostAsync(string lab, string host, string[] sections, CancellationToken stop, params string[] faults)
    {
        await using var source = await LabTargets.StartAsync(lab, frozen: true, faults, 0, TimeProvider.System, stop);
        await using var collector = TargetSessions.Collector(source.Targets.Single(t => t.Key == host), "t", TimeProvider.System);
        return await collector.ReadAsync(sections, stop);
    }
}

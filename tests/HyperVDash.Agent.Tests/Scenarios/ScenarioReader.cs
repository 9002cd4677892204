using System.Runtime.CompilerServices;
using HyperVDash.Agent.Collect;
using HyperVDash.Agent.Commands;
using HyperVDash.Cim.WsMan;
using HyperVDash.Lab.Scenarios;
using HyperVDash.Lab.WsMan;
using HyperVDash.Model.Fleet;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Agent.Tests.Scenarios;

/// <summary>Serves a scenario over the real protocol, reads every host of it once, its disks to the last, and examines all of it.</summary>
internal static class ScenarioReader
{
    public static Task<List<HostReading>> ReadAsync(LabScenario scenario, CancellationToken stop) => ReadAsync(scenario, TimeProvider.System, stop);

    /// <param name="time">The agent's clock.</param>
    public static async Task<List<HostReading>> ReadAsync(LabScenario scenario, TimeProvider time, CancellationToken stop) => await WatchAsync(scenario, time, stop).FirstAsync(stop);

    /// <summary>What one agent reads, again and again.</summary>
    /// <param name="time">The agent's clock.</param>
    public static async IAsyncEnumerable<List<HostReading>> WatchAsync(LabScenario scenario, TimeProvider time, [EnumeratorCancellation] CancellationToken stop)
    {
        await using var lab = await LabServer.StartAsync(scenario.Hosts, new LabServerOptions(), TimeProvider.System, stop);
        var options = LabTargets.OptionsOf(scenario.Description);
        var collectors = lab.Addresses.Select(a => new HostCollector(a.Host, "wsman", Origin.Lab, a.Url.ToString(), () => new WsManSession(new WsManTarget(a.Url) { User = "lab", Password = "lab" }, time), options, "test", time)).ToList();
        try
        {
            while (true)
            {
                var readings = new List<HostReading>();
                foreach (var collector in collectors)
                {
                    readings.Add(await ReadAsync(collector, stop));
                }

                yield return readings;
            }
        }
        finally
        {
            foreach (var collector in collectors)
            {
                await collector.DisposeAsync();
            }
        }
    }

    private static async Task<HostReading> ReadAsync(HostCollector collector, CancellationToken stop)
    {
        var reading = await collector.ReadAllAsync(stop);
        // A look at the disks is bounded; the next ones are an agent's later ones.
        while (reading.VirtualDisks is { Attempt.State: SectionState.Complete, Content.Waiting: > 0 })
        {
            reading = await collector.ReadAsync(["virtualDisks"], stop);
        }

        return reading;
    }

    public static List<Examined> Examine(LabScenario scenario, List<HostReading> readings) => Examine(readings, new RuleSettings { Tags = scenario.Description.Tags }, ReadAt(scenario, readings));

    /// <summary>When the lab was read.</summary>
    public static DateTimeOffset ReadAt(LabScenario scenario, List<HostReading> readings) => readings.Max(r => r.VirtualMachines.ReadAt) ?? scenario.StartedAt;

    /// <summary>What hosts say that answer the same at another look.</summary>
    public static List<HostReading> Again(List<HostReading> readings, DateTimeOffset at) =>
    [
        .. readings.Select(r => SectionLens.All.Aggregate(r, (host, lens) => lens.Get(host) is { Attempt.State: SectionState.Complete or SectionState.Partial } section
            ? lens.Set(host, section with { ReadAt = at, Attempt = section.Attempt with { At = at } })
            : host)),
    ];

    public static List<Examined> Examine(List<HostReading> readings, RuleSettings settings, DateTimeOffset now)
    {
        var hosts = readings.Select(r => new HostSubject(r)).ToList();
        var clusters = RuleEngine.ClustersOf(hosts);
        return
        [
            .. hosts.SelectMany(h => RuleEngine.ExamineHost(h, settings, now).Verdicts),
            .. clusters.SelectMany(c => RuleEngine.ExamineCluster(c, settings, now).Verdicts),
            .. RuleEngine.ExamineFarm(new FarmSubject([.. hosts]), settings, now).Verdicts,
        ];
    }
}

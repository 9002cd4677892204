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
}

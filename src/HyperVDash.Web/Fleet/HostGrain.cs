using HyperVDash.Model.Fleet;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Web.Fleet;

[KeepAlive]
internal sealed class HostGrain(FleetFeed feed, RuleBook rules, TimeProvider time) : Grain, IHostGrain
{
    private HostReading? _reading;
    private FindingBook _book = new();
    private IGrainTimer? _timer;

    public async Task Apply(HostReading reading)
    {
        // Two agents may read one host; the newer reading wins.
        if (_reading is { } known && known.Target != reading.Target && known.VirtualMachines.ReadAt > reading.VirtualMachines.ReadAt)
        {
            return;
        }

        _reading = reading;
        Examine();
        if (reading.Cluster.Content is { Id.Length: > 0 } cluster)
        {
            await GrainFactory.GetGrain<IClusterGrain>(cluster.Id).Apply(reading);
        }

        await GrainFactory.GetGrain<IFarmGrain>(IFarmGrain.Key).Apply(reading);
    }

    private void Examine()
    {
        _timer?.Dispose();
        var now = time.GetUtcNow();
        _book = _book.Apply(RuleEngine.ExamineHost(_reading!, rules.Settings, now));
        feed.PutHost(_reading!, _book);
        _timer = _book.NextInstant is { } next
            ? this.RegisterGrainTimer(_ => { Examine(); return Task.CompletedTask; }, Alarm.In(next - now))
            : null;
    }
}

/// <summary>When a grain looks again although nothing came.</summary>
internal static class Alarm
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    public static GrainTimerCreationOptions In(TimeSpan due)
    {
        var wait = due < TimeSpan.FromMilliseconds(500) ? TimeSpan.FromMilliseconds(500) : due > Longest ? Longest : due;
        return new(wait, Timeout.InfiniteTimeSpan) { KeepAlive = true };
    }
}

[KeepAlive]
internal sealed class ClusterGrain(FleetFeed feed, RuleBook rules, TimeProvider time) : Grain, IClusterGrain
{
    private readonly Dictionary<string, HostReading> _nodes = new(StringComparer.OrdinalIgnoreCase);
    private FindingBook _book = new();
    private IGrainTimer? _timer;

    public Task Apply(HostReading reading)
    {
        _nodes[reading.Id ?? reading.Key] = reading;
        Examine();
        return Task.CompletedTask;
    }

    private void Examine()
    {
        _timer?.Dispose();
        var now = time.GetUtcNow();
        string id = this.GetPrimaryKeyString();
        var subject = RuleEngine.ClustersOf([.. _nodes.Values.Select(r => new HostSubject(r))]).FirstOrDefault(c => c.Cluster.Id == id);
        if (subject is null)
        {
            return;
        }

        _book = _book.Apply(RuleEngine.ExamineCluster(subject, rules.Settings, now));
        feed.PutCluster(id, _book);
        _timer = _book.NextInstant is { } next
            ? this.RegisterGrainTimer(_ => { Examine(); return Task.CompletedTask; }, Alarm.In(next - now))
            : null;
    }
}

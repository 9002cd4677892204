using HyperVDash.Model.Fleet;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Web.Fleet;

[KeepAlive]
internal sealed class HostGrain(FleetFeed feed, RuleBook rules, TimeProvider time) : Grain, IHostGrain
{
    private readonly HostSources _sources = new(time);
    private HostExaminer? _examiner;
    private HostReading? _reading;
    private string? _cluster;
    private FindingBook _book = new();
    private IGrainTimer? _timer;

    private string Host => this.GetPrimaryKeyString();

    public async Task Apply(string source, HostReading reading)
    {
        if (!_sources.Takes(source, reading))
        {
            feed.PutSource(source, Host);
            return;
        }

        _reading = reading;
        Examine();
        feed.PutSource(source, Host);
        await JoinAsync(reading);
        await GrainFactory.GetGrain<IFarmGrain>(IFarmGrain.Key).Apply(Host, reading);
    }

    public async Task Leave(string source)
    {
        _sources.Leave(source);
        if (_sources.IsEmpty)
        {
            _timer?.Dispose();
            if (_cluster is { } cluster)
            {
                await GrainFactory.GetGrain<IClusterGrain>(cluster).Drop(Host);
            }

            await GrainFactory.GetGrain<IFarmGrain>(IFarmGrain.Key).Drop(Host);
            DeactivateOnIdle();
        }

        feed.RemoveSource(source, Host);
    }

    public Task Reexamine()
    {
        if (_reading is not null && !_sources.IsEmpty)
        {
            Examine();
        }

        return Task.CompletedTask;
    }

    /// <summary>Tells the cluster, and the one it was in before if that is another.</summary>
    private async Task JoinAsync(HostReading reading)
    {
        string? now = reading.Cluster.Content is { Id.Length: > 0 } cluster ? cluster.Id : null;
        if (now is null && reading.Cluster.Attempt.State is not (SectionState.Complete or SectionState.Absent or SectionState.Unsupported or SectionState.Off))
        {
            // It does not say; whoever was a node is one until told otherwise.
            return;
        }

        if (_cluster is { } left && left != now)
        {
            await GrainFactory.GetGrain<IClusterGrain>(left).Drop(Host);
        }

        _cluster = now;
        if (now is not null)
        {
            await GrainFactory.GetGrain<IClusterGrain>(now).Apply(Host, reading);
        }
    }

    private void Examine()
    {
        _timer?.Dispose();
        var now = time.GetUtcNow();
        _book = _book.Apply((_examiner ??= new(rules.Rules.All)).Examine(_reading!, rules.Settings, now));
        feed.PutHost(_reading!, _book, Host);
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

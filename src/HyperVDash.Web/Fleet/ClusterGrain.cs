using HyperVDash.Model.Fleet;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Web.Fleet;

/// <summary>Compares the nodes of one cluster, a moment after they changed.</summary>
[KeepAlive]
internal sealed class ClusterGrain(FleetFeed feed, RuleBook rules, TimeProvider time) : Grain, IClusterGrain
{
    // Every node changes every few seconds, and one change means a look at all of them.
    private readonly ExaminationPace _pace = new(TimeSpan.FromSeconds(5), time);

    private readonly Dictionary<string, HostReading> _nodes = new(StringComparer.OrdinalIgnoreCase);
    private FindingBook _book = new();
    private IGrainTimer? _timer;

    public Task Apply(string host, HostReading reading)
    {
        _nodes[host] = reading;
        SetSoon();
        return Task.CompletedTask;
    }

    public Task Drop(string host)
    {
        if (_nodes.Remove(host))
        {
            SetSoon();
        }

        return Task.CompletedTask;
    }

    // Not at once: the host that tells must not wait for what its peers mean for it.
    private void SetSoon()
    {
        if (_pace.Change() is { } wait)
        {
            Set(wait);
        }
    }

    private void Examine()
    {
        _pace.Looked();
        var now = time.GetUtcNow();
        string id = this.GetPrimaryKeyString();
        if (_nodes.Count == 0)
        {
            // Nobody speaks of it any more: what was found in it is no longer so.
            _book = new();
            feed.PutCluster(id, _book);
            return;
        }

        var subject = RuleEngine.ClustersOf([.. _nodes.Values.Select(r => new HostSubject(r))]).FirstOrDefault(c => c.Cluster.Id.Equals(id, StringComparison.OrdinalIgnoreCase));
        if (subject is null)
        {
            return;
        }

        _book = _book.Apply(RuleEngine.ExamineCluster(subject, rules.Settings, now));
        feed.PutCluster(id, _book);
        if (_book.NextInstant is { } next)
        {
            Set(next - now);
        }
    }

    private void Set(TimeSpan due)
    {
        _timer?.Dispose();
        _timer = this.RegisterGrainTimer(_ => { Examine(); return Task.CompletedTask; }, Alarm.In(due));
    }
}

using HyperVDash.Model.Fleet;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Web.Fleet;

/// <summary>Compares the nodes of one cluster, a moment after they changed.</summary>
[KeepAlive]
internal sealed class ClusterGrain(FleetFeed feed, RuleBook rules, TimeProvider time) : ExaminingGrain(time), IClusterGrain
{
    private readonly Dictionary<string, HostReading> _nodes = new(StringComparer.OrdinalIgnoreCase);
    private ClusterExaminer? _examiner;
    private FindingBook _book = new();

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

    protected override void Examine(DateTimeOffset now)
    {
        string id = this.GetPrimaryKeyString();
        if (_nodes.Count == 0)
        {
            // Nobody speaks of it any more: what was found in it is no longer so.
            (_book, _examiner) = (new(), null);
            feed.PutCluster(id, _book);
            return;
        }

        _examiner ??= new(id, rules.Rules.All);
        if (_examiner.Examine(_nodes, rules.Settings, now) is not { } examination)
        {
            _book = _book.Unseen("No node tells anything of the cluster any more.", now);
        }
        else
        {
            _book = _book.Apply(examination);
        }

        feed.PutCluster(id, _book);
        if (_book.NextInstant is { } next)
        {
            Set(next - now);
        }
    }
}

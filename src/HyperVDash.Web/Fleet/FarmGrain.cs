using HyperVDash.Model.Fleet;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Web.Fleet;

/// <summary>The one virtual actor that compares all hosts, clustered or not.</summary>
[KeepAlive]
internal sealed class FarmGrain(FleetFeed feed, RuleBook rules, TimeProvider time) : ExaminingGrain(time), IFarmGrain
{
    private readonly FarmExaminer _examiner = new();
    private readonly Dictionary<string, HostReading> _hosts = new(StringComparer.OrdinalIgnoreCase);
    private FindingBook _book = new();

    public Task Apply(string host, HostReading reading)
    {
        if (_examiner.HasRules)
        {
            _hosts[host] = reading;
            SetSoon();
        }

        return Task.CompletedTask;
    }

    public Task Drop(string host)
    {
        if (_hosts.Remove(host))
        {
            SetSoon();
        }

        return Task.CompletedTask;
    }

    protected override void Examine(DateTimeOffset now)
    {
        _book = _book.Apply(_examiner.Examine(_hosts, rules.Settings, now)!);
        feed.PutFarm(_book);
        if (_book.NextInstant is { } next)
        {
            Set(next - now);
        }
    }
}

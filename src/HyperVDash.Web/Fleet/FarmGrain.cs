using HyperVDash.Model.Fleet;
using HyperVDash.Rules;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Web.Fleet;

/// <summary>The one virtual actor that compares all hosts, clustered or not.</summary>
[KeepAlive]
internal sealed class FarmGrain(FleetFeed feed, RuleBook rules, TimeProvider time) : ExaminingGrain(time), IFarmGrain
{
    private static readonly bool HasRules = RuleCatalogue.All.OfType<IExamines<FarmSubject>>().Any();

    private readonly Dictionary<string, HostReading> _hosts = new(StringComparer.OrdinalIgnoreCase);
    private FindingBook _book = new();

    public Task Apply(string host, HostReading reading)
    {
        if (HasRules)
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
        _book = _book.Apply(RuleEngine.ExamineFarm(new FarmSubject([.. _hosts.Values.Select(h => new HostSubject(h))]), rules.Settings, now));
        feed.PutFarm(_book);
        if (_book.NextInstant is { } next)
        {
            Set(next - now);
        }
    }
}

using HyperVDash.Model.Fleet;
using HyperVDash.Rules;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Web.Fleet;

/// <summary>The one virtual actor that compares all hosts, clustered or not.</summary>
[KeepAlive]
internal sealed class FarmGrain(FleetFeed feed, RuleBook rules, TimeProvider time) : Grain, IFarmGrain
{
    // Every host changes every few seconds; what they have in common does not.
    private readonly ExaminationPace _pace = new(TimeSpan.FromSeconds(5), time);

    private static readonly bool HasRules = RuleCatalogue.All.OfType<IExamines<FarmSubject>>().Any();

    private readonly Dictionary<string, HostReading> _hosts = new(StringComparer.OrdinalIgnoreCase);
    private FindingBook _book = new();
    private IGrainTimer? _timer;

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
        _book = _book.Apply(RuleEngine.ExamineFarm(new FarmSubject([.. _hosts.Values.Select(h => new HostSubject(h))]), rules.Settings, now));
        feed.PutFarm(_book);
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

using HyperVDash.Model.Fleet;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Web.Fleet;

/// <summary>The one virtual actor that compares all hosts, clustered or not.</summary>
[KeepAlive]
internal sealed class FarmGrain(FleetFeed feed, RuleBook rules, TimeProvider time) : ExaminingGrain(time), IFarmGrain
{
    private readonly Dictionary<string, HostReading> _hosts = new(StringComparer.OrdinalIgnoreCase);
    private FarmExaminer? _examiner;
    private FindingBook _book = new();

    private FarmExaminer Examiner => _examiner ??= new(rules.Rules.All);

    public Task Apply(string host, HostReading reading)
    {
        if (Examiner.HasRules)
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
        if (!Examiner.HasRules)
        {
            return;
        }

        _book = _book.Apply(Examiner.Examine(_hosts, rules.Settings, now)!);
        feed.PutFarm(_book);
        if (_book.NextInstant is { } next)
        {
            Set(next - now);
        }
    }
}

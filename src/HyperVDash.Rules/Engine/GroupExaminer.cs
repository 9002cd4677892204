using System.Collections.Immutable;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Fleet;

namespace HyperVDash.Rules.Engine;

/// <summary>
/// Runs the rules that look at several hosts together, reading after reading. A rule is asked again only if something it looked at changed on any of the
/// hosts, or an instant came that it named. Not for several threads at once.
/// </summary>
public abstract class GroupExaminer<TSubject> where TSubject : class, ISubject
{
    private readonly ScopeMemory<TSubject> _scope;
    private readonly Dictionary<string, HostSubject> _hosts = new(StringComparer.OrdinalIgnoreCase);
    private (RuleSettings Settings, DateTimeOffset Now)? _before;

    private protected GroupExaminer(IReadOnlyCollection<IRule>? rules) => _scope = new(rules);

    /// <summary>Nothing is kept for a group without rules.</summary>
    public bool HasRules => _scope.HasRules;

    /// <param name="readings">By a key of the caller that stays with each host.</param>
    /// <returns>Null if the hosts do not form such a group.</returns>
    public Examination? Examine(IReadOnlyDictionary<string, HostReading> readings, RuleSettings settings, DateTimeOffset now)
    {
        bool isEverything = _before is not { } known || !ReferenceEquals(known.Settings, settings) || _hosts.Count != readings.Count;
        var changes = new List<HostDifference>();
        foreach (var (key, reading) in readings)
        {
            var before = _hosts.GetValueOrDefault(key);
            var host = before is null ? new HostSubject(reading) : ReferenceEquals(before.Whole, reading) ? before : new HostSubject(reading, before);
            _hosts[key] = host;
            isEverything |= before is null;
            if (!isEverything)
            {
                changes.Add(HostDifference.Between(before!, _before!.Value.Now, host, now));
            }
        }

        foreach (string gone in _hosts.Keys.Where(k => !readings.ContainsKey(k)).ToList())
        {
            _hosts.Remove(gone);
        }

        ImmutableArray<HostSubject> hosts = [.. readings.Keys.Select(k => _hosts[k])];
        return Examine(hosts, isEverything ? HostDifference.Everything : HostDifference.Of(changes), settings, now);
    }

    /// <summary>Joins the hosts; null if they form no such group.</summary>
    /// <param name="isOther">Set if the subject itself, and not only its hosts, is another than before.</param>
    private protected abstract TSubject? SubjectOf(ImmutableArray<HostSubject> hosts, HostDifference change, out bool isOther);

    private Examination? Examine(ImmutableArray<HostSubject> hosts, HostDifference change, RuleSettings settings, DateTimeOffset now)
    {
        var subject = SubjectOf(hosts, change, out bool isOther);
        if (subject is null)
        {
            _before = null;
            return null;
        }

        _before = (settings, now);
        return _scope.Examine(subject, [.. subject.Hosts], settings, now, isOther ? HostDifference.Everything : change);
    }
}

/// <summary>Compares all hosts.</summary>
/// <param name="rules">Null: all of the catalogue.</param>
public sealed class FarmExaminer(IReadOnlyCollection<IRule>? rules = null) : GroupExaminer<FarmSubject>(rules)
{
    private readonly FarmMemory _memory = new();

    private protected override FarmSubject SubjectOf(ImmutableArray<HostSubject> hosts, HostDifference change, out bool isOther)
    {
        isOther = false;
        _memory.Begin(isEveryRuleAsked: change.IsEverything);
        return new FarmSubject(hosts) { Memory = _memory };
    }
}

/// <summary>Compares the nodes of one cluster.</summary>
/// <param name="id">Which one.</param>
/// <param name="rules">Null: all of the catalogue.</param>
public sealed class ClusterExaminer(string id, IReadOnlyCollection<IRule>? rules = null) : GroupExaminer<ClusterSubject>(rules)
{
    private static readonly ulong Naming = SectionBits.Of("computerSystem");

    private ClusterView? _view;

    private protected override ClusterSubject? SubjectOf(ImmutableArray<HostSubject> hosts, HostDifference change, out bool isOther)
    {
        var subject = RuleEngine.ClustersOf(hosts).FirstOrDefault(c => c.Cluster.Id.Equals(id, StringComparison.OrdinalIgnoreCase));
        // Which of its nodes gave the view does not matter, nor that it was read again.
        isOther = subject is null || _view is null || (change.Content & Naming) != 0 || !SameFacts<ClusterView>.Are(_view, subject.Cluster);
        _view = subject?.Cluster;
        return subject;
    }
}

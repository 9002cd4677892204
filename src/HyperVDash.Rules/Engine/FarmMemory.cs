using System.Collections.Immutable;

namespace HyperVDash.Rules.Engine;

/// <summary>What is kept of all hosts from one look at them to the next. A reading of one host costs what is new in it, however many hosts there are.</summary>
internal sealed class FarmMemory
{
    private readonly Dictionary<object, object> _indices = [];
    private readonly Dictionary<object, object> _kept = [];
    private readonly HashSet<object> _asked = [];
    private readonly Lock _lock = new();
    private bool _isEveryRuleAsked;

    /// <summary>A new look. What nobody asked for in a look in which every rule is asked that is on is forgotten: a rule that is off would hold readings of hosts that left.</summary>
    /// <param name="isEveryRuleAsked">The look that begins asks every rule that is on.</param>
    public void Begin(bool isEveryRuleAsked)
    {
        lock (_lock)
        {
            if (_isEveryRuleAsked)
            {
                Forget(_indices);
                Forget(_kept);
            }

            _asked.Clear();
            _isEveryRuleAsked = isEveryRuleAsked;
        }
    }

    public FarmIndex<TKey, TItem> Index<TKey, TItem>(FarmJoin<TKey, TItem> join, ImmutableArray<HostSubject> hosts) where TKey : notnull
    {
        join.Note();
        lock (_lock)
        {
            _asked.Add(join);
            if (!_indices.TryGetValue(join, out object? known))
            {
                _indices[join] = known = new FarmIndex<TKey, TItem>(join);
            }

            var index = (FarmIndex<TKey, TItem>)known;
            index.Follow(hosts);
            return index;
        }
    }

    /// <summary>What a rule works out of a few hosts each.</summary>
    /// <param name="purpose">Whose it is: one object for the same rule each time.</param>
    public KeptResults<TKey, TResult> Kept<TKey, TResult>(object purpose) where TKey : notnull
    {
        lock (_lock)
        {
            _asked.Add(purpose);
            if (!_kept.TryGetValue(purpose, out object? known))
            {
                _kept[purpose] = known = new KeptResults<TKey, TResult>();
            }

            var kept = (KeptResults<TKey, TResult>)known;
            kept.Begin();
            return kept;
        }
    }

    private void Forget(Dictionary<object, object> known)
    {
        foreach (object purpose in known.Keys.Where(k => !_asked.Contains(k)).ToList())
        {
            known.Remove(purpose);
        }
    }
}

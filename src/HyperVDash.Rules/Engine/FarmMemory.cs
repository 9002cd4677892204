using System.Collections.Immutable;

namespace HyperVDash.Rules.Engine;

/// <summary>What is kept of all hosts from one look at them to the next. A reading of one host costs what is new in it, however many hosts there are.</summary>
internal sealed class FarmMemory
{
    private readonly Dictionary<object, object> _indices = [];
    private readonly Dictionary<object, object> _kept = [];
    private readonly Lock _lock = new();

    public FarmIndex<TKey, TItem> Index<TKey, TItem>(FarmJoin<TKey, TItem> join, ImmutableArray<HostSubject> hosts) where TKey : notnull
    {
        join.Note();
        lock (_lock)
        {
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
            if (!_kept.TryGetValue(purpose, out object? known))
            {
                _kept[purpose] = known = new KeptResults<TKey, TResult>();
            }

            var kept = (KeptResults<TKey, TResult>)known;
            kept.Begin();
            return kept;
        }
    }
}

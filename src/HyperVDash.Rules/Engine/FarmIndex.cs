using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace HyperVDash.Rules.Engine;

/// <summary>What all hosts have, by key. It follows from one reading to the next: only what is new on a host is entered anew.</summary>
internal sealed class FarmIndex<TKey, TItem>(FarmJoin<TKey, TItem> join) where TKey : notnull
{
    private const int MostAtOnce = 100_000;

    private readonly Dictionary<TKey, Shelf> _shelves = new(join.Comparer);
    private readonly HashSet<TKey> _several = new(join.Comparer);
    private ImmutableArray<HostSubject>? _hosts;
    private (TKey Key, TItem Item)[][] _ofHost = [];

    /// <summary>Keys that more than one thing has, on one host or on several; in no order.</summary>
    public IReadOnlyCollection<TKey> Several => _several;

    /// <summary>Another number whenever some host has other keys than before.</summary>
    public int Version { get; private set; }

    /// <summary>What one host has.</summary>
    /// <param name="host">Its place among the hosts.</param>
    public ReadOnlySpan<(TKey Key, TItem Item)> Of(int host) => _ofHost[host];

    /// <summary>What all hosts have under one key, in their order.</summary>
    public IEnumerable<(int Host, TItem Item)> At(TKey key)
    {
        if (!_shelves.TryGetValue(key, out var shelf))
        {
            yield break;
        }

        yield return (shelf.Host, shelf.Item);
        foreach (var more in shelf.More ?? [])
        {
            yield return more;
        }
    }

    public bool Has(TKey key) => _shelves.ContainsKey(key);

    public void Follow(ImmutableArray<HostSubject> hosts)
    {
        if (_hosts == hosts)
        {
            return;
        }

        bool isBegun = _hosts is not null;
        var before = _hosts ?? [];
        // If a host cannot be asked, all are entered anew at the next look: half of them would be there already.
        _hosts = null;
        bool isSameList = isBegun && AreSame(before, hosts);
        if (!isSameList)
        {
            _shelves.Clear();
            _several.Clear();
            _ofHost = [.. hosts.Select(_ => Array.Empty<(TKey, TItem)>())];
            Version++;
        }

        for (int i = 0; i < hosts.Length; i++)
        {
            if (!isSameList || (!ReferenceEquals(before[i], hosts[i]) && join.IsOther(before[i], hosts[i])))
            {
                Replace(i, join.Of(hosts[i]));
            }

            if (!isSameList && i == 0)
            {
                // Hosts are of like size more often than not; where they are not, it grows.
                _shelves.EnsureCapacity((int)Math.Min((long)_ofHost[0].Length * hosts.Length, MostAtOnce));
            }
        }

        _hosts = hosts;
    }

    private static bool AreSame(ImmutableArray<HostSubject> before, ImmutableArray<HostSubject> hosts)
    {
        if (before.Length != hosts.Length)
        {
            return false;
        }

        for (int i = 0; i < hosts.Length; i++)
        {
            if (!ReferenceEquals(before[i], hosts[i]) && before[i].Whole.Key != hosts[i].Whole.Key)
            {
                return false;
            }
        }

        return true;
    }

    private void Replace(int host, (TKey Key, TItem Item)[] now)
    {
        var was = _ofHost[host];
        _ofHost[host] = now;
        bool isChanged = was.Length != now.Length;
        bool[] isInPlace = new bool[now.Length];
        for (int i = 0; i < was.Length; i++)
        {
            if (StaysInPlace(host, was, now, i))
            {
                isInPlace[i] = true;
                continue;
            }

            isChanged |= i >= now.Length || !join.Comparer.Equals(was[i].Key, now[i].Key);
            Remove(host, was[i].Key);
        }

        bool isTwice = false;
        for (int i = 0; i < now.Length; i++)
        {
            if (isInPlace[i])
            {
                CollectionsMarshal.GetValueRefOrNullRef(_shelves, now[i].Key).Item = now[i].Item;
            }
            else
            {
                isTwice |= !Add(host, now[i].Key, now[i].Item);
            }
        }

        if (isTwice)
        {
            // What was left in place may stand before what the host lists first.
            foreach (var (key, _) in now)
            {
                Remove(host, key);
            }

            foreach (var (key, item) in now)
            {
                Add(host, key, item);
            }
        }

        Version += isChanged ? 1 : 0;
    }

    /// <summary>Nearly everything has the key that it had, and has it alone: then only the thing itself is replaced.</summary>
    private bool StaysInPlace(int host, (TKey Key, TItem Item)[] was, (TKey Key, TItem Item)[] now, int place) =>
        place < now.Length && join.Comparer.Equals(was[place].Key, now[place].Key)
        && _shelves.TryGetValue(now[place].Key, out var shelf) && shelf.More is null && shelf.Host == host;

    /// <returns>False if the host has the key already.</returns>
    private bool Add(int host, TKey key, TItem item)
    {
        ref var shelf = ref CollectionsMarshal.GetValueRefOrAddDefault(_shelves, key, out bool isKnown);
        if (!isKnown)
        {
            shelf = new Shelf(host, item);
            return true;
        }

        _several.Add(key);
        return shelf.Add(host, item);
    }

    private void Remove(int host, TKey key)
    {
        ref var shelf = ref CollectionsMarshal.GetValueRefOrNullRef(_shelves, key);
        if (Unsafe.IsNullRef(ref shelf))
        {
            return;
        }

        bool isLeft = shelf.Remove(host);
        if (shelf.More is null)
        {
            _several.Remove(key);
        }

        if (!isLeft)
        {
            _shelves.Remove(key);
        }
    }

    /// <summary>Most keys have one thing: a list is made only for the others.</summary>
    private struct Shelf(int host, TItem item)
    {
        public int Host { get; private set; } = host;

        public TItem Item { get; set; } = item;

        /// <summary>In the order of the hosts, none before the first; null: no more.</summary>
        public List<(int Host, TItem Item)>? More { get; private set; }

        /// <returns>False if the host is there already.</returns>
        public bool Add(int host, TItem item)
        {
            More ??= [];
            if (host < Host)
            {
                More.Insert(0, (Host, Item));
                (Host, Item) = (host, item);
                return true;
            }

            int place = More.Count;
            while (place > 0 && More[place - 1].Host > host)
            {
                place--;
            }

            bool isNew = host != (place > 0 ? More[place - 1].Host : Host);
            More.Insert(place, (host, item));
            return isNew;
        }

        /// <returns>False if nothing is left.</returns>
        public bool Remove(int host)
        {
            More?.RemoveAll(m => m.Host == host);
            if (Host == host)
            {
                if (More is not [var first, ..])
                {
                    More = null;
                    return false;
                }

                (Host, Item) = first;
                More.RemoveAt(0);
            }

            More = More is { Count: > 0 } ? More : null;
            return true;
        }
    }
}

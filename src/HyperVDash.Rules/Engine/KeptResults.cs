namespace HyperVDash.Rules.Engine;

/// <summary>Results of a rule that rest on a few hosts each: they hold until one of those hosts is read anew or something on it gets too old.</summary>
internal sealed class KeptResults<TKey, TResult> where TKey : notnull
{
    private readonly Lock _lock = new();
    private Dictionary<TKey, Kept> _before = [];
    private Dictionary<TKey, Kept> _now = [];

    /// <summary>A new look: what is not asked for in it is forgotten with the next one.</summary>
    public void Begin()
    {
        lock (_lock)
        {
            (_before, _now) = (_now, []);
        }
    }

    /// <param name="hosts">All whose facts the result rests on.</param>
    /// <param name="version">Of whatever else it rests on.</param>
    /// <param name="make">May use the settings, and of the context's clock only whether a section is too old.</param>
    public TResult Of(TKey key, HostSubject[] hosts, int version, RuleContext context, Func<TResult> make)
    {
        lock (_lock)
        {
            if (!_before.TryGetValue(key, out var kept) || !kept.Holds(hosts, version, context))
            {
                TResult? result = default;
                var reads = SectionNotes.Noted(() => result = make());
                kept = new Kept(hosts, version, context.Settings, context.Now, reads, result!);
            }
            else
            {
                SectionNotes.Again(kept.Reads);
            }

            _now[key] = kept;
            return kept.Result;
        }
    }

    private sealed record Kept(HostSubject[] Hosts, int Version, RuleSettings Settings, DateTimeOffset At, SectionReads Reads, TResult Result)
    {
        public bool Holds(HostSubject[] hosts, int version, RuleContext context)
        {
            if (Version != version || !ReferenceEquals(Settings, context.Settings) || context.Now < At || Hosts.Length != hosts.Length)
            {
                return false;
            }

            for (int i = 0; i < hosts.Length; i++)
            {
                if (!ReferenceEquals(Hosts[i], hosts[i]) || hosts[i].IsAnyStaleBetween(At, context.Now))
                {
                    return false;
                }
            }

            return true;
        }
    }
}

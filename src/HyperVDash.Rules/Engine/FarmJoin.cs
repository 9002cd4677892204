using System.Collections.Immutable;

namespace HyperVDash.Rules.Engine;

/// <summary>What each host has under which key, for rules that compare all hosts: an address, a file, an id.</summary>
/// <param name="sections">JSON names of all sections that <paramref name="of"/> looks at: while their content is the very same, a host is not asked again.</param>
/// <param name="of">What one host has, in its order; of other hosts, of settings and of the clock it knows nothing.</param>
/// <param name="comparer">Null: the usual one.</param>
internal sealed class FarmJoin<TKey, TItem>(string[] sections, Func<HostSubject, IEnumerable<(TKey Key, TItem Item)>> of, IEqualityComparer<TKey>? comparer = null) where TKey : notnull
{
    private readonly ImmutableArray<int> _sections = [.. sections.Select(SectionBits.IndexOf)];

    public IEqualityComparer<TKey> Comparer { get; } = comparer ?? EqualityComparer<TKey>.Default;

    public (TKey Key, TItem Item)[] Of(HostSubject host) => [.. of(host)];

    /// <summary>True if the host may have something else now.</summary>
    public bool IsOther(HostSubject before, HostSubject host)
    {
        if (before.Id != host.Id || before.Name != host.Name)
        {
            return true;
        }

        foreach (int section in _sections)
        {
            var (was, now) = (before.Gate(section).Section, host.Gate(section).Section);
            if (!ReferenceEquals(was.AnyContent(), now.AnyContent()) || was.Attempt.State != now.Attempt.State)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What a look at the join rests on, whether or not a host was asked for it this time.</summary>
    public void Note()
    {
        foreach (int section in _sections)
        {
            SectionNotes.Gate(section);
            SectionNotes.Content(section);
        }
    }
}

using System.Collections.Immutable;
using HyperVDash.Model.Fleet;

namespace HyperVDash.Rules.Engine;

/// <summary>What all rules of one kind of subject said.</summary>
/// <param name="rules">Null: all of the catalogue.</param>
internal sealed class ScopeMemory<TSubject>(IReadOnlyCollection<IRule>? rules) where TSubject : class, ISubject
{
    // Sorted out once, and not for each of hundreds of hosts.
    private static readonly AskedRule<TSubject>[] OfCatalogue = [.. Asked(RuleCatalogue.All)];

    private readonly ImmutableArray<RuleMemory<TSubject>> _rules = [.. (rules is null ? OfCatalogue : Asked(rules)).Select(r => new RuleMemory<TSubject>(r))];

    /// <summary>Of the round before; null at first.</summary>
    public SubjectList<TSubject>? Subjects { get; private set; }

    public bool HasRules => !_rules.IsEmpty;

    private static IEnumerable<AskedRule<TSubject>> Asked(IEnumerable<IRule> rules) => rules.OfType<IExamines<TSubject>>().Select(r => new AskedRule<TSubject>(r));

    public IEnumerable<RuleCard> Cards => _rules.Select(r => r.Card);

    /// <summary>A first and only look at one subject.</summary>
    /// <param name="rules">Null: all of the catalogue.</param>
    public static Examination Once(TSubject subject, ImmutableArray<HostSubject> hosts, RuleSettings settings, DateTimeOffset now, IReadOnlyCollection<IRule>? rules) =>
        new ScopeMemory<TSubject>(rules).Examine(subject, hosts, settings, now, HostDifference.Everything);

    /// <summary>One subject alone.</summary>
    public Examination Examine(TSubject subject, ImmutableArray<HostSubject> hosts, RuleSettings settings, DateTimeOffset now, HostDifference change)
    {
        var round = new Round(settings, now, change);
        var listening = SectionNotes.Current;
        SectionNotes.Current = round.Notes;
        try
        {
            Update(SubjectList<TSubject>.Of(subject), hosts, round);
        }
        finally
        {
            SectionNotes.Current = listening;
        }

        return new Examination(now) { Columns = [.. round.Columns], NextInstant = round.NextInstant };
    }

    /// <param name="hosts">Where the facts come from.</param>
    public void Update(SubjectList<TSubject> subjects, ImmutableArray<HostSubject> hosts, Round round)
    {
        var before = Subjects;
        Subjects = subjects;
        // Objects that cannot be told apart are examined each time.
        var change = before is null || !subjects.Objects.IsUnique || !before.Objects.IsUnique ? HostDifference.Everything : round.Change;
        bool isEverything = change.IsEverything;
        int[]? from = isEverything || subjects.Objects.ListsTheSameAs(before!.Objects) ? null : Places(subjects.Objects, before.Objects);
        var rows = isEverything ? null : Rows(subjects, change);
        // Many rules rest on the same few sections.
        var samples = new (bool IsKnown, DateTimeOffset? At)[SectionLens.All.Length];
        ulong gates = 0;
        foreach (var rule in _rules)
        {
            ref var sample = ref samples[rule.FirstSection];
            if (!sample.IsKnown)
            {
                sample = (true, SampleAt(rule.FirstSection, hosts, round.Now));
            }

            rule.Update(subjects, from, rows, sample.At, change, round);
            gates |= rule.Reads.Gates;
        }

        WakeWithSections(gates, hosts, round);
    }

    /// <summary>
    /// When the first section of a card was read; over several hosts the oldest of those that were, so that one host's reads do not count for another's.
    /// A host that fell silent, or a capture among live hosts, is left out: its time stands still, and with it nothing would be confirmed or cleared any more.
    /// </summary>
    public static DateTimeOffset? SampleAt(RuleCard card, ImmutableArray<HostSubject> hosts, DateTimeOffset now) => SampleAt(SectionBits.IndexOf(card.Sections[0]), hosts, now);

    private static DateTimeOffset? SampleAt(int section, ImmutableArray<HostSubject> hosts, DateTimeOffset now)
    {
        DateTimeOffset? oldest = null;
        DateTimeOffset? oldestUsable = null;
        foreach (var host in hosts)
        {
            var gate = host.Gate(section);
            if (gate.Section.Attempt is not { State: SectionState.Complete or SectionState.Partial, At: { } at })
            {
                continue;
            }

            oldest = oldest < at ? oldest : at;
            if (host.Whole.CapturedAt is null && gate.At(now) is not Verdict.Unknown)
            {
                oldestUsable = oldestUsable < at ? oldestUsable : at;
            }
        }

        return oldestUsable ?? oldest;
    }

    private static void WakeWithSections(ulong gates, ImmutableArray<HostSubject> hosts, Round round)
    {
        for (ulong rest = gates; rest != 0; rest &= rest - 1)
        {
            int section = System.Numerics.BitOperations.TrailingZeroCount(rest);
            foreach (var host in hosts)
            {
                if (host.Gate(section).StaleAt is { } at && at > round.Now)
                {
                    round.Wake(at);
                }
            }
        }
    }

    private static int[] Places(ObjectList objects, ObjectList before)
    {
        int[] from = new int[objects.Count];
        for (int i = 0; i < from.Length; i++)
        {
            from[i] = before.Find(objects[i].Kind, objects[i].Id);
        }

        return from;
    }

    private static ulong[]? Rows(SubjectList<TSubject> subjects, HostDifference change)
    {
        if (change.Rows is null)
        {
            return null;
        }

        ulong[]? rows = null;
        for (int i = 0; i < subjects.Count; i++)
        {
            if (change.Rows.TryGetValue(subjects.VmOf(i), out ulong sections))
            {
                rows ??= new ulong[subjects.Count];
                rows[i] = sections;
            }
        }

        return rows;
    }
}

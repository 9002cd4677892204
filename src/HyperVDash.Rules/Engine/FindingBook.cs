using System.Collections.Immutable;
using HyperVDash.Model.Findings;

namespace HyperVDash.Rules.Engine;

/// <summary>
/// Remembers what was found in one host, cluster or farm: opens after enough samples fired, clears after enough passed,
/// and keeps open what can no longer be told. Replaced, never changed.
/// </summary>
public sealed record FindingBook
{
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(20);

    // Never written to once the book is made.
    private Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>A command-line run is one sample and reports at once.</summary>
    public bool IsSingleSample { get; init; }

    /// <summary>Open findings, worst first.</summary>
    public ImmutableArray<Finding> Findings { get; private init; } = [];

    /// <summary>What every rule said, adding up.</summary>
    public ImmutableArray<RuleTally> Tallies { get; private init; } = [];

    /// <summary>Findings that the newest examination closed.</summary>
    public ImmutableArray<Finding> Closed { get; private init; } = [];

    /// <summary>When to examine again without a new reading; null: not before one.</summary>
    public DateTimeOffset? NextInstant { get; private init; }

    public FindingBook Apply(Examination examination)
    {
        // Of this round only: the host may be read live from the next one on.
        bool isSingle = IsSingleSample || examination.IsOnlySample;
        // The first look finds everything at once.
        var changed = _entries.Count == 0 && examination.Columns.Sum(c => c.Summary.Fired.Length) is > 0 and var count ? new Dictionary<string, Entry>(count, StringComparer.Ordinal) : null;
        var seen = new HashSet<string>(_entries.Count, StringComparer.Ordinal);
        foreach (var column in examination.Columns)
        {
            foreach (var fired in column.Summary.Fired)
            {
                var before = (changed ?? _entries).GetValueOrDefault(fired.Id);
                if (before is not null)
                {
                    // What was not there before needs no looking for below.
                    seen.Add(fired.Id);
                }

                var after = Fired(before, fired, column.SampleAt ?? examination.At, isSingle);
                if (!ReferenceEquals(before, after))
                {
                    changed ??= new(_entries, StringComparer.Ordinal);
                    changed[fired.Id] = after;
                }
            }
        }

        List<Finding>? closed = null;
        foreach (var (id, entry) in _entries)
        {
            if (seen.Contains(id))
            {
                continue;
            }

            var next = NotFired(entry, About(entry.Finding, examination), examination.At, isSingle);
            if (ReferenceEquals(next, entry))
            {
                continue;
            }

            changed ??= new(_entries, StringComparer.Ordinal);
            if (next is not null)
            {
                changed[id] = next;
                continue;
            }

            changed.Remove(id);
            if (entry.IsOpen)
            {
                (closed ??= []).Add(entry.Finding with { State = FindingState.Resolved });
            }
        }

        var all = changed ?? _entries;
        closed?.Sort((a, b) => string.CompareOrdinal(a.Id, b.Id));
        return this with
        {
            _entries = all,
            Findings = changed is null ? Findings : Shown(all),
            Tallies = Tally.Of(examination),
            Closed = closed is null ? [] : [.. closed],
            NextInstant = RuleContext.Earliest(examination.NextInstant, NextOf(all, examination.At)),
        };
    }

    /// <summary>Nobody could look at all: what is open stays open, and nobody can tell whether it is still there.</summary>
    /// <param name="reason">Why, as a sentence.</param>
    public FindingBook Unseen(string reason, DateTimeOffset now)
    {
        var all = new Dictionary<string, Entry>(_entries.Select(e => KeyValuePair.Create(e.Key, NotTold(e.Value, reason, now))), StringComparer.Ordinal);
        return this with { _entries = all, Findings = Shown(all), Tallies = [.. Tallies.Select(t => Tally.Unseen(t, reason))], Closed = [], NextInstant = NextOf(all, null) };
    }

    /// <summary>When an entry is to be looked at again: after another sample, or when the day is over until which a finding that nobody can tell is accepted; of the others their rules name instants.</summary>
    /// <param name="at">When the newest sample was looked at; null: no other is to come.</param>
    private static DateTimeOffset? NextOf(Dictionary<string, Entry> entries, DateTimeOffset? at)
    {
        DateTimeOffset? next = null;
        foreach (var entry in entries.Values)
        {
            next = RuleContext.Earliest(next, entry.IsWaiting ? at + Settle : null);
            next = RuleContext.Earliest(next, entry.Finding is { IsStale: true, Accepted: { } accepted } ? Acceptance.EndOf(accepted.ReviewBy) : null);
        }

        return next;
    }

    private static ImmutableArray<Finding> Shown(Dictionary<string, Entry> entries)
    {
        var open = ImmutableArray.CreateBuilder<Finding>(entries.Count);
        foreach (var entry in entries.Values)
        {
            if (entry.IsOpen)
            {
                open.Add(entry.Finding);
            }
        }

        open.Sort(WorstFirst);
        return Inhibition.Mark(open.DrainToImmutable());
    }

    private static int WorstFirst(Finding a, Finding b) =>
        ((int)b.Severity).CompareTo((int)a.Severity) is not 0 and var severity ? severity
        : a.FirstSeen.CompareTo(b.FirstSeen) is not 0 and var seen ? seen
        : string.CompareOrdinal(a.Id, b.Id);

    private static List<Examined> About(Finding finding, Examination examination)
    {
        var columns = examination.ByRule.GetValueOrDefault(finding.RuleId) ?? [];
        var subject = finding.Subject;
        List<Examined> about = [.. columns.SelectMany(c => c.About(subject.Kind, subject.Id))];
        // An object that nobody spoke of is gone only if what lists it could be read: its host, or the cluster or farm that is examined as a whole.
        return about.Count > 0 ? about : [.. columns.Where(c => c.Summary.HasUnknown).SelectMany(c => c.Unlisted(subject))];
    }

    private static Entry Fired(Entry? before, FiredVerdict fired, DateTimeOffset sample, bool isSingle)
    {
        int needed = isSingle || fired.Rule.Kind == RuleKind.Configuration ? 1 : 2;
        if (before is null)
        {
            return new Entry(Make(fired, sample, sample), needed <= 1) { Source = fired, Fires = 1, LastSample = sample, IsWaiting = needed > 1 };
        }

        if (ReferenceEquals(before.Source, fired) && before is { Passes: 0, Finding.IsStale: false } && before.Finding.LastSeen == sample
            && (before.IsOpen || (before.Fires < needed && sample - before.LastSample < Settle)))
        {
            // The same sample again.
            return before;
        }

        bool counts = sample - before.LastSample >= Settle;
        int fires = before.Passes > 0 ? 1 : before.Fires + (counts ? 1 : 0);
        bool isOpen = before.IsOpen || fires >= needed;
        return before with
        {
            Finding = ReferenceEquals(before.Source, fired) ? before.Finding with { LastSeen = sample, IsStale = false, StaleReason = null } : Make(fired, before.Finding.FirstSeen, sample),
            Source = fired,
            Fires = fires,
            Passes = 0,
            IsOpen = isOpen,
            LastSample = counts ? sample : before.LastSample,
            IsWaiting = !isOpen,
        };
    }

    /// <summary>Null closes it.</summary>
    private static Entry? NotFired(Entry before, IReadOnlyList<Examined> verdicts, DateTimeOffset now, bool isSingle)
    {
        if (verdicts.Count == 0 || verdicts.All(v => v.Verdict is Verdict.NotApplicable))
        {
            // The object is gone, or the rule no longer applies to it.
            return null;
        }

        if (verdicts.Select(v => v.Verdict).OfType<Verdict.Unknown>().FirstOrDefault(u => u.Variant is null || u.Variant == before.Finding.Variant) is { } unknown)
        {
            return NotTold(before, unknown.Reason, now);
        }

        int needed = isSingle || verdicts[0].Rule.Kind == RuleKind.Configuration ? 1 : 2;
        var sample = verdicts[0].SampleAt ?? now;
        bool counts = before.Passes == 0 || sample - before.LastSample >= Settle;
        int passes = before.Passes + (counts ? 1 : 0);
        return !before.IsOpen || passes >= needed
            ? null
            : before with { Passes = passes, LastSample = counts ? sample : before.LastSample, IsWaiting = true, Finding = before.Finding with { IsStale = false, StaleReason = null } };
    }

    /// <summary>Nobody can tell whether it is still there; that somebody accepted it ends on its day all the same.</summary>
    private static Entry NotTold(Entry before, string reason, DateTimeOffset now)
    {
        bool isOver = before.Finding.Accepted is { } accepted && now >= Acceptance.EndOf(accepted.ReviewBy);
        return before.IsOpen && (isOver || !(before is { Finding.IsStale: true, IsWaiting: false } && before.Finding.StaleReason == reason))
            ? before with { Finding = before.Finding with { IsStale = true, StaleReason = reason, Accepted = isOver ? null : before.Finding.Accepted }, IsWaiting = false }
            : before;
    }

    private static Finding Make(FiredVerdict fired, DateTimeOffset first, DateTimeOffset last) =>
        new(fired.Id, fired.Rule.Id, fired.Fire.Variant, fired.Fire.Severity, fired.Subject)
        {
            Discriminator = fired.Discriminator,
            RuleName = fired.Rule.Name,
            Title = fired.Fire.Title,
            Impact = fired.Fire.Impact,
            Remedy = fired.Fire.Remedy,
            Evidence = fired.Fire.Evidence,
            Affected = fired.Fire.Affected,
            OriginalSeverity = fired.Fire.OriginalSeverity,
            Accepted = fired.Fire.Accepted,
            Confidence = fired.Rule.Confidence,
            State = FindingState.Open,
            FirstSeen = first,
            LastSeen = last,
        };

    /// <param name="IsOpen">Enough samples fired.</param>
    private sealed record Entry(Finding Finding, bool IsOpen)
    {
        /// <summary>The verdict that the finding was made from.</summary>
        public FiredVerdict? Source { get; init; }

        public int Fires { get; init; }

        public int Passes { get; init; }

        public DateTimeOffset LastSample { get; init; }

        /// <summary>Another sample decides.</summary>
        public bool IsWaiting { get; init; }
    }
}

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

    private ImmutableDictionary<string, Entry> _entries = ImmutableDictionary<string, Entry>.Empty;

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
        if (examination.IsOnlySample && !IsSingleSample)
        {
            return (this with { IsSingleSample = true }).Apply(examination);
        }

        var fired = examination.Verdicts.Where(v => v.Verdict is Verdict.Fire).Select(v => (v, (Verdict.Fire)v.Verdict)).ToList();
        var entries = _entries.ToBuilder();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (examined, fire) in fired)
        {
            string id = Fingerprint.Of(examined.Rule.Id, examined.Rule.Scope, examined.Subject, Discriminator(fire));
            seen.Add(id);
            entries[id] = Fired(entries.GetValueOrDefault(id), Make(id, examined, fire, examination.At), examined, examination.At);
        }

        var verdicts = examination.Verdicts.ToLookup(v => (v.Rule.Id, v.Subject.Kind, v.Subject.Id));
        var closed = ImmutableArray.CreateBuilder<Finding>();
        foreach (var (id, entry) in _entries)
        {
            if (seen.Contains(id))
            {
                continue;
            }

            var subject = entry.Finding.Subject;
            var about = verdicts[(entry.Finding.RuleId, subject.Kind, subject.Id)].ToList();
            if (about.Count == 0)
            {
                // An object that nobody spoke of is gone only if what lists it could be read: its cluster, or its host.
                about = [.. examination.Verdicts.Where(v => v.Rule.Id == entry.Finding.RuleId && v.Verdict is Verdict.Unknown
                    && (subject.Id.StartsWith(v.Subject.Id + "/", StringComparison.OrdinalIgnoreCase) || (v.Subject.Kind == ObjectKind.Host && v.Subject.Id == subject.HostId)))];
            }

            var next = NotFired(entry, about, examination.At);
            if (next is not null)
            {
                entries[id] = next;
                continue;
            }

            entries.Remove(id);
            if (entry.IsOpen)
            {
                closed.Add(entry.Finding with { State = FindingState.Resolved });
            }
        }

        var all = entries.ToImmutable();
        var open = Inhibition.Mark([.. all.Values.Where(e => e.IsOpen).Select(e => e.Finding)]);
        return this with
        {
            _entries = all,
            Findings = [.. open.OrderByDescending(f => f.Severity).ThenBy(f => f.FirstSeen).ThenBy(f => f.Id, StringComparer.Ordinal)],
            Tallies = Tally.Of(examination),
            Closed = closed.ToImmutable(),
            NextInstant = Earliest(examination.NextInstant, all.Values.Any(e => e.IsWaiting) ? examination.At + Settle : null),
        };
    }

    private static string Discriminator(Verdict.Fire fire) => fire.Discriminator.Length == 0 ? fire.Variant : $"{fire.Variant}|{fire.Discriminator}";

    private Entry Fired(Entry? before, Finding finding, Examined examined, DateTimeOffset now)
    {
        int needed = IsSingleSample || examined.Rule.Kind == RuleKind.Configuration ? 1 : 2;
        var sample = examined.SampleAt ?? now;
        if (before is null)
        {
            return new Entry(finding with { FirstSeen = sample, LastSeen = sample }, needed <= 1) { Fires = 1, LastSample = sample, IsWaiting = needed > 1 };
        }

        bool counts = sample - before.LastSample >= Settle;
        int fires = before.Passes > 0 ? 1 : before.Fires + (counts ? 1 : 0);
        bool isOpen = before.IsOpen || fires >= needed;
        return before with
        {
            Finding = finding with { FirstSeen = before.Finding.FirstSeen, LastSeen = sample },
            Fires = fires,
            Passes = 0,
            IsOpen = isOpen,
            LastSample = counts ? sample : before.LastSample,
            IsWaiting = !isOpen,
        };
    }

    /// <summary>Null closes it.</summary>
    private Entry? NotFired(Entry before, IReadOnlyList<Examined> verdicts, DateTimeOffset now)
    {
        if (verdicts.Count == 0 || verdicts.All(v => v.Verdict is Verdict.NotApplicable))
        {
            // The object is gone, or the rule no longer applies to it.
            return null;
        }

        if (verdicts.Select(v => v.Verdict).OfType<Verdict.Unknown>().FirstOrDefault(u => u.Variant is null || u.Variant == before.Finding.Variant) is { } unknown)
        {
            return before.IsOpen
                ? before with { Finding = before.Finding with { IsStale = true, StaleReason = unknown.Reason }, IsWaiting = false }
                : before;
        }

        int needed = IsSingleSample || verdicts[0].Rule.Kind == RuleKind.Configuration ? 1 : 2;
        var sample = verdicts[0].SampleAt ?? now;
        bool counts = before.Passes == 0 || sample - before.LastSample >= Settle;
        int passes = before.Passes + (counts ? 1 : 0);
        return !before.IsOpen || passes >= needed
            ? null
            : before with { Passes = passes, LastSample = counts ? sample : before.LastSample, IsWaiting = true, Finding = before.Finding with { IsStale = false, StaleReason = null } };
    }

    private static Finding Make(string id, Examined examined, Verdict.Fire fire, DateTimeOffset now) =>
        new(id, examined.Rule.Id, fire.Variant, fire.Severity, examined.Subject)
        {
            Discriminator = Discriminator(fire),
            RuleName = examined.Rule.Name,
            Title = fire.Title,
            Impact = fire.Impact,
            Remedy = fire.Remedy,
            Evidence = fire.Evidence,
            Affected = fire.Affected,
            Confidence = examined.Rule.Confidence,
            State = FindingState.Open,
            FirstSeen = now,
            LastSeen = now,
        };

    private static DateTimeOffset? Earliest(DateTimeOffset? a, DateTimeOffset? b) => a is null ? b : b is null || a < b ? a : b;

    /// <param name="IsOpen">Enough samples fired.</param>
    private sealed record Entry(Finding Finding, bool IsOpen)
    {
        public int Fires { get; init; }

        public int Passes { get; init; }

        public DateTimeOffset LastSample { get; init; }

        /// <summary>Another sample decides.</summary>
        public bool IsWaiting { get; init; }
    }
}

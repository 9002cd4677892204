using HyperVDash.Rules.Tuning;

namespace HyperVDash.Rules.Engine;

/// <summary>
/// What one rule said about every object of one kind, and what each of its verdicts rests on. A verdict is asked for again only if something it rests
/// on changed, or the instant came that it named.
/// </summary>
internal sealed class RuleMemory<TSubject>(AskedRule<TSubject> asked) where TSubject : class, ISubject
{
    private static readonly Verdict[] Nothing = [];

    private WayList _ways;
    private List<Verdict>? _several;
    private VerdictList _verdicts;
    private ushort[]? _way;
    private ushort _onlyWay;
    private long[]? _instants;
    private long _next = long.MaxValue;
    private VerdictSummary _summary = VerdictSummary.None;
    private Verdict.NotApplicable? _notApplicable;

    public RuleCard Card => asked.Card;

    /// <inheritdoc cref="AskedRule{TSubject}.FirstSection"/>
    public int FirstSection => asked.FirstSection;

    /// <summary>Everything this rule looked at in any object.</summary>
    public SectionReads Reads => _ways.All;

    /// <param name="change">What is not as it was.</param>
    /// <param name="from">Where each object stood in the round before, -1 for a new one; null: where it stands now.</param>
    /// <param name="rows">Sections with changed rows of each object's VM; null: none.</param>
    public void Update(SubjectList<TSubject> subjects, int[]? from, ulong[]? rows, DateTimeOffset? sampleAt, HostDifference change, Round round)
    {
        if (change.IsEverything)
        {
            _ways.Clear();
            Examine(subjects, null, null, change, round);
        }
        else if (from is not null || _next <= round.Now.UtcTicks || change.Touches(Reads) || (rows is not null && Reads.Rows != 0))
        {
            Examine(subjects, from, rows, change, round);
        }

        if (_next != long.MaxValue)
        {
            round.Wake(new DateTimeOffset(_next, TimeSpan.Zero));
        }

        if (_verdicts.Count > 0)
        {
            round.Columns.Add(new VerdictColumn(Card, subjects.Objects, _verdicts, _summary, sampleAt));
        }
    }

    private void Examine(SubjectList<TSubject> subjects, int[]? from, ulong[]? rows, HostDifference change, Round round)
    {
        bool isEverything = change.IsEverything;
        int count = subjects.Count;
        var verdicts = new VerdictListBuilder(count);
        // Null as long as all objects take the same way.
        ushort[]? ways = null;
        ushort onlyWay = 0;
        long[]? instants = null;
        long next = long.MaxValue;
        bool isChanged = isEverything || from is not null;
        var plan = round.Tuning.For(Card.Id);
        Span<bool> touched = stackalloc bool[Math.Min(_ways.Count, 256)];
        for (int i = 0; i < touched.Length; i++)
        {
            touched[i] = change.Touches(_ways[i]);
        }

        for (int i = 0; i < count; i++)
        {
            int old = isEverything ? -1 : from is null ? i : from[i];
            object said;
            ushort way;
            if (old >= 0 && Holds(old, rows is null ? 0 : rows[i], touched, round.Now, out long instant))
            {
                said = _verdicts[old];
                way = WayOf(old);
            }
            else
            {
                said = Ask(subjects, i, plan, round, out way, out instant);
                if (old >= 0 && AreSame(said, _verdicts[old]))
                {
                    said = _verdicts[old];
                }

                isChanged |= old < 0 || !ReferenceEquals(said, _verdicts[old]);
            }

            verdicts.Add(said);
            if (ways is not null)
            {
                ways[i] = way;
            }
            else if (i == 0)
            {
                onlyWay = way;
            }
            else if (way != onlyWay)
            {
                ways = new ushort[count];
                ways.AsSpan(0, i).Fill(onlyWay);
                ways[i] = way;
            }

            if (instant != long.MaxValue)
            {
                if (instants is null)
                {
                    instants = new long[count];
                    Array.Fill(instants, long.MaxValue);
                }

                instants[i] = instant;
                next = Math.Min(next, instant);
            }
        }

        (_way, _onlyWay, _instants, _next) = (ways, onlyWay, instants, next);
        if (isChanged)
        {
            _verdicts = verdicts.Made();
            _summary = VerdictSummary.Of(Card, subjects.Objects, _verdicts, isEverything ? VerdictSummary.None : _summary);
        }
    }

    /// <summary>The very same verdicts again, as a rule over many hosts says them where one of the hosts is new.</summary>
    private static bool AreSame(object said, object before) => said is Verdict[] now && before is Verdict[] then && now.AsSpan().SequenceEqual(then, ReferenceEqualityComparer.Instance);

    private bool Holds(int old, ulong rows, Span<bool> touched, DateTimeOffset now, out long instant)
    {
        instant = _instants is null ? long.MaxValue : _instants[old];
        int way = WayOf(old);
        return instant > now.UtcTicks && way < touched.Length && !touched[way] && (_ways[way].Rows & rows) == 0;
    }

    private ushort WayOf(int place) => _way is null ? _onlyWay : _way[place];

    private object Ask(SubjectList<TSubject> subjects, int index, RulePlan? plan, Round round, out ushort way, out long instant)
    {
        round.Notes.Begin(subjects.VmOf(index), subjects.Own);
        round.Context.OfRules = null;
        if (plan?.Always is { } off)
        {
            (way, instant) = (_ways.NumberOf(round.Notes.Reads), long.MaxValue);
            return Shared(off);
        }

        Verdict? only = null;
        _several?.Clear();
        try
        {
            var subject = subjects[index];
            if (asked.Decide is { } decide)
            {
                only = Shared(Tuned(decide(subject, round.Context), subject));
            }
            else
            {
                var said = asked.Examine(subject, round.Context);
                if (said is IList<Verdict> list)
                {
                    // Nothing is made to walk a list that is there already.
                    for (int i = 0; i < list.Count; i++)
                    {
                        Say(Tuned(list[i], subject), ref only);
                    }
                }
                else
                {
                    foreach (var verdict in said)
                    {
                        Say(Tuned(verdict, subject), ref only);
                    }
                }
            }
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // One rule's mistake must not silence the others; it is shown as that rule's fault.
            var failed = new Verdict.Unknown(VerdictSummary.FaultSection, $"{Card.Id} failed on {subjects.Objects[index].Name}: {fault.Message}");
            Say(Tuned(failed, subjects[index]), ref only);
        }

        way = _ways.NumberOf(round.Notes.Reads);
        instant = round.Context.OfRules?.UtcTicks ?? long.MaxValue;
        return _several is { Count: > 0 } ? _several.ToArray() : (object?)only ?? Nothing;

        Verdict Tuned(Verdict verdict, TSubject subject) => plan is null ? verdict : plan.Apply(Card, subject, subjects.Objects[index], verdict, round.Context);
    }

    /// <summary>A list is made only for the few objects of which a rule says several things: of a farm it can be thousands.</summary>
    private void Say(Verdict verdict, ref Verdict? only)
    {
        verdict = Shared(verdict);
        if (only is null)
        {
            only = verdict;
            return;
        }

        _several ??= [];
        if (_several.Count == 0)
        {
            _several.Add(only);
        }

        _several.Add(verdict);
    }

    /// <summary>Most objects are fine, or not the rule's business: they share one verdict.</summary>
    private Verdict Shared(Verdict verdict)
    {
        if (verdict.Object is not null)
        {
            return verdict;
        }

        return verdict switch
        {
            Verdict.Pass => Verdict.Passed,
            Verdict.NotApplicable none => _notApplicable is { } known && known == none ? known : _notApplicable = none,
            _ => verdict,
        };
    }
}

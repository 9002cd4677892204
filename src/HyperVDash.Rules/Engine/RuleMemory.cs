using HyperVDash.Model.Findings;

namespace HyperVDash.Rules.Engine;

/// <summary>
/// What one rule said about every object of one kind, and what each of its verdicts rests on. A verdict is asked for again only if something it rests
/// on changed, or the instant came that it named.
/// </summary>
internal sealed class RuleMemory<TSubject>(IExamines<TSubject> rule) where TSubject : class, ISubject
{
    private static readonly Verdict.Pass Passed = new();
    private static readonly Verdict[] Nothing = [];

    // Few: a rule takes a handful of ways through its code.
    private readonly List<SectionReads> _ways = [];
    private readonly RuleCard _card = rule.Card;
    private object[] _verdicts = [];
    private ushort[] _way = [];
    private long[]? _instants;
    private long _next = long.MaxValue;
    private VerdictSummary _summary = VerdictSummary.None;
    private Verdict.NotApplicable? _notApplicable;

    public RuleCard Card => _card;

    /// <summary>Everything this rule looked at in any object.</summary>
    public SectionReads Reads { get; private set; }

    /// <param name="change">What is not as it was.</param>
    /// <param name="from">Where each object stood in the round before, -1 for a new one; null: where it stands now.</param>
    /// <param name="rows">Sections with changed rows of each object's VM; null: none.</param>
    public void Update(SubjectList<TSubject> subjects, int[]? from, ulong[]? rows, DateTimeOffset? sampleAt, HostDifference change, Round round)
    {
        if (change.IsEverything)
        {
            _ways.Clear();
            Reads = default;
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

        if (_verdicts.Length > 0)
        {
            round.Columns.Add(new VerdictColumn(_card, subjects.Objects, _verdicts, _summary, sampleAt));
        }
    }

    private void Examine(SubjectList<TSubject> subjects, int[]? from, ulong[]? rows, HostDifference change, Round round)
    {
        bool isEverything = change.IsEverything;
        int count = subjects.Count;
        var verdicts = new object[count];
        var way = new ushort[count];
        long[]? instants = null;
        long next = long.MaxValue;
        bool isChanged = isEverything || from is not null;
        Span<bool> touched = stackalloc bool[Math.Min(_ways.Count, 256)];
        for (int i = 0; i < touched.Length; i++)
        {
            touched[i] = change.Touches(_ways[i]);
        }

        for (int i = 0; i < count; i++)
        {
            int old = isEverything ? -1 : from is null ? i : from[i];
            long instant;
            if (old >= 0 && Holds(old, rows is null ? 0 : rows[i], touched, round.Now, out instant))
            {
                verdicts[i] = _verdicts[old];
                way[i] = _way[old];
            }
            else
            {
                verdicts[i] = Ask(subjects, i, round, out way[i], out instant);
                isChanged |= old < 0 || !ReferenceEquals(verdicts[i], _verdicts[old]);
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

        (_way, _instants, _next) = (way, instants, next);
        if (isChanged)
        {
            _verdicts = verdicts;
            _summary = VerdictSummary.Of(_card, subjects.Objects, verdicts, isEverything ? VerdictSummary.None : _summary);
        }
    }

    private bool Holds(int old, ulong rows, Span<bool> touched, DateTimeOffset now, out long instant)
    {
        instant = _instants is null ? long.MaxValue : _instants[old];
        int way = _way[old];
        return instant > now.UtcTicks && way < touched.Length && !touched[way] && (_ways[way].Rows & rows) == 0;
    }

    private object Ask(SubjectList<TSubject> subjects, int index, Round round, out ushort way, out long instant)
    {
        round.Notes.Begin(subjects.VmOf(index), subjects.Own);
        round.Context.OfRules = null;
        object said = Nothing;
        var plan = round.Tuning.For(_card.Id);
        if (plan?.Always is { } off)
        {
            said = Add(said, off);
            (way, instant) = (Way(round.Notes.Reads), long.MaxValue);
            return said;
        }

        try
        {
            foreach (var verdict in rule.Examine(subjects[index], round.Context))
            {
                said = Add(said, plan is null ? verdict : plan.Apply(_card, subjects[index], subjects.Objects[index], verdict, round.Context));
            }
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // One rule's mistake must not silence the others; it is shown as that rule's fault.
            var failed = new Verdict.Unknown(VerdictSummary.FaultSection, $"{_card.Id} failed on {subjects.Objects[index].Name}: {fault.Message}");
            said = Add(said, plan?.Apply(_card, subjects[index], subjects.Objects[index], failed, round.Context) ?? failed);
        }

        way = Way(round.Notes.Reads);
        instant = round.Context.OfRules?.UtcTicks ?? long.MaxValue;
        return said;
    }

    private object Add(object said, Verdict verdict)
    {
        // Most objects are fine, or not the rule's business: they share one verdict.
        if (verdict is Verdict.Pass && verdict.Object is null)
        {
            verdict = Passed;
        }
        else if (verdict is Verdict.NotApplicable none && verdict.Object is null)
        {
            verdict = _notApplicable is { } known && known == none ? known : _notApplicable = none;
        }

        return said is Verdict[] several ? several.Length == 0 ? verdict : (Verdict[])[.. several, verdict] : new[] { (Verdict)said, verdict };
    }

    private ushort Way(SectionReads reads)
    {
        int known = _ways.LastIndexOf(reads);
        if (known >= 0)
        {
            return (ushort)known;
        }

        Reads |= reads;
        if (_ways.Count == ushort.MaxValue)
        {
            // So many ways that they are not worth telling apart.
            _ways[^1] |= reads;
            return (ushort)(_ways.Count - 1);
        }

        _ways.Add(reads);
        return (ushort)(_ways.Count - 1);
    }
}

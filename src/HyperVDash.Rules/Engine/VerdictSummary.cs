using System.Collections.Immutable;
using System.Runtime.InteropServices;
using HyperVDash.Model.Findings;

namespace HyperVDash.Rules.Engine;

/// <summary>A verdict that fires, with the finding's identity, which is worked out once.</summary>
internal sealed class FiredVerdict(RuleCard rule, ObjectRef subject, Verdict.Fire fire)
{
    public RuleCard Rule => rule;

    public ObjectRef Subject => subject;

    public Verdict.Fire Fire => fire;

    public string Discriminator => field ??= fire.Discriminator.Length == 0 ? fire.Variant : $"{fire.Variant}|{fire.Discriminator}";

    public string Id => field ??= Fingerprint.Of(rule.Id, rule.Scope, subject, Discriminator);
}

/// <summary>What one rule said about the objects of one kind, counted.</summary>
internal sealed class VerdictSummary
{
    /// <summary>Stands in the place of a section where the rule itself failed.</summary>
    public const string FaultSection = "rule";

    /// <summary>Among how many of the latest sentences the same one is looked for.</summary>
    private const int Remembered = 4;

    public static VerdictSummary None { get; } = new();

    private List<(string Outcome, string Reason, int Count)>? _reasons;
    private int _counted;
    private int _passes;
    private int _fires;
    private int _unknown;
    private int _notApplicable;
    private int _switchedOff;
    private (ObjectList Objects, RuleTally Tally)? _tally;

    public ImmutableArray<FiredVerdict> Fired { get; private set; } = [];

    /// <summary>Every verdict is about the object it was given for: then these counts are those of the rule.</summary>
    public bool IsOfItsObjects { get; private set; } = true;

    public bool HasUnknown => _unknown > 0 || !IsOfItsObjects;

    /// <summary>The sentence of the last object on which the rule threw; null: on none.</summary>
    public string? Fault { get; private set; }

    /// <param name="before">Whose findings' identities hold for the verdicts that were kept.</param>
    public static VerdictSummary Of(RuleCard rule, ObjectList objects, VerdictList verdicts, VerdictSummary before)
    {
        var summary = new VerdictSummary();
        if (verdicts.OfAll is { } ofAll and not Verdict.Fire)
        {
            summary.Note(ofAll);
            summary.Count(ofAll, verdicts.Count);
            return summary;
        }

        Dictionary<Verdict.Fire, FiredVerdict>? known = null;
        ImmutableArray<FiredVerdict>.Builder? fired = null;
        for (int i = 0; i < verdicts.Count; i++)
        {
            if (verdicts[i] is Verdict.Fire alone)
            {
                summary.Note(alone);
                summary.Count(alone, 1);
                Fire(alone, i);
            }
            else if (verdicts[i] is Verdict one)
            {
                // Most objects share one verdict: a run of it is counted at once.
                int first = i;
                while (i + 1 < verdicts.Count && ReferenceEquals(verdicts[i + 1], one))
                {
                    i++;
                }

                summary.Note(one);
                summary.Count(one, i - first + 1);
            }
            else
            {
                Verdict? worst = null;
                foreach (var verdict in (Verdict[])verdicts[i])
                {
                    summary.Note(verdict);
                    Fire(verdict, i);
                    // One object may get several verdicts; the worst counts.
                    worst = worst is null || Tally.Weight(verdict) > Tally.Weight(worst) ? verdict : worst;
                }

                if (worst is not null)
                {
                    summary.Count(worst, 1);
                }
            }
        }

        summary.Fired = fired?.ToImmutable() ?? [];
        return summary;

        void Fire(Verdict verdict, int place)
        {
            if (verdict is Verdict.Fire fire)
            {
                fired ??= ImmutableArray.CreateBuilder<FiredVerdict>();
                var subject = fire.Object ?? objects[place];
                known ??= ByVerdict(before.Fired);
                fired.Add(known.TryGetValue(fire, out var same) && same.Subject == subject ? same : new FiredVerdict(rule, subject, fire));
            }
        }
    }

    /// <summary>Null where no object got a verdict.</summary>
    /// <param name="column">The verdicts that are counted here.</param>
    public RuleTally? TallyOf(RuleCard rule, ObjectList objects, VerdictColumn column)
    {
        if (_counted == 0)
        {
            return null;
        }

        if (_tally is not { } made || !ReferenceEquals(made.Objects, objects))
        {
            made = (objects, !IsOfItsObjects || !objects.IsUnique ? Tally.OfListed(rule.Id, [column], Fault)! : new RuleTally(rule.Id, _counted, _passes, _fires, _unknown, _notApplicable)
            {
                SwitchedOff = _switchedOff,
                Reasons = _reasons is null ? [] : Engine.Tally.Merged(_reasons.ConvertAll(r => new TallyReason(r.Outcome, r.Reason, r.Count))),
                PassedObjects = column.Passed(Math.Min(_passes, Tally.MaxPassed)),
                NotEvaluated = Fault,
            });
            _tally = made;
        }

        return made.Tally;
    }

    private static Dictionary<Verdict.Fire, FiredVerdict> ByVerdict(ImmutableArray<FiredVerdict> fired)
    {
        var byVerdict = new Dictionary<Verdict.Fire, FiredVerdict>(fired.Length, ReferenceEqualityComparer.Instance);
        foreach (var one in fired)
        {
            byVerdict.TryAdd(one.Fire, one);
        }

        return byVerdict;
    }

    private void Note(Verdict verdict)
    {
        IsOfItsObjects &= verdict.Object is null;
        if (verdict is Verdict.Unknown { Section: FaultSection } fault)
        {
            Fault = fault.Reason;
        }
    }

    private void Count(Verdict verdict, int times)
    {
        _counted += times;
        switch (verdict)
        {
            case Verdict.Pass:
                _passes += times;
                break;
            case Verdict.Fire:
                _fires += times;
                break;
            case Verdict.Unknown unknown:
                _unknown += times;
                Because("unknown", unknown.Reason, times);
                break;
            case Verdict.NotApplicable none:
                _notApplicable += times;
                _switchedOff += none.IsSwitchedOff ? times : 0;
                Because("notApplicable", none.Reason, times);
                break;
        }
    }

    private void Because(string outcome, string reason, int times)
    {
        _reasons ??= new(1);
        // Mostly the very same few sentences again and again; those that only look the same are put together when somebody asks.
        foreach (ref var known in CollectionsMarshal.AsSpan(_reasons)[Math.Max(0, _reasons.Count - Remembered)..])
        {
            if (ReferenceEquals(known.Reason, reason) && ReferenceEquals(known.Outcome, outcome))
            {
                known.Count += times;
                return;
            }
        }

        _reasons.Add((outcome, reason, times));
    }
}

using System.Collections.Immutable;
using System.Runtime.InteropServices;
using HyperVDash.Model.Findings;

namespace HyperVDash.Rules.Engine;

/// <summary>What one rule says about the objects of one kind. Never changed: a later round makes another.</summary>
/// <param name="sampleAt">When the section that counts the rule's samples was read; null for a rule of the clock alone.</param>
internal sealed class VerdictColumn(RuleCard rule, ObjectList objects, VerdictList verdicts, VerdictSummary summary, DateTimeOffset? sampleAt)
{
    private ILookup<(ObjectKind Kind, string Id), Examined>? _bySubject;
    private UnknownVerdicts? _unknown;

    public RuleCard Rule => rule;

    public ObjectList Objects => objects;

    public VerdictSummary Summary => summary;

    public DateTimeOffset? SampleAt => sampleAt;

    /// <summary>Each verdict is about the object it was given for, and every object can be told from the others.</summary>
    public bool IsOfItsObjects => summary.IsOfItsObjects && objects.IsUnique;

    public RuleTally? Tally => summary.TallyOf(rule, objects, this);

    public static VerdictColumn Of(Examined examined)
    {
        var objects = new ObjectList([examined.Subject]);
        var verdicts = new VerdictList(examined.Verdict with { Object = null }, 1);
        return new(examined.Rule, objects, verdicts, VerdictSummary.Of(examined.Rule, objects, verdicts, VerdictSummary.None), examined.SampleAt);
    }

    /// <summary>One line each.</summary>
    public IEnumerable<Examined> Listed()
    {
        for (int i = 0; i < verdicts.Count; i++)
        {
            foreach (var verdict in Said(i))
            {
                yield return new Examined(rule, verdict.Object ?? objects[i], verdict, sampleAt);
            }
        }
    }

    /// <summary>Each verdict with what it is about.</summary>
    public IEnumerable<(ObjectRef Subject, Verdict Verdict)> Spoken()
    {
        for (int i = 0; i < verdicts.Count; i++)
        {
            foreach (var verdict in Said(i))
            {
                yield return (verdict.Object ?? objects[i], verdict);
            }
        }
    }

    /// <summary>The first objects that pass.</summary>
    public ImmutableArray<ObjectRef> Passed(int count)
    {
        int inRow = verdicts.OfAll is Verdict.Pass ? count : 0;
        while (inRow < count && Worst(inRow) is Verdict.Pass)
        {
            inRow++;
        }

        if (inRow == count)
        {
            return objects.First(count);
        }

        var passed = ImmutableArray.CreateBuilder<ObjectRef>(count);
        for (int i = 0; passed.Count < count; i++)
        {
            if (Worst(i) is Verdict.Pass)
            {
                passed.Add(objects[i]);
            }
        }

        return passed.MoveToImmutable();
    }

    /// <summary>The verdicts about one object.</summary>
    public IEnumerable<Examined> About(ObjectKind kind, string id)
    {
        if (!IsOfItsObjects)
        {
            // Of a farm there may be thousands, and one is asked about after the other.
            return (_bySubject ??= Listed().ToLookup(e => (e.Subject.Kind, e.Subject.Id)))[(kind, id)];
        }

        int place = objects.Find(kind, id);
        return place < 0 ? [] : Said(place).Select(v => new Examined(rule, objects[place], v, sampleAt));
    }

    /// <summary>That nobody can tell of what would list an object: a part of the object's id before a slash, its host, or a whole cluster or farm.</summary>
    public IEnumerable<Examined> Unlisted(ObjectRef subject)
    {
        _unknown ??= new(Listed());
        return _unknown.About(subject);
    }

    private Verdict? Worst(int place)
    {
        if (verdicts[place] is Verdict one)
        {
            return one;
        }

        Verdict? worst = null;
        foreach (var verdict in (Verdict[])verdicts[place])
        {
            worst = worst is null || Engine.Tally.Weight(verdict) > Engine.Tally.Weight(worst) ? verdict : worst;
        }

        return worst;
    }

    private ImmutableArray<Verdict> Said(int place) => verdicts[place] is Verdict one ? [one] : ImmutableCollectionsMarshal.AsImmutableArray((Verdict[])verdicts[place]);
}

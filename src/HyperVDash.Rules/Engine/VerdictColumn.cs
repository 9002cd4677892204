using System.Collections.Immutable;
using HyperVDash.Model.Findings;

namespace HyperVDash.Rules.Engine;

/// <summary>What one rule says about the objects of one kind. Never changed: a later round makes another.</summary>
/// <param name="verdicts">Of each object: a verdict, or several in an array.</param>
/// <param name="sampleAt">When the section that counts the rule's samples was read; null for a rule of the clock alone.</param>
internal sealed class VerdictColumn(RuleCard rule, ObjectList objects, object[] verdicts, VerdictSummary summary, DateTimeOffset? sampleAt)
{
    public RuleCard Rule => rule;

    public ObjectList Objects => objects;

    public VerdictSummary Summary => summary;

    public DateTimeOffset? SampleAt => sampleAt;

    public RuleTally? Tally => summary.TallyOf(rule, objects);

    public static VerdictColumn Of(Examined examined)
    {
        var objects = new ObjectList([examined.Subject]);
        object[] verdicts = [examined.Verdict with { Object = null }];
        return new(examined.Rule, objects, verdicts, VerdictSummary.Of(examined.Rule, objects, verdicts, VerdictSummary.None), examined.SampleAt);
    }

    /// <summary>One line each.</summary>
    public IEnumerable<Examined> Listed()
    {
        for (int i = 0; i < verdicts.Length; i++)
        {
            foreach (var verdict in Said(i))
            {
                yield return new Examined(rule, verdict.Object ?? objects[i], verdict, sampleAt);
            }
        }
    }

    /// <summary>The verdicts about one object.</summary>
    public IEnumerable<Examined> About(ObjectKind kind, string id)
    {
        if (!summary.IsOfItsObjects || !objects.IsUnique)
        {
            return Listed().Where(e => e.Subject.Kind == kind && e.Subject.Id == id);
        }

        int place = objects.Find(kind, id);
        return place < 0 ? [] : Said(place).Select(v => new Examined(rule, objects[place], v, sampleAt));
    }

    private ImmutableArray<Verdict> Said(int place) => verdicts[place] is Verdict one ? [one] : [.. (Verdict[])verdicts[place]];
}

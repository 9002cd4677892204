namespace HyperVDash.Rules.Engine;

/// <summary>A rule as it is asked about one kind of subject; the same for all hosts.</summary>
internal sealed class AskedRule<TSubject>(IExamines<TSubject> rule) where TSubject : class, ISubject
{
    // All rules are called from one place: there a delegate is found faster than a member of an interface.

    /// <summary>Null for a rule that may say several things.</summary>
    public Func<TSubject, RuleContext, Verdict>? Decide { get; } = rule is IDecides<TSubject> decides ? decides.Decide : null;

    public Func<TSubject, RuleContext, IEnumerable<Verdict>> Examine { get; } = rule.Examine;

    public RuleCard Card { get; } = rule.Card;

    /// <summary>Position of the section whose reads are the rule's samples.</summary>
    public int FirstSection { get; } = SectionBits.IndexOf(rule.Card.Sections[0]);
}

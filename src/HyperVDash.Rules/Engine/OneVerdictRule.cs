namespace HyperVDash.Rules.Engine;

/// <summary>A rule that says one thing of each object, as most rules do.</summary>
public abstract class OneVerdictRule<TSubject> : Rule<TSubject>, IDecides<TSubject> where TSubject : ISubject
{
    /// <inheritdoc cref="IExamines{TSubject}.Examine"/>
    public abstract Verdict Decide(TSubject subject, RuleContext context);

    public sealed override IEnumerable<Verdict> Examine(TSubject subject, RuleContext context) => [Decide(subject, context)];
}

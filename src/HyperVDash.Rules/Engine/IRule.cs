using System.Collections.Immutable;

namespace HyperVDash.Rules.Engine;

/// <summary>A rule for whoever does not care about its subject: catalogue, pages, tests.</summary>
public interface IRule
{
    RuleCard Card { get; }

    ImmutableArray<RuleCase> Cases { get; }
}

/// <summary>
/// A rule for one kind of subject. Most have one and derive from <see cref="Rule{TSubject}"/>; a rule that also looks at a second kind
/// (a cluster, and all hosts together) implements this for it.
/// </summary>
public interface IExamines<TSubject> : IRule where TSubject : ISubject
{
    /// <summary>A pure function of its arguments; what it could not read is <see cref="Verdict.Unknown"/>, never a pass.</summary>
    IEnumerable<Verdict> Examine(TSubject subject, RuleContext context);
}

/// <summary>A rule that says one thing of each object. It is asked about every object there is, so its answer comes without a list around it.</summary>
internal interface IDecides<TSubject> where TSubject : ISubject
{
    Verdict Decide(TSubject subject, RuleContext context);
}

/// <summary>An example, ready to run.</summary>
/// <param name="Expected">The <see cref="Verdict.Word"/> it must give.</param>
/// <param name="Subject">What it is about.</param>
public sealed record RuleCase(string Name, string Expected, ISubject Subject, Func<RuleContext, IEnumerable<Verdict>> Run, RuleSettings Settings)
{
    public static RuleCase Of<TSubject>(IExamines<TSubject> rule, Example<TSubject> example) where TSubject : ISubject =>
        new(example.Name, example.Expected, example.Subject, context => rule.Examine(Anew(example.Subject), context), example.Settings);

    /// <summary>Each run is a first look: what was kept of an earlier one could stand in for what the rule says now.</summary>
    private static TSubject Anew<TSubject>(TSubject subject) where TSubject : ISubject => subject is FarmSubject farm ? (TSubject)(ISubject)(farm with { Memory = new() }) : subject;
}

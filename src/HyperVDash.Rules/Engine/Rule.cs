using System.Collections.Immutable;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;

namespace HyperVDash.Rules.Engine;

/// <summary>A rule for whoever does not care about its subject: catalogue, pages, tests.</summary>
public interface IRule
{
    RuleCard Card { get; }

    ImmutableArray<RuleCase> Cases { get; }
}

/// <summary>An example, ready to run.</summary>
/// <param name="Expected">The <see cref="Verdict.Word"/> it must give.</param>
public sealed record RuleCase(string Name, string Expected, Func<RuleContext, IEnumerable<Verdict>> Run, RuleSettings Settings);

/// <summary>A small case with its verdict. Run as a test and printed on the rule page.</summary>
public sealed record Example<TSubject>(string Name, TSubject Subject, string Expected)
{
    public RuleSettings Settings { get; init; } = new();
}

public abstract class Rule<TSubject> : IRule where TSubject : ISubject
{
    public abstract RuleCard Card { get; }

    public abstract ImmutableArray<Example<TSubject>> Examples { get; }

    /// <summary>A pure function of its arguments; what it could not read is <see cref="Verdict.Unknown"/>, never a pass.</summary>
    public abstract IEnumerable<Verdict> Examine(TSubject subject, RuleContext context);

    public ImmutableArray<RuleCase> Cases =>
        [.. Examples.Select(example => new RuleCase(example.Name, example.Expected, context => Examine(example.Subject, context), example.Settings))];

    /// <summary>The verdict for a section that gives nothing to examine; null if its content may be used.</summary>
    protected static Verdict? Unreadable(HostReading host, string name, RuleContext context) => SectionGate.Check(host, name, context);

    protected static Verdict? Unreadable(HostSubject host, RuleContext context, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (SectionGate.Check(host.Reading, name, context) is { } verdict)
            {
                return verdict;
            }
        }

        return null;
    }

    /// <summary>The content was read, but lacks this fact.</summary>
    protected static Verdict.Unknown NotSaid(string section, string fact) => new(section, $"The host did not say {fact}.");

    protected static Evidence Fact(HostSubject host, string section, string fact, string? value, string? expected = null, string? source = null) =>
        new(fact, value ?? "not said") { Expected = expected, Source = source, HostId = host.Id, Section = section, ReadAt = SectionGate.Find(host.Reading, section)?.ReadAt };

    protected static Example<TSubject> Fires(Severity severity, string name, TSubject subject, RuleSettings? settings = null) =>
        new(name, subject, $"fires {severity}") { Settings = settings ?? new() };

    protected static Example<TSubject> Passes(string name, TSubject subject, RuleSettings? settings = null) => new(name, subject, "passes") { Settings = settings ?? new() };

    protected static Example<TSubject> CannotTell(string name, TSubject subject) => new(name, subject, "cannot tell for");

    protected static Example<TSubject> Skips(string name, TSubject subject, RuleSettings? settings = null) => new(name, subject, "does not apply to") { Settings = settings ?? new() };
}

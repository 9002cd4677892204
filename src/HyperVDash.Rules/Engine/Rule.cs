using System.Collections.Immutable;
using HyperVDash.Model.Findings;

namespace HyperVDash.Rules.Engine;

/// <summary>What rules derive from: card, examination and examples in one file, and the words they are written in.</summary>
public abstract class Rule<TSubject> : IExamines<TSubject> where TSubject : ISubject
{
    public abstract RuleCard Card { get; }

    public abstract ImmutableArray<Example<TSubject>> Examples { get; }

    public abstract IEnumerable<Verdict> Examine(TSubject subject, RuleContext context);

    public virtual ImmutableArray<RuleCase> Cases =>
        [.. Examples.Select(e => RuleCase.Of(this, e))];

    /// <summary>The verdict for sections that give nothing to examine, the first one's; null if the content of all may be used.</summary>
    protected static Verdict? Unreadable(HostSubject host, RuleContext context, params ReadOnlySpan<string> names)
    {
        ulong sections = 0;
        foreach (string name in names)
        {
            sections |= SectionBits.Of(name);
        }

        if (context.AreReadable(host, sections))
        {
            SectionNotes.Gates(sections);
            return null;
        }

        foreach (string name in names)
        {
            if (SectionGate.Check(host, name, context) is { } verdict)
            {
                return verdict;
            }
        }

        return null;
    }

    /// <inheritdoc cref="Verdict.NotFor"/>
    protected static Verdict.NotApplicable NotFor(string reason) => Verdict.NotFor(reason);

    /// <summary>The content was read, but lacks this fact.</summary>
    protected static Verdict.Unknown NotSaid(string section, string fact) => new(section, $"The host did not say {fact}.");

    /// <summary>A variant that needs facts this version does not collect: said by name, so that it does not look examined.</summary>
    protected static Verdict.Unknown NotCollected(string variant, string section, string reason) => new(section, reason) { Variant = variant };

    /// <summary>A fact for the card, with where and when it was read.</summary>
    /// <param name="value">Null: the host did not say.</param>
    /// <param name="expected">What a healthy object has; null where the fact is context.</param>
    /// <param name="source">The CIM source, <c>Class.Property</c>.</param>
    protected static Evidence Fact(HostSubject host, string section, string fact, string? value, string? expected = null, string? source = null) =>
        new(fact, value ?? "not said") { Expected = expected, Source = source, HostId = host.Id, Section = section, ReadAt = host.ReadAt(section) };

    /// <summary>How to mend it: commands only for a host whose release has the module, and the way through the console for the others.</summary>
    protected static Remedy Mend(HostSubject host, RemedyRisk risk, string text, string byHand, params ReadOnlySpan<string> commands) =>
        host.Profile?.Profile.PowerShell == true ? new(text) { Commands = [.. commands], Risk = risk } : new(byHand) { Risk = risk };

    protected static Example<TSubject> Fires(Severity severity, string name, TSubject subject, RuleSettings? settings = null) =>
        new(name, subject, $"fires {severity}") { Settings = settings ?? new() };

    protected static Example<TSubject> Passes(string name, TSubject subject, RuleSettings? settings = null) => new(name, subject, "passes") { Settings = settings ?? new() };

    protected static Example<TSubject> CannotTell(string name, TSubject subject, RuleSettings? settings = null) => new(name, subject, "cannot tell for") { Settings = settings ?? new() };

    protected static Example<TSubject> Skips(string name, TSubject subject, RuleSettings? settings = null) => new(name, subject, "does not apply to") { Settings = settings ?? new() };
}

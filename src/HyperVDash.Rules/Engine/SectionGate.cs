using HyperVDash.Model.Fleet;

namespace HyperVDash.Rules.Engine;

/// <summary>Decides whether a section's content may carry a verdict: read well by the newest attempt, and not older than two of its lane's intervals.</summary>
public static class SectionGate
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    public static Section? Find(HostReading host, string name)
    {
        foreach (var section in host.Sections())
        {
            if (section.Name == name)
            {
                return section.Section;
            }
        }

        return null;
    }

    /// <summary>Null if rules may rest on it.</summary>
    public static Verdict? Check(HostReading host, string name, RuleContext context)
    {
        foreach (var named in host.Sections())
        {
            if (named.Name == name)
            {
                return Check(host, named, context);
            }
        }

        throw new ArgumentException($"There is no section {name}.", nameof(name));
    }

    private static Verdict? Check(HostReading host, NamedSection named, RuleContext context)
    {
        var section = named.Section;
        switch (section.Attempt.State)
        {
            case SectionState.Absent:
                return new Verdict.NotApplicable(section.Attempt.Reason ?? $"{host.Name} has no {named.Name}.");
            case SectionState.Partial:
                // What is missing may be just the fact that would fire.
                return new Verdict.Unknown(named.Name, section.Attempt.Reason ?? "The newest attempt read it in part.");
            case SectionState.Complete when section.HasContent():
                var interval = host.Intervals.FirstOrDefault(i => i.Lane == named.Lane)?.Interval;
                return interval is { } every && section.ReadAt is { } readAt && context.Reached(readAt + every + every + Grace)
                    ? new Verdict.Unknown(named.Name, $"Last read at {readAt:u}; two intervals have passed without a new reading.")
                    : null;
            case SectionState.Pending:
                return new Verdict.Unknown(named.Name, "Not read yet.");
            case SectionState.Off:
                return new Verdict.Unknown(named.Name, "Switched off in the agent's settings.");
            default:
                return new Verdict.Unknown(named.Name, section.Attempt.Reason ?? $"The newest attempt is {section.Attempt.State}.");
        }
    }
}

using HyperVDash.Model.Fleet;

namespace HyperVDash.Rules.Engine;

/// <summary>Decides whether a section's content may carry a verdict: read well by the newest attempt, and not older than two of its lane's intervals.</summary>
public static class SectionGate
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    /// <summary>Null if rules may rest on it.</summary>
    public static Verdict? Check(HostSubject host, string name, RuleContext context)
    {
        SectionRecorder.Note(name);
        var named = host.Section(name);
        var section = named.Section;
        switch (section.Attempt.State)
        {
            case SectionState.Absent:
                return new Verdict.NotApplicable(section.Attempt.Reason ?? $"{host.Name} has no {named.Name}.");
            case SectionState.Partial:
                // What is missing may be just the fact that would fire.
                return new Verdict.Unknown(named.Name, section.Attempt.Reason ?? "The newest attempt read it in part.");
            case SectionState.Complete when section.HasContent():
                var interval = host.Whole.Intervals.FirstOrDefault(i => i.Lane == named.Lane)?.Interval;
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

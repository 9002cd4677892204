using HyperVDash.Model.Fleet;

namespace HyperVDash.Rules.Engine;

/// <summary>
/// Decides whether a section's content may carry a verdict: read well by the newest attempt, and not older than two of its lane's intervals. What does not
/// change with the clock is decided once for all rules.
/// </summary>
/// <param name="Verdict">Set if rules may not rest on it, whatever the time is.</param>
/// <param name="StaleAt">From when on it is too old; null: never.</param>
internal sealed record SectionGate(string Name, Section Section, Verdict? Verdict, DateTimeOffset? StaleAt)
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    /// <summary>Null if rules may rest on it.</summary>
    public static Verdict? Check(HostSubject host, string name, RuleContext context)
    {
        int section = SectionBits.IndexOf(name);
        SectionNotes.Gate(section);
        var gate = host.Gate(section);
        var verdict = gate.StaleAt is { } at && context.IsTooOld(at) ? gate.TooOld() : gate.Verdict;
        if (verdict is null)
        {
            context.FoundReadable(host, section);
        }

        return verdict;
    }

    /// <summary>What <see cref="Check"/> says at a moment.</summary>
    public Verdict? At(DateTimeOffset now) => now >= StaleAt ? TooOld() : Verdict;

    /// <summary>True if every question about it gets the same answer from the other at its moment.</summary>
    public bool Answers(DateTimeOffset now, SectionGate other, DateTimeOffset then) =>
        Section.Attempt.State == other.Section.Attempt.State && Section.HasContent() == other.Section.HasContent() && Equals(At(now), other.At(then));

    public static SectionGate Of(HostReading reading, SectionLens lens)
    {
        var section = lens.Get(reading);
        var verdict = Judge(reading, lens.Name, section);
        return new(lens.Name, section, verdict, verdict is null && reading.CapturedAt is null ? StaleAfter(reading, lens.Lane, section) : null);
    }

    private static Verdict? Judge(HostReading reading, string name, Section section) => section.Attempt.State switch
    {
        SectionState.Absent => new Verdict.NotApplicable(section.Attempt.Reason ?? $"{reading.Name} has no {name}."),
        // What is missing may be just the fact that would fire.
        SectionState.Partial => new Verdict.Unknown(name, section.Attempt.Reason ?? "The newest attempt read it in part."),
        SectionState.Complete when section.HasContent() => null,
        SectionState.Pending => new Verdict.Unknown(name, "Not read yet."),
        SectionState.Off => new Verdict.Unknown(name, section.Attempt.Reason ?? "Switched off in the agent's settings."),
        _ => new Verdict.Unknown(name, section.Attempt.Reason ?? $"The newest attempt is {section.Attempt.State}."),
    };

    private static DateTimeOffset? StaleAfter(HostReading reading, Lane lane, Section section)
    {
        foreach (var interval in reading.Intervals)
        {
            if (interval.Lane == lane)
            {
                return section.ReadAt + interval.Interval + interval.Interval + Grace;
            }
        }

        return null;
    }

    private Verdict.Unknown TooOld() => new(Name, $"Last read at {Section.ReadAt:u}; two intervals have passed without a new reading.");
}

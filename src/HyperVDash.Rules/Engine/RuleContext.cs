namespace HyperVDash.Rules.Engine;

/// <summary>Settings and clock of one examination. The clock answers only <see cref="Reached"/>, so no rule can forget to be asked again.</summary>
public sealed class RuleContext(DateTimeOffset now, RuleSettings settings)
{
    private HostSubject? _readableOf;
    private ulong _readable;

    public RuleSettings Settings { get; } = settings;

    /// <summary>The first instant at which an answer can change without a new reading; null if time alone changes nothing.</summary>
    public DateTimeOffset? NextInstant => Earliest(OfRules, OfSections);

    /// <summary>For the engine alone: a rule that looked at it could forget to be asked again.</summary>
    internal DateTimeOffset Now => now;

    /// <summary>The instant that a rule asked for; taken back before each object.</summary>
    internal DateTimeOffset? OfRules { get; set; }

    /// <summary>The instant at which a section that a rule rests on becomes too old.</summary>
    internal DateTimeOffset? OfSections { get; private set; }

    /// <summary>What the user's own rules took in this examination.</summary>
    internal Own.OwnRound Own => field ??= new();

    /// <summary>Verdicts were found to be able to rest on all of these sections; false: ask of each.</summary>
    internal bool AreReadable(HostSubject host, ulong sections) => ReferenceEquals(_readableOf, host) && (sections & ~_readable) == 0;

    /// <summary>A verdict may rest on a section of this host: rules ask the same of object after object, and it is worked out once.</summary>
    internal void FoundReadable(HostSubject host, int section)
    {
        if (!ReferenceEquals(_readableOf, host))
        {
            (_readableOf, _readable) = (host, 0);
        }

        _readable |= 1UL << section;
    }

    /// <summary>There was no time for an answer: the rule is asked about this object again in a while, changed or not.</summary>
    internal void AskAgain() => Reached(now + TimeSpan.FromSeconds(10));

    /// <summary>Later than the instant: for limits that may be reached but not passed.</summary>
    public bool Passed(DateTimeOffset instant) => Reached(instant + TimeSpan.FromTicks(1));

    /// <summary>In one of these parts of the day.</summary>
    public bool IsWithin(IEnumerable<DailyWindow> windows)
    {
        var today = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        bool isWithin = false;
        foreach (var window in windows)
        {
            isWithin |= window.Contains(now.UtcDateTime.TimeOfDay);
            foreach (var edge in new[] { today + window.From, today + window.To })
            {
                // Notes when the answer changes next.
                Reached(edge > now ? edge : edge.AddDays(1));
            }
        }

        return isWithin;
    }

    public bool Reached(DateTimeOffset instant)
    {
        if (now >= instant)
        {
            return true;
        }

        OfRules = OfRules < instant ? OfRules : instant;
        return false;
    }

    /// <summary>Kept apart: each new reading moves it.</summary>
    internal bool IsTooOld(DateTimeOffset at)
    {
        if (now >= at)
        {
            return true;
        }

        OfSections = OfSections < at ? OfSections : at;
        return false;
    }

    internal static DateTimeOffset? Earliest(DateTimeOffset? a, DateTimeOffset? b) => a is null ? b : b is null || a < b ? a : b;
}

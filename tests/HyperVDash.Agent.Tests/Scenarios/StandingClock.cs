namespace HyperVDash.Agent.Tests.Scenarios;

/// <summary>A clock that says the same until it is set, whose timers run: two readings on it differ by what the hosts said alone, and what a host does not answer is still given up.</summary>
internal sealed class StandingClock(DateTimeOffset now) : TimeProvider
{
    public static DateTimeOffset Morning { get; } = new(2026, 11, 24, 9, 0, 0, TimeSpan.Zero);

    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;
}

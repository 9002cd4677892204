using HyperVDash.Rules.Tuning;

namespace HyperVDash.Rules.Engine;

/// <summary>One examination of one host, cluster or farm while it runs.</summary>
internal sealed class Round(RuleSettings settings, DateTimeOffset now, HostDifference change)
{
    public DateTimeOffset Now => now;

    public RuleContext Context { get; } = new(now, settings);

    public TuningPlan Tuning { get; } = TuningPlan.Of(settings);

    public SectionNotes Notes { get; } = new();

    /// <summary>What is not as it was in the round before.</summary>
    public HostDifference Change => change;

    public List<VerdictColumn> Columns { get; } = [];

    /// <summary>The first instant at which a kept or new verdict can change by the clock alone.</summary>
    public DateTimeOffset? NextInstant { get; private set; }

    public void Wake(DateTimeOffset? at) => NextInstant = RuleContext.Earliest(NextInstant, at);
}

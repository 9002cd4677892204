using System.Collections.Immutable;

namespace HyperVDash.Agent.SelfTest;

/// <summary>The way to one host as it was walked.</summary>
internal sealed record SelfTestReport(string Host, string Url)
{
    /// <summary>Up to the first that failed, and its parts if several did.</summary>
    public ImmutableArray<StepOutcome> Steps { get; init; } = [];

    /// <summary>Empty if the walk ended before anything was asked of WMI.</summary>
    public ImmutableArray<RightLine> Rights { get; init; } = [];

    /// <summary>Every step succeeded, and nothing that was asked is denied.</summary>
    public required bool IsWell { get; init; }
}

/// <summary>How a step ended.</summary>
/// <param name="Step">Its <see cref="SelfTestStep.Key"/>.</param>
/// <param name="Text">What was found, or why it failed.</param>
/// <param name="Meaning">Of a step that failed: what to do; null where <paramref name="Text"/> says it.</param>
internal sealed record StepOutcome(string Step, bool IsWell, string? Text, string? Meaning);

/// <summary>A line of the table of rights, as in docs/rights.md.</summary>
/// <param name="Needs">What the account needs for it.</param>
/// <param name="GivenBy">The command or tool that gives it; null if none beyond the way in does.</param>
/// <param name="Reason">What the host said instead of an answer; null if it is allowed, absent or was not asked.</param>
internal sealed record RightLine(string Namespace, string Asks, RightState State, string Needs, string? GivenBy, string? Reason)
{
    /// <summary>The way into the namespace is enough, so that whoever is denied lacks that.</summary>
    internal bool IsForAll { get; init; }
}

using System.Collections.Immutable;

namespace HyperVDash.Model.Hosts;

/// <summary>Content of the section clock: how far the host's clock is from the agent's, and where the host takes its time from.</summary>
public sealed record HostClock
{
    /// <summary>Three measurements in a row, oldest first: those of when the skew last changed by more than a second.</summary>
    public ImmutableArray<ClockSample> Samples { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Median of the samples, positive if the host is ahead; whole seconds, so that it changes only when it means something.</summary>
    public TimeSpan? Skew { get; init; }

    /// <summary>Registry W32Time\Parameters Type: <c>NT5DS</c>, <c>NTP</c>, <c>NoSync</c>, <c>AllSync</c>.</summary>
    public string? SourceType { get; init; }

    /// <summary>Registry W32Time\Parameters NtpServer.</summary>
    public string? TimeServers { get; init; }
}

/// <param name="At">When the answer had come.</param>
/// <param name="Skew">Host's clock minus agent's clock at the middle of the question (Win32_OperatingSystem.LocalDateTime); whole seconds.</param>
/// <param name="TookMs">How long the question took, in milliseconds; the skew is unsure by half of it.</param>
public sealed record ClockSample(DateTimeOffset At, TimeSpan Skew, long TookMs);

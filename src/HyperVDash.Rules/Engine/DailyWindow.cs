using System.ComponentModel.DataAnnotations;

namespace HyperVDash.Rules.Engine;

/// <summary>A part of every day, in UTC; it may pass midnight.</summary>
public sealed record DailyWindow
{
    /// <summary>First moment, since midnight.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "23:59:59")]
    public TimeSpan From { get; init; }

    /// <summary>First moment after it, since midnight.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "23:59:59")]
    public TimeSpan To { get; init; }

    internal bool Contains(TimeSpan time) => From <= To ? time >= From && time < To : time >= From || time < To;
}

namespace HyperVDash.Model.Findings;

/// <summary>Somebody answers for a finding until a day, by the settings.</summary>
/// <param name="Owner">Who.</param>
/// <param name="ReviewBy">The last day on which it is accepted, in UTC; the day after the finding is open again.</param>
public sealed record Acceptance(string Owner, DateOnly ReviewBy)
{
    /// <summary>Why; null: nobody said.</summary>
    public string? Reason { get; init; }

    /// <summary>From when on it is open again.</summary>
    public static DateTimeOffset EndOf(DateOnly reviewBy) => reviewBy == DateOnly.MaxValue ? DateTimeOffset.MaxValue : new(reviewBy.AddDays(1).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
}

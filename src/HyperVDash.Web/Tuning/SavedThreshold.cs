namespace HyperVDash.Web.Tuning;

/// <summary>A threshold of the rules that was saved from a page.</summary>
/// <param name="Key">As in section <c>Rules</c>, e.g. <c>CheckpointWarnDays</c>.</param>
/// <param name="Json">Its value as it stands in the file.</param>
/// <param name="Value">As it was read; null with a <paramref name="Mistake"/>.</param>
/// <param name="Mistake">Why it is not applied; null: it is.</param>
public sealed record SavedThreshold(string Key, string Json, object? Value, string? Mistake = null)
{
    /// <summary>Who set it; null: the file does not say.</summary>
    public string? SetBy { get; init; }

    /// <summary>The day in UTC.</summary>
    public DateOnly? SetOn { get; init; }

    /// <summary>Why, for whoever reads it later.</summary>
    public string? Reason { get; init; }
}

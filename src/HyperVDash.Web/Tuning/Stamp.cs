namespace HyperVDash.Web.Tuning;

/// <summary>Who sets something, and when.</summary>
/// <param name="By">As they call themselves: the dashboard has no sign-in.</param>
/// <param name="On">The day in UTC.</param>
public sealed record Stamp(string By, DateOnly On);

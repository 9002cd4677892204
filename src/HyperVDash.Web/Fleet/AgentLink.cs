namespace HyperVDash.Web.Fleet;

/// <summary>The way to one agent, as the dashboard sees it.</summary>
/// <param name="Name">What people call it: its setting, or "embedded".</param>
/// <param name="HeardAt">When it last said anything; null if never.</param>
/// <param name="IsConnected">A stream is open now.</param>
/// <param name="Reason">Why not, in a sentence.</param>
public sealed record AgentLink(string Name, Uri Url, DateTimeOffset? HeardAt, bool IsConnected, string? Reason);

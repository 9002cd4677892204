using System.Collections.Immutable;

namespace HyperVDash.Web.Fleet;

/// <summary>The way to one agent, as the dashboard sees it.</summary>
/// <param name="Name">What people call it: its setting, or "embedded".</param>
/// <param name="HeardAt">When it last said anything; null if never.</param>
/// <param name="IsConnected">A stream is open now.</param>
/// <param name="Reason">Why not, in a sentence; null before it was asked.</param>
public sealed record AgentLink(string Name, Uri Url, DateTimeOffset? HeardAt, bool IsConnected, string? Reason)
{
    /// <summary>Ids of the hosts that it has told of.</summary>
    public ImmutableArray<string> HostIds { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>It was asked and does not answer: what it told of is ageing.</summary>
    public bool IsSilent => !IsConnected && Reason is not null;

    /// <summary>Nothing but the time of its last word differs.</summary>
    public bool IsSameAs(AgentLink other) =>
        this with { HeardAt = other.HeardAt, HostIds = other.HostIds } == other && HostIds.SequenceEqual(other.HostIds);
}

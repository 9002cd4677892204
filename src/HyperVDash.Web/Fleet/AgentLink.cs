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

    /// <summary>How many hosts it is set to read; null until it told.</summary>
    public int? Listed { get; init; }

    /// <summary>Hosts of which it tells nothing although it answers.</summary>
    public ImmutableArray<HostFault> Faults { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>It was asked and does not answer: what it told of is ageing.</summary>
    public bool IsSilent => !IsConnected && Reason is not null;

    /// <summary>Why it says nothing of a host, in a sentence; null: it does speak of it.</summary>
    public string? WhySilentAbout(string hostId) => IsSilent ? $"Agent {Name} is silent: {Reason}"
        : Faults.FirstOrDefault(f => hostId.Equals(f.HostId, StringComparison.OrdinalIgnoreCase)) is { } fault ? $"Agent {Name} tells nothing of it: {fault.Reason}"
        : null;

    /// <summary>Nothing comes of one of its hosts, by the agent's name for it: it is not to be waited for.</summary>
    public bool IsLost(string key) => IsSilent || Faults.Any(f => f.Key.Equals(key, StringComparison.OrdinalIgnoreCase));

    /// <summary>Nothing but the time of its last word differs.</summary>
    public bool IsSameAs(AgentLink other) =>
        this with { HeardAt = other.HeardAt, HostIds = other.HostIds, Faults = other.Faults } == other && HostIds.SequenceEqual(other.HostIds) && Faults.SequenceEqual(other.Faults);
}

/// <summary>A host whose stream is broken while its agent answers.</summary>
/// <param name="Key">What the agent calls it.</param>
/// <param name="HostId">Null if nothing was ever told of it.</param>
public sealed record HostFault(string Key, string? HostId, string Reason);

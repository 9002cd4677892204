using System.Collections.Immutable;

namespace HyperVDash.Model.Events;

/// <summary>
/// Content of the section eventLog: warnings and errors of the last 24 hours from the logs that could be read, grouped by provider and id. Bounded.
/// </summary>
public sealed record EventLog
{
    /// <summary>Newest group first; at most 200.</summary>
    public ImmutableArray<EventGroup> Items { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Logs that were read, by channel name; others were not, and nothing is known of them.</summary>
    public ImmutableArray<string> Channels { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>
    /// Channels of Hyper-V and the cluster that were not read: CIM reaches classic logs only. Nothing is known of what they hold.
    /// </summary>
    public ImmutableArray<string> UnreadChannels { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Start of the window, a full hour: a day before the read, or earlier if nothing has been logged in between.</summary>
    [AgentMoment]
    public DateTimeOffset? Since { get; init; }
}

/// <summary>Events of one provider, id and VM.</summary>
/// <param name="Provider">Win32_NTLogEvent.SourceName, not localised.</param>
/// <param name="Id">EventCode.</param>
public sealed record EventGroup(string Provider, int Id, EventLevel Level)
{
    public string? Channel { get; init; }

    /// <summary>A VM named by GUID in the event's data; null if it names none.</summary>
    public Guid? VirtualMachineId { get; init; }

    public int Count { get; init; }

    public DateTimeOffset? FirstAt { get; init; }

    public DateTimeOffset? LastAt { get; init; }

    /// <summary>InsertionStrings of the newest event, cut; text from strangers.</summary>
    public ImmutableArray<string> Data { get; init => field = value.IsDefault ? [] : value; } = [];
}

/// <summary>Win32_NTLogEvent.EventType 1 error, 2 warning, 3 information.</summary>
public enum EventLevel { Unknown, Error, Warning, Information }

using System.Collections.Immutable;

namespace HyperVDash.Model.Hosts;

/// <summary>Content of the section pendingRestart: the marks Windows leaves while it waits for a restart.</summary>
public sealed record PendingRestart
{
    public ImmutableArray<RestartMark> Marks { get; init => field = value.IsDefault ? [] : value; } = [];
}

/// <param name="FirstSeenAt">When the agent saw the mark first; the registry does not tell when it was set. Remembered across restarts of the agent.</param>
public sealed record RestartMark(RestartReason Reason, [property: AgentMoment] DateTimeOffset FirstSeenAt)
{
    /// <summary>The registry key or value that says so.</summary>
    public string? Source { get; init; }
}

public enum RestartReason
{
    Unknown,

    /// <summary>Component Based Servicing\RebootPending exists.</summary>
    ComponentServicing,

    /// <summary>WindowsUpdate\Auto Update\RebootRequired exists.</summary>
    WindowsUpdate,

    /// <summary>ActiveComputerName and ComputerName differ.</summary>
    ComputerRename,

    /// <summary>Session Manager\PendingFileRenameOperations is not empty.</summary>
    FileRename,
}

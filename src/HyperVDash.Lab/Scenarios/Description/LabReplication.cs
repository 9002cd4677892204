namespace HyperVDash.Lab.Scenarios.Description;

/// <summary>How a VM is replicated.</summary>
/// <param name="Mode">1 primary, 2 replica, 3 test replica, 4 extended replica.</param>
public sealed record LabReplication(int Mode)
{
    /// <summary>3 replicating, 7 suspended, 8 critical.</summary>
    public int State { get; init; } = 3;

    /// <summary>1 well, 2 warning, 3 critical.</summary>
    public int Health { get; init; } = 1;

    public DateTimeOffset? LastReplicatedAt { get; init; }

    /// <summary>One cycle follows another while the lab lives.</summary>
    public bool GoesOn { get; init; }

    public DateTimeOffset? LastConsistentAt { get; init; }

    public DateTimeOffset? LastTestFailoverAt { get; init; }

    /// <summary>Seconds; fixed at 300 on 2012.</summary>
    public int Interval { get; init; } = 300;

    /// <summary>Cycles of its statistics that were in time.</summary>
    public int Succeeded { get; init; } = 144;

    /// <summary>Cycles that began late or not at all.</summary>
    public int Missed { get; init; }

    /// <summary>What waits to be sent.</summary>
    public long PendingMb { get; init; }

    public string Server { get; init; } = "REPLICA01.lab.example";
}

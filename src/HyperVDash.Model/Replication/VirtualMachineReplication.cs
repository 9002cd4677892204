namespace HyperVDash.Model.Replication;

/// <summary>How a VM is replicated (Msvm_ReplicationRelationship; on 2012 the properties of Msvm_ComputerSystem).</summary>
public sealed record VirtualMachineReplication
{
    public ReplicationMode Mode { get; init; }

    /// <summary>ReplicationState as it came, e.g. 3 replicating, 7 suspended, 8 critical.</summary>
    public ReplicationState State { get; init; }

    /// <summary>When the agent saw this state first, in its own present run; the host does not tell.</summary>
    [AgentMoment]
    public DateTimeOffset? StateSeenAt { get; init; }

    public ReplicationHealth Health { get; init; }

    /// <summary>LastReplicationTime; null: never or not said.</summary>
    public DateTimeOffset? LastReplicatedAt { get; init; }

    /// <summary>LastApplicationConsistentReplicationTime.</summary>
    public DateTimeOffset? LastConsistentAt { get; init; }

    /// <summary>LastTestFailoverInitiatedTime or LastTestFailoverTime, whichever the release has.</summary>
    public DateTimeOffset? LastTestFailoverAt { get; init; }

    /// <summary>Msvm_ReplicationSettingData.ReplicationInterval in seconds: 30, 300 or 900; null on 2012, where it is fixed at 5 min.</summary>
    public TimeSpan? Frequency { get; init; }

    /// <summary>RecoveryConnectionPoint: the replica server; text of the host.</summary>
    public string? ReplicaServer { get; init; }
}

/// <summary>ReplicationMode: 0 none, 1 primary, 2 replica, 3 test replica, 4 extended replica.</summary>
public enum ReplicationMode { Unknown, None, Primary, Replica, TestReplica, ExtendedReplica }

/// <summary>ReplicationHealth: 0 not applicable, 1 ok, 2 warning, 3 critical.</summary>
public enum ReplicationHealth { Unknown, NotApplicable, Ok, Warning, Critical }

/// <summary>ReplicationState by number, 0 to 21.</summary>
public enum ReplicationState
{
    Unknown, Disabled, Ready, WaitingForInitialReplication, Replicating, Synced, Recovered, Committed, Suspended, Critical, WaitingForResync, Resyncing,
    ResyncSuspended, FailoverInProgress, FailbackInProgress, FailbackComplete, DiskUpdateInProgress, DiskUpdateCritical, NotSaid, RepurposeInProgress,
    PreparedSync, PreparedGroupReverse, FireDrill,
}

using System.Collections.Immutable;

namespace HyperVDash.Model.Jobs;

/// <summary>Content of the section jobs: what the management service is doing (Msvm_ConcreteJob, Msvm_MigrationJob, Msvm_StorageJob) and did not finish.</summary>
public sealed record JobList
{
    public ImmutableArray<HyperVJob> Items { get; init => field = value.IsDefault ? [] : value; } = [];
}

/// <param name="Id">Msvm_ConcreteJob.InstanceID.</param>
public sealed record HyperVJob(string Id)
{
    /// <summary>JobType as it came; null: not said. What each number means differs by release.</summary>
    public int? TypeCode { get; init; }

    public JobState State { get; init; }

    public int? PercentComplete { get; init; }

    /// <summary>When the agent saw the percentage move last; remembered by the agent.</summary>
    [AgentMoment]
    public DateTimeOffset? ProgressedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>The VM it works on, where the job names one (Msvm_AffectedJobElement, VirtualSystemName); null otherwise.</summary>
    public Guid? VirtualMachineId { get; init; }

    /// <summary>Localised; for people.</summary>
    public string? Caption { get; init; }
}

/// <summary>Msvm_ConcreteJob.JobState.</summary>
public enum JobState { Unknown, New, Starting, Running, Suspended, ShuttingDown, Completed, Terminated, Killed, Exception, Service }

using System.Collections.Immutable;

namespace HyperVDash.Lab.Scenarios.Description;

/// <summary>A virtual machine as a lab person would describe it.</summary>
public sealed record LabVm(Guid Id, string Name)
{
    public LabVmState State { get; init; } = LabVmState.Running;

    public int Generation { get; init; } = 1;

    /// <summary>Configuration version; null: the newest of its host.</summary>
    public string? Version { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Power on of a VM that has a worker; null otherwise.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Change token; null: when it was created or started.</summary>
    public DateTimeOffset? StateChangedAt { get; init; }

    /// <summary>Change token; null: when it was created.</summary>
    public DateTimeOffset? ConfigurationChangedAt { get; init; }

    public int Processors { get; init; } = 2;

    public long MemoryMb { get; init; } = 2048;

    public bool HasDynamicMemory { get; init; }

    /// <summary>Null: half of <see cref="MemoryMb"/> with dynamic memory, else all of it.</summary>
    public long? MinimumMemoryMb { get; init; }

    /// <summary>Null: four times <see cref="MemoryMb"/> with dynamic memory, else just it.</summary>
    public long? MaximumMemoryMb { get; init; }

    /// <summary>The guest tells how much memory it needs. Only with dynamic memory.</summary>
    public bool HasMemoryDriver { get; init; } = true;

    public ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>Where its configuration and its checkpoints are; null: a folder of the host's, named by its id.</summary>
    public string? Folder { get; init; }

    /// <summary>Where smart paging files go; null: <see cref="Folder"/>.</summary>
    public string? PagingFolder { get; init; }

    /// <summary>SCSI commands pass unfiltered to disks of the host; 2008 R2 and later.</summary>
    public bool AllowsFullScsi { get; init; }

    /// <summary>0 floppy, 1 CD, 2 IDE disk, 3 network.</summary>
    public ImmutableArray<ushort> BootOrder { get; init; } = [1, 2, 3, 0];

    public ImmutableArray<LabController> Controllers { get; init; } = [];

    public ImmutableArray<LabNic> Nics { get; init; } = [];

    /// <summary>A parent stands before its children.</summary>
    public ImmutableArray<LabCheckpoint> Checkpoints { get; init; } = [];

    /// <summary>The checkpoint the VM runs on; null: the newest, if there is one.</summary>
    public Guid? RunsOn { get; init; }

    public LabGuest Guest { get; init; } = LabGuest.Silent;

    /// <summary>Generation 1: what is in the floppy drive.</summary>
    public string? FloppyImage { get; init; }

    /// <summary>Named pipes of COM1 and COM2; null: not connected. Generation 2 has ports only if it has pipes.</summary>
    public ImmutableArray<string?> Pipes { get; init; } = [];

    /// <summary>Location paths of devices of the host given to the VM; 2016 and later.</summary>
    public ImmutableArray<string> AssignedDevices { get; init; } = [];

    public int GpuPartitions { get; init; }

    /// <summary>RemoteFX 3D graphics.</summary>
    public bool HasRemoteFx { get; init; }

    /// <summary>Null: never.</summary>
    public DateTimeOffset? LastBackupAt { get; init; }

    public LabReplication? Replication { get; init; }

    /// <summary>2 disabled, 3 production with fallback, 4 production only, 5 standard; 2016 and later.</summary>
    public int CheckpointPolicy { get; init; } = 3;

    public bool TakesAutomaticCheckpoints { get; init; }

    public bool HasTpm { get; init; }

    public bool IsShielded { get; init; }

    /// <summary>Generation 2 only.</summary>
    public bool IsSecureBoot { get; init; } = true;

    /// <summary>Generation 2 of 2016 and later; null: that of the guest's system.</summary>
    public Guid? SecureBootTemplate { get; init; }

    /// <summary>Nested virtualisation.</summary>
    public bool ExposesVirtualization { get; init; }

    public bool LimitsProcessorFeatures { get; init; }

    /// <summary>Load of its processors in percent; null: it moves.</summary>
    public int? ProcessorLoad { get; init; }

    public int ProcessorReservePercent { get; init; }

    public int ProcessorLimitPercent { get; init; } = 100;

    public int ProcessorWeight { get; init; } = 100;

    public int StartDelaySeconds { get; init; }

    /// <summary>Null: an id of its own.</summary>
    public Guid? BiosId { get; init; }

    /// <summary>Integration services switched off in its settings, by the class's name without prefix and ending, e.g. <c>TimeSync</c>.</summary>
    public ImmutableArray<string> ServicesOff { get; init; } = ["GuestServiceInterface"];

    /// <summary>Memory beyond what it uses, in percent; negative is a deficit. Only with dynamic memory.</summary>
    public int MemoryBuffer { get; init; } = 18;

    /// <summary>It pages to disk on the host.</summary>
    public bool IsSmartPaging { get; init; }

    public bool SpansNumaNodes { get; init; }

    /// <summary>Size of the file that it writes to while it has checkpoints; null: a few GB.</summary>
    public double? CheckpointFileGb { get; init; }

    public ushort HealthState { get; init; } = 5;

    public ImmutableArray<ushort> OperationalStatus { get; init; } = [2];

    /// <summary>The VM has a worker process (vmwp.exe).</summary>
    public bool HasWorker => State is not (LabVmState.Off or LabVmState.Saved or LabVmState.FastSaved or LabVmState.Unknown);
}

/// <summary>What a VM does.</summary>
public enum LabVmState
{
    Unknown, Other, Running, Off, Stopping, Saved, Paused, Starting, Resetting, Saving, Pausing, Resuming, FastSaved,
}

/// <param name="ParentId">Null: the root of the tree.</param>
public sealed record LabCheckpoint(Guid Id, string Name, Guid? ParentId, DateTimeOffset CreatedAt)
{
    public LabCheckpointKind Kind { get; init; } = LabCheckpointKind.User;

    /// <summary>Taken while the VM ran, with its memory.</summary>
    public bool HasSavedState { get; init; }
}

/// <summary>Who took a checkpoint.</summary>
public enum LabCheckpointKind
{
    User, Backup, Replica,

    /// <summary>Its files are gone.</summary>
    Missing,
}

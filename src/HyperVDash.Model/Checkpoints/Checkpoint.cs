using System.Collections.Immutable;

namespace HyperVDash.Model.Checkpoints;

/// <summary>A saved point in the life of one virtual machine.</summary>
/// <param name="CreatedAt">When the host took it (Msvm_VirtualSystemSettingData.CreationTime); null: the host did not say.</param>
public sealed record Checkpoint(Guid Id, Guid VirtualMachineId, string Name, CheckpointKind Kind, DateTimeOffset? CreatedAt)
{
    /// <summary>The checkpoint it was taken on (Parent); null at the root of the tree.</summary>
    public Guid? ParentId { get; init; }

    /// <summary>Taken by Windows at the VM's start (IsAutomaticSnapshot); null before 1709.</summary>
    public bool? IsAutomatic { get; init; }

    /// <summary>It holds memory of a running VM; null: the host did not say.</summary>
    public bool? HasSavedState { get; init; }

    /// <summary>Image files of the checkpoint's own configuration, joined by its id; null: not read.</summary>
    public ImmutableArray<string>? DiskPaths { get; init; }
}

/// <summary>Who took it (Msvm_VirtualSystemSettingData.VirtualSystemType, v1: SettingType 5).</summary>
public enum CheckpointKind { Unknown, User, Backup, Replica, Planned, Missing }

using HyperVDash.Model.Units;

namespace HyperVDash.Model.Disks;

/// <summary>A virtual disk file (Msvm_VirtualHardDiskSettingData and …State; v1 Msvm_VirtualHardDiskInfo), an ISO or a floppy image.</summary>
/// <param name="Path">As VMs name it; compare without case.</param>
public sealed record VirtualDisk(string Path)
{
    public VirtualDiskFormat Format { get; init; }

    public VirtualDiskType Type { get; init; }

    /// <summary>What the guest sees (MaxInternalSize).</summary>
    public ByteSize? MaximumSize { get; init; }

    /// <summary>What it occupies on the host (FileSize).</summary>
    public ByteSize? FileSize { get; init; }

    /// <summary>Parent of a differencing disk; null if it has none or it was not read.</summary>
    public string? ParentPath { get; init; }

    public int? LogicalSectorSize { get; init; }

    public int? PhysicalSectorSize { get; init; }

    public long? BlockSize { get; init; }

    /// <summary>VirtualDiskId; null on v1 and 2012.</summary>
    public Guid? DiskId { get; init; }

    /// <summary>v1 InUse: mounted in the host, or on 2008 used by a VM. Null on v2, where it is reserved.</summary>
    public bool? IsInUse { get; init; }

    /// <summary>False: the host says the file is not there. Null: it could not be asked.</summary>
    public bool? Exists { get; init; }

    /// <summary>Why its header could not be read: the method's return value or job error, e.g. 0xC03A000E; null if it was read.</summary>
    public long? ErrorCode { get; init; }

    /// <summary>A sentence to <see cref="ErrorCode"/>.</summary>
    public string? Error { get; init; }

    /// <summary>Result of ValidateVirtualHardDisk: 0 well, else the code; null: not asked.</summary>
    public long? ValidationCode { get; init; }

    /// <summary><see cref="ErrorCode"/> in one word; None: the header was read. Null: it was not asked for yet.</summary>
    public DiskFault? Fault { get; init; }

    /// <summary><see cref="ValidationCode"/> in one word; None: the chain of parents is whole. Null: not asked.</summary>
    public DiskFault? ChainFault { get; init; }

    /// <summary>The chain of parents comes back to this file, or is deeper than 64.</summary>
    public bool IsChainLooping { get; init; }

    /// <summary>Last write (CIM_DataFile.LastModified); null for UNC paths and where files could not be listed.</summary>
    public DateTimeOffset? ModifiedAt { get; init; }

    /// <summary>False if the file is read-only (CIM_DataFile.Writeable).</summary>
    public bool? IsWriteable { get; init; }

    /// <summary>CIM_DataFile.Compressed.</summary>
    public bool? IsCompressed { get; init; }

    /// <summary>CIM_DataFile.Encrypted.</summary>
    public bool? IsEncrypted { get; init; }

    /// <summary>When the agent saw it attached first.</summary>
    [AgentMoment]
    public DateTimeOffset? FirstSeenAt { get; init; }

    /// <summary>
    /// Since when the agent has seen this file of a checkpoint (.avhd, .avhdx) under a VM while no checkpoint names it or its parent: it waits for its merge, or was
    /// left behind. Null: a checkpoint stands below it, it is no such file, or the checkpoints are not known. Remembered by the agent.
    /// </summary>
    [AgentMoment]
    public DateTimeOffset? WithoutCheckpointSince { get; init; }

    /// <summary>How much the file grew, as a rate a day over the last hour at least and a day at most; null: it did not, or was not watched for an hour. Remembered by the agent.</summary>
    public ByteSize? GrowthPerDay { get; init; }

    /// <summary>When header and size were read; null: not yet.</summary>
    public DateTimeOffset? ReadAt { get; init; }
}

/// <summary>Msvm_VirtualHardDiskSettingData.Format (2 VHD, 3 VHDX, 4 VHD set); on v1 always VHD. ISO and floppy by the drive they are in.</summary>
public enum VirtualDiskFormat { Unknown, Vhd, Vhdx, VhdSet, Iso, Floppy }

/// <summary>Type: 2 fixed, 3 dynamic, 4 differencing.</summary>
public enum VirtualDiskType { Unknown, Fixed, Dynamic, Differencing }

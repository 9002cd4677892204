using System.Collections.Immutable;
using HyperVDash.Model.Units;

namespace HyperVDash.Model.Volumes;

/// <summary>Content of the section volumes: where VM files can lie, the disks of the host and its SMB connections.</summary>
public sealed record VolumeList
{
    public ImmutableArray<Volume> Items { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Disks of the host (MSFT_Disk; before 2012 Win32_DiskDrive); null: not read.</summary>
    public ImmutableArray<HostDisk>? Disks { get; init; }

    /// <summary>Open SMB connections (MSFT_SmbConnection); null before 2012 or not read.</summary>
    public ImmutableArray<SmbConnection>? SmbConnections { get; init; }
}

/// <summary>A fixed volume of the host (Win32_Volume, DriveType 3). Of a cluster shared volume the cluster section knows better.</summary>
/// <param name="Id">DeviceID, <c>\\?\Volume{GUID}\</c>; compare without case.</param>
public sealed record Volume(string Id)
{
    /// <summary>Mount point, e.g. <c>C:\</c> or <c>C:\ClusterStorage\Volume1\</c>.</summary>
    public string? Path { get; init; }

    public string? Label { get; init; }

    /// <summary>NTFS, ReFS, CSVFS…</summary>
    public string? FileSystem { get; init; }

    public ByteSize? Size { get; init; }

    public ByteSize? Free { get; init; }

    /// <summary>Bytes per allocation unit (BlockSize).</summary>
    public long? AllocationUnit { get; init; }

    /// <summary>True if Windows starts from it (Win32_OperatingSystem.SystemDrive).</summary>
    public bool? IsSystem { get; init; }
}

/// <param name="Number">MSFT_Disk.Number, Win32_DiskDrive.Index.</param>
public sealed record HostDisk(int Number)
{
    /// <summary>False: the host itself uses it. Null on 2008 and 2008 R2 unless drive letters prove it online.</summary>
    public bool? IsOffline { get; init; }

    /// <summary>UniqueId; null before 2012.</summary>
    public string? UniqueId { get; init; }

    public string? SerialNumber { get; init; }

    public string? Name { get; init; }

    public ByteSize? Size { get; init; }

    public int? LogicalSectorSize { get; init; }

    public int? PhysicalSectorSize { get; init; }

    public bool? IsClustered { get; init; }

    public bool? IsSystem { get; init; }
}

/// <param name="Dialect">Major and minor, e.g. <c>3.1.1</c>.</param>
public sealed record SmbConnection(string Server, string Share, string? Dialect)
{
    /// <summary>ContinuouslyAvailable; null where the class does not say.</summary>
    public bool? IsContinuouslyAvailable { get; init; }
}

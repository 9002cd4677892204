using System.Collections.Immutable;

namespace HyperVDash.Lab.Scenarios.Description;

/// <summary>A controller of a VM and what is attached to it.</summary>
/// <param name="Number">0 or 1 for IDE; the order for SCSI.</param>
/// <param name="Id">Only of SCSI controllers; the IDE controllers of all VMs have one well-known id.</param>
public sealed record LabController(LabControllerKind Kind, int Number, Guid Id)
{
    public ImmutableArray<LabDrive> Drives { get; init; } = [];

    public static LabController Ide(int number, params ReadOnlySpan<LabDrive> drives) =>
        new(LabControllerKind.Ide, number, Guid.Empty) { Drives = [.. drives] };

    public static LabController Scsi(int number, Guid id, params ReadOnlySpan<LabDrive> drives) =>
        new(LabControllerKind.Scsi, number, id) { Drives = [.. drives] };
}

/// <summary>The bus.</summary>
public enum LabControllerKind { Ide, Scsi }

/// <summary>A drive and what is in it: an image, a disk of the host, or nothing.</summary>
public sealed record LabDrive(LabDriveKind Kind, int Slot)
{
    /// <summary>Path of a virtual disk or ISO.</summary>
    public string? Image { get; init; }

    /// <summary>Number of the host's disk that is passed through.</summary>
    public int? HostDisk { get; init; }

    /// <summary>Of a virtual disk: what its file tells.</summary>
    public LabDiskFile File { get; init; } = new();

    /// <summary>The host no longer has the disk that is passed through.</summary>
    public bool IsHostDiskGone { get; init; }

    /// <summary>Persistent reservations.</summary>
    public bool IsShared { get; init; }

    /// <summary>Normalised requests a second; 0: no limit.</summary>
    public ulong MaximumIops { get; init; }

    public ulong MinimumIops { get; init; }

    public static LabDrive Disk(int slot, string image) => new(LabDriveKind.Disk, slot) { Image = image };

    public static LabDrive PassThrough(int slot, int hostDisk) => new(LabDriveKind.Disk, slot) { HostDisk = hostDisk };

    public static LabDrive Dvd(int slot, string? image = null) => new(LabDriveKind.Dvd, slot) { Image = image };
}

/// <summary>What kind of bay it is.</summary>
public enum LabDriveKind { Disk, Dvd }

namespace HyperVDash.Model.Devices;

/// <summary>A drive of a VM: a bay at one location of a controller, with or without something in it.</summary>
/// <param name="Id">InstanceID of the drive's settings; compare without case.</param>
/// <param name="Location">Slot on the controller (AddressOnParent; v1 Address), from 0; null: the host did not say.</param>
public sealed record Drive(string Id, Guid VirtualMachineId, string? ControllerId, DriveKind Kind, int? Location)
{
    public ControllerKind ControllerKind { get; init; }

    /// <summary>The controller's number; null if the controller is not known.</summary>
    public int? ControllerNumber { get; init; }

    public DriveContent Content { get; init; }

    /// <summary>Image file (v2 Msvm_StorageAllocationSettingData.HostResource, v1 Connection); null for pass-through and empty drives.</summary>
    public string? Path { get; init; }

    /// <summary>Host disk number of a pass-through disk (Msvm_DiskDrive.DriveNumber); null if it is dangling or none.</summary>
    public int? HostDiskNumber { get; init; }

    /// <summary>Persistent reservations: the disk is shared between VMs (2012 R2+).</summary>
    public bool? IsShared { get; init; }

    /// <summary>True for a pass-through disk whose host disk is not found (reference does not resolve, or number 65535).</summary>
    public bool IsDangling { get; init; }

    /// <summary>IOPSLimit in normalised 8 KB requests a second; 0 is no limit; null before 2012 R2.</summary>
    public long? MaximumIops { get; init; }

    /// <summary>IOPSReservation; null before 2012 R2.</summary>
    public long? MinimumIops { get; init; }
}

public enum DriveKind { Unknown, Disk, Dvd, Floppy }

/// <summary>What is in a drive.</summary>
public enum DriveContent
{
    Unknown,

    /// <summary>VHD, VHDX, VHD set, ISO or VFD; <see cref="Drive.Path"/> names it.</summary>
    Image,

    /// <summary>A disk or optical drive of the host.</summary>
    PassThrough,

    Empty,
}

namespace HyperVDash.Model.Devices;

/// <summary>A storage controller of a VM.</summary>
/// <param name="Id">InstanceID of the controller's settings, which holds its device GUID; compare without case.</param>
/// <param name="Number">IDE 0 or 1 by its address; SCSI by the order in which the host lists them.</param>
public sealed record DriveController(string Id, Guid VirtualMachineId, ControllerKind Kind, int Number)
{
    /// <summary>For people only: a localised default or an edited name.</summary>
    public string? Name { get; init; }
}

public enum ControllerKind { Unknown, Ide, Scsi, FibreChannel, PersistentMemory, Floppy }

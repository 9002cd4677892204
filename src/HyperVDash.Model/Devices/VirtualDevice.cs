namespace HyperVDash.Model.Devices;

/// <summary>A device of a VM that is neither drive, controller nor network adapter.</summary>
/// <param name="Id">InstanceID of its settings; compare without case.</param>
public sealed record VirtualDevice(string Id, Guid VirtualMachineId, VirtualDeviceKind Kind)
{
    /// <summary>COM1 is 1; null for other kinds.</summary>
    public int? Number { get; init; }

    /// <summary>What it leads to: named pipe of a COM port, path of an assigned device; null if nothing.</summary>
    public string? Connection { get; init; }

    /// <summary>False if it is switched off (EnabledState other than 2 while the VM runs); null: the host did not say.</summary>
    public bool? IsEnabled { get; init; }
}

public enum VirtualDeviceKind
{
    Unknown,
    ComPort,

    /// <summary>Emulated S3 graphics.</summary>
    EmulatedVideo,
    SyntheticVideo,

    /// <summary>RemoteFX 3D graphics, removed from Windows.</summary>
    RemoteFxVideo,

    /// <summary>A PCI Express device of the host (discrete device assignment).</summary>
    AssignedDevice,
    GpuPartition,
    FibreChannelPort,
    PersistentMemory,
}

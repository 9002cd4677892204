using System.Collections.Immutable;

namespace HyperVDash.Model.Devices;

/// <summary>Content of the section devices: what is built into the VMs' active configuration (not their checkpoints).</summary>
public sealed record DeviceList
{
    /// <summary>Controllers in the order of VM, kind and number; null: not read.</summary>
    public ImmutableArray<DriveController>? Controllers { get; init; }

    /// <summary>Drives with what is in them; null: not read.</summary>
    public ImmutableArray<Drive>? Drives { get; init; }

    /// <summary>Network adapters with the switch they hang on; null: not read.</summary>
    public ImmutableArray<NetworkAdapter>? NetworkAdapters { get; init; }

    /// <summary>Serial ports, graphics and what is passed through beside disks; null: not read.</summary>
    public ImmutableArray<VirtualDevice>? Others { get; init; }
}

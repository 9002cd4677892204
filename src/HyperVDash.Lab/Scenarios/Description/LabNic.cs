namespace HyperVDash.Lab.Scenarios.Description;

/// <summary>A network adapter of a VM.</summary>
public sealed record LabNic(Guid Id, string Mac)
{
    /// <summary>Null: the localised default.</summary>
    public string? Name { get; init; }

    /// <summary>The emulated kind.</summary>
    public bool IsLegacy { get; init; }

    public bool HasStaticMac { get; init; }

    /// <summary>Null: not connected.</summary>
    public Guid? SwitchId { get; init; }

    /// <summary>The switch is named, but the cable is out.</summary>
    public bool IsUnplugged { get; init; }

    /// <summary>Name of a switch that was deleted under the adapter; hosts know it from 2016 on.</summary>
    public string? LastKnownSwitchName { get; init; }

    /// <summary>0: untagged.</summary>
    public int VlanId { get; init; }

    /// <summary>Anything but an access VLAN; null: <see cref="VlanId"/> says it.</summary>
    public LabVlan? Vlan { get; init; }

    public LabVlan? PortVlan => Vlan ?? (VlanId > 0 ? LabVlan.Access(VlanId) : null);

    public bool AllowsMacSpoofing { get; init; }

    public bool HasDhcpGuard { get; init; }

    public bool HasRouterGuard { get; init; }

    public bool AllowsTeaming { get; init; }

    /// <summary>0 none, 1 destination, 2 source.</summary>
    public uint MonitorMode { get; init; }

    public bool HasSecurityRow => AllowsMacSpoofing || HasDhcpGuard || HasRouterGuard || AllowsTeaming || MonitorMode > 0;

    /// <summary>Null: the feature was never set.</summary>
    public LabBandwidth? Bandwidth { get; init; }

    public uint VmqWeight { get; init; } = 100;

    public uint SrIovWeight { get; init; }

    public bool IsClusterMonitored { get; init; } = true;

    /// <summary>What the guest reports for it while it runs.</summary>
    public string? Address { get; init; }

    /// <summary>The way out of its network, as the guest reports it; null: none.</summary>
    public string? Gateway { get; init; }
}

/// <summary>Bits per second and weight; 0: none.</summary>
public sealed record LabBandwidth(ulong Reservation, ulong Weight, ulong Limit);

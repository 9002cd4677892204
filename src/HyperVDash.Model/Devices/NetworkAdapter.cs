using System.Collections.Immutable;

namespace HyperVDash.Model.Devices;

/// <summary>A network adapter of a VM.</summary>
/// <param name="Id">InstanceID of the adapter's settings; compare without case.</param>
public sealed record NetworkAdapter(string Id, Guid VirtualMachineId, NetworkAdapterKind Kind)
{
    /// <summary>ElementName: a localised default or an edited name.</summary>
    public string? Name { get; init; }

    /// <summary>Twelve hexadecimal digits in upper case; null or all zeros while a dynamic one is not assigned.</summary>
    public string? MacAddress { get; init; }

    public bool? IsStaticMac { get; init; }

    public ConnectionState Connection { get; init; }

    /// <summary>The switch's id (GUID text); null if not connected or not resolved.</summary>
    public string? SwitchId { get; init; }

    /// <summary>The switch's name, or its last known name if the switch is gone.</summary>
    public string? SwitchName { get; init; }

    /// <summary>Resource pool the connection comes from, if it is not the default one; then no single switch is named.</summary>
    public string? PoolId { get; init; }

    public VlanMode Vlan { get; init; }

    /// <summary>Access or native VLAN id; null if untagged or not said.</summary>
    public int? VlanId { get; init; }

    /// <summary>Trunked VLAN ids.</summary>
    public ImmutableArray<int> TrunkVlanIds { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>AllowMacSpoofing; false if no security row exists; null where the release cannot say.</summary>
    public bool? AllowsMacSpoofing { get; init; }

    /// <summary>With VLAN mode private: isolated, community or promiscuous (PvlanMode).</summary>
    public PrivateVlanMode PrivateVlan { get; init; }

    /// <summary>PrimaryVlanId of a private VLAN.</summary>
    public int? PrimaryVlanId { get; init; }

    /// <summary>SecondaryVlanId of a private VLAN.</summary>
    public int? SecondaryVlanId { get; init; }

    /// <summary>EnableDhcpGuard; null where the release cannot say.</summary>
    public bool? HasDhcpGuard { get; init; }

    /// <summary>EnableRouterGuard.</summary>
    public bool? HasRouterGuard { get; init; }

    /// <summary>AllowTeaming in the guest.</summary>
    public bool? AllowsTeaming { get; init; }

    /// <summary>MonitorMode: 0 none, 1 destination, 2 source of port mirroring.</summary>
    public int? MonitorMode { get; init; }

    /// <summary>Guaranteed bits per second (Reservation), 0: none; null: no bandwidth row, or not readable.</summary>
    public long? MinimumBitsPerSecond { get; init; }

    /// <summary>Guaranteed weight, 0: none.</summary>
    public int? BandwidthWeight { get; init; }

    /// <summary>Limit in bits per second, 0: none.</summary>
    public long? MaximumBitsPerSecond { get; init; }

    /// <summary>VMQOffloadWeight; 0 is off.</summary>
    public int? VmqWeight { get; init; }

    /// <summary>IOVOffloadWeight; 0 is off.</summary>
    public int? SrIovWeight { get; init; }

    /// <summary>ClusterMonitored: the cluster moves the VM when the network is lost; null before 2012 R2.</summary>
    public bool? IsClusterMonitored { get; init; }
}

public enum NetworkAdapterKind { Unknown, Synthetic, Legacy }

/// <summary>How an adapter hangs on a switch.</summary>
public enum ConnectionState
{
    Unknown,
    Connected,

    /// <summary>No switch is named.</summary>
    Disconnected,

    /// <summary>A switch is named, but the cable is out (EnabledState 3).</summary>
    Unplugged,

    /// <summary>The named switch does not exist on this host.</summary>
    SwitchMissing,

    /// <summary>Connected through a resource pool.</summary>
    Pooled,
}

/// <summary>Msvm_EthernetSwitchPortVlanSettingData.OperationMode; v1 Msvm_VLANEndpoint.DesiredEndpointMode.</summary>
public enum VlanMode { Unknown, Untagged, Access, Trunk, Private }

/// <summary>Msvm_EthernetSwitchPortVlanSettingData.PvlanMode.</summary>
public enum PrivateVlanMode { Unknown, Isolated, Community, Promiscuous }

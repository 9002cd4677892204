using System.Collections.Immutable;

namespace HyperVDash.Model.Switches;

/// <summary>A virtual switch of one host (Msvm_VirtualEthernetSwitch; v1 Msvm_VirtualSwitch).</summary>
/// <param name="Id">The class's Name: a GUID on every release but not surely written as one, so compare without case.</param>
/// <param name="Name">What people gave it (ElementName); compared exactly between cluster nodes, blanks included.</param>
public sealed record VirtualSwitch(string Id, string Name)
{
    /// <summary>Unknown if its ports could not be read.</summary>
    public SwitchType Type { get; init; }

    /// <summary>A port of the management operating system exists; null: ports not read.</summary>
    public bool? IsSharedWithHost { get; init; }

    /// <summary>Physical adapters it is bound to, team members one by one; null: not read.</summary>
    public ImmutableArray<SwitchUplink>? Uplinks { get; init; }

    /// <summary>SR-IOV asked for (Msvm_VirtualEthernetSwitchSettingData.IOVPreferred); null before 2012.</summary>
    public bool? IsSrIovPreferred { get; init; }

    /// <summary>BandwidthReservationMode; null before 2012.</summary>
    public BandwidthMode? BandwidthMode { get; init; }

    /// <summary>Switch embedded teaming (TeamingEnabled); null before 2016.</summary>
    public bool? IsEmbeddedTeaming { get; init; }

    /// <summary>PacketDirectEnabled; null before 2016.</summary>
    public bool? IsPacketDirect { get; init; }

    /// <summary>Ids of switched-on extensions (Msvm_EthernetSwitchExtension, EnabledState 2); null: not compared.</summary>
    public ImmutableArray<string>? Extensions { get; init; }

    /// <summary>Msvm_VirtualEthernetSwitchSettingData.CreationTime; null on v1.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    public string? Notes { get; init; }

    /// <summary>Extensions in the order the switch runs them, on or off; null: not read.</summary>
    public ImmutableArray<SwitchExtension>? ExtensionList { get; init; }

    /// <summary>TeamingMode of an embedded team (Msvm_VirtualEthernetSwitchNicTeamingSettingData); null if it is none.</summary>
    public int? TeamingMode { get; init; }

    /// <summary>LoadBalancingAlgorithm of an embedded team, as it came: 4 Hyper-V port, 5 dynamic.</summary>
    public int? TeamLoadBalancing { get; init; }

    /// <summary>Queues the hardware has for VMs (Msvm_EthernetSwitchHardwareOffloadData.VmqCapacity).</summary>
    public int? VmqCapacity { get; init; }

    public int? VmqUsage { get; init; }

    /// <summary>IovVfCapacity.</summary>
    public int? SrIovCapacity { get; init; }

    public int? SrIovUsage { get; init; }
}

/// <param name="Id">Extension GUID (Msvm_EthernetSwitchExtension.Name).</param>
/// <param name="Name">Of its vendor; for people.</param>
public sealed record SwitchExtension(string Id, string? Name, bool? IsEnabled);

/// <summary>What a switch reaches: any uplink makes it external, only the host internal, neither private.</summary>
public enum SwitchType { Unknown, External, Internal, Private }

/// <summary>Msvm_VirtualEthernetSwitchSettingData.BandwidthReservationMode.</summary>
public enum BandwidthMode { Unknown, Default, Weight, Absolute, None }

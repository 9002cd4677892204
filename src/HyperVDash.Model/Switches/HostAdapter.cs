using System.Collections.Immutable;
using HyperVDash.Model.Devices;

namespace HyperVDash.Model.Switches;

/// <summary>An adapter of the management operating system on a virtual switch (Msvm_InternalEthernetPort).</summary>
/// <param name="Id">DeviceID of the port; compare without case.</param>
/// <param name="Name">ElementName; often that of the switch.</param>
public sealed record HostAdapter(string Id, string Name)
{
    /// <summary>Id of the switch it hangs on; null if the host did not say.</summary>
    public string? SwitchId { get; init; }

    /// <summary>Interface GUID in the port's id.</summary>
    public Guid? AdapterId { get; init; }

    /// <summary>Twelve hexadecimal digits in upper case.</summary>
    public string? MacAddress { get; init; }

    public VlanMode Vlan { get; init; }

    /// <summary>Access or native VLAN.</summary>
    public int? VlanId { get; init; }

    public ImmutableArray<int> TrunkVlanIds { get; init => field = value.IsDefault ? [] : value; } = [];

    public PrivateVlanMode PrivateVlan { get; init; }

    public int? PrimaryVlanId { get; init; }

    public int? SecondaryVlanId { get; init; }
}

using HyperVDash.Model.PhysicalNetwork;

namespace HyperVDash.Model.Switches;

/// <summary>A physical adapter under a virtual switch (Msvm_ExternalEthernetPort, Msvm_WiFiPort), or one member of a team under it.</summary>
public sealed record SwitchUplink
{
    /// <summary>Interface GUID, the key into <see cref="PhysicalAdapterList"/>; null if the port's id holds none.</summary>
    public Guid? AdapterId { get; init; }

    /// <summary>Adapter description as the port gives it.</summary>
    public string? Description { get; init; }

    public string? MacAddress { get; init; }

    /// <summary>WiFi if the port is an Msvm_WiFiPort; otherwise Unknown until the physical adapter tells.</summary>
    public NetworkMedium Medium { get; init; }

    /// <summary>Bits per second (Msvm_ExternalEthernetPort.Speed).</summary>
    public long? BitsPerSecond { get; init; }
}

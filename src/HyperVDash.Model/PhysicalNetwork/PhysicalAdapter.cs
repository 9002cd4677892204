namespace HyperVDash.Model.PhysicalNetwork;

/// <summary>A physical network adapter of a host (MSFT_NetAdapter; before 2012 Win32_NetworkAdapter).</summary>
public sealed record PhysicalAdapter
{
    /// <summary>MSFT_NetAdapter.InterfaceGuid, Win32_NetworkAdapter.GUID.</summary>
    public Guid? Id { get; init; }

    /// <summary>Connection name, e.g. <c>Ethernet 2</c>; localised default, editable.</summary>
    public string? Name { get; init; }

    /// <summary>Device description (InterfaceDescription).</summary>
    public string? Description { get; init; }

    public NetworkMedium Medium { get; init; }

    /// <summary>The raw medium numbers the word rests on, e.g. <c>physical 9, medium 0</c>; null if the host sent none.</summary>
    public string? MediumCode { get; init; }

    /// <summary>Link is up (MediaConnectState 1); null: the host did not say.</summary>
    public bool? IsConnected { get; init; }

    /// <summary>False if it is switched off (MSFT_NetAdapter.State 3).</summary>
    public bool? IsEnabled { get; init; }

    /// <summary>Bits per second (MSFT_NetAdapter.Speed).</summary>
    public long? BitsPerSecond { get; init; }

    /// <summary>Twelve hexadecimal digits in upper case, no separators.</summary>
    public string? MacAddress { get; init; }

    public string? DriverVersion { get; init; }

    /// <summary>The LBFO team it belongs to, by name; null if none or not known.</summary>
    public string? Team { get; init; }
}

/// <summary>What a physical adapter sends over; the physical medium decides before the NDIS medium.</summary>
public enum NetworkMedium { Unknown, Ethernet, WiFi, Mobile, WiMax, InfiniBand, Bluetooth, FibreChannel, Firewire, Other }

/// <summary>An LBFO team.</summary>
public sealed record NetworkTeam(string Name)
{
    /// <summary>Connection names of the member adapters.</summary>
    public System.Collections.Immutable.ImmutableArray<string> Members { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Descriptions of the team's own adapters, which a switch may be bound to.</summary>
    public System.Collections.Immutable.ImmutableArray<string> Adapters { get; init => field = value.IsDefault ? [] : value; } = [];
}

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

    /// <summary>MSFT_NetAdapter.DriverProvider.</summary>
    public string? DriverProvider { get; init; }

    /// <summary>Hardware id of the driver (ComponentID), e.g. <c>COMPOSITEBUS\ms_implat_mp</c> for a team's own adapter.</summary>
    public string? ComponentId { get; init; }

    /// <summary>VLAN set at the adapter itself (MSFT_NetAdapter.VlanID); 0: none.</summary>
    public int? VlanId { get; init; }

    /// <summary>MSFT_NetAdapter.MtuSize.</summary>
    public int? Mtu { get; init; }

    /// <summary>Advanced property <c>*JumboPacket</c> in bytes, found by keyword; null if the driver has none.</summary>
    public int? JumboPacket { get; init; }

    /// <summary>MSFT_NetAdapterVmqSettingData; null before 2012 or if the driver has none.</summary>
    public QueueSettings? Vmq { get; init; }

    /// <summary>MSFT_NetAdapterRssSettingData; null before 2012 or if the driver has none.</summary>
    public QueueSettings? Rss { get; init; }

    /// <summary>InterfaceOperationalStatus is 1; null: the host did not say.</summary>
    public bool? IsUp { get; init; }
}

/// <summary>Which processors serve the queues of an adapter.</summary>
public sealed record QueueSettings
{
    public bool? IsEnabled { get; init; }

    /// <summary>NumberOfReceiveQueues.</summary>
    public int? Queues { get; init; }

    /// <summary>BaseProcessorNumber.</summary>
    public int? BaseProcessor { get; init; }

    /// <summary>MaxProcessors.</summary>
    public int? MaximumProcessors { get; init; }
}

/// <summary>IP settings of an interface, physical or the host's own on a switch (Win32_NetworkAdapterConfiguration).</summary>
/// <param name="AdapterId">SettingID, the interface GUID.</param>
public sealed record IpConfiguration(Guid AdapterId)
{
    public System.Collections.Immutable.ImmutableArray<string> Addresses { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>IPSubnet, one for each address: a mask for IPv4, a prefix length for IPv6.</summary>
    public System.Collections.Immutable.ImmutableArray<string> Subnets { get; init => field = value.IsDefault ? [] : value; } = [];

    public System.Collections.Immutable.ImmutableArray<string> Gateways { get; init => field = value.IsDefault ? [] : value; } = [];

    public System.Collections.Immutable.ImmutableArray<string> DnsServers { get; init => field = value.IsDefault ? [] : value; } = [];

    public bool? IsDhcp { get; init; }

    /// <summary>FullDNSRegistrationEnabled.</summary>
    public bool? RegistersInDns { get; init; }

    /// <summary>MSFT_NetIPInterface.NlMtu of IPv4; null before 2012.</summary>
    public long? Mtu { get; init; }

    /// <summary>MSFT_NetIPInterface.Forwarding of IPv4 is 1; null before 2012.</summary>
    public bool? IsForwarding { get; init; }
}

/// <summary>What a physical adapter sends over; the physical medium decides before the NDIS medium.</summary>
public enum NetworkMedium { Unknown, Ethernet, WiFi, Mobile, WiMax, InfiniBand, Bluetooth, FibreChannel, Firewire, Other }

/// <summary>An LBFO team.</summary>
public sealed record NetworkTeam(string Name)
{
    /// <summary>Connection names of the member adapters.</summary>
    public System.Collections.Immutable.ImmutableArray<string> Members { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>TeamingMode: 0 static, 1 switch-independent, 2 LACP.</summary>
    public int? Mode { get; init; }

    /// <summary>LoadBalancingAlgorithm: 0 ports, 2 IP, 3 MAC, 4 Hyper-V port, 5 dynamic.</summary>
    public int? LoadBalancing { get; init; }

    /// <summary>Team interfaces (MSFT_NetLbfoTeamNic), one by default; null: not read.</summary>
    public System.Collections.Immutable.ImmutableArray<TeamInterface>? Interfaces { get; init; }

    /// <summary>Descriptions of the team's own adapters, which a switch may be bound to.</summary>
    public System.Collections.Immutable.ImmutableArray<string> Adapters { get; init => field = value.IsDefault ? [] : value; } = [];
}

/// <summary>One interface of an LBFO team (MSFT_NetLbfoTeamNic).</summary>
/// <param name="IsDefault">Default mode: all VLANs of the team.</param>
public sealed record TeamInterface(string Name, bool? IsDefault, int? VlanId);

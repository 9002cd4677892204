using System.Collections.Immutable;

namespace HyperVDash.Lab.Scenarios.Description;

/// <summary>A virtual switch of a host.</summary>
public sealed record LabSwitch(Guid Id, string Name)
{
    /// <summary>Physical adapters under it; several make a team. Empty: internal or private.</summary>
    public ImmutableArray<Guid> Uplinks { get; init; } = [];

    /// <summary>The management operating system has an adapter on it.</summary>
    public bool IsSharedWithHost { get; init; }

    /// <summary>VLAN of the host's own adapter on it.</summary>
    public LabVlan? HostVlan { get; init; }

    /// <summary>MTU of the host's adapters on it.</summary>
    public uint HostMtu { get; init; } = 1500;

    /// <summary>More adapters of the host, beside the one that bears the switch's name.</summary>
    public ImmutableArray<LabHostAdapter> HostAdapters { get; init; } = [];

    public bool PrefersIov { get; init; }

    /// <summary>0 default, 1 weight, 2 absolute, 3 none.</summary>
    public uint BandwidthMode { get; init; } = 1;

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Null: the two that Windows brings.</summary>
    public ImmutableArray<string>? Extensions { get; init; }

    /// <summary>Extensions of <see cref="Extensions"/> that are switched off.</summary>
    public ImmutableArray<string> ExtensionsOff { get; init; } = [];

    /// <summary>Load balancing of an embedded team: 4 Hyper-V port, 5 dynamic.</summary>
    public uint TeamLoadBalancing { get; init; } = 5;
}

/// <summary>An adapter of the management operating system on a switch.</summary>
public sealed record LabHostAdapter(string Name, LabVlan? Vlan = null);

/// <summary>A physical network adapter of a host.</summary>
public sealed record LabPhysicalNic(Guid Id, string Name, string Description, string Mac)
{
    /// <summary>NdisMedium; Wi-Fi drivers often claim 0, Ethernet.</summary>
    public uint Medium { get; init; }

    /// <summary>NdisPhysicalMedium: 14 Ethernet, 9 Wi-Fi, 8 mobile.</summary>
    public uint PhysicalMedium { get; init; } = 14;

    public ulong Speed { get; init; } = 10_000_000_000;

    public bool IsConnected { get; init; } = true;

    public string DriverProvider { get; init; } = "Contoso";

    public string DriverVersion { get; init; } = "4.1.254.0";

    /// <summary>VLAN set at the adapter itself; 0: none.</summary>
    public int VlanId { get; init; }

    public uint Mtu { get; init; } = 1500;

    /// <summary>Null: the driver has no such property.</summary>
    public int? JumboPacket { get; init; } = 1514;

    /// <summary>It has the way out of the network and registers in DNS; null: the first of the host's interfaces.</summary>
    public bool? IsWayOut { get; init; }

    /// <summary>Passes packets on to another interface.</summary>
    public bool IsForwarding { get; init; }

    /// <summary>Queues for VMs although it is slower than 10 Gb/s.</summary>
    public bool HasSlowQueues { get; init; }

    /// <summary>Adapters of 10 Gb/s and more have them switched on.</summary>
    public bool HasQueues => HasSlowQueues || Speed >= 10_000_000_000;

    public bool IsVmqEnabled { get; init; } = true;

    public bool IsRssEnabled { get; init; } = true;
}

/// <summary>An LBFO team; its own adapter is what a switch is bound to.</summary>
/// <param name="Members">Connection names.</param>
public sealed record LabTeam(string Name, LabPhysicalNic Adapter, ImmutableArray<string> Members)
{
    /// <summary>0 static, 1 switch-independent, 2 LACP.</summary>
    public uint Mode { get; init; } = 1;

    /// <summary>0 ports, 2 IP, 3 MAC, 4 Hyper-V port, 5 dynamic.</summary>
    public uint LoadBalancing { get; init; } = 4;

    /// <summary>VLANs with an interface of their own, beside the one that a switch is bound to.</summary>
    public ImmutableArray<int> VlanInterfaces { get; init; } = [];
}

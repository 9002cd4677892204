using System.Collections.Immutable;

namespace HyperVDash.Lab.Scenarios.Description;

/// <summary>A virtual switch of a host.</summary>
public sealed record LabSwitch(Guid Id, string Name)
{
    /// <summary>Physical adapters under it; several make a team. Empty: internal or private.</summary>
    public ImmutableArray<Guid> Uplinks { get; init; } = [];

    /// <summary>The management operating system has an adapter on it.</summary>
    public bool IsSharedWithHost { get; init; }

    public bool PrefersIov { get; init; }

    /// <summary>0 default, 1 weight, 2 absolute, 3 none.</summary>
    public uint BandwidthMode { get; init; } = 1;

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Null: the two that Windows brings.</summary>
    public ImmutableArray<string>? Extensions { get; init; }
}

/// <summary>A physical network adapter of a host.</summary>
public sealed record LabPhysicalNic(Guid Id, string Name, string Description, string Mac)
{
    /// <summary>NdisMedium; Wi-Fi drivers often claim 0, Ethernet.</summary>
    public uint Medium { get; init; }

    /// <summary>NdisPhysicalMedium: 14 Ethernet, 9 Wi-Fi, 8 mobile.</summary>
    public uint PhysicalMedium { get; init; } = 14;

    public ulong Speed { get; init; } = 10_000_000_000;

    public bool IsConnected { get; init; } = true;
}

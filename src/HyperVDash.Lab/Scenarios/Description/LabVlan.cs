using System.Collections.Immutable;

namespace HyperVDash.Lab.Scenarios.Description;

/// <summary>The VLAN setting of a port.</summary>
/// <param name="Mode">1 access, 2 trunk, 3 private.</param>
/// <param name="Id">Access or native VLAN; 0 with a private one.</param>
public sealed record LabVlan(uint Mode, int Id)
{
    public ImmutableArray<int> Trunk { get; init; } = [];

    /// <summary>1 isolated, 2 community, 3 promiscuous.</summary>
    public uint PrivateMode { get; init; }

    public int Primary { get; init; }

    public int Secondary { get; init; }

    public static LabVlan Access(int id) => new(1, id);

    public static LabVlan Trunked(int native, params ImmutableArray<int> ids) => new(2, native) { Trunk = ids };

    public static LabVlan Private(uint mode, int primary, int secondary) => new(3, 0) { PrivateMode = mode, Primary = primary, Secondary = secondary };
}

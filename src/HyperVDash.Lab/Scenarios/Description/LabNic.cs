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

    /// <summary>Name of a switch that was deleted under the adapter; hosts know it from 2016 on.</summary>
    public string? LastKnownSwitchName { get; init; }

    /// <summary>0: untagged.</summary>
    public int VlanId { get; init; }

    public bool AllowsMacSpoofing { get; init; }

    /// <summary>What the guest reports for it while it runs.</summary>
    public string? Address { get; init; }
}

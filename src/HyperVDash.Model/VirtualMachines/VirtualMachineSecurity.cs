namespace HyperVDash.Model.VirtualMachines;

/// <summary>Msvm_SecuritySettingData of a VM (2016 and later).</summary>
public sealed record VirtualMachineSecurity
{
    /// <summary>TpmEnabled.</summary>
    public bool? HasTpm { get; init; }

    /// <summary>ShieldingRequested.</summary>
    public bool? IsShielded { get; init; }

    /// <summary>EncryptStateAndVmMigrationTraffic.</summary>
    public bool? EncryptsState { get; init; }

    /// <summary>VirtualizationBasedSecurityOptOut.</summary>
    public bool? OptsOutOfVirtualizationBasedSecurity { get; init; }
}

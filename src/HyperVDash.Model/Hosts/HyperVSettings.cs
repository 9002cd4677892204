using HyperVDash.Model.Units;

namespace HyperVDash.Model.Hosts;

/// <summary>
/// Content of the section hyperVSettings: the settings of the role itself (Msvm_VirtualSystemManagementServiceSettingData; on 2008 the registry
/// key <c>Virtualization</c> for the MAC range).
/// </summary>
public sealed record HyperVSettings
{
    /// <summary>DefaultExternalDataRoot: where new VMs keep their configuration.</summary>
    public string? DefaultVirtualMachinePath { get; init; }

    /// <summary>DefaultVirtualHardDiskPath.</summary>
    public string? DefaultVirtualDiskPath { get; init; }

    /// <summary>MinimumMacAddress: twelve hexadecimal digits in upper case; first address the host gives to dynamic adapters.</summary>
    public string? MinimumMacAddress { get; init; }

    /// <summary>MaximumMacAddress, inclusive.</summary>
    public string? MaximumMacAddress { get; init; }

    /// <summary>NumaSpanningEnabled; null before 2008 R2 SP1, where the value means nothing.</summary>
    public bool? IsNumaSpanning { get; init; }

    /// <summary>EnhancedSessionModeEnabled; null before 2012 R2.</summary>
    public bool? IsEnhancedSession { get; init; }

    /// <summary>Partitions the hypervisor runs, the host's own included (Win32_PerfRawData_HvStats_HyperVHypervisor.Partitions); 0: the class has no instance.</summary>
    public int? Partitions { get; init; }

    /// <summary>
    /// Version of the integration services that the host offers to guests (registry GuestInstaller\Version, else file version of vmms.exe); null from 2016 on
    /// or if neither is there.
    /// </summary>
    public string? OfferedIntegrationServices { get; init; }

    /// <summary>Where <see cref="OfferedIntegrationServices"/> came from.</summary>
    public string? OfferedIntegrationServicesSource { get; init; }

    /// <summary>Credential Guard runs (Win32_DeviceGuard.SecurityServicesRunning contains 1); null before 2016.</summary>
    public bool? IsCredentialGuardRunning { get; init; }
}

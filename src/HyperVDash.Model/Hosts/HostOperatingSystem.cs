using System.Collections.Immutable;

namespace HyperVDash.Model.Hosts;

/// <summary>Content of the section operatingSystem: which Windows and which Hyper-V build the host runs.</summary>
public sealed record HostOperatingSystem
{
    /// <summary>For people only: it is localised (Win32_OperatingSystem.Caption).</summary>
    public string? Caption { get; init; }

    /// <summary>Win32_OperatingSystem.Version, e.g. <c>10.0.20348</c>.</summary>
    public string? Version { get; init; }

    /// <summary>Win32_OperatingSystem.BuildNumber.</summary>
    public int? Build { get; init; }

    /// <summary>Update revision: registry UBR (a number after the build); null before 2012 R2.</summary>
    public int? UpdateRevision { get; init; }

    /// <summary>Registry BuildLabEx, e.g. <c>6001.16659.amd64fre.winmain.070916-1443</c>: tells pre-release builds apart.</summary>
    public string? BuildLab { get; init; }

    /// <summary>Win32_OperatingSystem.ProductType.</summary>
    public ProductType? ProductType { get; init; }

    /// <summary>Win32_OperatingSystem.OperatingSystemSKU.</summary>
    public int? Sku { get; init; }

    /// <summary>Win32_OperatingSystem.ServicePackMajorVersion.</summary>
    public int? ServicePack { get; init; }

    /// <summary>Registry EditionID, e.g. <c>ServerDatacenter</c>.</summary>
    public string? Edition { get; init; }

    /// <summary>Registry InstallationType, e.g. <c>Server Core</c>.</summary>
    public string? InstallationType { get; init; }

    /// <summary>Win32_OperatingSystem.InstallDate.</summary>
    public DateTimeOffset? InstalledAt { get; init; }

    /// <summary>Win32_OperatingSystem.LastBootUpTime.</summary>
    public DateTimeOffset? BootedAt { get; init; }

    /// <summary>File version of vmms.exe (CIM_DataFile.Version); null if the file was not found or not readable.</summary>
    public string? HyperVVersion { get; init; }

    /// <summary>File date of vmms.exe (CIM_DataFile.CreationDate): when the present Hyper-V build was put on the host.</summary>
    public DateTimeOffset? HyperVInstalledAt { get; init; }

    /// <summary>When the role was added: creation of <c>data.vmcx</c> or <c>InitialStore.xml</c> (CIM_DataFile.CreationDate).</summary>
    public DateTimeOffset? RoleAddedAt { get; init; }

    /// <summary>
    /// Ids of installed updates (Win32_QuickFixEngineering.HotFixID). Asked on build 6001 only; null elsewhere or if it could not be read.
    /// </summary>
    public ImmutableArray<string>? Hotfixes { get; init; }

    /// <summary>Which Hyper-V namespace the agent reads: 1 for <c>root\virtualization</c>, 2 for <c>root\virtualization\v2</c>; null: neither answered.</summary>
    public int? NamespaceVersion { get; init; }

    /// <summary>Win32_OperatingSystem.SystemDrive, e.g. <c>C:</c>.</summary>
    public string? SystemDrive { get; init; }

    /// <summary>Registry ComputerName\ComputerName as it is spelled; null if it could not be read.</summary>
    public string? RegistryComputerName { get; init; }
}

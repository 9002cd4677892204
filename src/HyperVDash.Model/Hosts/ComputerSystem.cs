using HyperVDash.Model.Units;

namespace HyperVDash.Model.Hosts;

/// <summary>Content of the section computerSystem: the machine and its place in a domain.</summary>
public sealed record ComputerSystem
{
    /// <summary>Win32_ComputerSystem.Name, else the name of the Msvm_ComputerSystem host row.</summary>
    public string? NetBiosName { get; init; }

    /// <summary>Win32_ComputerSystemProduct.UUID; null also where the maker left it all zeros or all F.</summary>
    public Guid? MachineId { get; init; }

    /// <summary>Domain or workgroup (Win32_ComputerSystem.Domain).</summary>
    public string? Domain { get; init; }

    /// <summary>Win32_ComputerSystem.PartOfDomain.</summary>
    public bool? IsDomainMember { get; init; }

    /// <summary>Win32_ComputerSystem.DomainRole.</summary>
    public DomainRole? DomainRole { get; init; }

    public string? Manufacturer { get; init; }

    public string? ProductModel { get; init; }

    /// <summary>Win32_ComputerSystem.TotalPhysicalMemory.</summary>
    public ByteSize? Memory { get; init; }

    /// <summary>Win32_ComputerSystem.NumberOfLogicalProcessors.</summary>
    public int? LogicalProcessors { get; init; }

    /// <summary>Win32_ComputerSystem.HypervisorPresent; null before 2012.</summary>
    public bool? IsHypervisorPresent { get; init; }
}

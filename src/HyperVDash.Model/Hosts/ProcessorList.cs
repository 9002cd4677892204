using System.Collections.Immutable;

namespace HyperVDash.Model.Hosts;

/// <summary>Content of the section processors: the sockets of the host.</summary>
public sealed record ProcessorList
{
    public ImmutableArray<HostProcessor> Items { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Win32_OperatingSystem.DataExecutionPrevention_Available.</summary>
    public bool? HasDataExecutionPrevention { get; init; }
}

/// <summary>One processor package (Win32_Processor).</summary>
/// <param name="Socket">Win32_Processor.DeviceID, e.g. <c>CPU0</c>.</param>
public sealed record HostProcessor(string Socket)
{
    /// <summary>Marketing name; for people.</summary>
    public string? Name { get; init; }

    /// <summary>Manufacturer: <c>GenuineIntel</c>, <c>AuthenticAMD</c>; not localised.</summary>
    public string? Manufacturer { get; init; }

    /// <summary>The number after <c>Family</c> in Caption, e.g. 6; null if the text has none.</summary>
    public int? Family { get; init; }

    /// <summary>The number after <c>Model</c> in Caption.</summary>
    public int? Model { get; init; }

    /// <summary>The number after <c>Stepping</c> in Caption.</summary>
    public int? Stepping { get; init; }

    public int? Cores { get; init; }

    public int? LogicalProcessors { get; init; }

    /// <summary>MaxClockSpeed.</summary>
    public int? MegaHertz { get; init; }

    /// <summary>VMMonitorModeExtensions; null before 2012.</summary>
    public bool? HasVirtualization { get; init; }

    /// <summary>SecondLevelAddressTranslationExtensions; null before 2012.</summary>
    public bool? HasSecondLevelTranslation { get; init; }

    /// <summary>VirtualizationFirmwareEnabled; reads false once a hypervisor runs, so it is evidence only.</summary>
    public bool? IsFirmwareVirtualizationOn { get; init; }
}

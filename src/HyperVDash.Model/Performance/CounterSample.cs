using System.Collections.Immutable;
using HyperVDash.Model.Units;

namespace HyperVDash.Model.Performance;

/// <summary>Content of the section counters: rates from the host's performance classes (Win32_PerfFormattedData_*), outside the inventory's revision.</summary>
public sealed record CounterSample
{
    public HostCounters Host { get; init => field = value ?? new(); } = new();

    /// <summary>Null: the class is not there on this release.</summary>
    public ImmutableArray<VirtualMachineCounters>? VirtualMachines { get; init; }

    /// <summary>How each cluster shared volume is for this node (CsvFsPerfProvider_ClusterCSVFileSystem); null: the class is not there, as outside a cluster and before 2012.</summary>
    public ImmutableArray<SharedVolumeActivity>? SharedVolumes { get; init; }
}

/// <summary>A cluster shared volume as the file system of one node has it.</summary>
/// <param name="Name">What the counters call it: the folder under ClusterStorage, its label or its id.</param>
public sealed record SharedVolumeActivity(string Name, SharedVolumeIo Io)
{
    /// <summary>When the agent first saw that it fails or holds back reads and writes; null: it did so when the agent began to look, or lets them through.</summary>
    public DateTimeOffset? SeenAt { get; init; }
}

/// <summary>CsvFsPerfProvider_ClusterCSVFileSystem.VolumeState: 0 fails all reads and writes, 1 to 3 hold them back, 4 lets them through, directly or redirected.</summary>
public enum SharedVolumeIo { Unknown, Failing, Paused, Active }

/// <summary>The host as a whole.</summary>
public sealed record HostCounters
{
    /// <summary>Busy time of all logical processors, 0 to 100 (HvStats_HyperVHypervisorLogicalProcessor, <c>_Total</c>, PercentTotalRunTime).</summary>
    public int? ProcessorPercent { get; init; }

    /// <summary>Win32_OperatingSystem.FreePhysicalMemory.</summary>
    public ByteSize? FreeMemory { get; init; }

    /// <summary>Bytes per second of all virtual switches, both directions (NvspSwitchStats_HyperVVirtualSwitch.BytesPersec).</summary>
    public long? NetworkBytesPerSecond { get; init; }

    /// <summary>Reads and writes of all virtual disks, bytes per second.</summary>
    public long? DiskBytesPerSecond { get; init; }
}

/// <summary>One VM's rates. VMs are matched by name, so those whose name another VM of the host has are left out.</summary>
public sealed record VirtualMachineCounters(Guid VirtualMachineId)
{
    /// <summary>Percent of its own virtual processors.</summary>
    public int? ProcessorPercent { get; init; }

    public long? NetworkBytesPerSecond { get; init; }

    public long? DiskBytesPerSecond { get; init; }

    /// <summary>Read and write operations per second; null where the class has no such column.</summary>
    public long? DiskOperationsPerSecond { get; init; }

    /// <summary>Dynamic memory pressure in percent (BalancerStats_HyperVDynamicMemoryVM.AveragePressure).</summary>
    public int? MemoryPressurePercent { get; init; }
}

namespace HyperVDash.Web.Fleet.History;

/// <summary>What the last hour is kept of.</summary>
public enum CounterMeasure
{
    /// <summary>Percent.</summary>
    Processor,

    /// <summary>Bytes; of hosts only.</summary>
    FreeMemory,

    /// <summary>Bytes per second, both directions.</summary>
    Network,

    /// <summary>Bytes per second, reads and writes.</summary>
    Disk,

    /// <summary>Operations per second.</summary>
    DiskOperations,

    /// <summary>Percent of what the guest wants.</summary>
    MemoryPressure,
}

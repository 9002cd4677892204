namespace HyperVDash.Model.Fleet;

/// <summary>How often a section is read; the intervals are settings of the agent.</summary>
public enum Lane
{
    Unknown,

    /// <summary>VM list, states, memory and processor load: every 5 s.</summary>
    State,

    /// <summary>Virtual switches, services, cluster nodes and groups: every 30 s.</summary>
    Switches,

    /// <summary>Settings, devices, checkpoints: when a VM's change token moves, else every 5 min.</summary>
    Topology,

    /// <summary>What guests tell: every 60 s.</summary>
    Guest,

    /// <summary>Operating system, roles, locale, physical network: every 10 min.</summary>
    Host,

    /// <summary>Virtual disk files and event logs: every hour.</summary>
    Disks,

    /// <summary>Licence and installed updates: once a day.</summary>
    Daily,

    /// <summary>Performance classes: every 15 s.</summary>
    Counters,
}

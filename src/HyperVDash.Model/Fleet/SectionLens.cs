using System.Collections.Frozen;
using System.Collections.Immutable;

namespace HyperVDash.Model.Fleet;

/// <summary>A section of a reading by name: how to get it and how to put another in its place. The one list of all sections.</summary>
/// <param name="Name">JSON name, also in URLs and sentences.</param>
public sealed record SectionLens(string Name, Lane Lane, Func<HostReading, Section> Get, Func<HostReading, Section, HostReading> Set)
{
    public static ImmutableArray<SectionLens> All { get; } =
    [
        Of("computerSystem", Lane.Host, r => r.ComputerSystem, (r, s) => r with { ComputerSystem = s }),
        Of("operatingSystem", Lane.Host, r => r.OperatingSystem, (r, s) => r with { OperatingSystem = s }),
        Of("locale", Lane.Host, r => r.Locale, (r, s) => r with { Locale = s }),
        Of("roles", Lane.Host, r => r.Roles, (r, s) => r with { Roles = s }),
        Of("services", Lane.Switches, r => r.Services, (r, s) => r with { Services = s }),
        Of("physicalNetwork", Lane.Host, r => r.PhysicalNetwork, (r, s) => r with { PhysicalNetwork = s }),
        Of("switches", Lane.Switches, r => r.Switches, (r, s) => r with { Switches = s }),
        Of("virtualMachines", Lane.State, r => r.VirtualMachines, (r, s) => r with { VirtualMachines = s }),
        Of("devices", Lane.Topology, r => r.Devices, (r, s) => r with { Devices = s }),
        Of("guests", Lane.Guest, r => r.Guests, (r, s) => r with { Guests = s }),
        Of("checkpoints", Lane.Topology, r => r.Checkpoints, (r, s) => r with { Checkpoints = s }),
        Of("cluster", Lane.Switches, r => r.Cluster, (r, s) => r with { Cluster = s }),
        Of("hyperVSettings", Lane.Host, r => r.HyperVSettings, (r, s) => r with { HyperVSettings = s }),
        Of("processors", Lane.Host, r => r.Processors, (r, s) => r with { Processors = s }),
        Of("numa", Lane.Host, r => r.Numa, (r, s) => r with { Numa = s }),
        Of("volumes", Lane.Host, r => r.Volumes, (r, s) => r with { Volumes = s }),
        Of("virtualDisks", Lane.Disks, r => r.VirtualDisks, (r, s) => r with { VirtualDisks = s }),
        Of("jobs", Lane.Switches, r => r.Jobs, (r, s) => r with { Jobs = s }),
        Of("liveMigration", Lane.Host, r => r.LiveMigration, (r, s) => r with { LiveMigration = s }),
        Of("replicaServer", Lane.Host, r => r.ReplicaServer, (r, s) => r with { ReplicaServer = s }),
        Of("clock", Lane.Host, r => r.Clock, (r, s) => r with { Clock = s }),
        Of("pendingRestart", Lane.Host, r => r.PendingRestart, (r, s) => r with { PendingRestart = s }),
        Of("updates", Lane.Daily, r => r.Updates, (r, s) => r with { Updates = s }),
        Of("licence", Lane.Daily, r => r.Licence, (r, s) => r with { Licence = s }),
        Of("eventLog", Lane.Disks, r => r.EventLog, (r, s) => r with { EventLog = s }),
        Of("loadBalancing", Lane.Switches, r => r.LoadBalancing, (r, s) => r with { LoadBalancing = s }),
        Of("printServer", Lane.Host, r => r.PrintServer, (r, s) => r with { PrintServer = s }),
        Of("dns", Lane.Host, r => r.Dns, (r, s) => r with { Dns = s }),
        Of("performance", Lane.State, r => r.Performance, (r, s) => r with { Performance = s }),
        Of("counters", Lane.Counters, r => r.Counters, (r, s) => r with { Counters = s }),
    ];

    private static readonly FrozenDictionary<string, SectionLens> ByName = All.ToFrozenDictionary(l => l.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>True for fast numbers, which have a revision and an event of their own and do not move the host's.</summary>
    public bool IsFast => Name is "performance" or "counters";

    /// <summary>Null for a name this version does not know, e.g. from a newer agent.</summary>
    public static SectionLens? Find(string name) => ByName.GetValueOrDefault(name);

    private static SectionLens Of<T>(string name, Lane lane, Func<HostReading, Section<T>> get, Func<HostReading, Section<T>, HostReading> set) where T : class =>
        new(name, lane, get, (reading, section) => set(reading, (Section<T>)section));
}

using HyperVDash.Model.Fleet;

namespace HyperVDash.Web.Fleet;

/// <summary>Puts what an agent's event carries into the reading known so far.</summary>
internal static class SectionMerge
{
    public static HostReading Take(HostReading to, HostReading from, string name) => name switch
    {
        "computerSystem" => to with { ComputerSystem = from.ComputerSystem },
        "operatingSystem" => to with { OperatingSystem = from.OperatingSystem },
        "locale" => to with { Locale = from.Locale },
        "roles" => to with { Roles = from.Roles },
        "services" => to with { Services = from.Services },
        "physicalNetwork" => to with { PhysicalNetwork = from.PhysicalNetwork },
        "switches" => to with { Switches = from.Switches },
        "virtualMachines" => to with { VirtualMachines = from.VirtualMachines },
        "devices" => to with { Devices = from.Devices },
        "guests" => to with { Guests = from.Guests },
        "checkpoints" => to with { Checkpoints = from.Checkpoints },
        "cluster" => to with { Cluster = from.Cluster },
        "performance" => to with { Performance = from.Performance },
        // A section of a newer agent.
        _ => to,
    };

    /// <summary>"Read again, unchanged": only times move.</summary>
    public static HostReading Pulse(HostReading reading, SectionPulse pulse) => pulse.Name switch
    {
        "computerSystem" => reading with { ComputerSystem = Moved(reading.ComputerSystem, pulse) },
        "operatingSystem" => reading with { OperatingSystem = Moved(reading.OperatingSystem, pulse) },
        "locale" => reading with { Locale = Moved(reading.Locale, pulse) },
        "roles" => reading with { Roles = Moved(reading.Roles, pulse) },
        "services" => reading with { Services = Moved(reading.Services, pulse) },
        "physicalNetwork" => reading with { PhysicalNetwork = Moved(reading.PhysicalNetwork, pulse) },
        "switches" => reading with { Switches = Moved(reading.Switches, pulse) },
        "virtualMachines" => reading with { VirtualMachines = Moved(reading.VirtualMachines, pulse) },
        "devices" => reading with { Devices = Moved(reading.Devices, pulse) },
        "guests" => reading with { Guests = Moved(reading.Guests, pulse) },
        "checkpoints" => reading with { Checkpoints = Moved(reading.Checkpoints, pulse) },
        "cluster" => reading with { Cluster = Moved(reading.Cluster, pulse) },
        "performance" => reading with { Performance = Moved(reading.Performance, pulse) },
        _ => reading,
    };

    private static Section<T> Moved<T>(Section<T> section, SectionPulse pulse) where T : class =>
        section.Attempt.State == pulse.State
            ? section with { ReadAt = pulse.ReadAt ?? section.ReadAt, Attempt = section.Attempt with { At = pulse.At ?? section.Attempt.At } }
            : section;
}

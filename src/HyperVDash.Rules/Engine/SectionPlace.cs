namespace HyperVDash.Rules.Engine;

/// <summary>Where each section stands in <see cref="Model.Fleet.SectionLens.All"/>. By number and not by name: rules ask hundreds of thousands of times a second.</summary>
internal static class SectionPlace
{
    public static readonly int ComputerSystem = SectionBits.IndexOf("computerSystem");
    public static readonly int OperatingSystem = SectionBits.IndexOf("operatingSystem");
    public static readonly int Locale = SectionBits.IndexOf("locale");
    public static readonly int Roles = SectionBits.IndexOf("roles");
    public static readonly int Services = SectionBits.IndexOf("services");
    public static readonly int PhysicalNetwork = SectionBits.IndexOf("physicalNetwork");
    public static readonly int Switches = SectionBits.IndexOf("switches");
    public static readonly int VirtualMachines = SectionBits.IndexOf("virtualMachines");
    public static readonly int Devices = SectionBits.IndexOf("devices");
    public static readonly int Guests = SectionBits.IndexOf("guests");
    public static readonly int Checkpoints = SectionBits.IndexOf("checkpoints");
    public static readonly int Cluster = SectionBits.IndexOf("cluster");
    public static readonly int HyperVSettings = SectionBits.IndexOf("hyperVSettings");
    public static readonly int Processors = SectionBits.IndexOf("processors");
    public static readonly int Numa = SectionBits.IndexOf("numa");
    public static readonly int Volumes = SectionBits.IndexOf("volumes");
    public static readonly int VirtualDisks = SectionBits.IndexOf("virtualDisks");
    public static readonly int Jobs = SectionBits.IndexOf("jobs");
    public static readonly int LiveMigration = SectionBits.IndexOf("liveMigration");
    public static readonly int ReplicaServer = SectionBits.IndexOf("replicaServer");
    public static readonly int Clock = SectionBits.IndexOf("clock");
    public static readonly int PendingRestart = SectionBits.IndexOf("pendingRestart");
    public static readonly int Updates = SectionBits.IndexOf("updates");
    public static readonly int Licence = SectionBits.IndexOf("licence");
    public static readonly int EventLog = SectionBits.IndexOf("eventLog");
    public static readonly int LoadBalancing = SectionBits.IndexOf("loadBalancing");
    public static readonly int PrintServer = SectionBits.IndexOf("printServer");
    public static readonly int Dns = SectionBits.IndexOf("dns");
    public static readonly int Performance = SectionBits.IndexOf("performance");
    public static readonly int Counters = SectionBits.IndexOf("counters");
}

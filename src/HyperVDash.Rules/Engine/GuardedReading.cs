using System.Collections.Immutable;
using HyperVDash.Model.Checkpoints;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Disks;
using HyperVDash.Model.Dns;
using HyperVDash.Model.Events;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Guests;
using HyperVDash.Model.Hosts;
using HyperVDash.Model.Jobs;
using HyperVDash.Model.LoadBalancing;
using HyperVDash.Model.Migration;
using HyperVDash.Model.Performance;
using HyperVDash.Model.PhysicalNetwork;
using HyperVDash.Model.Print;
using HyperVDash.Model.Replication;
using HyperVDash.Model.Switches;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Model.Volumes;

namespace HyperVDash.Rules.Engine;

/// <summary>A host's reading as rules see it: what they touch is noted, by the engine to know what a verdict rests on and by a <see cref="SectionRecorder"/> in tests.</summary>
public sealed class GuardedReading(HostReading whole)
{
    public string Key => whole.Key;

    public string Name => whole.Name;

    public string? Id => whole.Id;

    public string Target => whole.Target;

    public ImmutableArray<LaneInterval> Intervals => whole.Intervals;

    public GuardedSection<ComputerSystem> ComputerSystem => new(whole.ComputerSystem, Place.ComputerSystem);

    public GuardedSection<HostOperatingSystem> OperatingSystem => new(whole.OperatingSystem, Place.OperatingSystem);

    public GuardedSection<LocaleSettings> Locale => new(whole.Locale, Place.Locale);

    public GuardedSection<RoleList> Roles => new(whole.Roles, Place.Roles);

    public GuardedSection<ServiceList> Services => new(whole.Services, Place.Services);

    public GuardedSection<PhysicalAdapterList> PhysicalNetwork => new(whole.PhysicalNetwork, Place.PhysicalNetwork);

    public GuardedSection<VirtualSwitchList> Switches => new(whole.Switches, Place.Switches);

    public GuardedSection<VirtualMachineList> VirtualMachines => new(whole.VirtualMachines, Place.VirtualMachines);

    public GuardedSection<DeviceList> Devices => new(whole.Devices, Place.Devices);

    public GuardedSection<GuestList> Guests => new(whole.Guests, Place.Guests);

    public GuardedSection<CheckpointList> Checkpoints => new(whole.Checkpoints, Place.Checkpoints);

    public GuardedSection<ClusterView> Cluster => new(whole.Cluster, Place.Cluster);

    public GuardedSection<HyperVSettings> HyperVSettings => new(whole.HyperVSettings, Place.HyperVSettings);

    public GuardedSection<ProcessorList> Processors => new(whole.Processors, Place.Processors);

    public GuardedSection<NumaTopology> Numa => new(whole.Numa, Place.Numa);

    public GuardedSection<VolumeList> Volumes => new(whole.Volumes, Place.Volumes);

    public GuardedSection<VirtualDiskList> VirtualDisks => new(whole.VirtualDisks, Place.VirtualDisks);

    public GuardedSection<JobList> Jobs => new(whole.Jobs, Place.Jobs);

    public GuardedSection<LiveMigrationSettings> LiveMigration => new(whole.LiveMigration, Place.LiveMigration);

    public GuardedSection<ReplicaServer> ReplicaServer => new(whole.ReplicaServer, Place.ReplicaServer);

    public GuardedSection<HostClock> Clock => new(whole.Clock, Place.Clock);

    public GuardedSection<PendingRestart> PendingRestart => new(whole.PendingRestart, Place.PendingRestart);

    public GuardedSection<UpdateList> Updates => new(whole.Updates, Place.Updates);

    public GuardedSection<LicenceState> Licence => new(whole.Licence, Place.Licence);

    public GuardedSection<EventLog> EventLog => new(whole.EventLog, Place.EventLog);

    public GuardedSection<LoadBalancingState> LoadBalancing => new(whole.LoadBalancing, Place.LoadBalancing);

    public GuardedSection<PrintServer> PrintServer => new(whole.PrintServer, Place.PrintServer);

    public GuardedSection<DnsAnswers> Dns => new(whole.Dns, Place.Dns);

    public GuardedSection<PerformanceSample> Performance => new(whole.Performance, Place.Performance);

    public GuardedSection<CounterSample> Counters => new(whole.Counters, Place.Counters);

    /// <summary>The content of a section by its JSON name, for rules that are not written in code; null if there is none.</summary>
    internal object? ContentOf(string section)
    {
        int index = SectionBits.IndexOf(section);
        SectionNotes.Content(index);
        return SectionLens.All[index].Get(whole).AnyContent();
    }

    // By number: rules ask hundreds of thousands of times a second.
    private static class Place
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
}

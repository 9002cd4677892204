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

/// <summary>A host's reading as rules see it: each section they touch is noted by a <see cref="SectionRecorder"/>, if one listens.</summary>
public sealed class GuardedReading(HostReading whole)
{
    public string Key => whole.Key;

    public string Name => whole.Name;

    public string? Id => whole.Id;

    public string Target => whole.Target;

    public ImmutableArray<LaneInterval> Intervals => whole.Intervals;

    public Section<ComputerSystem> ComputerSystem => Noted("computerSystem", whole.ComputerSystem);

    public Section<HostOperatingSystem> OperatingSystem => Noted("operatingSystem", whole.OperatingSystem);

    public Section<LocaleSettings> Locale => Noted("locale", whole.Locale);

    public Section<RoleList> Roles => Noted("roles", whole.Roles);

    public Section<ServiceList> Services => Noted("services", whole.Services);

    public Section<PhysicalAdapterList> PhysicalNetwork => Noted("physicalNetwork", whole.PhysicalNetwork);

    public Section<VirtualSwitchList> Switches => Noted("switches", whole.Switches);

    public Section<VirtualMachineList> VirtualMachines => Noted("virtualMachines", whole.VirtualMachines);

    public Section<DeviceList> Devices => Noted("devices", whole.Devices);

    public Section<GuestList> Guests => Noted("guests", whole.Guests);

    public Section<CheckpointList> Checkpoints => Noted("checkpoints", whole.Checkpoints);

    public Section<ClusterView> Cluster => Noted("cluster", whole.Cluster);

    public Section<HyperVSettings> HyperVSettings => Noted("hyperVSettings", whole.HyperVSettings);

    public Section<ProcessorList> Processors => Noted("processors", whole.Processors);

    public Section<NumaTopology> Numa => Noted("numa", whole.Numa);

    public Section<VolumeList> Volumes => Noted("volumes", whole.Volumes);

    public Section<VirtualDiskList> VirtualDisks => Noted("virtualDisks", whole.VirtualDisks);

    public Section<JobList> Jobs => Noted("jobs", whole.Jobs);

    public Section<LiveMigrationSettings> LiveMigration => Noted("liveMigration", whole.LiveMigration);

    public Section<ReplicaServer> ReplicaServer => Noted("replicaServer", whole.ReplicaServer);

    public Section<HostClock> Clock => Noted("clock", whole.Clock);

    public Section<PendingRestart> PendingRestart => Noted("pendingRestart", whole.PendingRestart);

    public Section<UpdateList> Updates => Noted("updates", whole.Updates);

    public Section<LicenceState> Licence => Noted("licence", whole.Licence);

    public Section<EventLog> EventLog => Noted("eventLog", whole.EventLog);

    public Section<LoadBalancingState> LoadBalancing => Noted("loadBalancing", whole.LoadBalancing);

    public Section<PrintServer> PrintServer => Noted("printServer", whole.PrintServer);

    public Section<DnsAnswers> Dns => Noted("dns", whole.Dns);

    public Section<PerformanceSample> Performance => Noted("performance", whole.Performance);

    public Section<CounterSample> Counters => Noted("counters", whole.Counters);

    private static Section<T> Noted<T>(string name, Section<T> section) where T : class
    {
        SectionRecorder.Note(name);
        return section;
    }
}

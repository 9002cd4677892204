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

    public GuardedSection<ComputerSystem> ComputerSystem => Noted("computerSystem", whole.ComputerSystem);

    public GuardedSection<HostOperatingSystem> OperatingSystem => Noted("operatingSystem", whole.OperatingSystem);

    public GuardedSection<LocaleSettings> Locale => Noted("locale", whole.Locale);

    public GuardedSection<RoleList> Roles => Noted("roles", whole.Roles);

    public GuardedSection<ServiceList> Services => Noted("services", whole.Services);

    public GuardedSection<PhysicalAdapterList> PhysicalNetwork => Noted("physicalNetwork", whole.PhysicalNetwork);

    public GuardedSection<VirtualSwitchList> Switches => Noted("switches", whole.Switches);

    public GuardedSection<VirtualMachineList> VirtualMachines => Noted("virtualMachines", whole.VirtualMachines);

    public GuardedSection<DeviceList> Devices => Noted("devices", whole.Devices);

    public GuardedSection<GuestList> Guests => Noted("guests", whole.Guests);

    public GuardedSection<CheckpointList> Checkpoints => Noted("checkpoints", whole.Checkpoints);

    public GuardedSection<ClusterView> Cluster => Noted("cluster", whole.Cluster);

    public GuardedSection<HyperVSettings> HyperVSettings => Noted("hyperVSettings", whole.HyperVSettings);

    public GuardedSection<ProcessorList> Processors => Noted("processors", whole.Processors);

    public GuardedSection<NumaTopology> Numa => Noted("numa", whole.Numa);

    public GuardedSection<VolumeList> Volumes => Noted("volumes", whole.Volumes);

    public GuardedSection<VirtualDiskList> VirtualDisks => Noted("virtualDisks", whole.VirtualDisks);

    public GuardedSection<JobList> Jobs => Noted("jobs", whole.Jobs);

    public GuardedSection<LiveMigrationSettings> LiveMigration => Noted("liveMigration", whole.LiveMigration);

    public GuardedSection<ReplicaServer> ReplicaServer => Noted("replicaServer", whole.ReplicaServer);

    public GuardedSection<HostClock> Clock => Noted("clock", whole.Clock);

    public GuardedSection<PendingRestart> PendingRestart => Noted("pendingRestart", whole.PendingRestart);

    public GuardedSection<UpdateList> Updates => Noted("updates", whole.Updates);

    public GuardedSection<LicenceState> Licence => Noted("licence", whole.Licence);

    public GuardedSection<EventLog> EventLog => Noted("eventLog", whole.EventLog);

    public GuardedSection<LoadBalancingState> LoadBalancing => Noted("loadBalancing", whole.LoadBalancing);

    public GuardedSection<PrintServer> PrintServer => Noted("printServer", whole.PrintServer);

    public GuardedSection<DnsAnswers> Dns => Noted("dns", whole.Dns);

    public GuardedSection<PerformanceSample> Performance => Noted("performance", whole.Performance);

    public GuardedSection<CounterSample> Counters => Noted("counters", whole.Counters);

    /// <summary>The content of a section by its JSON name, for rules that are not written in code; null if there is none.</summary>
    internal object? ContentOf(string section)
    {
        int index = SectionBits.IndexOf(section);
        SectionNotes.Content(index);
        return SectionLens.All[index].Get(whole).AnyContent();
    }

    private static GuardedSection<T> Noted<T>(string name, Section<T> section) where T : class => new(section, name);
}

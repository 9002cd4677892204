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

    public GuardedSection<ComputerSystem> ComputerSystem => new(whole.ComputerSystem, SectionPlace.ComputerSystem);

    public GuardedSection<HostOperatingSystem> OperatingSystem => new(whole.OperatingSystem, SectionPlace.OperatingSystem);

    public GuardedSection<LocaleSettings> Locale => new(whole.Locale, SectionPlace.Locale);

    public GuardedSection<RoleList> Roles => new(whole.Roles, SectionPlace.Roles);

    public GuardedSection<ServiceList> Services => new(whole.Services, SectionPlace.Services);

    public GuardedSection<PhysicalAdapterList> PhysicalNetwork => new(whole.PhysicalNetwork, SectionPlace.PhysicalNetwork);

    public GuardedSection<VirtualSwitchList> Switches => new(whole.Switches, SectionPlace.Switches);

    public GuardedSection<VirtualMachineList> VirtualMachines => new(whole.VirtualMachines, SectionPlace.VirtualMachines);

    public GuardedSection<DeviceList> Devices => new(whole.Devices, SectionPlace.Devices);

    public GuardedSection<GuestList> Guests => new(whole.Guests, SectionPlace.Guests);

    public GuardedSection<CheckpointList> Checkpoints => new(whole.Checkpoints, SectionPlace.Checkpoints);

    public GuardedSection<ClusterView> Cluster => new(whole.Cluster, SectionPlace.Cluster);

    public GuardedSection<HyperVSettings> HyperVSettings => new(whole.HyperVSettings, SectionPlace.HyperVSettings);

    public GuardedSection<ProcessorList> Processors => new(whole.Processors, SectionPlace.Processors);

    public GuardedSection<NumaTopology> Numa => new(whole.Numa, SectionPlace.Numa);

    public GuardedSection<VolumeList> Volumes => new(whole.Volumes, SectionPlace.Volumes);

    public GuardedSection<VirtualDiskList> VirtualDisks => new(whole.VirtualDisks, SectionPlace.VirtualDisks);

    public GuardedSection<JobList> Jobs => new(whole.Jobs, SectionPlace.Jobs);

    public GuardedSection<LiveMigrationSettings> LiveMigration => new(whole.LiveMigration, SectionPlace.LiveMigration);

    public GuardedSection<ReplicaServer> ReplicaServer => new(whole.ReplicaServer, SectionPlace.ReplicaServer);

    public GuardedSection<HostClock> Clock => new(whole.Clock, SectionPlace.Clock);

    public GuardedSection<PendingRestart> PendingRestart => new(whole.PendingRestart, SectionPlace.PendingRestart);

    public GuardedSection<UpdateList> Updates => new(whole.Updates, SectionPlace.Updates);

    public GuardedSection<LicenceState> Licence => new(whole.Licence, SectionPlace.Licence);

    public GuardedSection<EventLog> EventLog => new(whole.EventLog, SectionPlace.EventLog);

    public GuardedSection<LoadBalancingState> LoadBalancing => new(whole.LoadBalancing, SectionPlace.LoadBalancing);

    public GuardedSection<PrintServer> PrintServer => new(whole.PrintServer, SectionPlace.PrintServer);

    public GuardedSection<DnsAnswers> Dns => new(whole.Dns, SectionPlace.Dns);

    public GuardedSection<PerformanceSample> Performance => new(whole.Performance, SectionPlace.Performance);

    public GuardedSection<CounterSample> Counters => new(whole.Counters, SectionPlace.Counters);

    /// <summary>The content of a section by its JSON name, for rules that are not written in code; null if there is none.</summary>
    internal object? ContentOf(string section)
    {
        int index = SectionBits.IndexOf(section);
        SectionNotes.Content(index);
        return SectionLens.All[index].Get(whole).AnyContent();
    }
}

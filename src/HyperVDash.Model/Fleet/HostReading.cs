using System.Collections.Immutable;
using HyperVDash.Model.Checkpoints;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Disks;
using HyperVDash.Model.Dns;
using HyperVDash.Model.Events;
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

namespace HyperVDash.Model.Fleet;

/// <summary>What is known of one host, section by section; a section that fails does not take the others down.</summary>
/// <param name="Key">The name of the target in the agent's settings; <c>{host}</c> in its URLs. Unique per agent.</param>
/// <param name="Name">What people call the host: its own NetBIOS name once read, else the key. Never compared.</param>
public sealed record HostReading(string Key, string Name)
{
    /// <summary>
    /// Machine UUID and NetBIOS name (Win32_ComputerSystemProduct.UUID, Win32_ComputerSystem.Name), in lower case, joined by a dash.
    /// Null until both, or the fully qualified name instead, were read.
    /// </summary>
    public string? Id { get; init; }

    /// <summary>Where the answers came from.</summary>
    public Origin Origin { get; init; }

    /// <summary>When the capture file was written that the answers come from; null: the host itself, or a lab, is asked. What is captured does not grow old.</summary>
    [AgentMoment]
    public DateTimeOffset? CapturedAt { get; init; }

    /// <summary>How the agent reaches the host: <c>wsman</c>, <c>mmi</c> or <c>capture</c>.</summary>
    public string Door { get; init => field = value ?? ""; } = "";

    /// <summary>Where the door leads: a URL without credentials, a computer name or a file.</summary>
    public string Target { get; init => field = value ?? ""; } = "";

    /// <summary><c>&lt;epoch&gt;-&lt;n&gt;</c>: the epoch is new at each start of the agent, n grows with each change of a section.</summary>
    public string Revision { get; init => field = value ?? ""; } = "";

    /// <summary>How often the agent reads each lane.</summary>
    public ImmutableArray<LaneInterval> Intervals { get; init => field = value.IsDefault ? [] : value; } = [];

    public Section<ComputerSystem> ComputerSystem { get; init => field = value ?? new(); } = new();

    public Section<HostOperatingSystem> OperatingSystem { get; init => field = value ?? new(); } = new();

    public Section<LocaleSettings> Locale { get; init => field = value ?? new(); } = new();

    public Section<RoleList> Roles { get; init => field = value ?? new(); } = new();

    public Section<ServiceList> Services { get; init => field = value ?? new(); } = new();

    public Section<PhysicalAdapterList> PhysicalNetwork { get; init => field = value ?? new(); } = new();

    public Section<VirtualSwitchList> Switches { get; init => field = value ?? new(); } = new();

    public Section<VirtualMachineList> VirtualMachines { get; init => field = value ?? new(); } = new();

    public Section<DeviceList> Devices { get; init => field = value ?? new(); } = new();

    public Section<GuestList> Guests { get; init => field = value ?? new(); } = new();

    public Section<CheckpointList> Checkpoints { get; init => field = value ?? new(); } = new();

    public Section<ClusterView> Cluster { get; init => field = value ?? new(); } = new();

    public Section<HyperVSettings> HyperVSettings { get; init => field = value ?? new(); } = new();

    public Section<ProcessorList> Processors { get; init => field = value ?? new(); } = new();

    public Section<NumaTopology> Numa { get; init => field = value ?? new(); } = new();

    public Section<VolumeList> Volumes { get; init => field = value ?? new(); } = new();

    public Section<VirtualDiskList> VirtualDisks { get; init => field = value ?? new(); } = new();

    public Section<JobList> Jobs { get; init => field = value ?? new(); } = new();

    public Section<LiveMigrationSettings> LiveMigration { get; init => field = value ?? new(); } = new();

    public Section<ReplicaServer> ReplicaServer { get; init => field = value ?? new(); } = new();

    public Section<HostClock> Clock { get; init => field = value ?? new(); } = new();

    public Section<PendingRestart> PendingRestart { get; init => field = value ?? new(); } = new();

    public Section<UpdateList> Updates { get; init => field = value ?? new(); } = new();

    public Section<LicenceState> Licence { get; init => field = value ?? new(); } = new();

    public Section<EventLog> EventLog { get; init => field = value ?? new(); } = new();

    public Section<LoadBalancingState> LoadBalancing { get; init => field = value ?? new(); } = new();

    public Section<PrintServer> PrintServer { get; init => field = value ?? new(); } = new();

    public Section<DnsAnswers> Dns { get; init => field = value ?? new(); } = new();

    /// <summary>Fast numbers; outside the host's revision, with an event of its own.</summary>
    public Section<PerformanceSample> Performance { get; init => field = value ?? new(); } = new();

    /// <summary>Rates; outside the host's revision like <see cref="Performance"/>.</summary>
    public Section<CounterSample> Counters { get; init => field = value ?? new(); } = new();

    /// <summary>Every section with its JSON name and lane, for what treats all alike: status lines, revisions, "read again, unchanged".</summary>
    public ImmutableArray<NamedSection> Sections()
    {
        var sections = ImmutableArray.CreateBuilder<NamedSection>(SectionLens.All.Length);
        foreach (var lens in SectionLens.All)
        {
            sections.Add(new(lens.Name, lens.Lane, lens.Get(this)));
        }

        return sections.MoveToImmutable();
    }
}

using System.Collections.Immutable;
using HyperVDash.Agent.Collect.Clusters;
using HyperVDash.Agent.Collect.Dns;
using HyperVDash.Agent.Collect.Events;
using HyperVDash.Agent.Collect.Guests;
using HyperVDash.Agent.Collect.Hosts;
using HyperVDash.Agent.Collect.LoadBalancing;
using HyperVDash.Agent.Collect.Migration;
using HyperVDash.Agent.Collect.Performance;
using HyperVDash.Agent.Collect.PhysicalNetwork;
using HyperVDash.Agent.Collect.Print;
using HyperVDash.Agent.Collect.Replication;
using HyperVDash.Agent.Collect.Switches;
using HyperVDash.Agent.Collect.Volumes;

namespace HyperVDash.Agent.Collect;

/// <summary>Every section reader. Add a section by adding its line.</summary>
internal static class SectionReaders
{
    public static ImmutableArray<ISectionReader> All { get; } =
    [
        new Disks.DiskReader(),
        new Jobs.JobReader(),
        new HyperVSettingsReader(), new ProcessorReader(), new NumaReader(), new ClockReader(), new PendingRestartReader(), new UpdateReader(), new LicenceReader(),
        new VolumeReader(), new LiveMigrationReader(), new ReplicaServerReader(), new EventLogReader(),
        new PhysicalNetworkReader(),
        new SwitchReader(),
        new GuestReader(),
        new ClusterReader(),
        new CounterReader(),
        new LoadBalancingReader(),
        new PrintServerReader(),
        new DnsReader(),
    ];

    public static IEnumerable<ISectionReader> Of(IReadOnlySet<string> wanted) => All.Where(r => wanted.Contains(r.Section));
}

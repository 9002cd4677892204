using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using HyperVDash.Agent.Collect.Dns;
using HyperVDash.Model.Fleet;

namespace HyperVDash.Agent.Collect;

/// <summary>How often and how patiently a host is read.</summary>
public sealed record CollectorOptions
{
    /// <summary>VM states and fast numbers.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan StateInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Virtual switches, services, cluster.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan SwitchesInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Devices and checkpoints; read early too when a VM was changed.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan TopologyInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>What guests say of themselves.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "1.00:00:00")]
    public TimeSpan GuestInterval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Computer, operating system, languages, roles, physical network.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "7.00:00:00")]
    public TimeSpan HostInterval { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Virtual disk files and event logs.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00")]
    public TimeSpan DisksInterval { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Licence and installed updates.</summary>
    [Range(typeof(TimeSpan), "00:10:00", "30.00:00:00")]
    public TimeSpan DailyInterval { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Performance classes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan CountersInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>What one class may take, all its batches together.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan TableTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a class that the host lacks is not asked for again.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "7.00:00:00")]
    public TimeSpan AbsentMemory { get; init; } = TimeSpan.FromHours(1);

    /// <summary>After a failed sign-in the account is left alone this long, so that it is not locked out.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan SignInPause { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>A host that cannot be reached is tried again after 15 s, then after twice as long each time, but never later than after this.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "01:00:00")]
    public TimeSpan UnreachablePause { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Instances of one class beyond which an answer is not believed.</summary>
    [Range(1000, 5000000)]
    public int MaxRows { get; init; } = 200_000;

    /// <summary>Calls for headers of virtual disks in one read; the files left over are read in the next ones, which follow at once.</summary>
    [Range(10, 1000)]
    public int DiskCallsPerRead { get; init; } = 50;

    /// <summary>Calls for statistics of replication in one read, one for each VM; those asked longest ago come first.</summary>
    [Range(1, 1000)]
    public int ReplicationCallsPerRead { get; init; } = 50;

    /// <summary>How long the header of a file that is only written to is believed.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "7.00:00:00")]
    public TimeSpan DiskHeaderMemory { get; init; } = TimeSpan.FromHours(6);

    /// <summary>Questions a host is asked at a time.</summary>
    [Range(1, 16)]
    public int Parallel { get; init; } = 3;

    /// <summary>The print farms of the settings; the same for every host.</summary>
    internal IReadOnlyList<PrintFarmOptions> PrintFarms { get; init; } = [];

    /// <summary>Looks names up; null: nobody does, as for a recorded host.</summary>
    internal INameResolver? Names { get; init; }

    public TimeSpan IntervalOf(Lane lane) => lane switch
    {
        Lane.State => StateInterval,
        Lane.Switches => SwitchesInterval,
        Lane.Topology => TopologyInterval,
        Lane.Guest => GuestInterval,
        Lane.Disks => DisksInterval,
        Lane.Daily => DailyInterval,
        Lane.Counters => CountersInterval,
        _ => HostInterval,
    };

    public ImmutableArray<LaneInterval> Intervals() =>
        [.. new[] { Lane.State, Lane.Switches, Lane.Topology, Lane.Guest, Lane.Host, Lane.Disks, Lane.Daily, Lane.Counters }.Select(l => new LaneInterval(l, IntervalOf(l)))];
}

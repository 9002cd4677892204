using System.Collections.Immutable;
using HyperVDash.Lab.Scenarios.Description;

namespace HyperVDash.Lab.Scenarios.OddCases;

/// <summary>What the other labs have no room for: faults that are seldom seen, each on a host or VM of its own.</summary>
internal static class OddCasesLab
{
    public static LabDescription Describe(DateTimeOffset start) => new([.. OddClusters.Hosts(start), .. OddHosts.Hosts(start)], OddClusters.Clusters) { Tags = Tags };

    /// <summary>A restore into a VM with checkpoints, an hour after the start.</summary>
    public static ImmutableArray<Happening> Happenings(LabDescription lab) =>
    [
        new("ODD1",
        [
            new(TimeSpan.FromHours(1), (host, _) => host),
            new(TimeSpan.FromDays(1), (host, _) => host.WithVm(Guid.Parse(VmId("ODD1", "patches")), v => v with { CheckpointFileGb = 130 })),
        ]),
    ];

    private static ImmutableDictionary<string, ImmutableArray<string>> Tags { get; } = new (string Id, string Tag)[]
    {
        (HostId("TRIO1"), "host:production"),
        (HostId("ODD1"), "migration:branch"),
        (HostId("ODD2"), "migration:branch"),
        (HostId("ODD3"), "lab:all-in-one"),
        (HostId("ODD4"), "lab:retro"),
        (VmId("ODD1", "dc-asleep"), "role:dc"),
        (VmId("ODD1", "till"), "prod"),
    }.ToImmutableDictionary(t => t.Id, t => ImmutableArray.Create(t.Tag), StringComparer.OrdinalIgnoreCase);

    private static string HostId(string name) => $"{Ids.Of($"machine/{name}")}-{name.ToLowerInvariant()}";

    private static string VmId(string host, string vm) => Ids.Of($"vm/{host}/{vm}").ToString();
}

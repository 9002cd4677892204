using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Performance;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;
using HyperVDash.Rules.Volumes;

namespace HyperVDash.Rules.Clusters;

public sealed class SharedVolumeNotDirect : Rule<ClusterSubject>
{
    private const int LostAccess = 5120;

    // What is meant, or passes by itself within a day.
    private const SharedVolumeRedirection Meant = SharedVolumeRedirection.Refs;
    private const SharedVolumeRedirection Passing = SharedVolumeRedirection.UserRequest | SharedVolumeRedirection.BitLockerInitializing;
    private static readonly TimeSpan Brief = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    public override RuleCard Card { get; } = new("HVD312", "csv-not-direct", RuleScope.Cluster, RuleKind.State)
    {
        Title = "Cluster Shared Volume paused, unavailable or in redirected I/O",
        Why = "VMs on it pause, or all their reads and writes go through another node.",
        Fix = "Mend the path to the storage; end the backup; remove the filter driver that does not fit.",
        Quiet = "Reads and writes that one reading alone finds held back, as at a change of owner; redirected for less than 15 minutes; during a backup; because of ReFS, which always is; for a day by request or while BitLocker begins. That one node alone is redirected, and why, is not told over CIM: the owner tells whether the volume is redirected, and each node from 2012 on whether its reads and writes go through.",
        Sections = ["cluster"],
        Mentions = ["counters", "virtualMachines", "devices", "eventLog", "operatingSystem"],
        Severities = [Severity.Warning, Severity.Critical],
        Origin = "Published states of cluster shared volumes and reasons for redirection; event 5120",
    };

    public override IEnumerable<Verdict> Examine(ClusterSubject subject, RuleContext context)
    {
        if (ClusterFacts.Gap(subject, h => Unreadable(h, context, "cluster")) is { } gap)
        {
            yield return gap;
            yield break;
        }

        if (subject.Cluster.SharedVolumes is not { } volumes)
        {
            yield return NotSaid("cluster", "its shared volumes");
            yield break;
        }

        var teller = ClusterFacts.Teller(subject, h => Unreadable(h, context, "cluster"));
        // All files of all VMs: sorted once, and only if something is wrong.
        var filled = new Lazy<Dictionary<ObjectRef, FilledVolume>>(() => FilledVolume.OfCluster(subject, [.. subject.Hosts]).DistinctBy(v => v.Identity).ToDictionary(v => v.Identity));
        var activities = new Dictionary<HostSubject, VolumeActivities>();
        foreach (var volume in volumes)
        {
            var verdicts = (volume.Nodes is { } nodes ? nodes.Select(n => OnNode(volume, n, context, Fire)) : OverCim(subject, volume, activities, context, Fire)).ToList();
            foreach (var verdict in verdicts.Exists(v => v is not Verdict.Pass) ? verdicts.Where(v => v is not Verdict.Pass) : verdicts.Take(1))
            {
                yield return verdict with { Object = FilledVolume.IdentityOf(subject, volume) };
            }
        }

        if (volumes.IsEmpty)
        {
            yield return NotFor("The cluster shares no volume.");
        }

        Verdict.Fire Fire(SharedVolume volume, string variant, string node, Severity severity, string title, DateTimeOffset? since) =>
            SharedVolumeNotDirect.Fire(subject, teller, filled.Value.GetValueOrDefault(FilledVolume.IdentityOf(subject, volume)), volume, variant, node, severity, title, since);
    }

    private static IEnumerable<Verdict> OverCim(ClusterSubject cluster, SharedVolume volume, Dictionary<HostSubject, VolumeActivities> activities, RuleContext context, Firing fire)
    {
        yield return AsOwnerSees(volume, context, fire);

        // Without access for the owner nobody reads or writes, and that is said already.
        foreach (var member in volume.Fault == SharedVolumeFault.NoAccess ? [] : cluster.Members.Where(m => m.Node.State is not ClusterNodeState.Down))
        {
            foreach (var verdict in OfItsCounters(member, volume, activities, context, fire))
            {
                yield return verdict;
            }
        }
    }

    /// <summary>Whether reads and writes of one node go through. That the owner sees no fault says nothing of the others.</summary>
    private static IEnumerable<Verdict> OfItsCounters(ClusterMember member, SharedVolume volume, Dictionary<HostSubject, VolumeActivities> activities, RuleContext context, Firing fire)
    {
        string on = $"{Name(volume)} on {member.Node.Name}", key = member.Node.Name.ToLowerInvariant();
        if (member.Host is not { } host)
        {
            return NotTold($"{member.Node.Name} is read by no agent.");
        }

        if (Unreadable(host, context, "operatingSystem") is Verdict.Unknown unread)
        {
            return NotTold($"{host.Name}: {unread.Reason}");
        }

        if (host.Profile is not { } release)
        {
            return NotTold($"{host.Name} did not say its build.");
        }

        if (!release.IsFrom("2012"))
        {
            return [];
        }

        var gap = Unreadable(host, context, "counters");
        if (gap is Verdict.Unknown unknown)
        {
            return NotTold($"{host.Name}: {unknown.Reason}");
        }

        if (gap is not null || host.Reading.Counters.Content!.SharedVolumes is not { } told)
        {
            return NotTold($"{host.Name} has no counters of shared volumes.");
        }

        if (!activities.TryGetValue(host, out var ofNode))
        {
            activities[host] = ofNode = new(told);
        }

        var activity = ofNode.Of(volume);
        return activity?.Io switch
        {
            SharedVolumeIo.Active => [Verdict.Passed],
            // A change of owner or the start of a snapshot holds reads and writes back for seconds.
            SharedVolumeIo.Failing or SharedVolumeIo.Paused when activity.SeenAt >= host.Reading.Counters.ReadAt => [Verdict.Passed],
            SharedVolumeIo.Failing => [fire(volume, "unavailable", key, Severity.Critical, $"{on} is not available", null)],
            SharedVolumeIo.Paused => [fire(volume, "paused", key, Severity.Critical, $"{on} is paused", null)],
            SharedVolumeIo.Unknown => NotTold($"The host did not say the state of {on}."),
            _ => NotTold($"No counter of {host.Name} is called like {Name(volume)}."),
        };

        static Verdict[] NotTold(string reason) => [NotCollected("unavailable", "counters", reason), NotCollected("paused", "counters", reason)];
    }

    private static Verdict AsOwnerSees(SharedVolume volume, RuleContext context, Firing fire) => volume.Fault switch
    {
        SharedVolumeFault.None => Verdict.Passed,
        SharedVolumeFault.NoAccess => fire(volume, "noAccess", "", Severity.Critical, $"{Name(volume)} has no access to its disk", volume.FaultSeenAt),
        SharedVolumeFault.Redirected when volume.IsInBackup == true => NotFor("A backup is running."),
        SharedVolumeFault.Redirected when "ReFS".Equals(volume.FileSystem, StringComparison.OrdinalIgnoreCase) => Verdict.Passed,
        SharedVolumeFault.Redirected when volume.FaultSeenAt is null => NotSaid("cluster", $"since when {Name(volume)} is redirected"),
        SharedVolumeFault.Redirected => context.Passed(volume.FaultSeenAt.Value + Brief) ? fire(volume, "redirected", "", Severity.Warning, $"{Name(volume)} is redirected", volume.FaultSeenAt) : Verdict.Passed,
        _ => NotSaid("cluster", $"the state of {Name(volume)}"),
    };

    private static Verdict OnNode(SharedVolume volume, SharedVolumeNodeState node, RuleContext context, Firing fire)
    {
        string on = $"{Name(volume)} on {node.Node}", key = node.Node.ToLowerInvariant();
        bool isFileSystem = node.Access == SharedVolumeAccess.FileSystemRedirected;
        return node.Access switch
        {
            SharedVolumeAccess.Direct => Verdict.Passed,
            SharedVolumeAccess.Unavailable => fire(volume, "unavailable", key, Severity.Critical, $"{on} is not available", node.SeenAt),
            SharedVolumeAccess.Paused => fire(volume, "paused", key, Severity.Critical, $"{on} is paused", node.SeenAt),
            SharedVolumeAccess.Unknown => NotSaid("cluster", $"the state of {on}"),
            _ when volume.IsInBackup == true => NotFor("A backup is running."),
            _ when isFileSystem && node.Reasons is { } why && (why & ~Meant) == 0 && why != 0 => Verdict.Passed,
            _ when node.SeenAt is null => NotSaid("cluster", $"since when {on} is redirected"),
            _ when isFileSystem && node.Reasons is { } why && (why & ~(Meant | Passing)) == 0 && why != 0 && !context.Passed(node.SeenAt.Value + Day) => Verdict.Passed,
            _ when !context.Passed(node.SeenAt.Value + Brief) => Verdict.Passed,
            _ => fire(volume, "redirected", key, Severity.Warning, $"{on} is redirected{(node.Reasons is { } reasons && reasons != 0 ? $" ({reasons})" : "")}", node.SeenAt),
        };
    }

    private static string Name(SharedVolume volume) => VisibleText.Of(volume.Path ?? volume.Name);

    private delegate Verdict.Fire Firing(SharedVolume volume, string variant, string node, Severity severity, string title, DateTimeOffset? since);

    private static Verdict.Fire Fire(ClusterSubject cluster, HostSubject teller, FilledVolume? affected, SharedVolume volume, string variant, string node, Severity severity, string title, DateTimeOffset? since)
    {
        // On one node it concerns the VMs of that node.
        if (cluster.Members.FirstOrDefault(m => m.Node.Name.Equals(node, StringComparison.OrdinalIgnoreCase))?.Host is { } there)
        {
            affected = affected?.On(there);
        }

        int vms = affected?.Vms.Count() ?? 0;
        return new(variant, severity, since is { } at ? $"{title} since {at.ToString("u", CultureInfo.InvariantCulture)} or longer" : title)
        {
            Discriminator = node,
            Impact = vms == 0 ? severity == Severity.Warning ? "Reads and writes go through another node." : node.Length == 0 ? "Nothing can be put on it." : "No VM on it can run there." : severity == Severity.Critical ? $"{vms} {(vms == 1 ? "VM on it pauses or fails" : "VMs on it pause or fail")}." : $"{vms} {(vms == 1 ? "VM reads and writes" : "VMs read and write")} through another node.",
            Remedy = Mend(teller, RemedyRisk.Online, severity == Severity.Critical ? "Mend the path to the storage, then resume the volume." : "See why it is redirected; end a backup that hangs, remove the filter driver, or move the volume to another node.", "Mend the path to the storage; see the volume in Failover Cluster Manager.",
                PowerShell.Line($"Get-ClusterSharedVolumeState -Cluster {cluster.Cluster.Name} -Name {volume.Name}"), "fltmc instances",
                severity == Severity.Critical ? PowerShell.Line($"Resume-ClusterResource -Cluster {cluster.Cluster.Name} -Name {volume.Name}") : PowerShell.Line($"Move-ClusterSharedVolume -Cluster {cluster.Cluster.Name} -Name {volume.Name}")),
            Evidence =
            [
                Fact(teller, "cluster", "State as the owner sees it", volume.Fault.ToString().ToLowerInvariant(), "none", "MSCluster_ClusterSharedVolume.FaultState"),
                .. (volume.Nodes ?? []).Select(n => Fact(teller, "cluster", $"State on {n.Node}", $"{n.Access}{(n.Reasons is { } why ? $", {why}" : "")}", "Direct")),
                Fact(teller, "cluster", "Backup in progress", volume.IsInBackup is { } backup ? backup ? "yes" : "no" : null, null, "MSCluster_ClusterSharedVolume.BackupState"),
                .. variant is "unavailable" or "paused" ? OnNodes(cluster, volume) : [],
                .. cluster.Hosts.SelectMany(h => (h.Reading.EventLog.Content?.Items ?? []).Where(e => e.Id == LostAccess).Select(e => Fact(h, "eventLog", $"{h.Name}: event 5120", $"{e.Count} times"))),
            ],
            Affected = affected?.Impacted ?? [],
        };
    }

    private static IEnumerable<Evidence> OnNodes(ClusterSubject cluster, SharedVolume volume) => cluster.Hosts
        .Select(h => (Host: h, Activity: h.Reading.Counters.Content?.SharedVolumes is { } told ? new VolumeActivities(told).Of(volume) : null))
        .Where(h => h.Activity is not null).Select(h => Fact(h.Host, "counters", $"{h.Host.Name}: reads and writes", h.Activity!.Io.ToString().ToLowerInvariant(), "active", "Win32_PerfFormattedData_CsvFsPerfProvider_ClusterCSVFileSystem.VolumeState"));

    public override ImmutableArray<Example<ClusterSubject>> Examples { get; } =
    [
        Fires(Severity.Warning, "redirected on one node for 40 minutes by a file system filter", Nodes("NTFS", null, new("A", SharedVolumeAccess.Direct), new("B", SharedVolumeAccess.FileSystemRedirected, SharedVolumeRedirection.UnsafeFileSystemFilter) { SeenAt = Sample.Now.AddMinutes(-40) })),
        Passes("redirected because of ReFS", Nodes("ReFS", null, new SharedVolumeNodeState("A", SharedVolumeAccess.FileSystemRedirected, SharedVolumeRedirection.Refs) { SeenAt = Sample.Now.AddDays(-9) })),
        Fires(Severity.Critical, "paused on a node", Nodes("NTFS", null, new SharedVolumeNodeState("A", SharedVolumeAccess.Paused))),
        Fires(Severity.Critical, "not available on a node", Nodes("NTFS", null, new SharedVolumeNodeState("A", SharedVolumeAccess.Unavailable))),
        Passes("redirected by request for a day", Nodes("NTFS", null, new SharedVolumeNodeState("A", SharedVolumeAccess.FileSystemRedirected, SharedVolumeRedirection.UserRequest) { SeenAt = Sample.Now.AddDays(-1) })),
        Fires(Severity.Warning, "by request for longer", Nodes("NTFS", null, new SharedVolumeNodeState("A", SharedVolumeAccess.FileSystemRedirected, SharedVolumeRedirection.UserRequest) { SeenAt = Sample.Now.AddDays(-1).AddSeconds(-1) })),
        Fires(Severity.Critical, "the owner has no access", Owner(SharedVolumeFault.NoAccess, 0)),
        Passes("the owner is redirected for 15 minutes", Owner(SharedVolumeFault.Redirected, 15)),
        Fires(Severity.Warning, "the owner is redirected for 16 minutes", Owner(SharedVolumeFault.Redirected, 16)),
        Skips("redirected in a backup", Owner(SharedVolumeFault.Redirected, 16, isInBackup: true)),
        Passes("no fault", Owner(SharedVolumeFault.None, null)),
        CannotTell("a state that was not said", Owner(SharedVolumeFault.Unknown, null)),
        Fires(Severity.Critical, "paused on a 2022 node whose owner sees no fault", NodeSays(new SharedVolumeActivity("V1", SharedVolumeIo.Paused))),
        Fires(Severity.Critical, "reads and writes of a node fail", NodeSays(new SharedVolumeActivity("V1", SharedVolumeIo.Failing))),
        Fires(Severity.Critical, "paused, called by its id", NodeSays(new SharedVolumeActivity(@"Volume{6a7c9e4e-0000-0000-0000-100000000000}", SharedVolumeIo.Paused))),
        Passes("held back for the first time in this reading", NodeSays(new SharedVolumeActivity("V1", SharedVolumeIo.Paused) { SeenAt = Sample.Now })),
        Passes("failing for the first time in this reading", NodeSays(new SharedVolumeActivity("V1", SharedVolumeIo.Failing) { SeenAt = Sample.Now })),
        Fires(Severity.Critical, "held back in the reading before too", NodeSays(new SharedVolumeActivity("V1", SharedVolumeIo.Paused) { SeenAt = Sample.Now.AddSeconds(-15) })),
        Passes("a 2008 R2 node, whose counters do not count", Owner(Given.Host("2008R2") with { Counters = Sample.Failed<CounterSample>(SectionState.Denied, "no right") }, SharedVolumeFault.None, null)),
        Passes("reads and writes of the node go through", NodeSays(new SharedVolumeActivity("V1", SharedVolumeIo.Active))),
        CannotTell("a node whose counters have no such volume", NodeSays(new SharedVolumeActivity("V2", SharedVolumeIo.Active))),
        CannotTell("a node that does not say the state", NodeSays(new SharedVolumeActivity("V1", SharedVolumeIo.Unknown))),
        CannotTell("a node without counters of shared volumes", Owner(Active(null), SharedVolumeFault.None, null)),
        CannotTell("a node whose counters could not be read", Owner(Given.Host("2022") with { Counters = Sample.Failed<CounterSample>(SectionState.Denied, "no right") }, SharedVolumeFault.None, null)),
        CannotTell("another node that nobody reads", OwnerOfTwo()),
        CannotTell("shared volumes that were not read", Given.Cluster(Given.Host().With(new ClusterView { Id = "c", Name = "LAB" }))),
        CannotTell("a cluster that may not be read", new(new ClusterView { Id = "c", Name = "LAB", SharedVolumes = [] }, [new(new("N0", ClusterNodeState.Up), new(Given.Host() with { Cluster = Sample.Failed<ClusterView>(SectionState.Denied, "no right") }))])),
    ];

    private static ClusterSubject Nodes(string system, bool? isInBackup, params SharedVolumeNodeState[] nodes) => Cluster(new("V1") { Path = @"C:\ClusterStorage\V1", FileSystem = system, IsInBackup = isInBackup, Nodes = [.. nodes] });

    private static ClusterSubject Owner(SharedVolumeFault fault, int? minutes, bool isInBackup = false) => Owner(Active(new SharedVolumeActivity("V1", SharedVolumeIo.Active)), fault, minutes, isInBackup);

    private static ClusterSubject Owner(HostReading host, SharedVolumeFault fault, int? minutes, bool isInBackup = false) => Cluster(
        new("V1") { Path = @"C:\ClusterStorage\V1", VolumeId = @"\\?\Volume{6a7c9e4e-0000-0000-0000-100000000000}\", Fault = fault, FaultSeenAt = minutes is { } m ? Sample.Now.AddMinutes(-m) : null, IsInBackup = isInBackup }, host);

    private static ClusterSubject NodeSays(SharedVolumeActivity volume) => Owner(Active(volume), SharedVolumeFault.None, null);

    private static ClusterSubject OwnerOfTwo()
    {
        var one = Owner(SharedVolumeFault.None, null);
        return one with { Members = [.. one.Members, new(new("N1", ClusterNodeState.Up), null)] };
    }

    private static HostReading Active(SharedVolumeActivity? volume) => Given.Host("2022") with { Counters = Sample.Read(new CounterSample { SharedVolumes = volume is null ? null : [volume] }) };

    private static ClusterSubject Cluster(SharedVolume volume, HostReading? host = null) =>
        Given.Cluster((host ?? Given.Host()).With(Sample.Vm).With(Given.Disk(ControllerKind.Scsi, 0, 0, @"C:\ClusterStorage\V1\a.vhdx")).With(new ClusterView { Id = "c", Name = "LAB", SharedVolumes = [volume] }));
}

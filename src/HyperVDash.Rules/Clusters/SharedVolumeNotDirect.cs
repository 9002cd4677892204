using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
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
        Quiet = "Redirected for less than 15 minutes; during a backup; because of ReFS, which always is; for a day by request or while BitLocker begins. Over CIM a node tells only what the owner sees; the state on each node is not collected.",
        Sections = ["cluster"],
        Mentions = ["virtualMachines", "devices", "eventLog", "operatingSystem"],
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
        foreach (var volume in volumes)
        {
            var verdicts = (volume.Nodes is { } nodes ? nodes.Select(n => OnNode(volume, n, context, Fire)) : [AsOwnerSees(volume, context, Fire)]).ToList();
            foreach (var verdict in verdicts.Exists(v => v is not Verdict.Pass) ? verdicts.Where(v => v is not Verdict.Pass) : verdicts.Take(1))
            {
                yield return verdict with { Object = FilledVolume.IdentityOf(subject, volume) };
            }
        }

        if (volumes.IsEmpty)
        {
            yield return new Verdict.NotApplicable("The cluster shares no volume.");
        }

        Verdict.Fire Fire(SharedVolume volume, string variant, string node, Severity severity, string title, DateTimeOffset? since) =>
            SharedVolumeNotDirect.Fire(subject, teller, filled.Value.GetValueOrDefault(FilledVolume.IdentityOf(subject, volume)), volume, variant, node, severity, title, since);
    }

    private static Verdict AsOwnerSees(SharedVolume volume, RuleContext context, Firing fire) => volume.Fault switch
    {
        SharedVolumeFault.None => new Verdict.Pass(),
        SharedVolumeFault.NoAccess => fire(volume, "noAccess", "", Severity.Critical, $"{Name(volume)} has no access to its disk", volume.FaultSeenAt),
        SharedVolumeFault.Redirected when volume.IsInBackup == true => new Verdict.NotApplicable("A backup is running."),
        SharedVolumeFault.Redirected when "ReFS".Equals(volume.FileSystem, StringComparison.OrdinalIgnoreCase) => new Verdict.Pass(),
        SharedVolumeFault.Redirected when volume.FaultSeenAt is null => NotSaid("cluster", $"since when {Name(volume)} is redirected"),
        SharedVolumeFault.Redirected => context.Passed(volume.FaultSeenAt.Value + Brief) ? fire(volume, "redirected", "", Severity.Warning, $"{Name(volume)} is redirected", volume.FaultSeenAt) : new Verdict.Pass(),
        _ => NotSaid("cluster", $"the state of {Name(volume)}"),
    };

    private static Verdict OnNode(SharedVolume volume, SharedVolumeNodeState node, RuleContext context, Firing fire)
    {
        string on = $"{Name(volume)} on {node.Node}", key = node.Node.ToLowerInvariant();
        bool isFileSystem = node.Access == SharedVolumeAccess.FileSystemRedirected;
        return node.Access switch
        {
            SharedVolumeAccess.Direct => new Verdict.Pass(),
            SharedVolumeAccess.Unavailable => fire(volume, "unavailable", key, Severity.Critical, $"{on} is not available", node.SeenAt),
            SharedVolumeAccess.Paused => fire(volume, "paused", key, Severity.Critical, $"{on} is paused", node.SeenAt),
            SharedVolumeAccess.Unknown => NotSaid("cluster", $"the state of {on}"),
            _ when volume.IsInBackup == true => new Verdict.NotApplicable("A backup is running."),
            _ when isFileSystem && node.Reasons is { } why && (why & ~Meant) == 0 && why != 0 => new Verdict.Pass(),
            _ when node.SeenAt is null => NotSaid("cluster", $"since when {on} is redirected"),
            _ when isFileSystem && node.Reasons is { } why && (why & ~(Meant | Passing)) == 0 && why != 0 && !context.Passed(node.SeenAt.Value + Day) => new Verdict.Pass(),
            _ when !context.Passed(node.SeenAt.Value + Brief) => new Verdict.Pass(),
            _ => fire(volume, "redirected", key, Severity.Warning, $"{on} is redirected{(node.Reasons is { } reasons && reasons != 0 ? $" ({reasons})" : "")}", node.SeenAt),
        };
    }

    private static string Name(SharedVolume volume) => VisibleText.Of(volume.Path ?? volume.Name);

    private delegate Verdict.Fire Firing(SharedVolume volume, string variant, string node, Severity severity, string title, DateTimeOffset? since);

    private static Verdict.Fire Fire(ClusterSubject cluster, HostSubject teller, FilledVolume? affected, SharedVolume volume, string variant, string node, Severity severity, string title, DateTimeOffset? since)
    {
        int vms = affected?.Vms.Count() ?? 0;
        return new(variant, severity, since is { } at ? $"{title} since {at.ToString("u", CultureInfo.InvariantCulture)} or longer" : title)
        {
            Discriminator = node,
            Impact = vms == 0 ? "Nothing can be put on it." : severity == Severity.Critical ? $"{vms} {(vms == 1 ? "VM" : "VMs")} on it pause or fail." : $"{vms} {(vms == 1 ? "VM reads and writes" : "VMs read and write")} through another node.",
            Remedy = Mend(teller, RemedyRisk.Online, severity == Severity.Critical ? "Mend the path to the storage, then resume the volume." : "See why it is redirected; end a backup that hangs, remove the filter driver, or move the volume to another node.", "Mend the path to the storage; see the volume in Failover Cluster Manager.",
                PowerShell.Line($"Get-ClusterSharedVolumeState -Cluster {cluster.Cluster.Name} -Name {volume.Name}"), "fltmc instances",
                severity == Severity.Critical ? PowerShell.Line($"Resume-ClusterResource -Cluster {cluster.Cluster.Name} -Name {volume.Name}") : PowerShell.Line($"Move-ClusterSharedVolume -Cluster {cluster.Cluster.Name} -Name {volume.Name}")),
            Evidence =
            [
                Fact(teller, "cluster", "State as the owner sees it", volume.Fault.ToString().ToLowerInvariant(), "none", "MSCluster_ClusterSharedVolume.FaultState"),
                .. (volume.Nodes ?? []).Select(n => Fact(teller, "cluster", $"State on {n.Node}", $"{n.Access}{(n.Reasons is { } why ? $", {why}" : "")}", "Direct")),
                Fact(teller, "cluster", "Backup in progress", volume.IsInBackup is { } backup ? backup ? "yes" : "no" : null, null, "MSCluster_ClusterSharedVolume.BackupState"),
                .. cluster.Hosts.SelectMany(h => (h.Reading.EventLog.Content?.Items ?? []).Where(e => e.Id == LostAccess).Select(e => Fact(h, "eventLog", $"{h.Name}: event 5120", $"{e.Count} times"))),
            ],
            Affected = affected?.Impacted ?? [],
        };
    }

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
        CannotTell("shared volumes that were not read", Given.Cluster(Given.Host().With(new ClusterView { Id = "c", Name = "LAB" }))),
        CannotTell("a cluster that may not be read", new(new ClusterView { Id = "c", Name = "LAB", SharedVolumes = [] }, [new(new("N0", ClusterNodeState.Up), new(Given.Host() with { Cluster = Sample.Failed<ClusterView>(SectionState.Denied, "no right") }))])),
    ];

    private static ClusterSubject Nodes(string system, bool? isInBackup, params SharedVolumeNodeState[] nodes) => Cluster(new("V1") { Path = @"C:\ClusterStorage\V1", FileSystem = system, IsInBackup = isInBackup, Nodes = [.. nodes] });

    private static ClusterSubject Owner(SharedVolumeFault fault, int? minutes, bool isInBackup = false) =>
        Cluster(new("V1") { Path = @"C:\ClusterStorage\V1", Fault = fault, FaultSeenAt = minutes is { } m ? Sample.Now.AddMinutes(-m) : null, IsInBackup = isInBackup });

    private static ClusterSubject Cluster(SharedVolume volume) =>
        Given.Cluster(Given.Host().With(Sample.Vm).With(Given.Disk(ControllerKind.Scsi, 0, 0, @"C:\ClusterStorage\V1\a.vhdx")).With(new ClusterView { Id = "c", Name = "LAB", SharedVolumes = [volume] }));
}

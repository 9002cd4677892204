using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Disks;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Units;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Model.Volumes;
using HyperVDash.Rules.Disks;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Volumes;

public sealed class GrowthExceedsVolume : Rule<HostSubject>, IExamines<ClusterSubject>
{
    public override RuleCard Card { get; } = new("HVD411", "dynamic-overcommit", RuleScope.Host, RuleKind.Configuration)
    {
        Title = "Growth of dynamic and differencing disks can exceed the volume",
        Why = "Dynamic disks grow with what guests write. When the volume is full, its VMs pause.",
        Fix = "Move disks, compact them with the VM off, delete checkpoints, or extend the volume.",
        Quiet = "Fixed disks; a volume tagged volume:thin-managed. The variant forecast (an error, days until the volume is full) cannot be told: free space is not kept over days. Whether a volume deduplicates is not read.",
        Sections = ["virtualDisks", "volumes", "virtualMachines", "devices"],
        Mentions = ["cluster", "operatingSystem"],
        Severities = [Severity.Info, Severity.Warning],
        Confidence = 0.75,
        Origin = "Best Practices Analyzer for Hyper-V, rules 58 and 59; field practice",
    };

    /// <summary>The host's own volumes.</summary>
    public override IEnumerable<Verdict> Examine(HostSubject subject, RuleContext context)
    {
        if ((Unreadable(subject, context, "virtualMachines", "devices", "volumes", "virtualDisks") ?? Without(subject)) is { } gap)
        {
            return [gap];
        }

        var volumes = FilledVolume.OfHost(subject, out string? lost);
        return lost is not null ? [.. volumes.SelectMany(v => Judge(v, context)), new Verdict.Unknown("volumes", $"{lost} with files of VMs is not among the volumes that the host lists.")]
            : volumes.IsEmpty ? [NotFor("No VM file lies on a volume of the host alone.")] : volumes.SelectMany(v => Judge(v, context));
    }

    /// <summary>The volumes that the cluster shares, each once.</summary>
    public IEnumerable<Verdict> Examine(ClusterSubject subject, RuleContext context)
    {
        var read = subject.Hosts.Where(h => Unreadable(h, context, "virtualMachines", "devices", "virtualDisks", "cluster") is null && Without(h) is null).ToList();
        if (read.Count < subject.Members.Length)
        {
            yield return new Verdict.Unknown("virtualDisks", $"Disks are not known on {string.Join(", ", subject.Members.Where(m => m.Host is null || !read.Contains(m.Host)).Select(m => m.Node.Name))}.");
        }

        bool any = false;
        foreach (var verdict in read.Count == 0 ? [] : FilledVolume.OfCluster(subject, read).SelectMany(v => Judge(v, context)))
        {
            any = true;
            // With a node that is not seen there may be more to come, never less.
            if (verdict is not Verdict.Pass || read.Count == subject.Members.Length)
            {
                yield return verdict;
            }
        }

        if (!any && read.Count == subject.Members.Length)
        {
            yield return subject.Cluster.SharedVolumes is null ? NotSaid("cluster", "its shared volumes") : NotFor("No VM file lies on a shared volume.");
        }
    }

    private static Verdict.Unknown? Without(HostSubject host) => host.Reading.Devices.Content!.Drives is null ? NotSaid("devices", "the VMs' drives") : null;

    private static IEnumerable<Verdict> Judge(FilledVolume volume, RuleContext context)
    {
        var verdict = One(volume, context) with { Object = volume.Identity };
        yield return verdict;
        if (verdict is Verdict.Fire)
        {
            yield return NotCollected("forecast", volume.Section, "Free space is not kept over days; full within 3 days would be an error.") with { Object = volume.Identity };
        }
    }

    private static Verdict One(FilledVolume volume, RuleContext context)
    {
        if (context.Settings.HasTag(volume.Identity.Id, "volume:thin-managed"))
        {
            return NotFor("Tagged volume:thin-managed.");
        }

        if (volume.UsedPercent is not { } used)
        {
            return NotSaid(volume.Section, "size and free space of the volume");
        }

        var growers = volume.Files.Where(f => f.Drive is not null).DistinctBy(f => (f.Vm.Host.Id, f.Path.ToUpperInvariant())).Select(f => (File: f, Promise: PromiseOf(f))).ToList();
        long saved = volume.Files.Where(f => f.Drive is null).Select(f => f.Vm).DistinctBy(v => v.Vm.Id).Sum(SavedStateOf);
        long promise = saved + growers.Sum(g => g.Promise ?? 0);
        long free = volume.Free!.Value.Bytes;
        return promise > 0 && promise >= free ? Fire(volume, promise, used, [.. growers.Where(g => g.Promise > 0).OrderByDescending(g => g.Promise).ThenBy(g => g.File.Path, StringComparer.Ordinal).Take(10)], saved, context)
            : growers.Find(g => g.Promise is null) is { File: { } unread } ? new Verdict.Unknown("virtualDisks", $"How far {VisibleText.Of(unread.Path)} may grow was not read.")
            : Verdict.Passed;
    }

    /// <summary>How far a disk may still grow; null: not known. Of a chain only the file in use grows, up to the size that the guest sees.</summary>
    private static long? PromiseOf(VmFile file) => file.Vm.Host.DiskOf.GetValueOrDefault(file.Path) switch
    {
        { } disk when DiskChain.IsLost(disk) => 0,
        { Type: VirtualDiskType.Fixed } => 0,
        { Type: not VirtualDiskType.Unknown, MaximumSize: { } maximum, FileSize: { } size } => Math.Max(0, maximum.Bytes - size.Bytes),
        _ => null,
    };

    /// <summary>A running VM that is saved when its host stops needs room for its memory beside its configuration.</summary>
    private static long SavedStateOf(VirtualMachineSubject vm) =>
        vm.Vm is { State: VirtualMachineState.Running, StopAction: AutomaticStopAction.Save, StartupMemory: { } memory } ? memory.Bytes : 0;

    private static Verdict.Fire Fire(FilledVolume volume, long promise, double used, List<(VmFile File, long? Promise)> growers, long saved, RuleContext context)
    {
        var (host, free) = (volume.Host, volume.Free!.Value);
        bool isUsed = used >= context.Settings.GrowthWarnPercent;
        string ratio = free.Bytes > 0 ? string.Create(CultureInfo.InvariantCulture, $"{100.0 * promise / free.Bytes:0} %") : "all";
        return new("promised", isUsed ? Severity.Warning : Severity.Info,
            string.Create(CultureInfo.InvariantCulture, $"Disks on {VisibleText.Of(volume.Identity.Name)} may grow by {new ByteSize(promise)}, {free} are free; {used:0} % is used"))
        {
            Impact = $"When it is full, {volume.Vms.Count()} {(volume.Vms.Count() == 1 ? "VM pauses" : "VMs pause")}.",
            Remedy = Mend(host, RemedyRisk.Online, "Move a disk to another volume, or extend this one. With the VM off a disk can be compacted.", "Move a disk to another volume, or extend this one; with the VM off compact the disk with Edit Disk.",
                growers is [{ File: var first }, ..] ? [PowerShell.Line($"Move-VMStorage -ComputerName {first.Vm.Host} -VMName {first.Vm.Vm.Name} -DestinationStoragePath '<folder>'"), PowerShell.Line($"Optimize-VHD -ComputerName {first.Vm.Host} -Path {first.Path} -Mode Full")] : []),
            Evidence =
            [
                Fact(host, volume.Section, "Promised / free", $"{new ByteSize(promise)} / {free} = {ratio}", "below 100 %"),
                Fact(host, volume.Section, "Size of the volume", volume.Size?.ToString(), null, volume.Section == "cluster" ? "MSCluster_DiskPartition.TotalSize" : "Win32_Volume.Capacity"),
                .. growers.Select(g => Fact(g.File.Vm.Host, "virtualDisks", $"{g.File.Vm.Vm.Name} {VisibleText.Of(g.File.Path)} may grow by", $"{new ByteSize(g.Promise!.Value)}", null, "Msvm_VirtualHardDiskSettingData.MaxInternalSize")),
                .. saved > 0 ? [Fact(host, "virtualMachines", "Memory of VMs that are saved when the host stops", $"{new ByteSize(saved)}")] : Array.Empty<Evidence>(),
                new Evidence("Days until it is full", "not collected"),
            ],
            Affected = volume.Impacted,
        };
    }

    public override ImmutableArray<RuleCase> Cases => [.. base.Cases, .. ClusterExamples.Select(e => RuleCase.Of(this, e))];

    public override ImmutableArray<Example<HostSubject>> Examples { get; } =
    [
        Fires(Severity.Warning, "600 GiB of growth, 200 GiB free, 80 % used", Host(1000, 200, Dynamic(800, 300), Dynamic(500, 400))),
        Passes("300 GiB of growth, 700 GiB free", Host(1000, 700, Dynamic(500, 200))),
        Fires(Severity.Info, "as much growth as is free, 69 % used", Host(1000, 310, Dynamic(510, 200))),
        Fires(Severity.Warning, "as much growth as is free, 70 % used", Host(1000, 300, Dynamic(500, 200))),
        Passes("one GiB less", Host(1000, 300, Dynamic(499, 200))),
        Passes("a fixed disk", Host(1000, 10, Dynamic(500, 200) with { Type = VirtualDiskType.Fixed })),
        Fires(Severity.Info, "the file in use of a checkpoint, up to what the guest sees", Host(1000, 400, Dynamic(500, 20) with { Type = VirtualDiskType.Differencing })),
        Skips("a volume tagged volume:thin-managed", Host(1000, 200, Dynamic(800, 300)), Given.Tagged("volume:thin-managed", $"{Sample.Host.Id}/{Sample.DataVolume.Id}".ToLowerInvariant())),
        Passes("a disk that is missing", Host(1000, 100, Dynamic(500, 200) with { Exists = false, Type = VirtualDiskType.Unknown })),
        CannotTell("a drive with a VM's files that the host does not list", new(Reading(@"E:\VMs", Dynamic(800, 300)))),
        CannotTell("a disk whose header was not read", Host(1000, 700, Dynamic(500, 200) with { Type = VirtualDiskType.Unknown })),
        CannotTell("volumes that could not be read", new(Given.Host() with { Volumes = Sample.Failed<VolumeList>(SectionState.Denied, "no right") })),
    ];

    private static ImmutableArray<Example<ClusterSubject>> ClusterExamples { get; } =
    [
        new("two nodes' disks together exceed the shared volume", Cluster(both: true), "fires Info"),
        new("one node's alone do not", Cluster(both: false), "passes"),
        new("a cluster that does not say its shared volumes", Given.Cluster(Given.Host().With(Sample.Vm).With(new ClusterView { Id = "c", Name = "LAB" })), "cannot tell for"),
    ];

    private static VirtualDisk Dynamic(double maximum, double size) => Sample.VirtualDisk with { Type = VirtualDiskType.Dynamic, MaximumSize = ByteSize.FromGiB(maximum), FileSize = ByteSize.FromGiB(size) };

    private static HostReading Reading(string folder, params VirtualDisk[] disks) => Given.Host().With(Sample.Vm)
        .With([.. disks.Select((_, i) => Given.Disk(ControllerKind.Scsi, 0, i, $@"{folder}\{i}.vhdx"))]) with
    {
        VirtualDisks = Sample.Read(new VirtualDiskList { Items = [.. disks.Select((d, i) => d with { Path = $@"{folder}\{i}.vhdx" })] }),
    };

    private static HostSubject Host(double size, double free, params VirtualDisk[] disks) => new(Reading(@"D:\VMs", disks) with
    {
        Volumes = Sample.Read(new VolumeList { Items = [Sample.SystemVolume, Sample.DataVolume with { Size = ByteSize.FromGiB(size), Free = ByteSize.FromGiB(free) }] }),
    });

    private static ClusterSubject Cluster(bool both)
    {
        var view = new ClusterView { Id = "c", Name = "LAB", SharedVolumes = [new("Disk 1") { Path = @"C:\ClusterStorage\V1", VolumeId = @"\\?\Volume{1}\", Size = ByteSize.FromGiB(1000), Free = ByteSize.FromGiB(500) }] };
        return Given.Cluster(Reading(@"C:\ClusterStorage\V1\a", Dynamic(400, 100)).With(view), Reading(@"C:\ClusterStorage\V1\b", Dynamic(both ? 400 : 101, 100)).With(view));
    }
}

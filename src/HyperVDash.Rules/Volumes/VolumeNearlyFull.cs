using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Units;
using HyperVDash.Model.Volumes;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Volumes;

public sealed class VolumeNearlyFull : Rule<HostSubject>, IExamines<ClusterSubject>
{
    private const long GiB = 1L << 30;

    // Above this size percents say little.
    private const long Big = 10L << 40;

    public override RuleCard Card { get; } = new("HVD412", "volume-low-space", RuleScope.Host, RuleKind.Configuration)
    {
        Title = "Volume or CSV with VM files is low on space",
        Why = "When a volume is full, Hyper-V pauses the VMs that write to it, and checkpoints cannot be merged.",
        Fix = "Delete old checkpoints, move VMs away, or extend the volume.",
        Quiet = "Volumes without VM files, such as a library of discs. On volumes above 10 TiB only the free space counts, not the percentage.",
        Sections = ["volumes", "virtualMachines", "devices"],
        Mentions = ["cluster", "virtualDisks", "operatingSystem"],
        Severities = [Severity.Warning, Severity.Critical],
        Origin = "Published thresholds of the Health Service; published margins of monitoring products; field practice",
    };

    /// <summary>The host's own volumes.</summary>
    public override IEnumerable<Verdict> Examine(HostSubject subject, RuleContext context)
    {
        if ((Unreadable(subject, context, "virtualMachines", "devices", "volumes") ?? Without(subject)) is { } gap)
        {
            return [gap];
        }

        var volumes = FilledVolume.OfHost(subject, out string? lost);
        return lost is not null ? [.. volumes.Select(v => Judge(v, context)), new Verdict.Unknown("volumes", $"{lost} with files of VMs is not among the volumes that the host lists.")]
            : volumes.IsEmpty ? [NotFor("No VM file lies on a volume of the host alone.")] : volumes.Select(v => Judge(v, context));
    }

    /// <summary>The volumes that the cluster shares, each once.</summary>
    public IEnumerable<Verdict> Examine(ClusterSubject subject, RuleContext context)
    {
        var read = subject.Hosts.Where(h => Unreadable(h, context, "virtualMachines", "devices", "cluster") is null && Without(h) is null).ToList();
        var volumes = read.Count == 0 ? [] : FilledVolume.OfCluster(subject, read).ToList();
        foreach (var volume in volumes)
        {
            yield return Judge(volume, context);
        }

        if (read.Count < subject.Members.Length)
        {
            // A volume whose only VMs are on a node that is not seen was not looked at.
            yield return new Verdict.Unknown("virtualMachines", $"VMs are not known on {string.Join(", ", subject.Members.Where(m => m.Host is null || !read.Contains(m.Host)).Select(m => m.Node.Name))}.");
        }
        else if (volumes.Count == 0)
        {
            yield return subject.Cluster.SharedVolumes is null ? NotSaid("cluster", "its shared volumes") : NotFor("No VM file lies on a shared volume.");
        }
    }

    private static Verdict.Unknown? Without(HostSubject host) => host.Reading.Devices.Content!.Drives is null ? NotSaid("devices", "the VMs' drives") : null;

    private static Verdict Judge(FilledVolume volume, RuleContext context) =>
        (volume.UsedPercent is not { } used ? NotSaid(volume.Section, "size and free space of the volume")
            : Grade(volume, used, context.Settings) is { } severity ? Fire(volume, used, severity, context.Settings)
            : (Verdict)Verdict.Passed) with { Object = volume.Identity };

    private static Severity? Grade(FilledVolume volume, double used, RuleSettings settings)
    {
        long free = volume.Free!.Value.Bytes;
        bool isBig = volume.Size!.Value.Bytes > Big;
        return isBig
            ? free < settings.BigVolumeCriticalGiB * GiB ? Severity.Critical : free < settings.BigVolumeWarnGiB * GiB ? Severity.Warning : null
            : used >= settings.VolumeCriticalPercent || free < settings.VolumeCriticalGiB * GiB ? Severity.Critical
            : used >= settings.VolumeWarnPercent || free < settings.VolumeWarnGiB * GiB ? Severity.Warning
            : null;
    }

    private static Verdict.Fire Fire(FilledVolume volume, double used, Severity severity, RuleSettings settings)
    {
        var (host, free) = (volume.Host, volume.Free!.Value);
        bool isShared = volume.Section == "cluster";
        bool pauses = free.Bytes < (long)settings.VolumePauseMiB << 20;
        int vms = volume.Vms.Count();
        var biggest = volume.Files.Where(f => f.Drive is not null).DistinctBy(f => f.Path, StringComparer.OrdinalIgnoreCase)
            .Select(f => (File: f, Size: f.Vm.Host.DiskOf.GetValueOrDefault(f.Path)?.FileSize)).Where(f => f.Size is not null).OrderByDescending(f => f.Size!.Value.Bytes).Take(5);
        return new("space", severity, string.Create(CultureInfo.InvariantCulture, $"{VisibleText.Of(volume.Identity.Name)} is {used:0.#} % full, {Words(free)} of {volume.Size} are free"))
        {
            Impact = pauses ? $"Hyper-V pauses its {vms} {(vms == 1 ? "VM" : "VMs")} now." : $"When it is full, {vms} {(vms == 1 ? "VM pauses" : "VMs pause")}.",
            Remedy = Mend(host, RemedyRisk.Online, "Delete old checkpoints, move VMs to another volume, or extend this one.", "Delete old checkpoints, move VMs to another volume, or extend this one in Disk Management.",
                [
                    .. volume.Vms.Take(1).SelectMany(v => new[] { PowerShell.Line($"Get-VMSnapshot -ComputerName {v.Host} -VMName *"), PowerShell.Line($"Move-VMStorage -ComputerName {v.Host} -VMName {v.Vm.Name} -DestinationStoragePath '<folder>'") }),
                    isShared ? PowerShell.Line($"Get-StoragePool -CimSession {host} -IsPrimordial {false}") : PowerShell.Line($"Resize-Partition -CimSession {host} -DriveLetter '<letter>' -Size '<size>'"),
                ]),
            Evidence =
            [
                Fact(host, volume.Section, "Used", string.Create(CultureInfo.InvariantCulture, $"{used:0.#} %"), string.Create(CultureInfo.InvariantCulture, $"below {settings.VolumeWarnPercent} %"), isShared ? "MSCluster_DiskPartition.FreeSpace" : "Win32_Volume.FreeSpace"),
                Fact(host, volume.Section, "Free", Words(free), volume.Size!.Value.Bytes > Big ? $"at least {settings.BigVolumeWarnGiB} GiB" : $"at least {settings.VolumeWarnGiB} GiB"),
                Fact(host, volume.Section, "Size", volume.Size?.ToString(), null, isShared ? "MSCluster_DiskPartition.TotalSize" : "Win32_Volume.Capacity"),
                .. biggest.Select(f => Fact(f.File.Vm.Host, "virtualDisks", $"{f.File.Vm.Vm.Name} {VisibleText.Of(f.File.Path)}", f.Size!.Value.ToString(), null, "CIM_DataFile.FileSize")),
                new Evidence("Change per day", "not collected"),
            ],
            Affected = volume.Impacted,
        };
    }

    private static string Words(ByteSize size) => size.Bytes < GiB ? string.Create(CultureInfo.InvariantCulture, $"{size.Bytes >> 20} MiB") : size.ToString();

    public override ImmutableArray<RuleCase> Cases => [.. base.Cases, .. ClusterExamples.Select(e => RuleCase.Of(this, e))];

    public override ImmutableArray<Example<HostSubject>> Examples { get; } =
    [
        Fires(Severity.Warning, "80 % used", Host(1000, 200)),
        Passes("a GiB less used", Host(1000, 201)),
        Fires(Severity.Critical, "90 % used", Host(1000, 100)),
        Fires(Severity.Warning, "a small volume with less than 20 GiB free", Host(90, 19.9)),
        Passes("a small volume with 20 GiB free", Host(90, 20)),
        Fires(Severity.Warning, "a small volume with exactly 2 GiB free", Host(9, 2)),
        Fires(Severity.Critical, "less than 2 GiB free", Host(9, 1.9)),
        Fires(Severity.Critical, "150 MiB free: VMs pause now", Host(1000, 0.15)),
        Passes("95 % of 20 TiB used, 1 TiB free", Host(20480, 1024)),
        Passes("500 GiB of 20 TiB free", Host(20480, 500)),
        Fires(Severity.Warning, "200 GiB of 20 TiB free", Host(20480, 200)),
        Fires(Severity.Critical, "90 % of 10 TiB used, which is not above that size", Host(10240, 1024)),
        Fires(Severity.Warning, "less than 500 GiB of 20 TiB free", Host(20480, 499)),
        Fires(Severity.Critical, "less than 200 GiB of 20 TiB free", Host(20480, 199)),
        Skips("a host whose volumes hold no VM file", new(Given.Host().With(Array.Empty<Model.VirtualMachines.VirtualMachine>()))),
        Fires(Severity.Critical, "a folder left behind by a cluster, on a full system drive", new(Given.Host().With(Sample.Vm with { ConfigurationPath = @"C:\ClusterStorage\V1\a" }) with
        {
            Volumes = Sample.Read(new VolumeList { Items = [Sample.SystemVolume with { Size = ByteSize.FromGiB(100), Free = ByteSize.FromGiB(1) }, Sample.DataVolume] }),
        })),
        CannotTell("a drive with a VM's files that the host does not list", new(Given.Host() with { Volumes = Sample.Read(new VolumeList { Items = [Sample.SystemVolume] }) })),
        CannotTell("a volume that does not say its free space", Host(1000, null)),
        CannotTell("volumes that could not be read", new(Given.Host() with { Volumes = Sample.Failed<VolumeList>(SectionState.Denied, "no right") })),
    ];

    private static ImmutableArray<Example<ClusterSubject>> ClusterExamples { get; } =
    [
        new("a shared volume of 4,000 GiB with 350 GiB free (91 %)", Cluster(350), "fires Critical"),
        new("the same with 1,500 GiB free", Cluster(1500), "passes"),
        new("a node that no agent reads", Cluster(1500, isBlind: true), "cannot tell for"),
        new("a cluster that does not say its shared volumes", Given.Cluster(Given.Host().With(Sample.Vm).With(new ClusterView { Id = "c", Name = "LAB" })), "cannot tell for"),
    ];

    private static HostSubject Host(double size, double? free) => new(Given.Host() with
    {
        Volumes = Sample.Read(new VolumeList { Items = [Sample.SystemVolume, Sample.DataVolume with { Size = ByteSize.FromGiB(size), Free = free is { } f ? ByteSize.FromGiB(f) : null }] }),
    });

    private static ClusterSubject Cluster(double free, bool isBlind = false)
    {
        var view = new ClusterView { Id = "c", Name = "LAB", SharedVolumes = [new("Disk 1") { Path = @"C:\ClusterStorage\V1", VolumeId = @"\\?\Volume{1}\", Size = ByteSize.FromGiB(4000), Free = ByteSize.FromGiB(free) }] };
        return Given.Cluster(Given.Host().With(Sample.Vm).With(Given.Disk(ControllerKind.Scsi, 0, 0, @"C:\ClusterStorage\V1\a.vhdx")).With(view), isBlind ? null : Given.Host().With(view));
    }
}

using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Disks;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;
using HyperVDash.Rules.Volumes;

namespace HyperVDash.Rules.Migration;

public sealed class DiscBlocksMigration : Rule<VirtualMachineSubject>
{
    private const string Partners = "migration:";
    private static readonly TimeSpan Brief = TimeSpan.FromHours(24);

    private static readonly Verdict[] Fine = [Verdict.Passed];

    public override RuleCard Card { get; } = new("HVD309", "iso-blocks-migration", RuleScope.VirtualMachine, RuleKind.Configuration)
    {
        Title = "DVD image attached that the target cannot open",
        Why = "Migration or failover stops because the image cannot be opened on the other host.",
        Fix = "Eject the image, or keep it on a share that every host reaches.",
        Quiet = "The disc of integration services (vmguest.iso); a disc inserted, or a VM made, less than 24 h ago. A VM outside clusters counts as movable if its host has a tag migration:….",
        Sections = ["devices", "virtualMachines", "cluster"],
        Mentions = ["virtualDisks", "operatingSystem"],
        Severities = [Severity.Info, Severity.Warning, Severity.Error],
        Origin = "Published troubleshooting of live migration (0xC03A0014); field practice",
    };

    public override IEnumerable<Verdict> Examine(VirtualMachineSubject subject, RuleContext context)
    {
        if (Unreadable(subject.Host, context, "virtualMachines", "devices") is { } gap)
        {
            return [gap];
        }

        return subject.Host.Reading.Devices.Content!.Drives is null ? [NotSaid("devices", "the VM's drives")]
            : subject.Host.DrivesOf[subject.Vm.Id].Any(d => d is { Kind: DriveKind.Dvd, Content: not DriveContent.Empty }) ? Judge(subject, context)
            : Fine;
    }

    private static IEnumerable<Verdict> Judge(VirtualMachineSubject subject, RuleContext context)
    {
        var (vm, host) = (subject.Vm, subject.Host);
        var discs = host.DrivesOf[vm.Id].Where(d => d.Kind == DriveKind.Dvd && d.Content is DriveContent.Image or DriveContent.PassThrough && !IsOfServices(d)).ToList();
        var missing = discs.FindAll(d => d.Path is not null && host.DiskOf.GetValueOrDefault(d.Path)?.Exists == false);
        if (missing.Count > 0)
        {
            yield return Fire(subject, missing[0], "missing", Severity.Error, $"The disc image {VisibleText.Of(missing[0].Path!)} of {vm.Name} is missing", "The VM does not start on another host, and not here after a stop.");
        }

        var bound = discs.Except(missing).Where(d => d.Path is null || !FilePlace.Of(host, d.Path).IsReachableFromOthers).ToList();
        // One finding a VM: the worst of its discs.
        if (bound.Select(d => Bound(subject, d, context)).MaxBy(Tally.Weight) is { } worst and not Verdict.Pass)
        {
            yield return worst;
        }
        else if (host.DrivesOf[vm.Id].Any(d => d is { Kind: DriveKind.Dvd, Content: DriveContent.Unknown }))
        {
            yield return NotSaid("devices", "what is in a DVD drive");
        }
        else if (missing.Count == 0)
        {
            yield return Verdict.Passed;
        }
    }

    /// <summary>Inserted by the host itself, and present on every host.</summary>
    private static bool IsOfServices(Drive drive) => drive.Path?.EndsWith(@"\System32\vmguest.iso", StringComparison.OrdinalIgnoreCase) == true;

    private static Verdict Bound(VirtualMachineSubject subject, Drive disc, RuleContext context)
    {
        var (vm, host) = (subject.Vm, subject.Host);
        bool isPartner = context.Settings.TagsOf(host.Id, Partners).Any();
        if (!isPartner && Unreadable(host, context, "cluster") is { } alone)
        {
            return alone is Verdict.Unknown ? alone : Verdict.Passed;
        }

        if (!isPartner && !host.Clustered.ContainsKey(vm.Id))
        {
            return host.Reading.Cluster.Content?.VirtualMachines is null ? NotSaid("cluster", "its VMs") : Verdict.Passed;
        }

        if (InsertedAt(subject, disc) is not { } inserted)
        {
            return NotSaid("devices", "since when the disc is in the drive");
        }

        if (!context.Passed(inserted + Brief) || (vm.CreatedAt is { } created && !context.Reached(created + Brief)))
        {
            return Verdict.Passed;
        }

        bool runs = vm.State != VirtualMachineState.Off;
        return Fire(subject, disc, "local", runs ? Severity.Warning : Severity.Info, $"{vm.Name} has {(disc.Path is { } path ? VisibleText.Of(path) : $"the drive of {host.Name}")} in its DVD drive, which only {host.Name} can open",
            runs ? "Migration and failover stop at it." : "Once it runs, migration and failover stop at it.");
    }

    /// <summary>No later than the last change of the VM's settings, or when the agent saw the image first.</summary>
    private static DateTimeOffset? InsertedAt(VirtualMachineSubject subject, Drive disc)
    {
        var seen = disc.Path is null ? null : subject.Host.DiskOf.GetValueOrDefault(disc.Path)?.FirstSeenAt;
        var changed = subject.Vm.ConfigurationChangedAt;
        return seen < changed ? seen : changed ?? seen;
    }

    private static Verdict.Fire Fire(VirtualMachineSubject subject, Drive disc, string variant, Severity severity, string title, string impact) => new(variant, severity, title)
    {
        Impact = impact,
        Remedy = Mend(subject.Host, RemedyRisk.Online, "Eject the image.", "Eject the image in the VM's settings, or its Media menu.",
            PowerShell.Line($"Set-VMDvdDrive -ComputerName {subject.Host} -VMName {subject.Vm.Name} -ControllerNumber {disc.ControllerNumber} -ControllerLocation {disc.Location} -Path $null")),
        Evidence =
        [
            Fact(subject.Host, "devices", $"DVD drive at {Slot.Of(disc)}", disc.Path is { } path ? VisibleText.Of(path) : "drive of the host", variant == "missing" ? "an image that exists" : "empty, or on shared storage", "Msvm_StorageAllocationSettingData.HostResource"),
            Fact(subject.Host, "virtualDisks", "Size of the image", disc.Path is null ? null : subject.Host.DiskOf.GetValueOrDefault(disc.Path)?.FileSize?.ToString(), null, "CIM_DataFile.FileSize"),
            Fact(subject.Host, "virtualMachines", "In the drive since", InsertedAt(subject, disc)?.ToString("u", CultureInfo.InvariantCulture)),
            Fact(subject.Host, "virtualMachines", "State of the VM", $"{subject.Vm.State}"),
        ],
    };

    public override ImmutableArray<Example<VirtualMachineSubject>> Examples { get; } =
    [
        Fires(Severity.Warning, "a running clustered VM with a local image for 90 hours", Vm(@"D:\iso\sql.iso", 90)),
        Passes("an empty drive", Vm(null, 90)),
        Fires(Severity.Info, "the VM is off", Vm(@"D:\iso\sql.iso", 90, v => v with { State = VirtualMachineState.Off })),
        Fires(Severity.Warning, "one disc that was just inserted, and one that is long there", Two(@"D:\iso\new.iso", @"D:\iso\sql.iso")),
        CannotTell("a DVD drive that does not say what is in it", Vm(null, 90, content: DriveContent.Unknown)),
        Passes("inserted 24 hours ago", Vm(@"D:\iso\sql.iso", 24)),
        Passes("a VM made an hour ago", Vm(@"D:\iso\sql.iso", 90, v => v with { CreatedAt = Sample.Now.AddHours(-1) })),
        Fires(Severity.Error, "the image is missing", Vm(@"D:\iso\sql.iso", 90, null, false)),
        Passes("an image on a file server", Vm(@"\\sofs\iso\sql.iso", 90)),
        Passes("the disc of integration services", Vm(@"C:\Windows\System32\vmguest.iso", 90)),
        Fires(Severity.Warning, "the host's own drive", Vm(null, 90, null, null, DriveContent.PassThrough)),
        Passes("a VM outside clusters", Vm(@"D:\iso\sql.iso", 90, cluster: null)),
        Fires(Severity.Warning, "outside clusters, on a host tagged migration:east", Vm(@"D:\iso\sql.iso", 90, cluster: null), Given.Tagged("migration:east", Sample.Host.Id)),
        CannotTell("nobody knows since when", Vm(@"D:\iso\sql.iso", 90, v => v with { ConfigurationChangedAt = null })),
        CannotTell("devices that may not be read", new(Sample.Vm, new(Given.Host() with { Devices = Sample.Failed<DeviceList>(SectionState.Denied, "no right") }))),
    ];

    private static VirtualMachineSubject Vm(string? path, int hours, Func<VirtualMachine, VirtualMachine>? change = null, bool? exists = true, DriveContent? content = null) =>
        Of(Given.Host().WithClusteredVm(), path, hours, change, exists, content);

    /// <summary>The first image was seen first an hour ago; the VM was changed then.</summary>
    private static VirtualMachineSubject Two(string fresh, string old) =>
        (Given.Host().WithClusteredVm().With(Sample.Vm with { ConfigurationChangedAt = Sample.Now.AddHours(-1) }).With(Given.Dvd(1, 0, fresh), Given.Dvd(1, 1, old)) with
        {
            VirtualDisks = Sample.Read(new VirtualDiskList { Items = [new(fresh) { Format = VirtualDiskFormat.Iso, Exists = true, FirstSeenAt = Sample.Now.AddHours(-1) }, new(old) { Format = VirtualDiskFormat.Iso, Exists = true, FirstSeenAt = Sample.Now.AddHours(-90) }] }),
        }).Vm();

    private static VirtualMachineSubject Vm(string? path, int hours, ClusterView? cluster) => cluster is null ? Of(Given.Host(), path, hours, null, true, null) : Of(Given.Host().With(cluster), path, hours, null, true, null);

    private static VirtualMachineSubject Of(HostReading host, string? path, int hours, Func<VirtualMachine, VirtualMachine>? change, bool? exists, DriveContent? content) =>
        (host.With((change ?? (v => v))(Sample.Vm with { ConfigurationChangedAt = Sample.Now.AddHours(-hours) }))
            .With(Given.Dvd(1, 0, path) with { Content = content ?? (path is null ? DriveContent.Empty : DriveContent.Image) }) with
        {
            VirtualDisks = Sample.Read(new VirtualDiskList { Items = path is null ? [] : [new VirtualDisk(path) { Format = VirtualDiskFormat.Iso, Exists = exists }] }),
        }).Vm();
}

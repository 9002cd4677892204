using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Disks;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Model.Volumes;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;
using HyperVDash.Rules.Volumes;

namespace HyperVDash.Rules.Disks;

public sealed class DiskAttachedTwice : Rule<FarmSubject>
{
    public override RuleCard Card { get; } = new("HVD415", "disk-attached-twice", RuleScope.Farm, RuleKind.Configuration)
    {
        Title = "The same virtual disk or physical disk is attached to two VMs",
        Why = "The second VM does not start; where both do, two writers destroy the file system.",
        Fix = "Detach the disk from the wrong VM. If both need it, make a copy with an id of its own first.",
        Quiet = "Disks shared on purpose (persistent reservations on every VM, VHD sets); discs in DVD drives; one VM that two hosts list, such as a replica.",
        Sections = ["devices", "virtualMachines"],
        Mentions = ["cluster", "volumes", "virtualDisks", "operatingSystem"],
        Severities = [Severity.Error, Severity.Critical],
        Origin = "Field practice; published meaning of persistent reservations",
    };

    public override IEnumerable<Verdict> Examine(FarmSubject subject, RuleContext context)
    {
        var gates = subject.Hosts.Select(h => (Host: h, Verdict: Unreadable(h, context, "virtualMachines", "devices") ?? Without(h))).ToList();
        bool[] isRead = [.. gates.Select(g => g.Verdict is null)];
        // Compared all the same: what is found of such a host is found.
        bool[] isUnplaced = [.. gates.Select(g => g.Verdict is null && HasUnplaced(g.Host))];
        var involved = new HashSet<HostSubject>();
        bool any = false;
        foreach (var (fire, hosts) in AttachedTwice(subject, isRead, context))
        {
            any = true;
            involved.UnionWith(hosts);
            yield return fire;
        }

        for (int i = 0; i < gates.Count; i++)
        {
            if (isRead[i] && !isUnplaced[i] && !involved.Contains(gates[i].Host))
            {
                yield return gates[i].Host.Passes;
            }
        }

        if (gates.Where((g, i) => g.Verdict is Verdict.Unknown || isUnplaced[i]).Select(g => g.Host.Name).ToList() is { Count: > 0 } blind)
        {
            yield return new Verdict.Unknown("devices", $"The disks of VMs on {string.Join(", ", blind)} are not known.");
        }
        else if (!any)
        {
            yield return Verdict.Passed;
        }
    }

    private static Verdict.Unknown? Without(HostSubject host) => host.Reading.Devices.Content!.Drives is null ? NotSaid("devices", "the VMs' drives") : null;

    /// <summary>Some disk of its VMs may be one that other hosts have too, and nobody knows: the host's cluster, or for physical disks its volumes, were never read.</summary>
    private static bool HasUnplaced(HostSubject host)
    {
        bool isClusterUntold = host.Reading.Cluster.IsUntold(), isVolumesUntold = host.Reading.Volumes.IsUntold();
        return (isClusterUntold || isVolumesUntold) && host.Reading.Devices.Content!.Drives!.Value.Any(d => d.Kind == DriveKind.Disk && d.Content switch
        {
            DriveContent.Image => isClusterUntold && d.Path is { Length: > 0 } path && FilePlace.KindOf(host, path) is FilePlaceKind.Local or FilePlaceKind.Shared,
            DriveContent.PassThrough => isVolumesUntold && d.HostDiskNumber is not null,
            _ => false,
        });
    }

    /// <summary>What more than one VM has, with their hosts: their places change when another host leaves. One VM that two hosts list is another matter.</summary>
    private List<(Verdict.Fire Fire, HostSubject[] Hosts)> AttachedTwice(FarmSubject subject, bool[] isRead, RuleContext context)
    {
        var attached = subject.Joined(Attached);
        var known = subject.Memory.Kept<string, (Verdict.Fire Fire, HostSubject[] Hosts)?>(this);
        var fires = new List<(Verdict.Fire Fire, HostSubject[] Hosts)>();
        foreach (string key in attached.Several.Order(StringComparer.Ordinal))
        {
            HostSubject[] hosts = [.. attached.At(key).Select(d => d.Host).Distinct().Select(h => subject.Hosts[h])];
            if (known.Of(key, hosts, 0, context, () => Judge(key, subject, attached, isRead)) is { } fire)
            {
                fires.Add(fire);
            }
        }

        return fires;
    }

    private static (Verdict.Fire Fire, HostSubject[] Hosts)? Judge(string key, FarmSubject subject, FarmIndex<string, Drive> attached, bool[] isRead)
    {
        var all = attached.At(key).Where(d => isRead[d.Host])
            .Select(d => (d.Host, Drive: subject.Hosts[d.Host].VmOf.GetValueOrDefault(d.Item.VirtualMachineId) is { } vm ? new DriveSubject(d.Item, vm, subject.Hosts[d.Host]) : null))
            .Where(d => d.Drive is not null).ToList();
        var drives = all.ConvertAll(d => d.Drive!);
        return drives.Exists(d => d.Vm.Id != drives[0].Vm.Id) && !IsShared(drives) ? (Fire(key, drives), [.. drives.Select(d => d.Host).Distinct()]) : null;
    }

    /// <summary>Of files that only their host can reach, which are most, just those that it has twice. Reads <c>devices</c>, <c>volumes</c>, <c>cluster</c> and <c>operatingSystem</c>.</summary>
    private static FarmJoin<string, Drive> Attached { get; } = new(["devices", "volumes", "cluster", "operatingSystem"], AttachedTo, StringComparer.Ordinal);

    private static IEnumerable<(string Key, Drive Drive)> AttachedTo(HostSubject host)
    {
        List<(string OnHost, FilePlace? File, bool IsSeenByOthers, Drive Drive)> drives = [];
        foreach (var drive in host.Reading.Devices.Content?.Drives ?? [])
        {
            if (drive is { Kind: DriveKind.Disk, Content: DriveContent.Image, Path: { Length: > 0 } path })
            {
                var file = FilePlace.Of(host, path);
                drives.Add((file.KeyOnHost, file, file.IsReachableFromOthers, drive));
            }
            else if (drive is { Kind: DriveKind.Disk, Content: DriveContent.PassThrough, HostDiskNumber: { } number })
            {
                var (key, isSeenByOthers) = KeyOf(host, number);
                drives.Add((key, null, isSeenByOthers, drive));
            }
        }

        var once = new HashSet<string>(drives.Count, StringComparer.Ordinal);
        var twice = new HashSet<string>(StringComparer.Ordinal);
        foreach (var drive in drives)
        {
            if (!once.Add(drive.OnHost))
            {
                twice.Add(drive.OnHost);
            }
        }

        return drives.Where(d => d.IsSeenByOthers || twice.Contains(d.OnHost)).Select(d => (d.File?.Key ?? d.OnHost, d.Drive));
    }

    /// <summary>The host's disk by its unique id; without one two hosts cannot be compared.</summary>
    private static (string Key, bool IsSeenByOthers) KeyOf(HostSubject host, int number) =>
        (host.Reading.Volumes.Content?.Disks ?? []).FirstOrDefault(d => d.Number == number)?.UniqueId is { Length: > 0 } id
            ? ($"disk|{id.ToLowerInvariant()}", true) : (string.Create(CultureInfo.InvariantCulture, $"disk|{host.Id}|{number}"), false);

    private static bool IsShared(List<DriveSubject> all) => all.TrueForAll(d => d.Drive.IsShared == true)
        || all.TrueForAll(d => d.Drive.Path?.EndsWith(".vhds", StringComparison.OrdinalIgnoreCase) == true || d.Host.DiskOf.GetValueOrDefault(d.Drive.Path ?? "")?.Format == VirtualDiskFormat.VhdSet);

    private static Verdict.Fire Fire(string key, List<DriveSubject> all)
    {
        bool bothRun = all.Where(d => d.Vm.State == VirtualMachineState.Running).Select(d => d.Vm.Id).Distinct().Count() > 1;
        var last = all.MinBy(d => d.Vm.State == VirtualMachineState.Running ? 1 : 0)!;
        string name = last.Drive.Path is { } path ? VisibleText.Of(path) : string.Create(CultureInfo.InvariantCulture, $"disk {last.Drive.HostDiskNumber} of {last.Host.Name}");
        var vms = all.DistinctBy(d => d.Vm.Id).Select(d => $"{d.Vm.Name} ({d.Host.Name})").ToList();
        return new("twice", bothRun ? Severity.Critical : Severity.Error, $"{name} is attached to {string.Join(" and ", vms)}")
        {
            Discriminator = key,
            Impact = bothRun ? "They write to one file system; it breaks." : "Only the first of them starts.",
            Remedy = Mend(last.Host, RemedyRisk.NeedsVirtualMachineOff, $"Detach the disk from the VM that should not have it. If both need it, copy it first and give the copy an id of its own.",
                $"Detach the disk in the settings of the VM that should not have it, e.g. {last.Vm.Name}.",
                PowerShell.Line($"Remove-VMHardDiskDrive -ComputerName {last.Host} -VMName {last.Vm.Name} -ControllerType {last.Drive.ControllerKind} -ControllerNumber {last.Drive.ControllerNumber} -ControllerLocation {last.Drive.Location}"),
                PowerShell.Line($"Set-VHD -ComputerName {last.Host} -Path '<copy>' -ResetDiskIdentifier")),
            Evidence =
            [
                .. all.Take(10).Select(d => (Of: d, Value: d.Drive.Path is { } p ? VisibleText.Of(p) : string.Create(CultureInfo.InvariantCulture, $"disk {d.Drive.HostDiskNumber}")))
                    .Select(d => Fact(d.Of.Host, "devices", $"{d.Of.Vm.Name} on {d.Of.Host.Name}, {Slot.Of(d.Of.Drive)}, {d.Of.Vm.State}", d.Value, "a disk of its own", "Msvm_StorageAllocationSettingData.HostResource")),
                .. all.Take(1).Select(d => Fact(d.Host, "devices", "Persistent reservations", string.Join(", ", all.Select(a => a.Drive.IsShared is { } s ? s ? "yes" : "no" : "not said")), null, "Msvm_StorageAllocationSettingData.PersistentReservationsSupported")),
            ],
            Affected = [.. all.Select(d => new AffectedObject(AffectedRole.Cause, d.Identity)), .. all.DistinctBy(d => d.Vm.Id).Select(d => new AffectedObject(AffectedRole.Impacted, new VirtualMachineSubject(d.Vm, d.Host).Identity))],
        };
    }

    public override ImmutableArray<Example<FarmSubject>> Examples { get; } =
    [
        Fires(Severity.Error, "one file of a file server on two hosts, one VM off", Farm(Image(@"\\sofs\v\d.vhdx", VirtualMachineState.Off), Image(@"\\SOFS.corp.example\v\D.VHDX", VirtualMachineState.Running))),
        Passes("shared on purpose", Farm(Image(@"\\sofs\v\d.vhdx", VirtualMachineState.Off, true), Image(@"\\SOFS\v\D.VHDX", VirtualMachineState.Running, true))),
        Fires(Severity.Error, "only one VM shares it on purpose", Farm(Image(@"\\sofs\v\d.vhdx", VirtualMachineState.Off, true), Image(@"\\SOFS\v\D.VHDX", VirtualMachineState.Running))),
        Fires(Severity.Critical, "both run", Farm(Image(@"\\sofs\v\d.vhdx", VirtualMachineState.Running), Image(@"\\sofs\v\d.vhdx", VirtualMachineState.Running))),
        Passes("a VHD set", Farm(Image(@"\\sofs\v\d.vhds", VirtualMachineState.Running), Image(@"\\sofs\v\d.vhds", VirtualMachineState.Running))),
        Passes("equal paths on the disks of two hosts", Farm(Image(@"D:\v\d.vhdx", VirtualMachineState.Running), Image(@"D:\v\d.vhdx", VirtualMachineState.Running))),
        Fires(Severity.Critical, "one physical disk that two hosts see", Farm(Physical("6000C29"), Physical("6000c29"))),
        Passes("two physical disks of one number", Farm(Physical("6000C29"), Physical("6000C30"))),
        Passes("one VM that two hosts list", new([new(Host(0, Image(@"\\sofs\v\d.vhdx", VirtualMachineState.Off))), new(Host(0, Image(@"\\sofs\v\d.vhdx", VirtualMachineState.Running)) with { Id = "h9", Name = "HV9" })])),
        Passes("a file on a host without a cluster", Farm(Image(@"D:\v\d.vhdx", VirtualMachineState.Running))),
        CannotTell("the same where nobody knows whether the host is in a cluster", Without<ClusterView>(SectionState.Denied, Image(@"D:\v\d.vhdx", VirtualMachineState.Running))),
        CannotTell("a file on a shared volume of a cluster that is not read yet", Without<ClusterView>(SectionState.Pending, Image(@"C:\ClusterStorage\v\d.vhdx", VirtualMachineState.Running))),
        Passes("a file of a file server, whatever the cluster is", Without<ClusterView>(SectionState.Denied, Image(@"\\sofs\v\d.vhdx", VirtualMachineState.Running))),
        Passes("a host of a release that does not tell of clusters", Without<ClusterView>(SectionState.Unsupported, Image(@"D:\v\d.vhdx", VirtualMachineState.Running))),
        CannotTell("a physical disk while the host's disks are not read yet", Without<VolumeList>(SectionState.Pending, Physical("6000C29"))),
        Passes("a physical disk of which the host does not say the number, while its disks are not read yet", Without<VolumeList>(SectionState.Pending, Unnumbered)),
        Passes("a file while the host's disks are not read yet", Without<VolumeList>(SectionState.Pending, Image(@"D:\v\d.vhdx", VirtualMachineState.Running))),
        Passes("a physical disk while nobody knows whether the host is in a cluster", Without<ClusterView>(SectionState.Denied, Physical("6000C29"))),
        CannotTell("a host whose devices could not be read", new([new(Host(0, Image(@"\\sofs\v\d.vhdx", VirtualMachineState.Off))), new(Given.Host() with { Id = "h9", Name = "HV9", Devices = Sample.Failed<DeviceList>(SectionState.Denied, "no right") })])),
    ];

    private static (Drive Drive, VirtualMachineState State, string? UniqueId) Image(string path, VirtualMachineState state, bool isShared = false) => (Given.Disk(ControllerKind.Scsi, 0, 0, path) with { IsShared = isShared }, state, null);

    private static (Drive Drive, VirtualMachineState State, string? UniqueId) Physical(string id) =>
        (Given.Disk(ControllerKind.Scsi, 0, 0, null) with { Content = DriveContent.PassThrough, HostDiskNumber = 4 }, VirtualMachineState.Running, id);

    private static HostReading Host(int number, (Drive Drive, VirtualMachineState State, string? UniqueId) of)
    {
        var id = new Guid(number, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1]);
        return Given.Host().With(Sample.Vm with { Id = id, Name = $"vm{number}", State = of.State }).With(of.Drive with { VirtualMachineId = id, Id = $"{id}{of.Drive.Id}" }) with
        {
            Id = $"h{number}", Name = $"HV{number}", Volumes = Sample.Read(new VolumeList { Disks = [new(4) { UniqueId = of.UniqueId }] }),
        };
    }

    private static (Drive Drive, VirtualMachineState State, string? UniqueId) Unnumbered => Physical("6000C29") is var physical ? physical with { Drive = physical.Drive with { HostDiskNumber = null } } : default;

    /// <summary>One host with that disk, of which one section was never read.</summary>
    private static FarmSubject Without<T>(SectionState state, (Drive Drive, VirtualMachineState State, string? UniqueId) drive) where T : class
    {
        var host = Host(0, drive);
        return new([new(typeof(T) == typeof(ClusterView) ? host with { Cluster = Sample.Failed<ClusterView>(state, "not read") } : host with { Volumes = Sample.Failed<VolumeList>(state, "not read") })]);
    }

    private static FarmSubject Farm(params (Drive Drive, VirtualMachineState State, string? UniqueId)[] drives) => new([.. drives.Select((d, i) => new HostSubject(Host(i, d)))]);
}

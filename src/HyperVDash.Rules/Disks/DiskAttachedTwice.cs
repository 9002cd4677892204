using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model;
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
        var read = gates.Where(g => g.Verdict is null).Select(g => g.Host).ToList();
        var involved = new HashSet<HostSubject>();
        foreach (var (key, all) in AttachedTwice(read).OrderBy(t => t.Key, StringComparer.Ordinal))
        {
            if (!IsShared(all))
            {
                involved.UnionWith(all.Select(d => d.Host));
                yield return Fire(key, all);
            }
        }

        foreach (var host in read.Where(h => !involved.Contains(h)))
        {
            yield return new Verdict.Pass { Object = host.Identity };
        }

        if (gates.Where(g => g.Verdict is Verdict.Unknown).Select(g => g.Host.Name).ToList() is { Count: > 0 } blind)
        {
            yield return new Verdict.Unknown("devices", $"The disks of VMs on {string.Join(", ", blind)} are not known.");
        }
        else if (involved.Count == 0)
        {
            yield return new Verdict.Pass();
        }
    }

    private static Verdict.Unknown? Without(HostSubject host) => host.Reading.Devices.Content!.Drives is null ? NotSaid("devices", "the VMs' drives") : null;

    /// <summary>What more than one VM has. One VM that two hosts list is another matter.</summary>
    private static IEnumerable<(string Key, List<DriveSubject> All)> AttachedTwice(List<HostSubject> hosts)
    {
        // Nearly every disk has one VM: a list is made for the others alone.
        var first = new Dictionary<string, DriveSubject>(StringComparer.Ordinal);
        var several = new Dictionary<string, List<DriveSubject>>(StringComparer.Ordinal);
        foreach (var (key, drive) in hosts.SelectMany(Attached))
        {
            if (first.TryAdd(key, drive))
            {
                continue;
            }

            if (!several.TryGetValue(key, out var all))
            {
                several[key] = all = [first[key]];
            }

            all.Add(drive);
        }

        return several.Where(s => s.Value.Exists(d => d.Vm.Id != s.Value[0].Vm.Id)).Select(s => (s.Key, s.Value));
    }

    private static IEnumerable<(string Key, DriveSubject Drive)> Attached(HostSubject host)
    {
        var vms = new Dictionary<Guid, VirtualMachine>();
        foreach (var vm in host.Reading.VirtualMachines.Content!.Items)
        {
            vms.TryAdd(vm.Id, vm);
        }

        foreach (var drive in host.Reading.Devices.Content!.Drives!.Value.Where(d => d.Kind == DriveKind.Disk))
        {
            if (vms.TryGetValue(drive.VirtualMachineId, out var vm) && KeyOf(host, drive) is { } key)
            {
                yield return (key, new(drive, vm, host));
            }
        }
    }

    /// <summary>The file, or the host's disk by its unique id; without one two hosts cannot be compared.</summary>
    private static string? KeyOf(HostSubject host, Drive drive) => drive switch
    {
        { Content: DriveContent.Image, Path: { Length: > 0 } path } => FilePlace.Of(host, path).Key,
        { Content: DriveContent.PassThrough, HostDiskNumber: { } number } => (host.Reading.Volumes.Content?.Disks ?? []).FirstOrDefault(d => d.Number == number)?.UniqueId is { Length: > 0 } id
            ? $"disk|{id.ToLowerInvariant()}" : string.Create(CultureInfo.InvariantCulture, $"disk|{host.Id}|{number}"),
        _ => null,
    };

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

    private static FarmSubject Farm(params (Drive Drive, VirtualMachineState State, string? UniqueId)[] drives) => new([.. drives.Select((d, i) => new HostSubject(Host(i, d)))]);
}

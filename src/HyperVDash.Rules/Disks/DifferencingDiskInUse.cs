using System.Collections.Immutable;
using HyperVDash.Model;
using HyperVDash.Model.Checkpoints;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Disks;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Guests;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;
using HyperVDash.Rules.Volumes;

namespace HyperVDash.Rules.Disks;

public sealed class DifferencingDiskInUse : OneVerdictRule<DriveSubject>, IExamines<FarmSubject>
{
    public override RuleCard Card { get; } = new("HVD410", "differencing-disk-in-use", RuleScope.Drive, RuleKind.Configuration)
    {
        Title = "VM runs on a differencing disk that is not a checkpoint",
        Why = "Every child dies with its parent: who writes to the parent breaks all disks that were made from it.",
        Fix = "Make the parent read-only, or flatten the child with the VM off.",
        Quiet = "Disks of checkpoints (.avhd, .avhdx, or one that a checkpoint names); linked clones in or from a folder of the setting LinkedCloneRoots.",
        Sections = ["virtualDisks", "virtualMachines", "devices"],
        Mentions = ["checkpoints", "guests", "cluster", "operatingSystem"],
        Severities = [Severity.Info, Severity.Warning, Severity.Error],
        Origin = "Field notes of December 2007, first post; Best Practices Analyzer for Hyper-V, rule 62; published advice for virtual domain controllers",
    };

    public override Verdict Decide(DriveSubject subject, RuleContext context) =>
        Unreadable(subject.Host, context, "virtualMachines", "devices") ?? Skip(subject.Drive) ?? Unreadable(subject.Host, context, "virtualDisks") ?? Judge(subject, context);

    /// <summary>A parent on shared storage may be the disk of a VM on another host.</summary>
    public IEnumerable<Verdict> Examine(FarmSubject subject, RuleContext context)
    {
        var gates = subject.Hosts.Select(h => (Host: h, Verdict: Unreadable(h, context, "virtualMachines", "devices", "virtualDisks") ?? (h.Reading.Devices.Content!.Drives is null ? NotSaid("devices", "its drives") : null))).ToList();
        var drives = gates.Where(g => g.Verdict is null).SelectMany(g => Attached(g.Host)).ToList();
        var byKey = drives.ToLookup(d => FilePlace.Of(d.Host, d.Drive.Path!).Key);
        var unseen = gates.Find(g => g.Verdict is Verdict.Unknown);
        var blind = unseen.Verdict is Verdict.Unknown unknown ? unknown with { Reason = $"{unseen.Host.Name}: {unknown.Reason}" } : null;
        bool any = false;
        foreach (var child in drives)
        {
            if (ClonedFrom(child, context) is { ParentPath: { } parent } && FilePlace.Of(child.Host, parent) is { IsReachableFromOthers: true } place)
            {
                any = true;
                var other = byKey[place.Key].FirstOrDefault(d => d.Host != child.Host);
                yield return (Owner(child, parent) is not null ? Verdict.Passed : other is not null ? Attached(child, parent, other) : blind as Verdict ?? Verdict.Passed) with { Object = child.Identity };
            }
        }

        if (blind is not null)
        {
            yield return blind;
        }
        else if (!any)
        {
            yield return NotFor("No VM runs on a clone from shared storage.");
        }
    }

    private static IEnumerable<DriveSubject> Attached(HostSubject host)
    {
        var vms = host.Reading.VirtualMachines.Content!.Items.DistinctBy(v => v.Id).ToDictionary(v => v.Id);
        return host.Reading.Devices.Content!.Drives!.Value.Where(d => Skip(d) is null && vms.ContainsKey(d.VirtualMachineId)).Select(d => new DriveSubject(d, vms[d.VirtualMachineId], host));
    }

    private static Verdict.NotApplicable? Skip(Drive drive) => drive is not { Kind: DriveKind.Disk, Content: DriveContent.Image, Path: { } path } ? new("Not a virtual disk.")
        : path.EndsWith(".avhd", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".avhdx", StringComparison.OrdinalIgnoreCase) ? new("The disk of a checkpoint.") : null;

    /// <summary>The disk, if it is a clone that nobody said to be meant.</summary>
    private static VirtualDisk? ClonedFrom(DriveSubject subject, RuleContext context) =>
        subject.Host.DiskOf.GetValueOrDefault(subject.Drive.Path!) is { Type: VirtualDiskType.Differencing } disk && !IsOfCheckpoint(subject) && !IsMeant(disk, context) ? disk : null;

    private static bool IsOfCheckpoint(DriveSubject subject) =>
        subject.Host.CheckpointsOf[subject.Vm.Id] is { IsEmpty: false } checkpoints && checkpoints.Any(c => c.DiskPaths?.Contains(subject.Drive.Path!, StringComparer.OrdinalIgnoreCase) == true);

    private static bool IsMeant(VirtualDisk disk, RuleContext context) => context.Settings.LinkedCloneRoots
        .Any(root => new[] { disk.Path, disk.ParentPath }.Any(p => p?.StartsWith(root.TrimEnd('\\') + '\\', StringComparison.OrdinalIgnoreCase) == true));

    private static Verdict Judge(DriveSubject subject, RuleContext context)
    {
        if (subject.Host.DiskOf.GetValueOrDefault(subject.Drive.Path!) is not { } disk)
        {
            return new Verdict.Unknown("virtualDisks", "The file was not looked at yet.");
        }

        if (DiskChain.IsLost(disk))
        {
            return NotFor("The file is missing or damaged, which HVD409 tells.");
        }

        if (disk.Type == VirtualDiskType.Unknown)
        {
            return new Verdict.Unknown("virtualDisks", disk.Error ?? "The file's header was not read yet.");
        }

        if (ClonedFrom(subject, context) is null)
        {
            return IsOfCheckpoint(subject) ? NotFor("The disk of a checkpoint.") : Verdict.Passed;
        }

        if (disk.ParentPath is not { } parent)
        {
            return NotSaid("virtualDisks", "the disk's parent");
        }

        return Owner(subject, parent) is { } owner ? Attached(subject, parent, owner) : Clone(subject, disk, parent, context);
    }

    /// <summary>A drive of the same host that holds the parent itself.</summary>
    private static DriveSubject? Owner(DriveSubject subject, string parent)
    {
        var drive = subject.Host.DriveAt.GetValueOrDefault(parent);
        return drive is not null && subject.Host.Reading.VirtualMachines.Content!.Items.FirstOrDefault(v => v.Id == drive.VirtualMachineId) is { } vm ? new(drive, vm, subject.Host) : null;
    }

    private static Verdict.Fire Attached(DriveSubject subject, string parent, DriveSubject owner) => Fire(subject, "attachedParent", Severity.Error,
        $"{subject.Vm.Name} at {Slot.Of(subject.Drive)} is a clone of {VisibleText.Of(parent)}, which is the disk of {owner.Vm.Name} on {owner.Host.Name}", parent, "nobody's disk",
        new($"Take the disk out of {owner.Vm.Name}, or flatten the clone before {owner.Vm.Name} writes to its parent.") { Risk = RemedyRisk.NeedsVirtualMachineOff, Commands = Flatten(subject) }) with
    {
        Impact = $"Whatever {owner.Vm.Name} writes breaks {subject.Vm.Name}.",
        Affected = [new AffectedObject(AffectedRole.Cause, owner.Identity)],
    };

    private static Verdict.Fire Clone(DriveSubject subject, VirtualDisk disk, string parent, RuleContext context)
    {
        bool isController = subject.Host.GuestOf.GetValueOrDefault(subject.Vm.Id)?.ProductType == 2 || context.Settings.HasTag(subject.Vm.Id.ToString(), "role:dc");
        bool isProduction = context.Settings.HasTag(subject.Vm.Id.ToString(), "prod");
        bool? isWriteable = subject.Host.DiskOf.GetValueOrDefault(parent)?.IsWriteable;
        return Fire(subject, "clone", isController || isProduction || isWriteable == true ? Severity.Warning : Severity.Info,
            $"{subject.Vm.Name} at {Slot.Of(subject.Drive)} is a clone of {VisibleText.Of(parent)}{(isController ? "; it is a domain controller" : isWriteable == true ? ", which can be written to" : "")}",
            parent, isWriteable == true ? "read-only" : "none",
            Mend(subject.Host, RemedyRisk.NeedsVirtualMachineOff, "Make the parent read-only; or shut the VM down, flatten the disk and attach the new one.",
                "Make the parent read-only; or shut the VM down, make a disk without parent with Edit Disk, Merge, and attach it.", [$"attrib +R {PowerShell.Quote(parent)}", .. Flatten(subject)])) with
        {
            Impact = isController ? "Copies and old states of a directory must not come back; a disk with a parent invites both." : "The VM stops for good when its parent is changed or lost.",
        };
    }

    private static ImmutableArray<string> Flatten(DriveSubject subject)
    {
        string path = subject.Drive.Path!;
        string flat = Path.ChangeExtension(path.Replace('\\', '/'), null).Replace('/', '\\') + "-flat" + Path.GetExtension(path);
        return subject.Host.Profile?.Profile.PowerShell == true ? [PowerShell.Line($"Convert-VHD -ComputerName {subject.Host} -Path {path} -DestinationPath {flat} -VHDType Fixed")] : [];
    }

    private static Verdict.Fire Fire(DriveSubject subject, string variant, Severity severity, string title, string parent, string expected, Remedy remedy)
    {
        int children = subject.Host.ChildrenOf.GetValueOrDefault(parent);
        int siblings = parent.Equals(subject.Host.DiskOf.GetValueOrDefault(subject.Drive.Path!)?.ParentPath, StringComparison.OrdinalIgnoreCase) ? children - 1 : children;
        return new(variant, severity, title)
        {
            Remedy = remedy,
            Evidence =
            [
                Fact(subject.Host, "virtualDisks", "File", VisibleText.Of(subject.Drive.Path!), null, "Msvm_VirtualHardDiskSettingData.Type"),
                Fact(subject.Host, "virtualDisks", "Parent", VisibleText.Of(parent), expected, "Msvm_VirtualHardDiskSettingData.ParentPath"),
                Fact(subject.Host, "virtualDisks", "The parent can be written to", subject.Host.DiskOf.GetValueOrDefault(parent)?.IsWriteable is { } can ? can ? "yes" : "no" : null, null, "CIM_DataFile.Writeable"),
                Fact(subject.Host, "virtualDisks", "Other children of the parent", $"{siblings}"),
                Fact(subject.Host, "guests", "Domain controller", subject.Host.GuestOf.GetValueOrDefault(subject.Vm.Id)?.ProductType is { } type ? type == 2 ? "yes" : "no" : null, null, "KVP ProductType"),
            ],
        };
    }

    public override ImmutableArray<RuleCase> Cases => [.. base.Cases, .. FarmExamples.Select(e => RuleCase.Of(this, e))];

    public override ImmutableArray<Example<DriveSubject>> Examples { get; } =
    [
        Fires(Severity.Warning, "a domain controller on a clone", Clone(@"E:\VMs\dc1.vhdx", @"E:\VMs\base.vhdx", false, Sample.Guest with { ProductType = 2 })),
        Passes("a clone whose parent is under a folder of linked clones", Clone(@"D:\Lab\lab7.vhdx", @"E:\Base\w22.vhdx", false), new RuleSettings { LinkedCloneRoots = [@"E:\Base"] }),
        Fires(Severity.Info, "the same without the setting", Clone(@"D:\Lab\lab7.vhdx", @"E:\Base\w22.vhdx", false)),
        Fires(Severity.Info, "a folder whose name only begins like the setting", Clone(@"D:\Lab\lab7.vhdx", @"E:\Base2\w22.vhdx", false), new RuleSettings { LinkedCloneRoots = [@"E:\Base"] }),
        Fires(Severity.Warning, "a parent that can be written to", Clone(@"D:\Lab\lab7.vhdx", @"E:\Base\w22.vhdx", true)),
        Fires(Severity.Warning, "a VM tagged prod", Clone(@"D:\Lab\lab7.vhdx", @"E:\Base\w22.vhdx", false), Given.Tagged("prod")),
        Fires(Severity.Error, "the parent is attached to a VM too", Clone(@"D:\Lab\lab7.vhdx", @"E:\Base\w22.vhdx", false, null, @"E:\BASE\w22.vhdx")),
        Passes("a disk without parent", Clone(@"D:\Lab\lab7.vhdx", null, false)),
        Skips("the disk of a checkpoint", Clone(@"D:\Lab\lab7_1.avhdx", @"D:\Lab\lab7.vhdx", true)),
        Skips("a disk that a checkpoint names", CheckpointOf(@"D:\Lab\lab7.vhdx")),
        CannotTell("a file whose header was not read", Clone(@"D:\Lab\lab7.vhdx", null, false, null, null, VirtualDiskType.Unknown)),
        CannotTell("files that could not be read", (Given.Host().With(Sample.Vm) with { VirtualDisks = Sample.Failed<VirtualDiskList>(SectionState.Denied, "no right") }).Drive()),
    ];

    private static ImmutableArray<Example<FarmSubject>> FarmExamples { get; } =
    [
        new("the parent on a file server is the disk of a VM on another host", Farm(@"\\sofs.lab.example\base\w22.vhdx"), "fires Error"),
        new("another host has another disk of that server", Farm(@"\\sofs.lab.example\base\w19.vhdx"), "passes"),
        new("the same, and a host that lists its VM twice", Farm(@"\\sofs.lab.example\base\w22.vhdx", listed: 2), "fires Error"),
        new("another host that did not say its drives, one of which may be the parent", Farm(@"\\sofs.lab.example\base\w22.vhdx", isSaid: false), "cannot tell for"),
        new("no clone at all", new([new(Given.Host())]), "does not apply to"),
    ];

    private static HostReading Host(string path, string? parent, bool isWriteable, Guest? guest = null, string? alsoAttached = null, VirtualDiskType? type = null) =>
        Given.Host().With(Sample.Vm).With(guest ?? Sample.Guest).With([Given.Disk(ControllerKind.Scsi, 0, 0, path), .. alsoAttached is null ? Array.Empty<Drive>() : [Given.Disk(ControllerKind.Scsi, 0, 1, alsoAttached)]]) with
        {
            VirtualDisks = Sample.Read(new VirtualDiskList
            {
                Items =
                [
                    Sample.VirtualDisk with { Path = path, ParentPath = parent, Type = type ?? (parent is null ? VirtualDiskType.Dynamic : VirtualDiskType.Differencing) },
                    .. parent is null ? Array.Empty<VirtualDisk>() : [Sample.VirtualDisk with { Path = parent, IsWriteable = isWriteable }],
                ],
            }),
        };

    private static DriveSubject Clone(string path, string? parent, bool isWriteable, Guest? guest = null, string? alsoAttached = null, VirtualDiskType? type = null) => Host(path, parent, isWriteable, guest, alsoAttached, type).Drive();

    private static DriveSubject CheckpointOf(string path) => Host(path, @"D:\Lab\base.vhdx", true).With(Sample.Checkpoint with { DiskPaths = [path] }).Drive();

    private static FarmSubject Farm(string attached, int listed = 1, bool isSaid = true) => new(
    [
        new(Host(@"D:\Lab\lab7.vhdx", @"\\sofs\base\w22.vhdx", false) with { Id = "a", Name = "A" }),
        new(Given.Host().With([.. Enumerable.Repeat(Sample.Vm with { Id = Other }, listed)]) with
        {
            Id = "b", Name = "B", Devices = Sample.Read(isSaid ? new DeviceList { Drives = [Given.Disk(ControllerKind.Scsi, 0, 0, attached) with { VirtualMachineId = Other }] } : new DeviceList()),
        }),
    ]);

    private static Guid Other => new("22222222-0000-0000-0000-000000000000");
}

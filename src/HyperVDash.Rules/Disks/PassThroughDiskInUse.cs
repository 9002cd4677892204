using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Model.Volumes;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Disks;

public sealed class PassThroughDiskInUse : Rule<DriveSubject>
{
    public override RuleCard Card { get; } = new("HVD408", "passthrough-disk-state", RuleScope.Drive, RuleKind.Configuration)
    {
        Title = "Pass-through disk is missing, or online in the host at the same time",
        Why = "Two writers corrupt the file system of the disk; a disk that is missing stops its VM.",
        Fix = "Take the disk offline in the host, after a look at what is on it; present a missing one again. Better: convert it to VHDX.",
        Quiet = "The disk is offline in the host. For a disk of the cluster nothing can be told: the cluster brings it online for its VM.",
        Sections = ["devices", "virtualMachines", "volumes"],
        Mentions = ["operatingSystem"],
        Severities = [Severity.Info, Severity.Warning, Severity.Error, Severity.Critical],
        Origin = "Field notes of December 2007, first post; Best Practices Analyzer for Hyper-V, rule 109",
    };

    public override IEnumerable<Verdict> Examine(DriveSubject subject, RuleContext context)
    {
        if ((Unreadable(subject.Host, context, "virtualMachines", "devices") ?? Skip(subject.Drive)) is { } skipped)
        {
            return [skipped];
        }

        return Judge(subject, context);
    }

    private static IEnumerable<Verdict> Judge(DriveSubject subject, RuleContext context)
    {
        var verdict = State(subject, context);
        // A pass would say that nothing is wrong with the disk at all.
        if (verdict is not Verdict.Pass || subject.Vm.AllowsFullScsiCommands != true)
        {
            yield return verdict;
        }

        if (subject.Vm.AllowsFullScsiCommands is not { } isUnfiltered)
        {
            yield return NotSaid("virtualMachines", "whether SCSI commands of the VM are filtered") with { Variant = "unfiltered" };
        }
        else if (isUnfiltered)
        {
            yield return Fire(subject, "unfiltered", Severity.Info, $"{subject.Vm.Name} sends SCSI commands unfiltered to {Disk(subject.Drive)}",
                new Remedy("Leave it so only if software in the guest needs it, e.g. for the snapshots of a storage system. It is a property of the VM's settings that only a script changes, with the VM off.") { Risk = RemedyRisk.NeedsVirtualMachineOff }) with
            {
                Evidence = [Fact(subject.Host, "virtualMachines", "SCSI commands", "unfiltered", "filtered", "Msvm_VirtualSystemSettingData.AllowFullSCSICommandSet")],
            };
        }
    }

    private static Verdict? Skip(Drive drive) =>
        drive.Kind != DriveKind.Disk || drive.Content is DriveContent.Image or DriveContent.Empty ? NotFor("Not a disk of the host.")
        : drive.Content == DriveContent.Unknown ? NotSaid("devices", "what is in the drive")
        : null;

    private static Verdict State(DriveSubject subject, RuleContext context)
    {
        var (drive, vm, host) = (subject.Drive, subject.Vm, subject.Host);
        if (drive.IsDangling)
        {
            bool runs = vm.State == VirtualMachineState.Running;
            return Fire(subject, "missing", runs ? Severity.Critical : Severity.Error, $"The host's disk that is passed through to {vm.Name} at {Slot.Of(drive)} is missing",
                new Remedy("Present the disk to the host again, or take the drive out of the VM.") { Risk = RemedyRisk.Online }) with
            {
                Impact = runs ? "The guest has lost the disk." : "The VM does not start.",
            };
        }

        if (drive.HostDiskNumber is not { } number)
        {
            return NotSaid("devices", "which disk is passed through");
        }

        if (Unreadable(host, context, "volumes") is { } gap)
        {
            return gap;
        }

        return host.Reading.Volumes.Content!.Disks is not { } disks ? NotSaid("volumes", "its disks")
            : disks.FirstOrDefault(d => d.Number == number) is not { } disk ? new Verdict.Unknown("volumes", $"The host's list of disks has no number {number}.")
            : disk.IsOffline switch
            {
                true => Verdict.Passed,
                null => NotSaid("volumes", $"whether disk {number} is offline"),
                false when disk.IsClustered == true => new Verdict.Unknown("volumes", $"Disk {number} belongs to the cluster, which brings it online for its VM."),
                false => Online(subject, disk),
            };
    }

    private static Verdict.Fire Online(DriveSubject subject, HostDisk disk)
    {
        // Somebody may be working on it while the VM is off; saved or paused, the VM still counts on what it wrote.
        bool isOff = subject.Vm.State == VirtualMachineState.Off;
        return Fire(subject, "online", isOff ? Severity.Warning : Severity.Error, $"{Disk(subject.Drive)} is passed through to {subject.Vm.Name} and online in {subject.Host.Name} at the same time",
            Mend(subject.Host, RemedyRisk.Online, "Look at what the host has on it, then take it offline. Never while the host still writes to it.",
                $"In Disk Management of {subject.Host.Name} look at disk {disk.Number}, then take it offline.",
                PowerShell.Line($"Get-Partition -CimSession {subject.Host} -DiskNumber {disk.Number}"), PowerShell.Line($"Set-Disk -CimSession {subject.Host} -Number {disk.Number} -IsOffline {true}"))) with
        {
            Impact = isOff ? "When the VM starts, host and guest write to one file system." : "Host and guest write to one file system; it breaks.",
            Evidence =
            [
                Fact(subject.Host, "volumes", $"Disk {disk.Number} in the host", "online", "offline", "MSFT_Disk.IsOffline"),
                Fact(subject.Host, "volumes", "Unique id", disk.UniqueId, null, "MSFT_Disk.UniqueId"),
                Fact(subject.Host, "volumes", "Size", disk.Size?.ToString(), null, "MSFT_Disk.Size"),
                Fact(subject.Host, "virtualMachines", "State of the VM", $"{subject.Vm.State}"),
            ],
        };
    }

    private static string Disk(Drive drive) => drive.HostDiskNumber is { } number ? string.Create(CultureInfo.InvariantCulture, $"Disk {number} of the host") : "A disk of the host";

    private static Verdict.Fire Fire(DriveSubject subject, string variant, Severity severity, string title, Remedy remedy) => new(variant, severity, title)
    {
        Remedy = remedy,
        Evidence =
        [
            Fact(subject.Host, "devices", "Disk of the host", subject.Drive.IsDangling ? "not found" : subject.Drive.HostDiskNumber?.ToString(CultureInfo.InvariantCulture), "present", "Msvm_DiskDrive.DriveNumber"),
            Fact(subject.Host, "virtualMachines", "State of the VM", $"{subject.Vm.State}"),
        ],
    };

    public override ImmutableArray<Example<DriveSubject>> Examples { get; } =
    [
        Fires(Severity.Error, "disk 4 of a running VM, online in the host", Drive(Sample.Vm, isOffline: false)),
        Passes("disk 4 of a running VM, offline in the host", Drive(Sample.Vm, isOffline: true)),
        Fires(Severity.Warning, "the VM is off, somebody may be working on the disk", Drive(Sample.Vm with { State = VirtualMachineState.Off }, isOffline: false)),
        Fires(Severity.Error, "the VM is saved and counts on what it wrote", Drive(Sample.Vm with { State = VirtualMachineState.Saved }, isOffline: false)),
        Fires(Severity.Critical, "a running VM whose disk is gone", Drive(Sample.Vm, null, d => d with { IsDangling = true, HostDiskNumber = null })),
        Fires(Severity.Error, "the disk is gone and the VM is off", Drive(Sample.Vm with { State = VirtualMachineState.Off }, null, d => d with { IsDangling = true, HostDiskNumber = null })),
        Fires(Severity.Info, "SCSI commands that are not filtered", Drive(Sample.Vm with { AllowsFullScsiCommands = true }, isOffline: true)),
        Skips("an image", Drive(Sample.Vm, true, d => d with { Content = DriveContent.Image, Path = @"D:\a.vhdx" })),
        CannotTell("a disk of which an old release does not say whether it is offline", Drive(Sample.Vm, isOffline: null)),
        CannotTell("a disk that the host does not list", Drive(Sample.Vm, true, d => d with { HostDiskNumber = 5 })),
        CannotTell("a disk of the cluster", Drive(Sample.Vm, isOffline: false, isClustered: true)),
        CannotTell("disks of the host that could not be read", (Given.Host().With(Sample.Vm).With(PassThrough) with { Volumes = Sample.Failed<VolumeList>(SectionState.Denied, "no right") }).Drive()),
    ];

    private static Drive PassThrough => Given.Disk(ControllerKind.Scsi, 0, 1, null) with { Content = DriveContent.PassThrough, HostDiskNumber = 4 };

    private static DriveSubject Drive(VirtualMachine vm, bool? isOffline, Func<Drive, Drive>? change = null, bool isClustered = false) =>
        (Given.Host().With(vm.AllowsFullScsiCommands is null ? vm with { AllowsFullScsiCommands = false } : vm).With((change ?? (d => d))(PassThrough)) with
        {
            Volumes = Sample.Read(Sample.Host.Volumes.Content! with { Disks = [new HostDisk(4) { IsOffline = isOffline, UniqueId = "6000C29", IsClustered = isClustered }] }),
        }).Drive();
}

using System.Collections.Immutable;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Findings;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Devices;

public sealed class BootDiskNotAtFirstIdeLocation : OneVerdictRule<VirtualMachineSubject>
{
    private static readonly TimeSpan Installing = TimeSpan.FromHours(24);

    public override RuleCard Card { get; } = new("HVD401", "gen1-boot-path", RuleScope.VirtualMachine, RuleKind.Configuration)
    {
        Title = "Generation 1 VM has no hard disk at IDE controller 0, location 0",
        Why = "The firmware of a generation 1 VM starts from IDE and has no boot entry for SCSI: with disks on SCSI alone it cannot start from disk.",
        Fix = "Move the boot disk to IDE controller 0, location 0, with the VM off; or rebuild it as generation 2.",
        Quiet = "Generation 2; no hard disk at all; starts from network or disc on purpose (tags boot:pxe, boot:cd); a VM younger than 24 h with an image in its DVD drive.",
        Sections = ["devices", "virtualMachines", "operatingSystem"],
        Severities = [Severity.Info, Severity.Error],
        Origin = "Field notes of December 2007, first post",
    };

    public override Verdict Decide(VirtualMachineSubject subject, RuleContext context) =>
        Unreadable(subject.Host, context, "virtualMachines", "devices") ?? Judge(subject, context);

    private static Verdict Judge(VirtualMachineSubject subject, RuleContext context)
    {
        if (subject.Vm.Generation is null)
        {
            return NotSaid("virtualMachines", "the VM's generation");
        }

        if (subject.Vm.Generation == 2)
        {
            return NotFor("Generation 2 starts from SCSI.");
        }

        if (subject.Host.Reading.Devices.Content!.Drives is null)
        {
            return NotSaid("devices", "the VM's drives");
        }

        var drives = DriveFacts.InOrder(subject.Host.DrivesOf[subject.Vm.Id]).ToList();
        var disks = drives.FindAll(DriveFacts.IsFilledDisk);
        if (disks.Count == 0)
        {
            return NotFor("The VM has no hard disk.");
        }

        if (disks.Exists(d => d is { ControllerKind: ControllerKind.Ide, ControllerNumber: 0, Location: 0 }))
        {
            return Verdict.Passed;
        }

        if (disks.Exists(d => d.ControllerKind == ControllerKind.Unknown || (d.ControllerKind == ControllerKind.Ide && (d.ControllerNumber is null || d.Location is null))))
        {
            return NotSaid("devices", "where one of the VM's disks is attached");
        }

        return Intent(subject, context, drives) ?? (disks.Exists(d => d.ControllerKind == ControllerKind.Ide)
            ? Unreadable(subject.Host, context, "operatingSystem") ?? (subject.Host.Profile is { } match
                ? Fire(subject, drives, "a", match.Profile.IsPreRelease ? Severity.Error : Severity.Info, $"{subject.Vm.Name} has no hard disk at IDE 0:0, but one elsewhere on IDE", null)
                : NotSaid("operatingSystem", "its build"))
            : Fire(subject, drives, "b", Severity.Error, $"{subject.Vm.Name} has hard disks on SCSI only; generation 1 cannot start from them", "After the next shutdown it does not start from disk."));
    }

    /// <summary>Starts from something else on purpose; null if nothing says so.</summary>
    private static Verdict? Intent(VirtualMachineSubject subject, RuleContext context, List<Drive> drives)
    {
        if (context.Settings.HasTag(subject.Identity.Id, "boot:pxe") || context.Settings.HasTag(subject.Identity.Id, "boot:cd"))
        {
            return subject.Vm.BootOrder switch
            {
                null => NotSaid("virtualMachines", "what the VM starts from"),
                [BootDevice.Network, ..] => NotFor("Starts from the network on purpose (boot:pxe)."),
                [BootDevice.Cd, ..] => NotFor("Starts from its disc on purpose (boot:cd)."),
                _ => null,
            };
        }

        bool hasDisc = drives.Exists(d => d is { Kind: DriveKind.Dvd, Content: DriveContent.Image });
        return !hasDisc ? null
            : subject.Vm.CreatedAt is not { } createdAt ? NotSaid("virtualMachines", "when the VM was made; it may be in setup")
            : context.Reached(createdAt + Installing) ? null
            : NotFor("Younger than 24 h with a disc in its drive: it is being installed.");
    }

    private static Verdict.Fire Fire(VirtualMachineSubject subject, List<Drive> drives, string variant, Severity severity, string title, string? impact)
    {
        // The firmware looks at the lowest position; the boot disk is most likely there.
        var disk = drives.Find(DriveFacts.IsFilledDisk)!;
        return new(variant, severity, title)
        {
            Impact = impact,
            Remedy = Mend(subject.Host, RemedyRisk.NeedsVirtualMachineOff, $"Shut {subject.Vm.Name} down and move its boot disk. To start from SCSI, rebuild it as generation 2.",
                $"Shut {subject.Vm.Name} down. In its settings remove the disk from {Slot.Of(disk)} and add it at IDE controller 0, location 0.",
                [
                    PowerShell.Line($"Remove-VMHardDiskDrive -ComputerName {subject.Host} -VMName {subject.Vm.Name} -ControllerType {disk.ControllerKind} -ControllerNumber {disk.ControllerNumber} -ControllerLocation {disk.Location}"),
                    disk.Content == DriveContent.PassThrough
                        ? PowerShell.Line($"Add-VMHardDiskDrive -ComputerName {subject.Host} -VMName {subject.Vm.Name} -ControllerType IDE -ControllerNumber 0 -ControllerLocation 0 -DiskNumber {disk.HostDiskNumber}")
                        : PowerShell.Line($"Add-VMHardDiskDrive -ComputerName {subject.Host} -VMName {subject.Vm.Name} -ControllerType IDE -ControllerNumber 0 -ControllerLocation 0 -Path {disk.Path}"),
                ]),
            Evidence =
            [
                Fact(subject.Host, "devices", "Drives", DriveFacts.Map(drives), "a hard disk at IDE 0:0", "Msvm_ResourceAllocationSettingData"),
                Fact(subject.Host, "virtualMachines", "Boot order", subject.Vm.BootOrder is { } order ? string.Join(", ", order) : null, null, "Msvm_VirtualSystemSettingData.BootOrder"),
                Fact(subject.Host, "virtualMachines", "State", $"{subject.Vm.State}", null, "Msvm_ComputerSystem.EnabledState"),
            ],
        };
    }

    public override ImmutableArray<Example<VirtualMachineSubject>> Examples { get; } =
    [
        Fires(Severity.Error, "hard disks on SCSI only, on 2008", Given.VmWithDrives("2008", Given.GenerationOne, Given.Disk(ControllerKind.Scsi, 0, 0, "os.vhd"))),
        Fires(Severity.Error, "a disk at IDE 0:1 on a pre-release host", Given.VmWithDrives("pre2008", Given.GenerationOne, Given.Disk(ControllerKind.Ide, 0, 1))),
        Fires(Severity.Info, "a disk at IDE 1:0 on 2022", Given.VmWithDrives("2022", Given.GenerationOne, Given.Disk(ControllerKind.Ide, 1, 0))),
        Passes("a disk at IDE 0:0", Given.VmWithDrives("2022", Given.GenerationOne, Given.Disk(ControllerKind.Ide, 0, 0))),
        Skips("generation 2", Given.VmWithDrives("2022", Model.Sample.Vm, Given.Disk(ControllerKind.Scsi, 0, 0, "os.vhdx"))),
        Fires(Severity.Error, "the same with a disc in its drive, made exactly 24 h ago", InSetup(TimeSpan.FromHours(24))),
        Skips("a disc in its drive, made a minute less than 24 h ago", InSetup(TimeSpan.FromHours(24) - TimeSpan.FromMinutes(1))),
        Skips("starts from the network on purpose", Given.VmWithDrives("2022", Given.GenerationOne with { BootOrder = [BootDevice.Network, BootDevice.IdeDisk] }, Given.Disk(ControllerKind.Scsi, 0, 0)), Given.Tagged("boot:pxe")),
        Skips("no hard disk", Given.VmWithDrives("2022", Given.GenerationOne, Given.Dvd(1, 0))),
        Passes("a disk at IDE 0:0 beside one on SCSI", Given.VmWithDrives("2022", Given.GenerationOne, Given.Disk(ControllerKind.Scsi, 0, 0), Given.Disk(ControllerKind.Ide, 0, 0))),
        CannotTell("a disk on a controller that was not found", Given.VmWithDrives("2022", Given.GenerationOne, Given.Disk(ControllerKind.Unknown, 0, 0))),
        CannotTell("a VM whose settings were not read", Given.VmWithDrives("2022", Model.Sample.Vm with { Generation = null }, Given.Disk(ControllerKind.Scsi, 0, 0))),
    ];

    private static VirtualMachineSubject InSetup(TimeSpan age) =>
        Given.VmWithDrives("2022", Given.GenerationOne with { CreatedAt = Model.Sample.Now - age }, Given.Disk(ControllerKind.Scsi, 0, 0), Given.Dvd(1, 0, "setup.iso"));
}

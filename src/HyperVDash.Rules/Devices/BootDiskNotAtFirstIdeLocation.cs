using System.Collections.Immutable;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Findings;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Rules.Devices;

public sealed class BootDiskNotAtFirstIdeLocation : Rule<VirtualMachineSubject>
{
    private static readonly TimeSpan Installing = TimeSpan.FromHours(24);

    public override RuleCard Card { get; } = new("HVD401", "gen1-boot-path", RuleScope.VirtualMachine, RuleKind.Configuration)
    {
        Title = "Generation 1 VM has no hard disk at IDE controller 0, location 0",
        Why = "The firmware of a generation 1 VM starts from IDE and has no boot entry for SCSI: with disks on SCSI alone it cannot start from disk.",
        Fix = "Move the boot disk to IDE controller 0, location 0, with the VM off; or rebuild it as generation 2.",
        Quiet = "Generation 2; no hard disk at all; network boot (tag boot:pxe); a VM younger than 24 h with an image in its DVD drive.",
        Sections = ["devices", "virtualMachines", "operatingSystem"],
        Severities = [Severity.Info, Severity.Error],
        Origin = "Field notes of December 2007, first post",
    };

    public override IEnumerable<Verdict> Examine(VirtualMachineSubject subject, RuleContext context)
    {
        yield return Unreadable(subject.Host, context, "virtualMachines", "devices") ?? Judge(subject, context);
    }

    private static Verdict Judge(VirtualMachineSubject subject, RuleContext context)
    {
        if (subject.Vm.Generation is null)
        {
            return NotSaid("virtualMachines", "the VM's generation");
        }

        if (subject.Vm.Generation == 2)
        {
            return new Verdict.NotApplicable("Generation 2 starts from SCSI.");
        }

        if (subject.Host.Reading.Devices.Content!.Drives is null)
        {
            return NotSaid("devices", "the VM's drives");
        }

        var drives = subject.Host.DrivesOf[subject.Vm.Id].ToList();
        var disks = drives.FindAll(DriveFacts.IsFilledDisk);
        if (disks.Count == 0)
        {
            return new Verdict.NotApplicable("The VM has no hard disk.");
        }

        if (disks.Exists(d => d is { ControllerKind: ControllerKind.Ide, ControllerNumber: 0, Location: 0 }))
        {
            return new Verdict.Pass();
        }

        bool isNetworkBoot = subject.Vm.BootOrder is [BootDevice.Network, ..] && context.Settings.HasTag(subject.Identity.Id, "boot:pxe");
        bool isInstalling = subject.Vm.CreatedAt is { } createdAt && !context.Reached(createdAt + Installing) && drives.Exists(d => d is { Kind: DriveKind.Dvd, Content: DriveContent.Image });
        if (isNetworkBoot || isInstalling)
        {
            return new Verdict.NotApplicable(isNetworkBoot ? "Starts from the network on purpose (boot:pxe)." : "Younger than 24 h with a disc in its drive: it is being installed.");
        }

        if (subject.Host.Profile is null)
        {
            return NotSaid("operatingSystem", "its build");
        }

        return disks.Exists(d => d.ControllerKind == ControllerKind.Ide)
            ? Fire(subject, drives, "a", subject.Host.Profile.Profile.IsPreRelease ? Severity.Error : Severity.Info, $"{subject.Vm.Name} has no hard disk at IDE 0:0, but one elsewhere on IDE", null)
            : Fire(subject, drives, "b", Severity.Error, $"{subject.Vm.Name} has hard disks on SCSI only; generation 1 cannot start from them", "After the next shutdown it does not start from disk.");
    }

    private static Verdict.Fire Fire(VirtualMachineSubject subject, List<Drive> drives, string variant, Severity severity, string title, string? impact)
    {
        var disk = drives.Find(DriveFacts.IsFilledDisk)!;
        string vm = subject.Vm.Name.Replace("'", "''", StringComparison.Ordinal);
        return new(variant, severity, title)
        {
            Impact = impact,
            Remedy = subject.Host.Profile?.Profile.PowerShell == false
                ? new($"Shut {subject.Vm.Name} down. In its settings remove the disk from {Slot.Of(disk)} and add it at IDE controller 0, location 0.") { Risk = RemedyRisk.NeedsVirtualMachineOff }
                : new($"Shut {subject.Vm.Name} down and move its boot disk. To start from SCSI, rebuild it as generation 2.")
                {
                    Commands =
                    [
                        $"Remove-VMHardDiskDrive -ComputerName {subject.Host.Name} -VMName '{vm}' -ControllerType {(disk.ControllerKind == ControllerKind.Ide ? "IDE" : "SCSI")} -ControllerNumber {disk.ControllerNumber} -ControllerLocation {disk.Location}",
                        $"Add-VMHardDiskDrive -ComputerName {subject.Host.Name} -VMName '{vm}' -ControllerType IDE -ControllerNumber 0 -ControllerLocation 0 -Path '{disk.Path}'",
                    ],
                    Risk = RemedyRisk.NeedsVirtualMachineOff,
                },
            Evidence =
            [
                Fact(subject.Host, "devices", "Drives", DriveFacts.Map(drives), "a hard disk at IDE 0:0", "Msvm_ResourceAllocationSettingData"),
                Fact(subject.Host, "virtualMachines", "Boot order", subject.Vm.BootOrder is { } order ? string.Join(", ", order) : null, null, "Msvm_VirtualSystemSettingData.BootOrder"),
                Fact(subject.Host, "virtualMachines", "State", $"{subject.Vm.State}"),
            ],
        };
    }

    public override ImmutableArray<Example<VirtualMachineSubject>> Examples { get; } =
    [
        Fires(Severity.Error, "hard disks on SCSI only, on 2008", DriveFacts.Vm(6002, DriveFacts.GenerationOne, DriveFacts.Disk(ControllerKind.Scsi, 0, 0, "os.vhd"))),
        Fires(Severity.Error, "a disk at IDE 0:1 on a pre-release host", DriveFacts.Vm(6001, DriveFacts.GenerationOne, DriveFacts.Disk(ControllerKind.Ide, 0, 1))),
        Fires(Severity.Info, "a disk at IDE 1:0 on 2022", DriveFacts.Vm(20348, DriveFacts.GenerationOne, DriveFacts.Disk(ControllerKind.Ide, 1, 0))),
        Passes("a disk at IDE 0:0", DriveFacts.Vm(20348, DriveFacts.GenerationOne, DriveFacts.Disk(ControllerKind.Ide, 0, 0))),
        Skips("generation 2", DriveFacts.Vm(20348, Model.Sample.Vm, DriveFacts.Disk(ControllerKind.Scsi, 0, 0, "os.vhdx"))),
        CannotTell("a VM whose settings were not read", DriveFacts.Vm(20348, Model.Sample.Vm with { Generation = null }, DriveFacts.Disk(ControllerKind.Scsi, 0, 0))),
    ];
}

using System.Collections.Immutable;
using HyperVDash.Model;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Guests;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Devices;

public sealed class DataDiskOnEmulatedIde : Rule<DriveSubject>
{
    public override RuleCard Card { get; } = new("HVD405", "data-disk-on-emulated-ide", RuleScope.Drive, RuleKind.Configuration)
    {
        Title = "Data disk on the emulated IDE controller",
        Why = "Until integration services run, and wherever they do not, every request is emulated by the VM's worker process. A directory database suffers most.",
        Fix = "Move data disks to SCSI.",
        Quiet = "The boot disk; generation 2; a guest without drivers for synthetic devices. The variant busy (more requests per second than the setting IdeRequestsWarn, for 15 minutes) cannot be told: requests are counted for a whole VM at a moment.",
        Sections = ["devices", "virtualMachines", "guests"],
        Mentions = ["operatingSystem"],
        Severities = [Severity.Info, Severity.Warning],
        Confidence = 0.75,
        Origin = "Field notes of December 2007, first post",
    };

    public override IEnumerable<Verdict> Examine(DriveSubject subject, RuleContext context)
    {
        var verdict = Unreadable(subject.Host, context, "virtualMachines", "devices") ?? Judge(subject, context);
        return verdict is Verdict.Fire { Severity: Severity.Info }
            ? [verdict, NotCollected("busy", "counters", $"Requests are counted for a whole VM at a moment, not for a disk over time; above {context.Settings.IdeRequestsWarn:N0} per second for 15 minutes this would be a warning.")]
            : [verdict];
    }

    private static Verdict Judge(DriveSubject subject, RuleContext context)
    {
        var drive = subject.Drive;
        if (!DriveFacts.IsFilledDisk(drive))
        {
            return NotFor("Not a hard disk.");
        }

        if (drive.ControllerKind != ControllerKind.Ide)
        {
            return drive.ControllerKind == ControllerKind.Unknown ? NotSaid("devices", "the drive's controller") : Verdict.Passed;
        }

        if (drive is { ControllerNumber: 0, Location: 0 })
        {
            return Verdict.Passed;
        }

        if (drive.ControllerNumber is null || drive.Location is null)
        {
            return NotSaid("devices", "the drive's position");
        }

        if (Unreadable(subject.Host, context, "guests") is { } unreadable)
        {
            return unreadable;
        }

        var guest = subject.Host.GuestOf.GetValueOrDefault(subject.Vm.Id);
        if (guest is { Heartbeat: IntegrationState.NoContact, KeyValueExchange: IntegrationState.NoContact })
        {
            return NotFor("The guest has no drivers for synthetic devices; on SCSI the disk would be invisible.");
        }

        bool isDomainController = guest?.ProductType == 2 || context.Settings.HasTag(subject.Vm.Id.ToString(), "role:dc");
        bool hasScsiDisk = subject.Host.DrivesOf[subject.Vm.Id].Any(d => d.ControllerKind == ControllerKind.Scsi && DriveFacts.IsFilledDisk(d));
        bool isGrave = isDomainController && !hasScsiDisk;
        return new Verdict.Fire("position", isGrave ? Severity.Warning : Severity.Info,
            $"{subject.Vm.Name} has a data disk at {Slot.Of(drive)}{(isGrave ? "; it is a domain controller without a SCSI disk" : "")}")
        {
            Impact = isGrave ? "The directory's write order is not safe on emulated IDE with its cache." : "Requests are slower until integration services run.",
            Remedy = Mend(subject.Host, RemedyRisk.NeedsVirtualMachineOff, isGrave ? "Move the directory's disk to SCSI; the guest sees the same disk." : "Move the disk to SCSI; the guest sees the same disk.",
                $"Shut {subject.Vm.Name} down, add a SCSI controller in its settings and move the disk to it.",
                PowerShell.Line($"Get-VMHardDiskDrive -ComputerName {subject.Host} -VMName {subject.Vm.Name} -ControllerType IDE -ControllerNumber {drive.ControllerNumber} -ControllerLocation {drive.Location} | Set-VMHardDiskDrive -ToControllerType SCSI")),
            Evidence =
            [
                Fact(subject.Host, "devices", "Position", Slot.Of(drive), "SCSI, or IDE 0:0 for the boot disk", "Msvm_ResourceAllocationSettingData.AddressOnParent"),
                Fact(subject.Host, "devices", "Image", drive.Path ?? "pass-through"),
                new Evidence("Requests per second of the disk", "not collected"),
                Fact(subject.Host, "guests", "Integration services", $"heartbeat {guest?.Heartbeat.ToString() ?? "not said"}"),
                Fact(subject.Host, "guests", "Domain controller", isDomainController ? "yes" : guest?.ProductType is null ? null : "no", null, "KVP ProductType"),
            ],
        };
    }

    public override ImmutableArray<Example<DriveSubject>> Examples { get; } =
    [
        Fires(Severity.Info, "a data disk at IDE 0:1", Drive(ControllerKind.Ide, 0, 1, Sample.Guest)),
        Fires(Severity.Warning, "the same in a domain controller without SCSI disk", Drive(ControllerKind.Ide, 0, 1, Sample.Guest with { ProductType = 2 })),
        Fires(Severity.Warning, "a VM tagged as domain controller", Drive(ControllerKind.Ide, 0, 1, Sample.Guest), Given.Tagged("role:dc")),
        Fires(Severity.Info, "a domain controller that has a SCSI disk too", Given.Host().With(Given.GenerationOne).With(Given.Disk(ControllerKind.Ide, 1, 0), Given.Disk(ControllerKind.Scsi, 0, 0)).With(Sample.Guest with { ProductType = 2 }).Drive()),
        Passes("the boot disk at IDE 0:0", Drive(ControllerKind.Ide, 0, 0, Sample.Guest)),
        Passes("a disk on SCSI", Drive(ControllerKind.Scsi, 0, 1, Sample.Guest)),
        Skips("a guest without drivers", Drive(ControllerKind.Ide, 1, 0, Sample.Guest with { Heartbeat = IntegrationState.NoContact, KeyValueExchange = IntegrationState.NoContact })),
        CannotTell("a drive whose controller was not found", Drive(ControllerKind.Unknown, 0, 1, Sample.Guest)),
    ];

    private static DriveSubject Drive(ControllerKind kind, int controller, int location, Guest guest) =>
        Given.Host().With(Given.GenerationOne).With(Given.Disk(kind, controller, location)).With(guest).Drive();
}

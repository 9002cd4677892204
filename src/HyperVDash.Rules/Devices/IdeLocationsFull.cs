using System.Collections.Immutable;
using HyperVDash.Model;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Findings;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;
using HyperVDash.Rules.Releases;

namespace HyperVDash.Rules.Devices;

public sealed class IdeLocationsFull : OneVerdictRule<VirtualMachineSubject>
{
    public override RuleCard Card { get; } = new("HVD402", "ide-slots", RuleScope.VirtualMachine, RuleKind.Configuration)
    {
        Title = "All IDE positions are used, or the configuration exceeds 2 controllers × 2 devices",
        Why = "Four devices is all that IDE takes. Configurations beyond it come from an editor or from damage and do not start.",
        Fix = "Move data disks to SCSI; rebuild a configuration that exceeds the limit.",
        Quiet = "Generation 2; two disks and two DVD drives accepted by tag ide:full-ok.",
        Sections = ["devices", "virtualMachines"],
        Mentions = ["operatingSystem"],
        Severities = [Severity.Info, Severity.Error],
        Origin = "Field notes of December 2007, first post",
    };

    public override Verdict Decide(VirtualMachineSubject subject, RuleContext context) =>
        Unreadable(subject.Host, context, "virtualMachines", "devices") ?? Judge(subject, context);

    private static Verdict Judge(VirtualMachineSubject subject, RuleContext context)
    {
        if (subject.Vm.Generation is not 1)
        {
            return subject.Vm.Generation is null ? NotSaid("virtualMachines", "the VM's generation") : NotFor("Generation 2 has no IDE.");
        }

        if (subject.Host.Reading.Devices.Content is not { Drives: not null, Controllers: not null })
        {
            return NotSaid("devices", "the VM's drives");
        }

        // Every release has the same IDE; where the release is not known, any profile will do.
        var limits = subject.Host.Profile?.Profile ?? ReleaseProfiles.All[^1];
        var ide = subject.Host.DrivesOf[subject.Vm.Id].Where(d => d.ControllerKind == ControllerKind.Ide).ToList();
        int controllers = subject.Host.ControllersOf[subject.Vm.Id].Count(c => c.Kind == ControllerKind.Ide);
        var crowded = ide.Where(d => d.Location is not null).GroupBy(d => (d.ControllerId, d.Location)).FirstOrDefault(g => g.Count() > 1);
        string? fault = controllers > limits.IdeControllers ? $"has {controllers} IDE controllers; {limits.IdeControllers} exist"
            : ide.Find(d => d.Location >= limits.IdeDevices) is { } far ? $"has a drive at {Slot.Of(far)}; locations are 0 and {limits.IdeDevices - 1}"
            : crowded is not null ? $"has {crowded.Count()} drives at {Slot.Of(crowded.First())}"
            : null;
        return fault is not null ? Fire(subject, ide, "exceeded", Severity.Error, $"{subject.Vm.Name} {fault}", "It does not start.")
            : ide.Count >= limits.IdeControllers * limits.IdeDevices ? IsAccepted(subject, ide, context) ? Verdict.Passed
                : Fire(subject, ide, "full", Severity.Info, $"{subject.Vm.Name} uses all four IDE positions", "No further disk or DVD drive fits on IDE.")
            : DriveFacts.HasDriveOnUnknownController(subject.Host.DrivesOf[subject.Vm.Id]) ? NotSaid("devices", "which controller a drive is on")
            : Verdict.Passed;
    }

    private static bool IsAccepted(VirtualMachineSubject subject, List<Drive> ide, RuleContext context) =>
        context.Settings.HasTag(subject.Identity.Id, "ide:full-ok") && ide.Count(d => d.Kind == DriveKind.Disk) == 2 && ide.Count(d => d.Kind == DriveKind.Dvd) == 2;

    private static Verdict.Fire Fire(VirtualMachineSubject subject, List<Drive> ide, string variant, Severity severity, string title, string impact) => new(variant, severity, title)
    {
        Impact = impact,
        Remedy = variant == "exceeded"
            ? new("Rebuild the VM with its disks; the configuration was edited by hand or is damaged.") { Risk = RemedyRisk.NeedsVirtualMachineOff }
            : Mend(subject.Host, RemedyRisk.NeedsVirtualMachineOff, "Remove a DVD drive that is not needed, or move a data disk to SCSI.",
                $"Shut {subject.Vm.Name} down; in its settings remove a DVD drive that is not needed, or move a data disk to a SCSI controller.",
                [.. DriveFacts.InOrder(ide).Where(d => DriveFacts.IsFilledDisk(d) && d is not { ControllerNumber: 0, Location: 0 }).Take(1).Select(d => PowerShell.Line(
                    $"Get-VMHardDiskDrive -ComputerName {subject.Host} -VMName {subject.Vm.Name} -ControllerType IDE -ControllerNumber {d.ControllerNumber} -ControllerLocation {d.Location} | Set-VMHardDiskDrive -ToControllerType SCSI"))]),
        Evidence = [Fact(subject.Host, "devices", "IDE positions", DriveFacts.Map(ide), "at most 2 controllers with 2 devices", "Msvm_ResourceAllocationSettingData.AddressOnParent")],
    };

    public override ImmutableArray<Example<VirtualMachineSubject>> Examples { get; } =
    [
        Fires(Severity.Info, "three disks and a DVD drive", Vm(Disk(0, 0), Disk(0, 1), Disk(1, 1), Given.Dvd(1, 0))),
        Fires(Severity.Info, "four disks, in spite of the tag for two disks and two DVD drives", Vm(Disk(0, 0), Disk(0, 1), Disk(1, 0), Disk(1, 1)), Given.Tagged("ide:full-ok")),
        Fires(Severity.Error, "a drive at location 2", Vm(Disk(0, 0), Disk(0, 2))),
        Fires(Severity.Error, "a third controller", Vm(Disk(0, 0), Disk(1, 0), Disk(2, 0))),
        Fires(Severity.Error, "two drives at one location", Vm(Disk(0, 0), Disk(0, 0) with { Id = "other" })),
        Passes("a disk and a DVD drive", Vm(Disk(0, 0), Given.Dvd(1, 0))),
        Passes("three of four used", Vm(Disk(0, 0), Disk(0, 1), Disk(1, 0))),
        Passes("two disks and two DVD drives that are accepted", Vm(Disk(0, 0), Disk(0, 1), Given.Dvd(1, 0), Given.Dvd(1, 1)), Given.Tagged("ide:full-ok")),
        Passes("drives that do not say their location", Vm(Disk(0, null), Disk(0, null) with { Id = "other" })),
        Skips("generation 2", Given.VmWithDrives("2022", Sample.Vm)),
        CannotTell("a VM whose generation was not read", Given.VmWithDrives("2022", Sample.Vm with { Generation = null })),
        CannotTell("a drive on a controller that was not found", Vm(Disk(0, 0), Given.Disk(ControllerKind.Unknown, 0, 1))),
    ];

    private static Drive Disk(int controller, int? location) => Given.Disk(ControllerKind.Ide, controller, location);

    private static VirtualMachineSubject Vm(params Drive[] drives) => Given.VmWithDrives("2022", Given.GenerationOne, drives);
}

using System.Collections.Immutable;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Guests;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;
using HyperVDash.Rules.Guests;

namespace HyperVDash.Rules.Devices;

public sealed class EmptyDvdDriveHoldsIdeLocation : OneVerdictRule<VirtualMachineSubject>
{
    // With three of four positions used, the next disk takes the last.
    private const int Scarce = 3;

    public override RuleCard Card { get; } = new("HVD403", "dvd-uses-ide-slot", RuleScope.VirtualMachine, RuleKind.Configuration)
    {
        Title = "An empty DVD drive holds an IDE position that a disk will need",
        Why = "A DVD drive takes one of four IDE positions, with or without a disc.",
        Fix = "Remove the drive while it is empty.",
        Quiet = "Generation 2; fewer than three positions used; a disc is in it; 2008 VMs without integration services, which need the drive to install them.",
        Sections = ["devices", "virtualMachines", "operatingSystem", "guests"],
        Severities = [Severity.Info],
        Origin = "Field notes of December 2007, first post",
    };

    public override Verdict Decide(VirtualMachineSubject subject, RuleContext context) =>
        Unreadable(subject.Host, context, "virtualMachines", "devices") ?? Judge(subject, context);

    private static Verdict Judge(VirtualMachineSubject subject, RuleContext context)
    {
        if (subject.Vm.Generation == 2)
        {
            return NotFor("Generation 2 has no IDE.");
        }

        if (subject.Vm.Generation is null || subject.Host.Reading.Devices.Content!.Drives is null)
        {
            return NotSaid("devices", "the VM's drives");
        }

        var drives = subject.Host.DrivesOf[subject.Vm.Id].ToList();
        var ide = drives.FindAll(d => d.ControllerKind == ControllerKind.Ide);
        var dvds = ide.FindAll(d => d.Kind == DriveKind.Dvd);
        if (ide.Count < Scarce || dvds.Find(d => d.Content == DriveContent.Empty) is not { } empty)
        {
            return ide.Count < Scarce && DriveFacts.HasDriveOnUnknownController(subject.Host.DrivesOf[subject.Vm.Id]) ? NotSaid("devices", "which controller a drive is on")
                : ide.Count >= Scarce && dvds.Exists(d => d.Content == DriveContent.Unknown) ? NotSaid("devices", "what is in a DVD drive")
                : Verdict.Passed;
        }

        if (Unreadable(subject.Host, context, "operatingSystem") is { } unread)
        {
            return unread;
        }

        if (subject.Host.Profile is not { } match)
        {
            return NotSaid("operatingSystem", "its build");
        }

        if (!match.IsFrom("2008R2"))
        {
            if (Unreadable(subject.Host, context, "guests") is { } unreadable)
            {
                return unreadable;
            }

            if (Uptime.IsSilent(subject) is not false)
            {
                return Uptime.IsSilent(subject) is null ? Uptime.CannotTell(subject.Guest) : NotFor("Without integration services the drive is needed for their disc.");
            }
        }

        return new Verdict.Fire("empty", Severity.Info, $"{subject.Vm.Name} keeps {Slot.Of(empty)} for an empty DVD drive; {ide.Count} of 4 IDE positions are used")
        {
            Remedy = Mend(subject.Host, RemedyRisk.NeedsVirtualMachineOff, "Remove the drive.", $"Shut {subject.Vm.Name} down and remove the drive at {Slot.Of(empty)} in its settings.",
                PowerShell.Line($"Remove-VMDvdDrive -ComputerName {subject.Host} -VMName {subject.Vm.Name} -ControllerNumber {empty.ControllerNumber} -ControllerLocation {empty.Location}")),
            Evidence = [Fact(subject.Host, "devices", "IDE positions", DriveFacts.Map(ide), "no empty DVD drive while positions are scarce", "Msvm_ResourceAllocationSettingData")],
        };
    }

    public override ImmutableArray<Example<VirtualMachineSubject>> Examples { get; } =
    [
        Fires(Severity.Info, "three positions used, one by an empty drive", Given.VmWithDrives("2022", Given.GenerationOne, Given.Disk(ControllerKind.Ide, 0, 0), Given.Disk(ControllerKind.Ide, 0, 1), Given.Dvd(1, 0))),
        Passes("two positions used", Given.VmWithDrives("2022", Given.GenerationOne, Given.Disk(ControllerKind.Ide, 0, 0), Given.Dvd(1, 0))),
        Passes("a disc is in it", Given.VmWithDrives("2022", Given.GenerationOne, Given.Disk(ControllerKind.Ide, 0, 0), Given.Disk(ControllerKind.Ide, 0, 1), Given.Dvd(1, 0, "x.iso"))),
        Fires(Severity.Info, "the same on 2008 with integration services", On2008(Model.Sample.Guest)),
        Skips("the same on 2008 without them", On2008(Given.SilentGuest)),
        CannotTell("the same on 2008, where the guest's numbers do not tell", On2008(Given.SilentGuest with { Heartbeat = IntegrationState.Unknown })),
        Skips("generation 2", Given.VmWithDrives("2022", Model.Sample.Vm)),
        CannotTell("a VM whose settings were not read", Given.VmWithDrives("2022", Model.Sample.Vm with { Generation = null })),
    ];

    private static VirtualMachineSubject On2008(Guest guest) =>
        Given.Host("2008").With(Given.GenerationOne).With(Given.Disk(ControllerKind.Ide, 0, 0), Given.Disk(ControllerKind.Ide, 0, 1), Given.Dvd(1, 0)).With(guest).Vm();
}

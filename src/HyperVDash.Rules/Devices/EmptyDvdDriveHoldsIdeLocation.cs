using System.Collections.Immutable;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Guests;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Rules.Devices;

public sealed class EmptyDvdDriveHoldsIdeLocation : Rule<VirtualMachineSubject>
{
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

    public override IEnumerable<Verdict> Examine(VirtualMachineSubject subject, RuleContext context)
    {
        yield return Unreadable(subject.Host, context, "virtualMachines", "devices") ?? Judge(subject, context);
    }

    private static Verdict Judge(VirtualMachineSubject subject, RuleContext context)
    {
        if (subject.Vm.Generation == 2)
        {
            return new Verdict.NotApplicable("Generation 2 has no IDE.");
        }

        if (subject.Vm.Generation is null || subject.Host.Reading.Devices.Content!.Drives is null)
        {
            return NotSaid("devices", "the VM's drives");
        }

        var ide = subject.Host.DrivesOf[subject.Vm.Id].Where(d => d.ControllerKind == ControllerKind.Ide).ToList();
        if (ide.Count < 3 || ide.Find(d => d is { Kind: DriveKind.Dvd, Content: DriveContent.Empty }) is not { } empty)
        {
            return new Verdict.Pass();
        }

        if (subject.Host.Profile is null)
        {
            return NotSaid("operatingSystem", "its build");
        }

        if (!subject.Host.Profile.IsFrom("2008R2"))
        {
            if (Unreadable(subject.Host, context, "guests") is { } unreadable)
            {
                return unreadable;
            }

            if (subject.Guest?.KeyValueExchange != IntegrationState.Ok)
            {
                return new Verdict.NotApplicable("Without integration services the drive is needed for their disc.");
            }
        }

        return new Verdict.Fire("empty", Severity.Info, $"{subject.Vm.Name} keeps {Slot.Of(empty)} for an empty DVD drive; {ide.Count} of 4 IDE positions are used")
        {
            Remedy = subject.Host.Profile.Profile.PowerShell
                ? new("Remove the drive.")
                {
                    Commands = [$"Remove-VMDvdDrive -ComputerName {subject.Host.Name} -VMName '{subject.Vm.Name.Replace("'", "''", StringComparison.Ordinal)}' -ControllerNumber {empty.ControllerNumber} -ControllerLocation {empty.Location}"],
                    Risk = RemedyRisk.NeedsVirtualMachineOff,
                }
                : new($"Remove the drive at {Slot.Of(empty)} in the settings of {subject.Vm.Name}.") { Risk = RemedyRisk.NeedsVirtualMachineOff },
            Evidence = [Fact(subject.Host, "devices", "IDE positions", DriveFacts.Map(ide), null, "Msvm_ResourceAllocationSettingData")],
        };
    }

    public override ImmutableArray<Example<VirtualMachineSubject>> Examples { get; } =
    [
        Fires(Severity.Info, "three positions used, one by an empty drive", DriveFacts.Vm(20348, DriveFacts.GenerationOne, DriveFacts.Disk(ControllerKind.Ide, 0, 0), DriveFacts.Disk(ControllerKind.Ide, 0, 1), DriveFacts.Dvd(1, 0))),
        Passes("two positions used", DriveFacts.Vm(20348, DriveFacts.GenerationOne, DriveFacts.Disk(ControllerKind.Ide, 0, 0), DriveFacts.Dvd(1, 0))),
        Passes("a disc is in it", DriveFacts.Vm(20348, DriveFacts.GenerationOne, DriveFacts.Disk(ControllerKind.Ide, 0, 0), DriveFacts.Disk(ControllerKind.Ide, 0, 1), DriveFacts.Dvd(1, 0, "x.iso"))),
        Skips("generation 2", DriveFacts.Vm(20348, Model.Sample.Vm)),
        CannotTell("a VM whose settings were not read", DriveFacts.Vm(20348, Model.Sample.Vm with { Generation = null })),
    ];
}

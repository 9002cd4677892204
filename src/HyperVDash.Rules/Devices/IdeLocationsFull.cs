using System.Collections.Immutable;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Findings;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Rules.Devices;

public sealed class IdeLocationsFull : Rule<VirtualMachineSubject>
{
    public override RuleCard Card { get; } = new("HVD402", "ide-slots", RuleScope.VirtualMachine, RuleKind.Configuration)
    {
        Title = "All IDE positions are used, or the configuration exceeds 2 controllers × 2 devices",
        Why = "Four devices is all that IDE takes. Configurations beyond it come from an editor or from damage and do not start.",
        Fix = "Move data disks to SCSI; rebuild a configuration that exceeds the limit.",
        Quiet = "Generation 2; a full set accepted by tag ide:full-ok.",
        Sections = ["devices", "virtualMachines"],
        Severities = [Severity.Info, Severity.Error],
        Origin = "Field notes of December 2007, first post",
    };

    public override IEnumerable<Verdict> Examine(VirtualMachineSubject subject, RuleContext context)
    {
        yield return Unreadable(subject.Host, context, "virtualMachines", "devices") ?? Judge(subject, context);
    }

    private static Verdict Judge(VirtualMachineSubject subject, RuleContext context)
    {
        var content = subject.Host.Reading.Devices.Content!;
        if (subject.Vm.Generation == 2)
        {
            return new Verdict.NotApplicable("Generation 2 has no IDE.");
        }

        if (subject.Vm.Generation is null || content.Drives is null || content.Controllers is null)
        {
            return NotSaid(subject.Vm.Generation is null ? "virtualMachines" : "devices", subject.Vm.Generation is null ? "the VM's generation" : "the VM's drives");
        }

        var ide = subject.Host.DrivesOf[subject.Vm.Id].Where(d => d.ControllerKind == ControllerKind.Ide).ToList();
        int controllers = subject.Host.ControllersOf[subject.Vm.Id].Count(c => c.Kind == ControllerKind.Ide);
        var crowded = ide.GroupBy(d => (d.ControllerId, d.Location)).FirstOrDefault(g => g.Count() > 1);
        string? fault = controllers > 2 ? $"has {controllers} IDE controllers; two exist"
            : ide.Find(d => d.Location > 1) is { } far ? $"has a drive at {Slot.Of(far)}; locations are 0 and 1"
            : crowded is not null ? $"has {crowded.Count()} drives at {Slot.Of(crowded.First())}"
            : null;
        return fault is not null ? Fire(subject, ide, "exceeded", Severity.Error, $"{subject.Vm.Name} {fault}", "It does not start.")
            : ide.Count < 4 || context.Settings.HasTag(subject.Identity.Id, "ide:full-ok") ? new Verdict.Pass()
            : Fire(subject, ide, "full", Severity.Info, $"{subject.Vm.Name} uses all four IDE positions", "No further disk or DVD drive fits on IDE.");
    }

    private static Verdict.Fire Fire(VirtualMachineSubject subject, List<Drive> ide, string variant, Severity severity, string title, string impact) => new(variant, severity, title)
    {
        Impact = impact,
        Remedy = new(variant == "full" ? "Remove a DVD drive that is not needed, or move a data disk to SCSI." : "Rebuild the VM with its disks; the configuration was edited by hand or is damaged.") { Risk = RemedyRisk.NeedsVirtualMachineOff },
        Evidence = [Fact(subject.Host, "devices", "IDE positions", DriveFacts.Map(ide), "at most 2 controllers with 2 devices", "Msvm_ResourceAllocationSettingData.AddressOnParent")],
    };

    public override ImmutableArray<Example<VirtualMachineSubject>> Examples { get; } =
    [
        Fires(Severity.Info, "four of four used", Vm((0, 0), (0, 1), (1, 0), (1, 1))),
        Fires(Severity.Error, "a drive at location 2", Vm((0, 0), (0, 2))),
        Fires(Severity.Error, "a third controller", Vm((0, 0), (1, 0), (2, 0))),
        Passes("three of four used", Vm((0, 0), (0, 1), (1, 0))),
        Passes("a full set that is accepted", Vm((0, 0), (0, 1), (1, 0), (1, 1)), new() { Tags = new RuleSettings().Tags.Add(Model.Sample.VmId.ToString(), ["ide:full-ok"]) }),
        Skips("generation 2", DriveFacts.Vm(20348, Model.Sample.Vm)),
        CannotTell("a VM whose generation was not read", DriveFacts.Vm(20348, Model.Sample.Vm with { Generation = null })),
    ];

    private static VirtualMachineSubject Vm(params (int Controller, int Location)[] slots) =>
        DriveFacts.Vm(20348, DriveFacts.GenerationOne, [.. slots.Select(s => DriveFacts.Disk(ControllerKind.Ide, s.Controller, s.Location))]);
}

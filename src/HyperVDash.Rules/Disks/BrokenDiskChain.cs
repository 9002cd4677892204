using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model;
using HyperVDash.Model.Checkpoints;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Disks;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Jobs;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Disks;

public sealed class BrokenDiskChain : OneVerdictRule<DriveSubject>, IExamines<VirtualMachineSubject>
{
    private static readonly Verdict[] NoneMissing = [NotFor("All checkpoints have their files.")];

    public override RuleCard Card { get; } = new("HVD409", "disk-missing-or-chain-broken", RuleScope.Drive, RuleKind.Configuration)
    {
        Title = "Virtual disk file or one of its parents is missing, or the chain does not match",
        Why = "The VM does not start after its next stop; a running one loses the disk.",
        Fix = "Restore the missing file from a backup. If only the path is wrong, tell the child its parent again; where the parent is another one, try it on a copy. Never edit or compact a parent that has children.",
        Quiet = "The file is in use or may not be read (that is unknown); the host is working on the VM's disks, e.g. merging.",
        Sections = ["virtualDisks", "virtualMachines", "devices"],
        Mentions = ["jobs", "checkpoints", "operatingSystem"],
        ExplainedBy = [new("HVD312", Relation.ImpactedHost), new("HVD412", Relation.ImpactedHost)],
        Severities = [Severity.Error, Severity.Critical],
        Origin = "Field notes of December 2007, first post; published error codes of virtual disks; field practice",
    };

    public override Verdict Decide(DriveSubject subject, RuleContext context) =>
        Unreadable(subject.Host, context, "virtualMachines", "devices") ?? Skip(subject.Drive) ?? Unreadable(subject.Host, context, "virtualDisks") ?? Judge(subject, context);

    /// <summary>A checkpoint whose files are gone has no drive of its own.</summary>
    public IEnumerable<Verdict> Examine(VirtualMachineSubject subject, RuleContext context)
    {
        if (Unreadable(subject.Host, context, "virtualMachines", "checkpoints") is { } gap)
        {
            return [gap];
        }

        var checkpoints = subject.Host.CheckpointsOf[subject.Vm.Id];
        return checkpoints.Any(c => c.Kind == CheckpointKind.Missing) ? [Fire(subject, [.. checkpoints.Where(c => c.Kind == CheckpointKind.Missing)], context)] : NoneMissing;
    }

    private static Verdict.Fire Fire(VirtualMachineSubject subject, List<Checkpoint> missing, RuleContext context) =>
        new("checkpoint", SeverityOf(subject.Vm, context), $"{subject.Vm.Name} has {missing.Count} {(missing.Count == 1 ? "checkpoint" : "checkpoints")} whose files are missing")
        {
            Impact = "What was kept in it is lost; disks that were made on it may not open.",
            Remedy = new("Restore the checkpoint's files from a backup, or delete what is left of it in Hyper-V Manager.") { Risk = RemedyRisk.NeedsVirtualMachineOff },
            Evidence = [.. missing.Select(c => Fact(subject.Host, "checkpoints", $"Checkpoint '{VisibleText.Of(c.Name)}'", "missing", "present", "Msvm_VirtualSystemSettingData.VirtualSystemType"))],
        };

    private static Verdict.NotApplicable? Skip(Drive drive) => drive is { Kind: DriveKind.Disk, Content: DriveContent.Image, Path: not null } ? null : NotFor("Not a virtual disk.");

    private static Verdict Judge(DriveSubject subject, RuleContext context)
    {
        var chain = DiskChain.Of(subject.Host, subject.Drive.Path!);
        var fault = chain.Loops ? new Fault("loop", chain.Links[^1].Path, "the chain of parents comes back to a file of its own, or is too long")
            : FaultOf(chain);
        return fault is null ? Gap(chain) ?? Verdict.Passed
            : fault.Variant != "missing" && IsWorkedOn(subject, context) ? (Verdict)NotFor("The host is working on the VM's disks.")
            : Fire(subject, chain, fault, context);
    }

    private static Fault? FaultOf(DiskChain chain)
    {
        for (int depth = 0; depth < chain.Links.Length; depth++)
        {
            if (FaultOf(chain.Links[depth].Disk, depth) is { } fault)
            {
                return fault;
            }
        }

        return null;
    }

    private static Fault? FaultOf(VirtualDisk? disk, int depth) => disk switch
    {
        null => null,
        { Exists: false } or { Fault: DiskFault.NotFound } => new(depth == 0 ? "missing" : "parent", disk.Path, "the file is not there"),
        { Fault: DiskFault.ParentNotFound } or { ChainFault: DiskFault.ParentNotFound } => new("parent", disk.Path, "its parent is not there"),
        { Fault: DiskFault.ParentIsAnother } or { ChainFault: DiskFault.ParentIsAnother } => new("mismatch", disk.Path, "its parent is another disk than the one it was made from (0xC03A000E)"),
        { Fault: DiskFault.ParentChanged } or { ChainFault: DiskFault.ParentChanged } => new("mismatch", disk.Path, "its parent was written after it was made (0xC03A000F)"),
        { Fault: DiskFault.ParentSizeDiffers } or { ChainFault: DiskFault.ParentSizeDiffers } => new("mismatch", disk.Path, "the size of its parent does not match (0xC03A0017)"),
        { Fault: DiskFault.ParentDamaged } or { ChainFault: DiskFault.ParentDamaged } => new("damaged", disk.Path, "a parent is damaged (0xC03A0019)"),
        { Fault: DiskFault.Damaged } or { ChainFault: DiskFault.Damaged } => new("damaged", disk.Path, "footer, header or block table is damaged"),
        { Fault: DiskFault.Loops } or { ChainFault: DiskFault.Loops } => new("loop", disk.Path, "the chain of parents comes back to the file (0xC03A0018)"),
        _ => null,
    };

    /// <summary>What of the chain was not looked at; null: all of it was.</summary>
    private static Verdict? Gap(DiskChain chain)
    {
        foreach (var (path, disk) in chain.Links)
        {
            // A file that the file system calls sparse, compressed or encrypted is whole; HVD413 looks at it.
            if (disk is null or { Fault: null })
            {
                return new Verdict.Unknown("virtualDisks", $"{VisibleText.Of(path)} was not read yet.");
            }

            if (disk.Fault is not (DiskFault.None or DiskFault.NotPlain))
            {
                return new Verdict.Unknown("virtualDisks", $"{VisibleText.Of(path)}: {disk.Error ?? $"{disk.Fault}"}");
            }
        }

        return chain.Links[0].Disk switch
        {
            { Type: VirtualDiskType.Differencing, ChainFault: null } => new Verdict.Unknown("virtualDisks", "The chain of parents was not checked."),
            { ChainFault: not null and not DiskFault.None and not DiskFault.NotPlain and var fault } => new Verdict.Unknown("virtualDisks", $"The check of the chain ended with {fault}."),
            _ => null,
        };
    }

    private static bool IsWorkedOn(DriveSubject subject, RuleContext context) => Unreadable(subject.Host, context, "jobs") is null
        && subject.Host.Reading.Jobs.Content!.Items.Any(j => j.VirtualMachineId == subject.Vm.Id && j.State is JobState.Starting or JobState.Running);

    private static Severity SeverityOf(VirtualMachine vm, RuleContext context) =>
        vm.State == VirtualMachineState.Running || context.Settings.HasTag(vm.Id.ToString(), "prod") ? Severity.Critical : Severity.Error;

    private static Verdict.Fire Fire(DriveSubject subject, DiskChain chain, Fault fault, RuleContext context)
    {
        string child = chain.Links[0].Path;
        return new(fault.Variant, SeverityOf(subject.Vm, context), $"{subject.Vm.Name} at {Slot.Of(subject.Drive)}: {VisibleText.Of(fault.Path)}: {fault.Words}")
        {
            Impact = subject.Vm.State == VirtualMachineState.Running ? "It does not start after the next stop, if it has not lost the disk already." : "It does not start.",
            Remedy = fault.Variant switch
            {
                "missing" => new("Restore the file from a backup or from where it was moved; if the disk is not needed, take it out of the VM.") { Risk = RemedyRisk.NeedsVirtualMachineOff },
                "parent" => Mend(subject.Host, RemedyRisk.NeedsVirtualMachineOff, "Restore the parent from a backup. If it was only moved, tell the child where it is.", "Restore the parent from a backup, or use Inspect Disk, Reconnect in Hyper-V Manager.",
                    PowerShell.Line($"Set-VHD -ComputerName {subject.Host} -Path {child} -ParentPath '<parent>'")),
                "mismatch" => Mend(subject.Host, RemedyRisk.NeedsVirtualMachineOff, "Work on a copy. If nobody wrote to the parent, accept it as it is, then merge.", "Work on a copy: Inspect Disk, Reconnect, Ignore ID mismatch in Hyper-V Manager, then merge.",
                    PowerShell.Line($"Set-VHD -ComputerName {subject.Host} -Path '<copy>' -ParentPath {chain.Links.ElementAtOrDefault(1).Path ?? "<parent>"} -IgnoreIdMismatch"),
                    PowerShell.Line($"Merge-VHD -ComputerName {subject.Host} -Path '<copy>'")),
                _ => new("Restore the disk and its parents from one backup. Never edit or compact a parent that has children.") { Risk = RemedyRisk.NeedsVirtualMachineOff },
            },
            Evidence =
            [
                .. chain.Links.Take(10).Select((link, depth) => (Link: link, What: depth == 0 ? "Attached file" : string.Create(CultureInfo.InvariantCulture, $"Parent {depth}"), IsFault: link.Path == fault.Path))
                    .Select(l => Fact(subject.Host, "virtualDisks", l.What, l.IsFault ? $"{DiskChain.Words(l.Link)}: {fault.Words}" : DiskChain.Words(l.Link), l.IsFault ? "present and matching" : null, "Msvm_VirtualHardDiskSettingData.ParentPath")),
                .. chain.Links.Take(10).Any(l => l.Path == fault.Path) ? Array.Empty<Evidence>() : [Fact(subject.Host, "virtualDisks", "Chain", $"{VisibleText.Of(fault.Path)}: {fault.Words}", "present and matching")],
                Fact(subject.Host, "virtualMachines", "State of the VM", $"{subject.Vm.State}"),
            ],
        };
    }

    private sealed record Fault(string Variant, string Path, string Words);

    public override ImmutableArray<RuleCase> Cases => [.. base.Cases, .. CheckpointExamples.Select(e => RuleCase.Of(this, e))];

    public override ImmutableArray<Example<DriveSubject>> Examples { get; } =
    [
        Fires(Severity.Error, "a VM that is off, whose parent is another disk", Drive(Off, Child with { ChainFault = DiskFault.ParentIsAnother }, Parent)),
        Passes("a disk that is there", Drive(Sample.Vm, Sample.VirtualDisk)),
        Fires(Severity.Critical, "the same in a running VM", Drive(Sample.Vm, Child with { ChainFault = DiskFault.ParentIsAnother }, Parent)),
        Fires(Severity.Critical, "off, but tagged prod", Drive(Off, Child with { ChainFault = DiskFault.ParentChanged }, Parent), Given.Tagged("prod")),
        Fires(Severity.Error, "the file itself is missing", Drive(Off, Sample.VirtualDisk with { Exists = false, Fault = DiskFault.NotFound })),
        Fires(Severity.Error, "a parent is missing", Drive(Off, Child, Parent with { Exists = false, Fault = DiskFault.NotFound })),
        Fires(Severity.Error, "its block table is damaged", Drive(Off, Sample.VirtualDisk with { Fault = DiskFault.Damaged })),
        Fires(Severity.Error, "a chain that comes back to itself", Drive(Off, Child with { ParentPath = Child.Path })),
        Passes("a chain of two that match", Drive(Sample.Vm, Child, Parent)),
        Passes("fifty disks one on another", Drive(Sample.Vm, Deep(50))),
        Fires(Severity.Critical, "fifty-one", Drive(Sample.Vm, Deep(51))),
        Skips("the host is merging", Drive(Sample.Vm, h => h with { Jobs = Sample.Read(new JobList { Items = [new("1") { State = JobState.Running, VirtualMachineId = Sample.VmId }] }) }, Child with { ChainFault = DiskFault.ParentIsAnother }, Parent)),
        Skips("an empty drive", (Given.Host().With(Sample.Vm).With(Given.Disk(ControllerKind.Scsi, 0, 0, null))).Drive()),
        CannotTell("a file in use", Drive(Sample.Vm, Sample.VirtualDisk with { Fault = DiskFault.InUse, Error = "The file is in use." })),
        CannotTell("a file that was not read yet", Drive(Sample.Vm, Sample.VirtualDisk with { Fault = null, ReadAt = null })),
        CannotTell("a parent that was not looked at", Drive(Sample.Vm, Child)),
        CannotTell("files that could not be read", (Given.Host().With(Sample.Vm) with { VirtualDisks = Sample.Failed<VirtualDiskList>(SectionState.Denied, "no right") }).Drive()),
    ];

    private static ImmutableArray<Example<VirtualMachineSubject>> CheckpointExamples { get; } =
    [
        new("a checkpoint whose files are gone", Given.Host().With(Sample.Vm).With(Sample.Checkpoint with { Kind = CheckpointKind.Missing }).Vm(), "fires Critical"),
        new("a checkpoint that is whole", Given.Host().With(Sample.Vm).With(Sample.Checkpoint).Vm(), "does not apply to"),
    ];

    private static VirtualMachine Off => Sample.Vm with { State = VirtualMachineState.Off };

    private static VirtualDisk Child => Sample.VirtualDisk with { Path = @"D:\vm\a_1.avhdx", Type = VirtualDiskType.Differencing, ParentPath = Parent.Path, ChainFault = DiskFault.None };

    private static VirtualDisk Parent => Sample.VirtualDisk with { Path = @"D:\vm\a.vhdx" };

    private static VirtualDisk[] Deep(int count) => [.. Enumerable.Range(1, count).Select(i => Child with { Path = $@"D:\vm\{i}.avhdx", ParentPath = i == count ? null : $@"D:\vm\{i + 1}.avhdx", Type = i == count ? VirtualDiskType.Fixed : VirtualDiskType.Differencing })];

    private static DriveSubject Drive(VirtualMachine vm, params VirtualDisk[] disks) => Drive(vm, h => h, disks);

    private static DriveSubject Drive(VirtualMachine vm, Func<HostReading, HostReading> change, params VirtualDisk[] disks) =>
        (change(Given.Host()).With(vm).With(Given.Disk(ControllerKind.Scsi, 0, 0, disks[0].Path)) with { VirtualDisks = Sample.Read(new VirtualDiskList { Items = [.. disks] }) }).Drive();
}

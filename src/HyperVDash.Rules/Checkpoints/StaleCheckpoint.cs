using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model;
using HyperVDash.Model.Checkpoints;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Checkpoints;

public sealed class StaleCheckpoint : OneVerdictRule<VirtualMachineSubject>
{
    private const string Keep = "checkpoint:keep=";

    public override RuleCard Card { get; } = new("HVD601", "checkpoint-too-old", RuleScope.VirtualMachine, RuleKind.Configuration)
    {
        Title = "Checkpoint is older than the limit",
        Why = "The differencing disk keeps growing, every read goes through the chain, and the merge gets longer.",
        Fix = "Delete the checkpoint in Hyper-V; never delete its .avhdx file by hand.",
        Quiet = "Recovery points of a replica and checkpoints of backups (HVD605); an automatic checkpoint of the present run; tag checkpoint:keep=2026-12-31 until that day (without a day it does not hold). VMs tagged lab have longer.",
        Sections = ["checkpoints", "virtualMachines"],
        Mentions = ["virtualDisks", "volumes", "operatingSystem"],
        Severities = [Severity.Warning, Severity.Error],
        Origin = "Checkpoint age checks of monitoring products; Best Practices Analyzer for Hyper-V",
    };

    public override Verdict Decide(VirtualMachineSubject subject, RuleContext context) =>
        Unreadable(subject.Host, context, "virtualMachines", "checkpoints") ?? Judge(subject, context);

    private static Verdict Judge(VirtualMachineSubject subject, RuleContext context)
    {
        if (IsKept(subject, context))
        {
            return NotFor("Tagged to be kept until a day that has not passed.");
        }

        var checkpoints = subject.Host.CheckpointsOf[subject.Vm.Id];
        if (checkpoints.IsEmpty)
        {
            return Verdict.Passed;
        }

        var counted = checkpoints.Where(c => c.Kind is CheckpointKind.User or CheckpointKind.Unknown && !IsOfPresentRun(c, subject)).ToList();
        var oldest = counted.Where(c => c.CreatedAt is not null).MinBy(c => c.CreatedAt);
        bool isLab = context.Settings.HasTag(subject.Identity.Id, "lab");
        var (warn, error) = isLab ? (context.Settings.LabCheckpointWarnDays, context.Settings.LabCheckpointErrorDays) : (context.Settings.CheckpointWarnDays, context.Settings.CheckpointErrorDays);
        return oldest?.CreatedAt is { } at && context.Reached(at.AddDays(warn))
            ? oldest.Kind == CheckpointKind.Unknown ? NotSaid("checkpoints", $"who took the checkpoint of {at:yyyy-MM-dd}")
                : Fire(subject, counted, oldest, at, context.Reached(at.AddDays(error)) ? Severity.Error : Severity.Warning, warn)
            : counted.Exists(c => c.CreatedAt is null) ? NotSaid("checkpoints", "when a checkpoint was taken")
            : Verdict.Passed;
    }

    private static bool IsKept(VirtualMachineSubject subject, RuleContext context)
    {
        foreach (string tag in context.Settings.TagsOf(subject.Identity.Id, Keep))
        {
            if (DateOnly.TryParseExact(tag[Keep.Length..], "yyyy-MM-dd", out var day) && !context.Reached(new(day.AddDays(1), default, TimeSpan.Zero)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsOfPresentRun(Checkpoint checkpoint, VirtualMachineSubject subject) =>
        checkpoint.IsAutomatic == true && checkpoint.CreatedAt >= subject.Vm.StartedAt;

    private static Verdict.Fire Fire(VirtualMachineSubject subject, List<Checkpoint> counted, Checkpoint oldest, DateTimeOffset at, Severity severity, int days) => new("old", severity,
        $"{subject.Vm.Name} has a checkpoint of {at:yyyy-MM-dd}: {VisibleText.Of(oldest.Name)}")
    {
        Discriminator = oldest.Id.ToString(),
        Impact = "Its differencing disks grow with every write; merging them will take long and needs room.",
        Remedy = Mend(subject.Host, RemedyRisk.Online, $"Delete the checkpoints of {subject.Vm.Name} that are no longer needed. Never delete .avhdx files by hand.",
            $"In Hyper-V Manager delete the checkpoints of {subject.Vm.Name}, then shut it down so that its disks merge. Never delete .avhd files by hand.",
            PowerShell.Line($"Get-VMSnapshot -ComputerName {subject.Host} -VMName {subject.Vm.Name} | Where-Object CreationTime -lt (Get-Date).AddDays(-{days}) | Remove-VMSnapshot")),
        Evidence =
        [
            .. CheckpointFacts.List(subject.Host, counted, $"younger than {days} days", (host, name, value, expected) => Fact(host, "checkpoints", name, value, expected, "Msvm_VirtualSystemSettingData.CreationTime")),
            Fact(subject.Host, "volumes", "Room on their volume", CheckpointFacts.Free(subject.Host, counted), null, "Win32_Volume.FreeSpace"),
            Fact(subject.Host, "virtualDisks", "Files", counted.SelectMany(c => c.DiskPaths ?? []).Count().ToString(CultureInfo.InvariantCulture), null, "Msvm_VirtualHardDiskState.FileSize"),
        ],
        Affected = [.. counted.Take(10).Select(c => new AffectedObject(AffectedRole.Cause, new(ObjectKind.Checkpoint, c.Id.ToString(), c.Name, subject.Host.Id)))],
    };

    public override ImmutableArray<Example<VirtualMachineSubject>> Examples { get; } =
    [
        Fires(Severity.Warning, "a checkpoint of nine days", Vm(9)),
        Passes("a checkpoint of two days", Vm(2)),
        Fires(Severity.Warning, "a checkpoint of exactly 7 days", Vm(7)),
        Passes("a checkpoint of a minute less than 7 days", Vm(7 - (1 / 1440.0))),
        Fires(Severity.Error, "a checkpoint of exactly 30 days", Vm(30)),
        Passes("nine days in a lab", Vm(9), Given.Tagged("lab")),
        Fires(Severity.Warning, "14 days in a lab", Vm(14), Given.Tagged("lab")),
        Skips("kept until the end of the year", Vm(40), Given.Tagged("checkpoint:keep=2026-12-31")),
        Fires(Severity.Error, "kept until yesterday", Vm(40), Given.Tagged("checkpoint:keep=2026-03-01")),
        Passes("a recovery point of a replica", Vm(40, c => c with { Kind = CheckpointKind.Replica })),
        Passes("an automatic one of the present run", Vm(9, c => c with { IsAutomatic = true }, runningDays: 10)),
        Fires(Severity.Warning, "an automatic one of an earlier run", Vm(9, c => c with { IsAutomatic = true })),
        Passes("no checkpoint", Given.Host().Vm()),
        CannotTell("a checkpoint without a date", Vm(9, c => c with { CreatedAt = null })),
        CannotTell("checkpoints that could not be read", new(Sample.Vm, new(Sample.Host with { Checkpoints = Sample.Failed<CheckpointList>(SectionState.Failed, "no answer") }))),
    ];

    private static VirtualMachineSubject Vm(double days, Func<Checkpoint, Checkpoint>? change = null, double runningDays = 3)
    {
        var checkpoint = Sample.Checkpoint with { CreatedAt = Sample.Now.AddDays(-days) };
        return Given.Host().With(Sample.Vm with { StartedAt = Sample.Now.AddDays(-runningDays) }).With(change is null ? checkpoint : change(checkpoint)).Vm();
    }
}

using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model;
using HyperVDash.Model.Checkpoints;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Checkpoints;

public sealed class TooManyCheckpoints : Rule<VirtualMachineSubject>
{
    private static readonly Verdict[] Fine = [Verdict.Passed];

    public override RuleCard Card { get; } = new("HVD602", "checkpoint-count", RuleScope.VirtualMachine, RuleKind.Configuration)
    {
        Title = "Many checkpoints, or near the limit of 50",
        Why = "A VM takes 50 checkpoints, and every one in a line is another disk that each read goes through.",
        Fix = "Delete a branch of checkpoints.",
        Quiet = "Recovery points of a replica do not count.",
        Sections = ["checkpoints", "virtualMachines", "operatingSystem"],
        Mentions = ["virtualDisks"],
        Severities = [Severity.Warning, Severity.Error],
        Origin = "Published limits of Hyper-V; published troubleshooting of checkpoints",
    };

    public override IEnumerable<Verdict> Examine(VirtualMachineSubject subject, RuleContext context)
    {
        if ((Unreadable(subject.Host, context, "virtualMachines", "checkpoints", "operatingSystem") ?? (subject.Host.Profile is null ? NotSaid("operatingSystem", "its build") : null)) is { } unreadable)
        {
            return [unreadable];
        }

        var checkpoints = subject.Host.CheckpointsOf[subject.Vm.Id];
        return checkpoints.IsEmpty ? Fine : Judge(subject, context, checkpoints);
    }

    private static IEnumerable<Verdict> Judge(VirtualMachineSubject subject, RuleContext context, ImmutableArray<Checkpoint> checkpoints)
    {
        var profile = subject.Host.Profile!.Profile;
        var counted = checkpoints.Where(c => c.Kind is CheckpointKind.User or CheckpointKind.Backup or CheckpointKind.Unknown).ToList();
        int limit = profile.VirtualMachine.Checkpoints;
        bool isMany = counted.Count >= context.Settings.CheckpointWarnCount;
        int depth = CheckpointFacts.Depth(counted);
        if (isMany)
        {
            yield return Fire(subject, "count", counted.Count * 10 >= limit * 9 ? Severity.Error : Severity.Warning, $"{subject.Vm.Name} has {counted.Count} of {limit} checkpoints", counted, depth, context);
        }

        if (depth > profile.CheckpointDepth)
        {
            yield return Fire(subject, "depth", Severity.Warning, $"{subject.Vm.Name} has {depth} checkpoints one on another", counted, depth, context);
        }
        else if (!isMany)
        {
            yield return Verdict.Passed;
        }
    }

    private static Verdict.Fire Fire(VirtualMachineSubject subject, string variant, Severity severity, string title, List<Checkpoint> counted, int depth, RuleContext context) => new(variant, severity, title)
    {
        Impact = severity == Severity.Error ? "Soon no more can be taken, also none for a backup." : "Reading goes through every disk of the chain.",
        Remedy = Mend(subject.Host, RemedyRisk.Online, $"Delete a branch of checkpoints of {subject.Vm.Name}.", $"In Hyper-V Manager delete a subtree of checkpoints of {subject.Vm.Name}, then shut it down so that its disks merge.",
            PowerShell.Line($"Remove-VMSnapshot -ComputerName {subject.Host} -VMName {subject.Vm.Name} -Name {counted.MinBy(c => c.CreatedAt)?.Name} -IncludeAllChildSnapshots")),
        Evidence =
        [
            Fact(subject.Host, "checkpoints", "Checkpoints", counted.Count.ToString(CultureInfo.InvariantCulture), $"fewer than {context.Settings.CheckpointWarnCount}", "Msvm_VirtualSystemSettingData.VirtualSystemType"),
            Fact(subject.Host, "checkpoints", "Longest line", depth.ToString(CultureInfo.InvariantCulture), $"at most {subject.Host.Profile!.Profile.CheckpointDepth}", "Msvm_VirtualSystemSettingData.Parent"),
            .. CheckpointFacts.List(subject.Host, counted, "", (host, name, value, _) => Fact(host, "checkpoints", name, value, null, "Msvm_VirtualSystemSettingData.CreationTime")),
        ],
    };

    public override ImmutableArray<Example<VirtualMachineSubject>> Examples { get; } =
    [
        Fires(Severity.Warning, "12 checkpoints", Vm("2022", 12)),
        Passes("3 checkpoints", Vm("2022", 3)),
        Fires(Severity.Warning, "exactly 10 checkpoints", Vm("2022", 10)),
        Passes("9 checkpoints side by side", Vm("2022", 9)),
        Fires(Severity.Error, "45 checkpoints", Vm("2022", 45)),
        Fires(Severity.Warning, "44 checkpoints", Vm("2022", 44)),
        Fires(Severity.Warning, "6 checkpoints in a line", Vm("2022", 6, isLine: true)),
        Passes("5 checkpoints in a line", Vm("2022", 5, isLine: true)),
        Fires(Severity.Warning, "4 checkpoints in a line on 2008 R2", Vm("2008R2", 4, isLine: true)),
        Passes("3 checkpoints in a line on 2008 R2", Vm("2008R2", 3, isLine: true)),
        Passes("24 recovery points of a replica", Vm("2022", 24, kind: CheckpointKind.Replica)),
        CannotTell("checkpoints that could not be read", new(Sample.Vm, new(Sample.Host with { Checkpoints = Sample.Failed<CheckpointList>(SectionState.Failed, "no answer") }))),
    ];

    private static VirtualMachineSubject Vm(string release, int count, bool isLine = false, CheckpointKind kind = CheckpointKind.User) =>
        Given.Host(release).With(Sample.Vm).With([.. Enumerable.Range(1, count).Select(i => Sample.Checkpoint with
        {
            Id = Id(i), Kind = kind, Name = $"checkpoint {i}", ParentId = isLine && i > 1 ? Id(i - 1) : null, CreatedAt = Sample.Now.AddHours(i - 60),
        })]).Vm();

    private static Guid Id(int number) => new(number, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1]);
}

using System.Collections.Immutable;
using HyperVDash.Model;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Hosts;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Releases;

public sealed class VirtualMachineFromOlderBuild : OneVerdictRule<VirtualMachineSubject>
{
    public override RuleCard Card { get; } = new("HVD803", "vm-from-older-prerelease", RuleScope.VirtualMachine, RuleKind.Configuration)
    {
        Title = "VM was configured on an older (pre-release) build than its host",
        Why = "Taking a VM from one pre-release build to the next may be unsupported, with unpredictable results; saved states and online checkpoints do not carry over.",
        Fix = "Recreate the VM on the present build with its disks, after merging checkpoints and discarding saved state.",
        Quiet = "Hosts that never ran a pre-release; the VM was re-created after the update (tag vm:recreated); released hosts with ordinary VM versions.",
        Sections = ["virtualMachines", "operatingSystem", "checkpoints"],
        ExplainedBy = [new("HVD801", Relation.SameHost)],
        Severities = [Severity.Warning, Severity.Error],
        Confidence = 0.75,
        Origin = "Field notes of December 2007, second post, item 3",
    };

    public override Verdict Decide(VirtualMachineSubject subject, RuleContext context) =>
        Unreadable(subject.Host, context, "virtualMachines", "operatingSystem") ?? Judge(subject, context);

    private static Verdict Judge(VirtualMachineSubject subject, RuleContext context)
    {
        if (context.Settings.HasTag(subject.Identity.Id, "vm:recreated"))
        {
            return NotFor("Tagged vm:recreated.");
        }

        if (subject.Vm.ConfigurationVersion is { } version && (version is "254.0" or "255.0"))
        {
            return Fire(subject, "previewVersion", Severity.Warning, $"{subject.Vm.Name} has the preview configuration version {version}", null);
        }

        return subject.Host.Profile is { } match ? Newer(subject, match) ?? ByDate(subject, context, match) : NotSaid("operatingSystem", "its build");
    }

    /// <summary>Null unless its version is beyond what the host's release writes.</summary>
    private static Verdict? Newer(VirtualMachineSubject subject, ReleaseMatch match) =>
        match.VmVersions is [.., var newest] && Version.TryParse(subject.Vm.ConfigurationVersion, out var version) && version > newest
            ? Fire(subject, "newerVersion", Severity.Warning, $"{subject.Vm.Name} has configuration version {version}; {match.Profile.Name} knows up to {newest}", "It was made on a later or a preview build and may not start.")
            : null;

    private static Verdict ByDate(VirtualMachineSubject subject, RuleContext context, ReleaseMatch match)
    {
        var os = subject.Host.Reading.OperatingSystem.Content!;
        // The released Hyper-V of 2008 came as an update over its own betas; with a service pack the date of vmms.exe is the pack's.
        bool mayBeOlder = match.Profile.IsPreRelease || (os.Build == 6001 && match.Stage == ReleaseStage.Released);
        return !mayBeOlder ? Verdict.Passed
            : subject.Vm.CreatedAt is not { } createdAt ? NotSaid("virtualMachines", "when the VM was made")
            : os.HyperVInstalledAt is not { } installedAt ? NotSaid("operatingSystem", "since when the present Hyper-V build is installed (date of vmms.exe)")
            : createdAt >= installedAt ? Verdict.Passed
            : Older(subject, context, createdAt, installedAt);
    }

    private static Verdict Older(VirtualMachineSubject subject, RuleContext context, DateTimeOffset createdAt, DateTimeOffset installedAt)
    {
        if (Unreadable(subject.Host, context, "checkpoints") is Verdict.Unknown unknown)
        {
            return unknown;
        }

        bool isSaved = subject.Vm.State == VirtualMachineState.Saved;
        int checkpoints = subject.Host.Reading.Checkpoints.Content?.Items.Count(c => c.VirtualMachineId == subject.Vm.Id) ?? 0;
        return Fire(subject, "older", isSaved || checkpoints > 0 ? Severity.Error : Severity.Warning,
            $"{subject.Vm.Name} was made on {createdAt:yyyy-MM-dd}, before its host's Hyper-V build of {installedAt:yyyy-MM-dd}",
            isSaved ? "Its saved state does not carry over to this build." : checkpoints > 0 ? "Its checkpoints may not carry over to this build." : null);
    }

    private static Verdict.Fire Fire(VirtualMachineSubject subject, string variant, Severity severity, string title, string? impact) => new(variant, severity, title)
    {
        Impact = impact ?? "Taking it over may be unsupported, with unpredictable results.",
        Remedy = new($"Shut {subject.Vm.Name} down, merge its checkpoints, discard saved state, then create a new VM with its disks on {subject.Host.Name}.") { Risk = RemedyRisk.NeedsVirtualMachineOff },
        Evidence =
        [
            Fact(subject.Host, "virtualMachines", "VM made", subject.Vm.CreatedAt?.ToString("u"), "after the host's Hyper-V build", "Msvm_VirtualSystemSettingData.CreationTime"),
            Fact(subject.Host, "operatingSystem", "Hyper-V build installed", subject.Host.Reading.OperatingSystem.Content?.HyperVInstalledAt?.ToString("u"), null, "CIM_DataFile.CreationDate"),
            Fact(subject.Host, "virtualMachines", "State", $"{subject.Vm.State}", null, "Msvm_ComputerSystem.EnabledState"),
            Fact(subject.Host, "virtualMachines", "Configuration version", subject.Vm.ConfigurationVersion, null, "Msvm_VirtualSystemSettingData.Version"),
        ],
    };

    public override ImmutableArray<Example<VirtualMachineSubject>> Examples { get; } =
    [
        Fires(Severity.Warning, "a VM made the day before the beta was installed", Vm(-1, VirtualMachineState.Off)),
        Fires(Severity.Error, "the same VM in saved state", Vm(-1, VirtualMachineState.Saved)),
        Fires(Severity.Warning, "a VM of configuration version 254.0 on a released host", new(Sample.Vm with { ConfigurationVersion = "254.0" }, new(Sample.Host))),
        Fires(Severity.Error, "an old VM with a checkpoint", Vm(-1, VirtualMachineState.Off, Sample.Checkpoint)),
        Fires(Severity.Warning, "a VM of a beta on the released Hyper-V of 2008", OnReleased2008(-1)),
        Passes("a VM made two weeks after the released Hyper-V was installed", OnReleased2008(14)),
        Fires(Severity.Warning, "a VM of version 11.0 on 2022", new(Sample.Vm with { ConfigurationVersion = "11.0" }, new(Sample.Host))),
        Passes("a VM of the newest version of its host", new(Sample.Vm with { ConfigurationVersion = "10.0" }, new(Sample.Host))),
        Skips("a VM that was re-created", Vm(-1, VirtualMachineState.Off), Given.Tagged("vm:recreated")),
        Passes("a VM made at the very moment of the installation", Vm(0, VirtualMachineState.Off)),
        Passes("an old VM on a released host", new(Sample.Vm with { CreatedAt = Sample.Now.AddYears(-9) }, new(Sample.Host))),
        CannotTell("a VM that does not say when it was made", new(Sample.Vm with { CreatedAt = null }, Beta)),
    ];

    private static HostSubject Beta => new(Sample.Host with
    {
        OperatingSystem = Sample.Read(new HostOperatingSystem { Build = 6001, BuildLab = "6001.17051.x", HyperVVersion = "6.0.6001.17051", Hotfixes = [], HyperVInstalledAt = Sample.Now.AddDays(-30) }),
    });

    private static VirtualMachineSubject OnReleased2008(int days) => Given.Host().With(Sample.Vm with { CreatedAt = Sample.Now.AddDays(-30 + days), ConfigurationVersion = null }).With(new HostOperatingSystem
    {
        Build = 6001, BuildLab = "6001.18000.amd64fre.longhorn_rtm.080118-1840", HyperVVersion = "6.0.6001.18016", Hotfixes = ["KB950050"], HyperVInstalledAt = Sample.Now.AddDays(-30),
    }).Vm();

    private static VirtualMachineSubject Vm(int days, VirtualMachineState state, params Model.Checkpoints.Checkpoint[] checkpoints) =>
        Given.Host().With(Beta.Reading.OperatingSystem.Content!).With(Sample.Vm with { CreatedAt = Sample.Now.AddDays(-30 + days), State = state, ConfigurationVersion = null }).With(checkpoints).Vm();
}

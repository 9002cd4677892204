using System.Collections.Immutable;
using HyperVDash.Model;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Hosts;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Releases;

public sealed class VmVersionUnsupported : OneVerdictRule<VirtualMachineSubject>
{
    public override RuleCard Card { get; } = new("HVD804", "vm-version-unsupported-on-host", RuleScope.VirtualMachine, RuleKind.Configuration)
    {
        Title = "VM configuration version is not supported by its host",
        Why = "The VM cannot be started or imported there.",
        Fix = "Start it on an older host and update its version there to one that both know, or make a new VM with its disks.",
        Quiet = "Before 2012 R2, where VMs have no such version; versions of previews (HVD803). On a build whose versions are not known nobody can tell.",
        Sections = ["virtualMachines", "operatingSystem"],
        Severities = [Severity.Error],
        Origin = "Published list of VM configuration versions",
    };

    public override Verdict Decide(VirtualMachineSubject subject, RuleContext context) =>
        Unreadable(subject.Host, context, "virtualMachines", "operatingSystem") ?? VmVersions.Without(subject.Host) ?? Judge(subject);

    private static Verdict Judge(VirtualMachineSubject subject) => VmVersions.Of(subject.Vm) switch
    {
        null => NotSaid("virtualMachines", "the VM's configuration version"),
        var version when VmVersions.IsPreview(version) => NotFor("A version of a preview: HVD803 looks at it."),
        var version when VmVersions.Starts(subject.Host, version) == true => Verdict.Passed,
        var version => new Verdict.Fire("unsupported", Severity.Error, $"{subject.Vm.Name} has configuration version {version}, which {subject.Host.Profile!.Profile.Name} does not start")
        {
            Impact = "Once off, it does not start again on this host.",
            Remedy = Mend(subject.Host, RemedyRisk.NeedsVirtualMachineOff, $"Start {subject.Vm.Name} on an older host and update it there to a version that both know; otherwise make a new VM with its disks.", "",
                PowerShell.Line($"Update-VMVersion -ComputerName <older host> -Name {subject.Vm.Name}")),
            Evidence =
            [
                Fact(subject.Host, "virtualMachines", "Configuration version", version.ToString(), $"one of {VmVersions.List(subject.Host)}", "Msvm_VirtualSystemSettingData.Version"),
                Fact(subject.Host, "operatingSystem", "Build", $"{subject.Host.Reading.OperatingSystem.Content!.Build}", null, "Win32_OperatingSystem.BuildNumber"),
            ],
        },
    };

    public override ImmutableArray<Example<VirtualMachineSubject>> Examples { get; } =
    [
        Fires(Severity.Error, "version 5.0 on 2022", Vm("2022", "5.0")),
        Passes("version 9.0 on 2022", Vm("2022", "9.0")),
        Passes("version 8.0, the oldest that 2022 starts", Vm("2022", "8.0")),
        Fires(Severity.Error, "version 7.1 on 2022", Vm("2022", "7.1")),
        Passes("version 10.0 on 2022, although 9.0 comes later in the alphabet", Vm("2022", "10.0")),
        Fires(Severity.Error, "version 8.0 on 2012 R2", Vm("2012R2", "8.0")),
        Skips("2008 R2, where VMs have no version", Vm("2008R2", null)),
        Skips("a preview version", Vm("2022", "254.0")),
        CannotTell("a VM that does not say its version", Vm("2022", null)),
        CannotTell("a build whose versions are not known", Given.Host().With(Sample.Vm).With(new HostOperatingSystem { Build = 25398 }).Vm()),
    ];

    private static VirtualMachineSubject Vm(string release, string? version) => Given.Host(release).With(Sample.Vm with { ConfigurationVersion = version }).Vm();
}

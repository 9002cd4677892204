using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Guests;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Guests;

public sealed class SavedTooLong : OneVerdictRule<VirtualMachineSubject>
{
    public override RuleCard Card { get; } = new("HVD508", "vm-saved-too-long", RuleScope.VirtualMachine, RuleKind.Configuration)
    {
        Title = "VM stays in saved state",
        Why = "A saved state is bound to processor and release, and a domain controller must never come back after the lifetime of its tombstones.",
        Fix = "Start it and shut it down, or throw the saved state away; let it shut down when the host stops.",
        Quiet = "For the first day; tag saved:ok, e.g. for desktops that save at sign-off. A planned upgrade of the host is not known.",
        Sections = ["virtualMachines", "operatingSystem"],
        Mentions = ["guests"],
        ExplainedBy = [new("HVD803", Relation.SameObject)],
        Severities = [Severity.Info, Severity.Warning, Severity.Error, Severity.Critical],
        Origin = "Field notes of December 2007, second post, item 3; published guidance on virtual domain controllers; troubleshooting of live migration",
    };

    public override Verdict Decide(VirtualMachineSubject subject, RuleContext context) =>
        Unreadable(subject.Host, context, "virtualMachines", "operatingSystem") ?? subject.Vm.State switch
        {
            VirtualMachineState.Unknown => NotSaid("virtualMachines", "the VM's state"),
            not VirtualMachineState.Saved => Verdict.Passed,
            _ when context.Settings.HasTag(subject.Identity.Id, "saved:ok") => NotFor("Tagged saved:ok."),
            _ when subject.Host.Profile is null => NotSaid("operatingSystem", "its build"),
            _ when subject.Host.Profile.Profile.IsPreRelease => Fire(subject, "preRelease", Severity.Error, $"{subject.Vm.Name} is saved on {subject.Host.Profile.Profile.Name}; no later build restores it"),
            _ => subject.Vm.StateChangedAt is { } since ? Judge(subject, context, since) : NotSaid("virtualMachines", "since when the VM is saved"),
        };

    private static Verdict Judge(VirtualMachineSubject subject, RuleContext context, DateTimeOffset since)
    {
        var settings = context.Settings;
        if (subject.Guest?.ProductType == 2 || settings.HasTag(subject.Identity.Id, "role:dc"))
        {
            return context.Passed(since.AddDays(settings.TombstoneDays)) ? Fire(subject, "domainController", Severity.Critical, $"Domain controller {subject.Vm.Name} is saved since {since:yyyy-MM-dd}, longer than the {settings.TombstoneDays} days of its tombstones")
                : context.Passed(since.AddDays(settings.SavedControllerErrorDays)) ? Fire(subject, "domainController", Severity.Error, $"Domain controller {subject.Vm.Name} is saved since {since:yyyy-MM-dd}")
                : Verdict.Passed;
        }

        return context.Passed(since.AddDays(settings.SavedWarnDays)) ? Fire(subject, "saved", Severity.Warning, $"{subject.Vm.Name} is saved since {since:yyyy-MM-dd}")
            : context.Passed(since.AddDays(settings.SavedInfoDays)) ? Fire(subject, "saved", Severity.Info, $"{subject.Vm.Name} is saved since {since:yyyy-MM-dd}")
            : Verdict.Passed;
    }

    private static Verdict.Fire Fire(VirtualMachineSubject subject, string variant, Severity severity, string title) => new(variant, severity, title)
    {
        Impact = variant switch
        {
            "domainController" => severity == Severity.Critical ? "Started now, it brings deleted objects back: never start it." : "The longer it is saved, the more it has missed when it comes back.",
            "preRelease" => "After the next build its memory is lost.", _ => "A new processor or release cannot restore it.",
        },
        Remedy = severity == Severity.Critical
            ? Mend(subject.Host, RemedyRisk.NeedsVirtualMachineOff, $"Do not start {subject.Vm.Name}: remove it from the domain and set it up anew.", $"Do not start {subject.Vm.Name}: remove it from the domain and set it up anew.", PowerShell.Line($"Remove-VMSavedState -ComputerName {subject.Host} -VMName {subject.Vm.Name}"))
            : Mend(subject.Host, RemedyRisk.Online, $"Start {subject.Vm.Name} and shut it down; if what it holds in memory is not needed, throw it away, which is like cutting the power.",
                $"Start {subject.Vm.Name} and shut it down, or choose Delete Saved State, which is like cutting the power.",
                PowerShell.Line($"Start-VM -ComputerName {subject.Host} -Name {subject.Vm.Name}"), PowerShell.Line($"Stop-VM -ComputerName {subject.Host} -Name {subject.Vm.Name}"),
                PowerShell.Line($"Remove-VMSavedState -ComputerName {subject.Host} -VMName {subject.Vm.Name}"), PowerShell.Line($"Set-VM -ComputerName {subject.Host} -Name {subject.Vm.Name} -AutomaticStopAction ShutDown")),
        Evidence =
        [
            Fact(subject.Host, "virtualMachines", "Saved since", subject.Vm.StateChangedAt?.ToString("u", CultureInfo.InvariantCulture), variant == "preRelease" ? "not saved" : "a day ago at most", "Msvm_ComputerSystem.TimeOfLastStateChange"),
            Fact(subject.Host, "virtualMachines", "When the host stops", subject.Vm.StopAction?.ToString(), null, "Msvm_VirtualSystemSettingData.AutomaticShutdownAction"),
            Fact(subject.Host, "operatingSystem", "Host", subject.Host.Profile?.Profile.Name, null, "Win32_OperatingSystem.BuildNumber"),
        ],
    };

    public override ImmutableArray<Example<VirtualMachineSubject>> Examples { get; } =
    [
        Fires(Severity.Warning, "saved for 12 days", Vm(12)),
        Skips("saved for 12 days, which is right here", Vm(12), Given.Tagged("saved:ok")),
        Fires(Severity.Info, "saved for exactly 7 days", Vm(7)),
        Passes("saved for exactly a day", Vm(1)),
        Fires(Severity.Error, "a domain controller, saved for 2 days", Vm(2), Given.Tagged("role:dc")),
        Passes("a domain controller, saved for exactly a day", Vm(1), Given.Tagged("role:dc")),
        Fires(Severity.Error, "a domain controller, saved for exactly 180 days", Vm(180), Given.Tagged("role:dc")),
        Fires(Severity.Critical, "a domain controller, saved for 181 days", Vm(181), Given.Tagged("role:dc")),
        Fires(Severity.Error, "saved an hour ago on a build before the release of 2008", Vm(0, "pre2008")),
        Passes("a VM that is off", Given.Host().With(Sample.Vm with { State = VirtualMachineState.Off }).Vm()),
        CannotTell("a host that does not say since when", Given.Host().With(Sample.Vm with { State = VirtualMachineState.Saved, StateChangedAt = null }).Vm()),
    ];

    private static VirtualMachineSubject Vm(int days, string release = "2022") => Given.Host(release).With(Sample.Vm with { State = VirtualMachineState.Saved, StateChangedAt = Sample.Now.AddDays(-days) }).With(Array.Empty<Guest>()).Vm();
}

using System.Collections.Immutable;
using HyperVDash.Model;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Guests;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;
using HyperVDash.Rules.Guests;

namespace HyperVDash.Rules.VirtualMachines;

public sealed class SecureBootTemplateMismatch : OneVerdictRule<VirtualMachineSubject>
{
    public override RuleCard Card { get; } = new("HVD511", "secure-boot-template-mismatch", RuleScope.VirtualMachine, RuleKind.Configuration)
    {
        Title = "Secure Boot template does not fit the guest",
        Why = "The firmware trusts only what its template names: it refuses the boot loader of another system.",
        Fix = "Choose the template of the guest's system while the VM is off, or switch Secure Boot off.",
        Quiet = "Generation 1; tag secureboot:ok, e.g. for images with two systems; 2012 R2, which has no templates. What a guest is that tells nothing, nobody knows: it is said to be unknown.",
        Sections = ["virtualMachines", "guests", "operatingSystem"],
        Mentions = ["devices"],
        Severities = [Severity.Info, Severity.Warning, Severity.Error],
        Origin = "Published security settings of generation 2; field practice",
    };

    public override Verdict Decide(VirtualMachineSubject subject, RuleContext context) =>
        Unreadable(subject.Host, context, "virtualMachines", "operatingSystem") ?? subject.Vm switch
        {
            { Generation: null } => NotSaid("virtualMachines", "the VM's generation"),
            { Generation: not 2 } => NotFor("Only generation 2 has Secure Boot."),
            _ when context.Settings.HasTag(subject.Identity.Id, "secureboot:ok") => NotFor("Tagged secureboot:ok."),
            { IsSecureBoot: null } => NotSaid("virtualMachines", "whether Secure Boot is on"),
            _ => Unreadable(subject.Host, context, "guests") ?? (subject.Vm.IsSecureBoot == true ? On(subject, context) : Off(subject, context)),
        };

    private static Verdict Off(VirtualMachineSubject subject, RuleContext context) =>
        subject.Guest?.Family == GuestFamily.Windows ? Fire(subject, "off", Severity.Info, $"Secure Boot of {subject.Vm.Name} is off, and its guest is Windows", null)
        : LinuxHint.WithoutTemplate(subject, context) is not null ? Verdict.Passed
        : NotTold("off");

    private static Verdict On(VirtualMachineSubject subject, RuleContext context)
    {
        if (subject.Host.Profile is not { } profile)
        {
            return NotSaid("operatingSystem", "its build");
        }

        if (!profile.Profile.Capabilities.SecureBootTemplates)
        {
            return NotFor("This release has no templates: Secure Boot is on or off.");
        }

        if (subject.Vm.SecureBootTemplate is not { } template)
        {
            return NotSaid("virtualMachines", "the Secure Boot template");
        }

        bool isWindows = subject.Guest?.Family == GuestFamily.Windows;
        string? linux = LinuxHint.WithoutTemplate(subject, context);
        return template == SecureBootTemplates.OpenSourceShielded ? subject.Vm.Security?.IsShielded switch
            {
                true => Verdict.Passed, false => Mismatch(subject, context, "shielded", "the VM is not shielded", null), _ => NotSaid("virtualMachines", "whether the VM is shielded"),
            }
            : template == SecureBootTemplates.Windows ? linux is not null ? Mismatch(subject, context, "linux", "its guest is Linux", linux) : isWindows ? Verdict.Passed : NotTold("guest")
            : template == SecureBootTemplates.UefiCertificateAuthority ? isWindows && linux is null ? Mismatch(subject, context, "windows", "its guest is Windows", null) : linux is not null ? Verdict.Passed : NotTold("guest")
            : NotCollected("template", "virtualMachines", $"{template} is no template that is known.");
    }

    private static Verdict.Unknown NotTold(string variant) => NotCollected(variant, "guests", "The guest does not tell which system it runs.");

    private static Verdict.Fire Mismatch(VirtualMachineSubject subject, RuleContext context, string variant, string because, string? hint)
    {
        // A guest that shows itself has booted all the same; one that stays silent long after its start probably did not.
        bool neverBooted = subject.Vm is { State: VirtualMachineState.Running, StartedAt: { } started } && context.Reached(started + context.Settings.GuestBootTime) && Uptime.IsSilent(subject) == true;
        return Fire(subject, variant, neverBooted ? Severity.Error : Severity.Warning, $"{subject.Vm.Name} has the Secure Boot template {SecureBootTemplates.NameOf(subject.Vm.SecureBootTemplate)}, but {because}", hint);
    }

    private static Verdict.Fire Fire(VirtualMachineSubject subject, string variant, Severity severity, string title, string? hint) => new(variant, severity, title)
    {
        Impact = variant == "off" ? "It starts whatever boot loader its disk holds." : severity == Severity.Error ? "The firmware refuses its boot loader." : "At its next start the firmware may refuse its boot loader.",
        Remedy = Mend(subject.Host, RemedyRisk.NeedsVirtualMachineOff, variant == "off" ? $"Switch Secure Boot of {subject.Vm.Name} on while it is off." : $"Give {subject.Vm.Name} the template of its system while it is off.", "",
            variant == "off" ? PowerShell.Line($"Set-VMFirmware -ComputerName {subject.Host} -VMName {subject.Vm.Name} -EnableSecureBoot On")
            : PowerShell.Line($"Set-VMFirmware -ComputerName {subject.Host} -VMName {subject.Vm.Name} -SecureBootTemplate {(variant == "linux" || (variant == "shielded" && subject.Guest?.Family != GuestFamily.Windows) ? "MicrosoftUEFICertificateAuthority" : "MicrosoftWindows")}")),
        Evidence =
        [
            variant == "off" ? Fact(subject.Host, "virtualMachines", "Secure Boot", "off", "on", "Msvm_VirtualSystemSettingData.SecureBootEnabled")
                : Fact(subject.Host, "virtualMachines", "Template", $"{SecureBootTemplates.NameOf(subject.Vm.SecureBootTemplate)} ({subject.Vm.SecureBootTemplate})", "that of the guest's system", "Msvm_VirtualSystemSettingData.SecureBootTemplateId"),
            Fact(subject.Host, "guests", "Guest", hint is not null ? $"Linux: {hint}" : subject.Guest?.OsName ?? subject.Guest?.Family.ToString(), null, "Msvm_KvpExchangeComponent.GuestIntrinsicExchangeItems"),
            Fact(subject.Host, "guests", "Heartbeat", $"{subject.Guest?.Heartbeat}{(subject.Guest?.HeartbeatCode is { } code ? $" ({code})" : "")}", severity == Severity.Error ? "Ok" : null, "Msvm_HeartbeatComponent.OperationalStatus"),
            Fact(subject.Host, "virtualMachines", "Running since", subject.Vm.StartedAt?.ToString("u"), null, "Msvm_ComputerSystem.OnTimeInMilliseconds"),
        ],
    };

    public override ImmutableArray<Example<VirtualMachineSubject>> Examples { get; } =
    [
        Fires(Severity.Error, "the template of Windows on a silent guest tagged os:linux", Vm(SecureBootTemplates.Windows, Given.SilentGuest), Given.Tagged("os:linux")),
        Passes("the template of the UEFI certificate authority on the same guest", Vm(SecureBootTemplates.UefiCertificateAuthority, Given.SilentGuest), Given.Tagged("os:linux")),
        Fires(Severity.Warning, "the template of Windows on Linux that runs well", Vm(SecureBootTemplates.Windows, Linux)),
        Fires(Severity.Warning, "a silent guest that has been running for nine minutes", Vm(SecureBootTemplates.Windows, Given.SilentGuest, v => v with { StartedAt = Sample.Now.AddMinutes(-9) }), Given.Tagged("os:linux")),
        Fires(Severity.Error, "a silent guest that has been running for exactly ten minutes", Vm(SecureBootTemplates.Windows, Given.SilentGuest, v => v with { StartedAt = Sample.Now.AddMinutes(-10) }), Given.Tagged("os:linux")),
        Fires(Severity.Warning, "the template of the UEFI certificate authority on Windows", Vm(SecureBootTemplates.UefiCertificateAuthority, Sample.Guest)),
        Passes("the template of Windows on Windows", Vm(SecureBootTemplates.Windows, Sample.Guest)),
        Fires(Severity.Warning, "the template for shielded Linux on a VM that is not shielded", Vm(SecureBootTemplates.OpenSourceShielded, Linux, v => v with { Security = new() { IsShielded = false } })),
        Passes("the same on a shielded VM", Vm(SecureBootTemplates.OpenSourceShielded, Linux, v => v with { Security = new() { IsShielded = true } })),
        Fires(Severity.Info, "Windows without Secure Boot", Vm(null, Sample.Guest, v => v with { IsSecureBoot = false })),
        Passes("Linux without Secure Boot", Vm(null, Linux, v => v with { IsSecureBoot = false })),
        Skips("accepted", Vm(SecureBootTemplates.Windows, Linux), Given.Tagged("secureboot:ok")),
        Skips("generation 1", Vm(null, Linux, v => v with { Generation = 1 })),
        Skips("2012 R2, which has no templates", Vm(null, Linux, release: "2012R2")),
        CannotTell("a silent guest that nobody tagged", Vm(SecureBootTemplates.Windows, Given.SilentGuest)),
        CannotTell("a host that does not say the template", Vm(null, Linux)),
        CannotTell("guests that could not be read", new(Sample.Vm with { IsSecureBoot = true, SecureBootTemplate = SecureBootTemplates.Windows }, new(Given.Host() with { Guests = Sample.Failed<GuestList>(SectionState.Failed, "no answer") }))),
    ];

    private static Guest Linux => Sample.Guest with { Family = GuestFamily.Linux, OsMajor = null, OsMinor = null, OsBuild = null, ProductType = null };

    private static VirtualMachineSubject Vm(Guid? template, Guest guest, Func<VirtualMachine, VirtualMachine>? change = null, string release = "2022")
    {
        var vm = Sample.Vm with { IsSecureBoot = true, SecureBootTemplate = template };
        return Given.Host(release).With(change is null ? vm : change(vm)).With(guest).Vm();
    }
}

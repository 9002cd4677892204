using System.Collections.Immutable;
using HyperVDash.Model;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Guests;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Guests;

public sealed class LinuxIntegrationMissing : IntegrationRule
{
    public override RuleCard Card { get; } = new("HVD504", "linux-integration-missing", RuleScope.VirtualMachine, RuleKind.State)
    {
        Title = "Linux guest without the integration components (or only half of them)",
        Why = "On old hosts its synthetic disks and adapters are invisible; everywhere it cannot be shut down cleanly.",
        Fix = "Load the kernel's Hyper-V modules and install the distribution's daemons.",
        Quiet = "Nothing says that the guest is Linux; tags ic:none, os:bsd. Whether daemons are missing for more than a day needs history: only a guest whose present run is that long counts.",
        Sections = ["virtualMachines", "guests", "operatingSystem"],
        Mentions = ["devices"],
        ExplainedBy = [new("HVD301", Relation.SameObject)],
        Severities = [Severity.Info, Severity.Warning, Severity.Error],
        Confidence = 0.75,
        Origin = "Field notes of December 2007, second post, item 4",
    };

    public override Verdict Decide(VirtualMachineSubject subject, RuleContext context) =>
        Unreadable(subject.Host, context, "virtualMachines") ?? Judge(subject, context);

    private static Verdict Judge(VirtualMachineSubject subject, RuleContext context)
    {
        if (context.Settings.HasTag(subject.Identity.Id, "ic:none") || context.Settings.HasTag(subject.Identity.Id, "os:bsd"))
        {
            return NotFor("Tagged as an appliance.");
        }

        if (LinuxHint.Of(subject, context) is not { } hint)
        {
            return subject.Host.Reading.Guests.IsReadable() ? NotFor("Nothing says that the guest is Linux.")
                : Unreadable(subject.Host, context, "guests") ?? NotFor("Nothing says that the guest is Linux.");
        }

        if ((Uptime.Gate(subject, context) ?? Unreadable(subject.Host, context, "guests", "operatingSystem")) is { } early)
        {
            return early;
        }

        var guest = subject.Guest;
        if (guest is { Heartbeat: IntegrationState.Ok or IntegrationState.Degraded, Items.IsEmpty: true }
            && context.Reached(subject.Vm.StartedAt!.Value + TimeSpan.FromHours(24)))
        {
            return Fire(subject, hint, "daemons", Severity.Info, $"{subject.Vm.Name} has the kernel modules but not the daemons for key-value exchange");
        }

        if (context.Settings.MinimumLinuxIntegration is { } minimum && Version.TryParse(guest?.IntegrationServicesVersion, out var version) && version < minimum)
        {
            return Fire(subject, hint, "oldVersion", Severity.Warning, $"{subject.Vm.Name} runs Linux integration {version}; {minimum} is required");
        }

        return Uptime.IsSilent(subject) switch
        {
            true => Fire(subject, hint, "silent", subject.Host.Profile?.Profile.IsHyperVOne == true ? Severity.Error : Severity.Warning, $"Linux guest {subject.Vm.Name} runs without integration components"),
            false => Verdict.Passed,
            _ => guest is { Heartbeat: IntegrationState.Ok or IntegrationState.Degraded } ? Verdict.Passed : Uptime.CannotTell(guest),
        };
    }

    private static Verdict.Fire Fire(VirtualMachineSubject subject, string hint, string variant, Severity severity, string title) => new(variant, severity, title)
    {
        Impact = variant == "silent" ? "Synthetic disks and adapters are invisible in it, and it cannot be shut down cleanly." : null,
        Remedy = new("In the guest: load hv_vmbus, hv_storvsc, hv_netvsc and hv_utils, and install the daemons.") { Commands = ["sudo apt install linux-cloud-tools-virtual", "sudo dnf install hyperv-daemons"], Risk = RemedyRisk.Online },
        Evidence = [.. Evidence(subject), new Evidence("Linux recognised by", hint)],
    };

    public override ImmutableArray<Example<VirtualMachineSubject>> Examples { get; } =
    [
        Fires(Severity.Error, "a silent guest tagged os:linux on 2008 R2", Vm(Given.SilentGuest, "2008R2"), Given.Tagged("os:linux")),
        Fires(Severity.Warning, "the same on 2022", Vm(Given.SilentGuest), Given.Tagged("os:linux")),
        Fires(Severity.Info, "modules without daemons for more than a day", Vm(Given.SilentGuest with { Heartbeat = IntegrationState.Ok }, minutes: 60 * 25), Given.Tagged("os:linux")),
        Fires(Severity.Warning, "a silent guest with a Debian disc in its drive", Vm(Given.SilentGuest, drives: [Sample.Disk, Given.Dvd(1, 0, @"D:\ISO\debian-12.5.0-amd64-netinst.iso")])),
        Fires(Severity.Warning, "Linux components older than the lab requires", Vm(Sample.Guest with { Family = GuestFamily.Linux, Items = [new("OSName", "Debian")], IntegrationServicesVersion = "3.1" }), new() { MinimumLinuxIntegration = new(4, 0) }),
        Passes("modules without daemons for a minute less than a day", Vm(Given.SilentGuest with { Heartbeat = IntegrationState.Ok }, minutes: (60 * 24) - 1), Given.Tagged("os:linux")),
        Passes("a silent guest that has been running 9 minutes", Vm(Given.SilentGuest, minutes: 9), Given.Tagged("os:linux")),
        Skips("an appliance", Vm(Given.SilentGuest), new() { Tags = new RuleSettings().Tags.Add(Sample.VmId.ToString(), ["os:linux", "ic:none"]) }),
        Passes("a Linux guest with heartbeat and facts", Vm(Sample.Guest with { Family = GuestFamily.Linux, Items = [new("OSName", "Debian")] })),
        Skips("a Windows guest", Vm(Sample.Guest)),
        CannotTell("a guest whose numbers do not tell", Vm(Given.SilentGuest with { Heartbeat = IntegrationState.Unknown }, "pre2008"), Given.Tagged("os:linux")),
    ];

}

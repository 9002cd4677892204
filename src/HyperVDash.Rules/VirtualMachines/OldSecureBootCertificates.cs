using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Guests;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.VirtualMachines;

public sealed class OldSecureBootCertificates : OneVerdictRule<VirtualMachineSubject>, IExamines<HostSubject>
{
    private const string Status = "UEFICA2023Status";
    private const string Error = "UEFICA2023Error";
    private const string ErrorEvent = "UEFICA2023ErrorEvent";
    private const string Updated = "Updated";
    private const string Failed = "Failed";

    private static readonly Verdict.Unknown NotTold = NotCollected("guest", "guests", "The guest does not tell how far it is; the host's list counts it.");

    public override RuleCard Card { get; } = new("HVD512", "secure-boot-2011-certificates", RuleScope.VirtualMachine, RuleKind.Configuration)
    {
        Title = "Generation 2 VM still trusts only the 2011 Secure Boot certificates",
        Why = "The certificates of 2011 expire from June 2026. Nothing stops starting on that day, but new boot managers will not be trusted.",
        Fix = "Update the hosts, then let the guest renew its certificates, which takes two restarts. To see it here, let the guest push the registry value UEFICA2023Status, and UEFICA2023Error and UEFICA2023ErrorEvent where they are, as items of key-value exchange under these names.",
        Quiet = "Secure Boot off; generation 1; guests that are Linux, whose own boot loader decides. When a host got the update that lets its VMs renew them is not known, so VMs made after it are listed too.",
        Sections = ["virtualMachines", "guests", "operatingSystem"],
        Severities = [Severity.Info, Severity.Warning],
        Confidence = 0.75,
        Origin = "Published guidance on the Secure Boot certificates of 2011 and 2023",
    };

    public override Verdict Decide(VirtualMachineSubject subject, RuleContext context) =>
        Unreadable(subject.Host, context, "virtualMachines", "operatingSystem") ?? Without(subject.Host) ?? Without(subject.Vm)
            ?? Unreadable(subject.Host, context, "guests") ?? Judge(subject);

    /// <summary>The VMs of a host that tell nothing, once for all of them.</summary>
    public IEnumerable<Verdict> Examine(HostSubject subject, RuleContext context)
    {
        if ((Unreadable(subject, context, "virtualMachines", "operatingSystem") ?? Without(subject) ?? Unreadable(subject, context, "guests")) is { } early)
        {
            yield return early;
            yield break;
        }

        bool any = false;
        List<VirtualMachineSubject> silent = [];
        foreach (var vm in subject.Reading.VirtualMachines.Content!.Items)
        {
            if (Without(vm) is null && new VirtualMachineSubject(vm, subject) is var machine && !IsLinux(machine))
            {
                any = true;
                if (Item(machine, Status) is null)
                {
                    silent.Add(machine);
                }
            }
        }

        yield return !any ? NotFor("No VM of Windows has Secure Boot.")
            : silent.Count == 0 ? Verdict.Passed
            : Inventory(subject, silent);
        if (silent.Count > 0)
        {
            yield return NotCollected("hostUpdate", "operatingSystem", "From which update on a host lets its VMs renew the certificates is not confirmed, so hosts without it are not told.");
        }
    }

    private static Verdict? Without(HostSubject host) =>
        host.Profile is not { } profile ? NotSaid("operatingSystem", "its build")
        : profile.IsFrom("2016") ? null
        : NotFor("From 2016 on.");

    private static Verdict? Without(VirtualMachine vm) =>
        vm.Generation is null ? NotSaid("virtualMachines", "the VM's generation")
        : vm.Generation != 2 ? NotFor("Only generation 2 has Secure Boot.")
        : vm.IsSecureBoot is null ? NotSaid("virtualMachines", "whether Secure Boot is on")
        : vm.IsSecureBoot == false ? NotFor("Secure Boot is off.")
        : null;

    private static bool IsLinux(VirtualMachineSubject subject) =>
        subject.Guest?.Family == GuestFamily.Linux || (subject.Vm.SecureBootTemplate is { } template && template != SecureBootTemplates.Windows && subject.Guest?.Family != GuestFamily.Windows);

    private static string? Item(VirtualMachineSubject subject, string name)
    {
        foreach (var item in subject.Guest?.CustomItems ?? [])
        {
            if (item.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return item.Value?.Trim() is { Length: > 0 } value ? value : null;
            }
        }

        return null;
    }

    private static Verdict Judge(VirtualMachineSubject subject)
    {
        if (IsLinux(subject))
        {
            return NotFor("The guest is Linux.");
        }

        string? error = Item(subject, Error) is { } number && !IsZero(number) ? number : null;
        return Item(subject, Status) switch
        {
            null => NotTold,
            { } status when status.Equals(Updated, StringComparison.OrdinalIgnoreCase) => Verdict.Passed,
            { } status when error is not null || Item(subject, ErrorEvent) is not null || status.Equals(Failed, StringComparison.OrdinalIgnoreCase) => Fire(subject, "failed", Severity.Warning, status,
                $"{subject.Vm.Name} could not renew its Secure Boot certificates{(Item(subject, ErrorEvent) is { } at ? $" (event {VisibleText.Of(at)})" : error is not null ? $" (error {VisibleText.Of(error)})" : "")}"),
            { } status => Fire(subject, "pending", Severity.Info, status, $"{subject.Vm.Name} has not renewed its Secure Boot certificates yet: {VisibleText.Of(status)}"),
        };
    }

    private static bool IsZero(string number) => number is "0" || (number.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && number.AsSpan(2).Trim('0').IsEmpty);

    private static Verdict.Fire Fire(VirtualMachineSubject subject, string variant, Severity severity, string status, string title) => new(variant, severity, title)
    {
        Impact = "A boot manager signed with the new certificates will not start in it.",
        Remedy = variant == "failed"
            ? Mend(subject.Host, RemedyRisk.NeedsHostRestart, $"Bring {subject.Host.Name} up to date, so that the VM's firmware takes the new key, then start the guest's task again and restart the guest twice.", "")
            : new($"In {subject.Vm.Name} start the task that renews the certificates and restart the guest twice.")
            {
                Commands = ["Start-ScheduledTask -TaskPath '\\Microsoft\\Windows\\PI\\' -TaskName 'Secure-Boot-Update'", "Get-SecureBootUEFI db"], Risk = RemedyRisk.Online,
            },
        Evidence =
        [
            Fact(subject.Host, "guests", Status, VisibleText.Of(status), Updated, "Msvm_KvpExchangeComponent.GuestExchangeItems"),
            Fact(subject.Host, "guests", Error, Item(subject, Error) is { } error ? VisibleText.Of(error) : "none", "none", "Msvm_KvpExchangeComponent.GuestExchangeItems"),
            Fact(subject.Host, "guests", ErrorEvent, Item(subject, ErrorEvent) is { } at ? VisibleText.Of(at) : "none", "none", "Msvm_KvpExchangeComponent.GuestExchangeItems"),
            Build(subject.Host),
        ],
    };

    private static Verdict.Fire Inventory(HostSubject host, List<VirtualMachineSubject> silent) => new("inventory", Severity.Info,
        $"{(silent.Count == 1 ? "A VM" : $"{silent.Count} VMs")} of {host.Name} with Secure Boot {(silent.Count == 1 ? "does" : "do")} not tell whether {(silent.Count == 1 ? "it has" : "they have")} the certificates of 2023")
    {
        Impact = "Those that do not will not trust boot managers signed with the new certificates.",
        Remedy = new($"Update {host.Name}, let each guest renew its certificates, and let it push the value {Status} as an item of key-value exchange.")
        {
            Commands = ["Get-ItemPropertyValue HKLM:\\SYSTEM\\CurrentControlSet\\Control\\SecureBoot\\Servicing UEFICA2023Status", "Get-SecureBootUEFI db"], Risk = RemedyRisk.ReadOnly,
        },
        Evidence =
        [
            .. silent.OrderBy(v => v.Vm.CreatedAt).Take(10).Select(v => Fact(host, "virtualMachines", VisibleText.Of(v.Vm.Name), v.Vm.CreatedAt is { } at ? $"made {at:yyyy-MM-dd}" : null, $"tells {Status} {Updated}", "Msvm_VirtualSystemSettingData.CreationTime")),
            Build(host),
        ],
        Affected = [.. silent.Select(v => new AffectedObject(AffectedRole.Impacted, v.Identity))],
    };

    private static Evidence Build(HostSubject host)
    {
        string? build = host.Reading.OperatingSystem.Content is { Build: { } number } os ? string.Create(CultureInfo.InvariantCulture, $"{number}.{os.UpdateRevision}") : null;
        return Fact(host, "operatingSystem", "Host build", build, null, "Win32_OperatingSystem.BuildNumber, registry UBR");
    }

    public override ImmutableArray<RuleCase> Cases => [.. base.Cases, .. HostExamples.Select(e => RuleCase.Of(this, e))];

    public override ImmutableArray<Example<VirtualMachineSubject>> Examples { get; } =
    [
        Fires(Severity.Warning, "a guest whose update ended in event 1795", Vm((Status, "InProgress"), (ErrorEvent, "1795"))),
        Passes("a guest that is updated", Vm((Status, Updated))),
        Fires(Severity.Info, "a guest that is on its way", Vm((Status, "InProgress"), (Error, "0"))),
        Fires(Severity.Info, "the same, with the error written as 0x0", Vm((Status, "InProgress"), (Error, "0x0"))),
        Fires(Severity.Warning, "a guest that tells an error", Vm((Status, "InProgress"), (Error, "0x80070005"))),
        Skips("Secure Boot off", Given.Host().With(Bootable with { IsSecureBoot = false }).Vm()),
        Skips("generation 1", Given.Host().With(Bootable with { Generation = 1 }).Vm()),
        Skips("Linux", Given.Host().With(Bootable).With(Sample.Guest with { Family = GuestFamily.Linux }).Vm()),
        Skips("2012 R2", Given.Host("2012R2").With(Bootable).Vm()),
        CannotTell("a guest that does not tell", Vm()),
        CannotTell("guests that could not be read", new(Bootable, new(Given.Host() with { Guests = Sample.Failed<GuestList>(SectionState.Failed, "no answer") }))),
    ];

    private static ImmutableArray<Example<HostSubject>> HostExamples { get; } =
    [
        new("a host with a VM that does not tell", Vm().Host, "fires Info"),
        new("a host whose only VM is updated", Vm((Status, Updated)).Host, "passes"),
        new("a host whose only VM is Linux", Given.Host().With(Bootable).With(Sample.Guest with { Family = GuestFamily.Linux }).Subject(), "does not apply to"),
    ];

    private static VirtualMachine Bootable => Sample.Vm with { IsSecureBoot = true, SecureBootTemplate = SecureBootTemplates.Windows };

    private static VirtualMachineSubject Vm(params (string Name, string Value)[] items) =>
        Given.Host().With(Bootable).With(Sample.Guest with { CustomItems = [.. items.Select(i => new KeyValueItem(i.Name, i.Value))] }).Vm();
}

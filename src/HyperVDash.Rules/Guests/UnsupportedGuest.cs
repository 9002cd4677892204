using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Guests;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;
using HyperVDash.Rules.Releases;

namespace HyperVDash.Rules.Guests;

public sealed class UnsupportedGuest : IntegrationRule
{
    public override RuleCard Card { get; } = new("HVD506", "guest-os-unsupported", RuleScope.VirtualMachine, RuleKind.Configuration)
    {
        Title = "Guest operating system (or its vCPU count) is not supported by the host release",
        Why = "Outside the tested combinations nobody mends problems of drivers or updates.",
        Fix = "Move the VM to a host that lists its system, give it fewer processors, or upgrade the guest.",
        Quiet = "Guests that tell nothing (HVD501 looks at them); Linux, whose lists go by distribution; hosts before the release of 2008, which have no list; tag guest:accepted.",
        Sections = ["guests", "virtualMachines", "operatingSystem"],
        Severities = [Severity.Info, Severity.Warning, Severity.Error],
        Origin = "Field notes of December 2007, first post; published lists of supported guests and their limits",
    };

    public override Verdict Decide(VirtualMachineSubject subject, RuleContext context) =>
        Unreadable(subject.Host, context, "virtualMachines", "operatingSystem", "guests") ?? subject switch
        {
            { Host.Profile: null } => NotSaid("operatingSystem", "its build"),
            { Host.Profile.Profile.IsPreRelease: true } => NotFor("There is no list for a release before 2008."),
            _ when context.Settings.HasTag(subject.Identity.Id, "guest:accepted") => NotFor("Tagged guest:accepted."),
            { Guest.Family: GuestFamily.Linux } => NotFor("Linux is listed by distribution, which the guest does not tell in numbers."),
            { Guest: { Family: GuestFamily.Windows, OsMajor: not null, OsMinor: not null } guest } => Judge(subject, guest, subject.Host.Profile.Profile),
            { Vm.State: VirtualMachineState.Running } => NotCollected("system", "guests", "The guest does not tell which system it runs."),
            _ => NotFor("The VM is not running, and its guest tells nothing."),
        };

    private static Verdict Judge(VirtualMachineSubject subject, Guest guest, ReleaseProfile host)
    {
        if (host.FindGuest(guest) is not { } listed)
        {
            bool isNewer = guest.OsBuild > host.Guests.Max(g => g.FromBuild);
            return guest.OsMajor >= 6 && (guest.OsBuild is null || guest.ProductType is null) ? NotSaid("guests", "the build and edition of its system")
                : Fire(subject, guest, "unlisted", isNewer ? Severity.Info : Severity.Warning, $"{subject.Vm.Name} runs a system that no release lists{(isNewer ? ", newer than the lists" : "")} ({Words(guest)})", null);
        }

        if (!listed.IsListedOn(host))
        {
            bool isTooNew = host.Order < ReleaseProfiles.Get(listed.FirstHost).Order;
            return !isTooNew
                ? Fire(subject, guest, "dropped", Severity.Info, $"{subject.Vm.Name} runs {listed.Name}, which {host.Name} no longer lists", listed)
                : Fire(subject, guest, "tooNew", listed.FailsBefore is { } first && host.Order < ReleaseProfiles.Get(first).Order ? Severity.Error : Severity.Warning, $"{subject.Vm.Name} runs {listed.Name}, which {host.Name} does not list yet", listed);
        }

        return listed.ServicePack is { } pack && guest.ServicePack < pack
                ? Fire(subject, guest, "servicePack", Severity.Warning, $"{subject.Vm.Name} runs {listed.Name[..listed.Name.LastIndexOf(' ')]} with service pack {guest.ServicePack}; {pack} is listed", listed)
            : listed.Processors is { } most && subject.Vm.Processors > most
                ? Fire(subject, guest, "processors", Severity.Warning, $"{subject.Vm.Name} has {subject.Vm.Processors} virtual processors; {listed.Name} takes {most}{(listed.Unverified.Contains("processors") ? ", by a source that is not confirmed" : "")}", listed)
            : listed.ServicePack is not null && guest.ServicePack is null ? NotSaid("guests", "its service pack")
            : listed.Processors is not null && subject.Vm.Processors is null ? NotSaid("virtualMachines", "the VM's processors")
            : Verdict.Passed;
    }

    private static string Words(Guest guest) => string.Create(CultureInfo.InvariantCulture, $"{guest.OsMajor}.{guest.OsMinor}{(guest.OsBuild is { } build ? $".{build}" : "")}");

    private static Verdict.Fire Fire(VirtualMachineSubject subject, Guest guest, string variant, Severity severity, string title, GuestSupport? listed) => new(variant, severity, title)
    {
        Impact = severity == Severity.Error ? "It is known not to work there." : null,
        Remedy = variant == "processors"
            ? Mend(subject.Host, RemedyRisk.NeedsVirtualMachineOff, $"Give {subject.Vm.Name} as many processors as its system takes.", $"In the settings of {subject.Vm.Name} lower the number of processors while it is off.",
                PowerShell.Line($"Set-VMProcessor -ComputerName {subject.Host} -VMName {subject.Vm.Name} -Count {listed!.Processors}"))
            : new($"Upgrade the guest of {subject.Vm.Name}, or move it to a host that lists its system.") { Risk = RemedyRisk.NeedsVirtualMachineOff },
        Evidence =
        [
            Fact(subject.Host, "guests", "System of the guest", $"{Words(guest)}, {(guest.ProductType == 1 ? "workstation" : "server")}{(guest.ServicePack > 0 ? $", service pack {guest.ServicePack}" : "")}", "one that the host lists", "Msvm_KvpExchangeComponent.GuestIntrinsicExchangeItems"),
            Fact(subject.Host, "guests", "Entry of the list", listed is null ? "none" : $"{listed.Name}: hosts from {listed.FirstHost}{(listed.LastHost is { } last ? $" to {last}" : "")}{(listed.Unverified.Contains("hosts") ? " (not confirmed)" : "")}"),
            Fact(subject.Host, "virtualMachines", "Virtual processors", subject.Vm.Processors?.ToString(CultureInfo.InvariantCulture), listed?.Processors is { } most ? $"at most {most}" : null, "Msvm_ProcessorSettingData.VirtualQuantity"),
            Fact(subject.Host, "operatingSystem", "Host", subject.Host.Profile!.Profile.Name, null, "Win32_OperatingSystem.BuildNumber"),
        ],
    };

    public override ImmutableArray<Example<VirtualMachineSubject>> Examples { get; } =
    [
        Fires(Severity.Warning, "Server 2025 on 2019", Vm("2019", 10, 0, 26100, 3)),
        Passes("Server 2022 with eight processors on 2022", Vm("2022", 10, 0, 20348, 3, 8)),
        Fires(Severity.Error, "Windows 11 on 2016", Vm("2016", 10, 0, 26100, 1)),
        Passes("Windows 11 on 2019", Vm("2019", 10, 0, 26100, 1)),
        Fires(Severity.Info, "2008 R2 on 2022, which no longer lists it", Vm("2022", 6, 1, 7601, 3, pack: 1)),
        Passes("2008 R2 on 2019", Vm("2019", 6, 1, 7601, 3, pack: 1)),
        Fires(Severity.Warning, "2008 with service pack 1", Vm("2012", 6, 0, 6001, 3, pack: 1)),
        Passes("2008 with service pack 2 and exactly eight processors", Vm("2012", 6, 0, 6002, 3, 8, pack: 2)),
        Fires(Severity.Warning, "2008 with nine processors", Vm("2012", 6, 0, 6002, 3, 9, pack: 2)),
        Fires(Severity.Warning, "NT 4, which no release lists", Vm("2012", 4, 0, 1381, 3)),
        Fires(Severity.Info, "a build newer than the lists", Vm("2025", 11, 0, 99999, 3)),
        Skips("accepted", Vm("2019", 10, 0, 26100, 3), Given.Tagged("guest:accepted")),
        Skips("Linux", Given.Host().With(Sample.Vm).With(Sample.Guest with { Family = GuestFamily.Linux }).Vm()),
        Skips("a host before the release of 2008", Vm("pre2008", 6, 0, 6001, 3, pack: 1)),
        CannotTell("a guest of 10.0 that does not tell its build", Vm("2012", g => g with { OsMajor = 10, OsMinor = 0, OsBuild = null, ProductType = 3 })),
        CannotTell("a guest of 10.0 that does not tell whether it is a server", Vm("2012", g => g with { OsMajor = 10, OsMinor = 0, OsBuild = 20348, ProductType = null })),
        CannotTell("a guest of version 6 that does not tell its build", Vm("2012", g => g with { OsMajor = 6, OsMinor = 5, OsBuild = null, ProductType = 3 })),
        Fires(Severity.Warning, "NT 4 that does not tell its build", Vm("2012", g => g with { OsMajor = 4, OsMinor = 0, OsBuild = null, ProductType = 3 })),
        Fires(Severity.Warning, "a preview between two releases", Vm("2012", g => g with { OsMajor = 6, OsMinor = 4, OsBuild = 9841, ProductType = 1 })),
        CannotTell("2008 in a VM whose processors were not told", Vm("2012", g => g with { OsMajor = 6, OsMinor = 0, OsBuild = 6002, ProductType = 3, ServicePack = 2 }, processors: null)),
        CannotTell("a guest that tells nothing", Vm(Given.SilentGuest)),
        CannotTell("a guest that does not tell its service pack", Vm("2012", 6, 0, 6002, 3, pack: null)),
    ];

    private static VirtualMachineSubject Vm(string release, Func<Guest, Guest> change, int? processors = 2) =>
        Given.Host(release).With(Sample.Vm with { Processors = processors }).With(change(Sample.Guest)).Vm();

    private static VirtualMachineSubject Vm(string release, int major, int minor, int build, int productType, int processors = 2, int? pack = 0) =>
        Given.Host(release).With(Sample.Vm with { Processors = processors }).With(Sample.Guest with { OsMajor = major, OsMinor = minor, OsBuild = build, ProductType = productType, ServicePack = pack }).Vm();
}

using System.Collections.Immutable;
using HyperVDash.Model;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Guests;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;
using HyperVDash.Rules.Releases;

namespace HyperVDash.Rules.Guests;

public sealed class OutdatedIntegrationServices : IntegrationRule
{
    public override RuleCard Card { get; } = new("HVD502", "integration-services-mismatch", RuleScope.VirtualMachine, RuleKind.Configuration)
    {
        Title = "Integration services of a Windows guest are out of date",
        Why = "Old components are a common cause of failing backups, shutdowns and migrations to newer hosts.",
        Fix = "Bring the guest's integration services up to the host's, and restart the guest.",
        Quiet = "Guests other than Windows, ever: there another version of the protocol is normal. Guests that tell nothing (HVD501 looks at them). That a VM came from an older host a moment ago is not told.",
        Sections = ["guests", "virtualMachines", "operatingSystem", "hyperVSettings"],
        ExplainedBy = [new("HVD501", Relation.SameObject)],
        Severities = [Severity.Info, Severity.Warning],
        Confidence = 0.75,
        Origin = "Best Practices Analyzer for Hyper-V, rule 11; published guidance on integration services, also for Linux",
    };

    public override Verdict Decide(VirtualMachineSubject subject, RuleContext context) =>
        Unreadable(subject.Host, context, "virtualMachines", "operatingSystem", "guests") ?? subject switch
        {
            { Host.Profile: null } => NotSaid("operatingSystem", "its build"),
            { Vm.State: not VirtualMachineState.Running } => NotFor("The VM is not running."),
            { Guest.Family: GuestFamily.Windows } => Judge(subject, context),
            { Guest.Family: GuestFamily.Linux } => NotFor("The guest is not Windows."),
            _ => NotFor("The guest does not tell what it is."),
        };

    private static Verdict Judge(VirtualMachineSubject subject, RuleContext context)
    {
        var guest = subject.Guest!;
        if (guest.IntegrationVersion == IntegrationVersionState.Mismatch)
        {
            return Fire(subject, "mismatch", "the host calls its version a mismatch");
        }

        if (guest.Services.FirstOrDefault(s => s.State == IntegrationState.Degraded) is { } service)
        {
            return Fire(subject, "protocol", $"{Word(service.Kind)} speaks an older protocol");
        }

        if (subject.Host.Profile!.Profile.Capabilities.IntegrationServicesBy == IntegrationServicesBy.WindowsUpdate)
        {
            return guest.IntegrationVersion is null ? NotSaid("guests", "whether the guest's integration services are current") : Verdict.Passed;
        }

        return Unreadable(subject.Host, context, "hyperVSettings") ?? (Numbers(subject.Host.Reading.HyperVSettings.Content!.OfferedIntegrationServices), Numbers(guest.IntegrationServicesVersion)) switch
        {
            (null, _) => NotSaid("hyperVSettings", "which integration services it offers"),
            (_, null) => NotSaid("guests", "the version of the guest's integration services"),
            var (offered, has) when has < offered => Fire(subject, "version", $"it has {has}, and the host offers {offered}"),
            _ => Verdict.Passed,
        };
    }

    private static Version? Numbers(string? text) => Version.TryParse(text, out var version) ? version : null;

    private static string Word(IntegrationServiceKind kind) => kind switch
    {
        IntegrationServiceKind.KeyValueExchange => "key-value exchange", IntegrationServiceKind.TimeSynchronization => "time synchronisation",
        IntegrationServiceKind.VolumeShadowCopy => "backup", IntegrationServiceKind.GuestServiceInterface => "the guest service interface", _ => kind.ToString().ToLowerInvariant(),
    };

    private static Verdict.Fire Fire(VirtualMachineSubject subject, string variant, string why)
    {
        bool isByUpdate = subject.Host.Profile!.Profile.Capabilities.IntegrationServicesBy == IntegrationServicesBy.WindowsUpdate;
        return new(variant, isByUpdate ? Severity.Info : Severity.Warning, $"Integration services of {subject.Vm.Name} are out of date: {why}")
        {
            Impact = isByUpdate ? null : "Backups, shutdowns and migrations to newer hosts may fail.",
            Remedy = Install(subject),
            Evidence =
            [
                Fact(subject.Host, "guests", "Guest has", subject.Guest!.IntegrationServicesVersion, subject.Host.Reading.HyperVSettings.Content?.OfferedIntegrationServices ?? "current", "Msvm_KvpExchangeComponent.GuestIntrinsicExchangeItems"),
                Fact(subject.Host, "hyperVSettings", "Host offers", subject.Host.Reading.HyperVSettings.Content is { OfferedIntegrationServices: { } offered } settings ? $"{offered} ({settings.OfferedIntegrationServicesSource})" : null, null, @"registry GuestInstaller\Version, else vmms.exe"),
                Fact(subject.Host, "guests", "Version state", subject.Guest.IntegrationVersion?.ToString(), null, "Msvm_SummaryInformation.IntegrationServicesVersionState"),
                .. Evidence(subject),
            ],
        };
    }

    public override ImmutableArray<Example<VirtualMachineSubject>> Examples { get; } =
    [
        Fires(Severity.Warning, "6.2.9200 in the guest, 6.3.9600 on a 2012 R2 host", Vm("2012R2", "6.2.9200.16433", "6.3.9600.18907", IntegrationVersionState.Mismatch)),
        Skips("a Linux guest whose heartbeat is degraded", Vm("2022", "4.3.5", null, null, g => g with { Family = GuestFamily.Linux, Heartbeat = IntegrationState.Degraded, Services = [new(IntegrationServiceKind.Heartbeat, true, IntegrationState.Degraded)] })),
        Fires(Severity.Warning, "an older version by one number, on 2008 R2", Vm("2008R2", "6.1.7601.17513", "6.1.7601.17514", null)),
        Passes("exactly the version that the host offers", Vm("2012R2", "6.3.9600.18907", "6.3.9600.18907", null)),
        Passes("a newer one", Vm("2012R2", "6.3.9600.20000", "6.3.9600.18907", null)),
        Passes("10 is more than 9, which as text it is not", Vm("2012R2", "6.10.9600.1", "6.9.9600.1", null)),
        Fires(Severity.Info, "the host calls it a mismatch on 2022", Vm("2022", "6.3.9600.16384", null, IntegrationVersionState.Mismatch)),
        Passes("current on 2022", Vm("2022", "10.0.20348.1", null, IntegrationVersionState.UpToDate)),
        Fires(Severity.Info, "a service that speaks an older protocol", Vm("2022", "10.0.20348.1", null, IntegrationVersionState.UpToDate, g => g with { Services = [new(IntegrationServiceKind.VolumeShadowCopy, true, IntegrationState.Degraded)] })),
        Skips("a guest that tells nothing", Vm(Given.SilentGuest)),
        CannotTell("a 2012 R2 host that does not say what it offers", Vm("2012R2", "6.3.9600.18907", null, null)),
    ];

    private static VirtualMachineSubject Vm(string release, string has, string? offered, IntegrationVersionState? state, Func<Guest, Guest>? change = null)
    {
        var guest = Sample.Guest with { IntegrationServicesVersion = has, IntegrationVersion = state };
        return (Given.Host(release).With(Sample.Vm).With(change is null ? guest : change(guest)) with
        {
            HyperVSettings = Sample.Read(Sample.Host.HyperVSettings.Content! with { OfferedIntegrationServices = offered, OfferedIntegrationServicesSource = offered is null ? null : "vmms.exe" }),
        }).Vm();
    }
}

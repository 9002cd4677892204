using System.Collections.Immutable;
using HyperVDash.Model;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Guests;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Guests;

public sealed class IntegrationServiceOff : Rule<VirtualMachineSubject>
{
    private static readonly Verdict[] Fine = [Verdict.Passed];

    public override RuleCard Card { get; } = new("HVD503", "integration-service-or-device-disabled", RuleScope.VirtualMachine, RuleKind.Configuration)
    {
        Title = "An integration service or a network adapter is switched off on the host",
        Why = "Clean shutdown, quiet backup or the network behind the switch is missing.",
        Fix = "Switch it on in the VM's settings.",
        Quiet = "The guest service interface, which is off by default; time synchronisation of a domain controller or with tag time:ntp; backup with tag backup:agent; shutdown with tag shutdown:manual. Whether controllers and video adapters are off is not read.",
        Sections = ["guests", "virtualMachines", "devices"],
        Mentions = ["operatingSystem"],
        Severities = [Severity.Info, Severity.Warning],
        Origin = "Best Practices Analyzer for Hyper-V, rules 8 to 12, 69 and 70; defaults of integration services",
    };

    public override IEnumerable<Verdict> Examine(VirtualMachineSubject subject, RuleContext context)
    {
        if (Unreadable(subject.Host, context, "virtualMachines", "guests", "devices") is { } unreadable)
        {
            return [unreadable];
        }

        if (subject.Guest is not { Services.IsEmpty: false } guest)
        {
            return [NotSaid("guests", "the VM's integration services")];
        }

        List<Verdict>? verdicts = null;
        foreach (var service in guest.Services)
        {
            if (Judge(subject, context, service) is { } verdict)
            {
                (verdicts ??= []).Add(verdict);
            }
        }

        if (Adapter(subject) is { } adapter)
        {
            (verdicts ??= []).Add(adapter);
        }

        return verdicts ?? (IEnumerable<Verdict>)Fine;
    }

    private static Verdict? Judge(VirtualMachineSubject subject, RuleContext context, IntegrationService service) =>
        IsQuiet(subject, context, service.Kind) ? null : (service.IsConfigured ?? service.IsEnabled) switch
        {
            null => NotSaid("guests", $"whether {Words(service.Kind)} is on"),
            true => null,
            _ => Fire(subject, service.Kind.ToString(), service.Kind is IntegrationServiceKind.Heartbeat or IntegrationServiceKind.Shutdown or IntegrationServiceKind.VolumeShadowCopy ? Severity.Warning : Severity.Info,
                $"{VisibleText.Of(subject.Vm.Name)}: {Words(service.Kind)} is switched off", service),
        };

    private static bool IsQuiet(VirtualMachineSubject subject, RuleContext context, IntegrationServiceKind kind) => kind switch
    {
        IntegrationServiceKind.TimeSynchronization => subject.Guest?.ProductType == 2 || context.Settings.HasTag(subject.Identity.Id, "role:dc") || context.Settings.HasTag(subject.Identity.Id, "time:ntp"),
        IntegrationServiceKind.VolumeShadowCopy => context.Settings.HasTag(subject.Identity.Id, "backup:agent"),
        IntegrationServiceKind.Shutdown => context.Settings.HasTag(subject.Identity.Id, "shutdown:manual"),
        IntegrationServiceKind.GuestServiceInterface or IntegrationServiceKind.Unknown => true,
        _ => false,
    };

    /// <summary>The cable is out, and the guest has no driver that could tell.</summary>
    private static Verdict? Adapter(VirtualMachineSubject subject) =>
        Uptime.IsSilent(subject) == true && subject.Host.AdaptersOf[subject.Vm.Id].FirstOrDefault(n => n.Connection == ConnectionState.Unplugged) is { } adapter
            ? Fire(subject, "adapter", Severity.Warning, $"{VisibleText.Of(subject.Vm.Name)}: {VisibleText.Of(adapter.Name ?? "a network adapter")} is switched off, and the guest has no driver for it", null, adapter)
            : null;

    private static string Words(IntegrationServiceKind kind) => kind switch
    {
        IntegrationServiceKind.KeyValueExchange => "data exchange", IntegrationServiceKind.TimeSynchronization => "time synchronisation", IntegrationServiceKind.VolumeShadowCopy => "backup (volume shadow copy)",
        _ => kind.ToString().ToLowerInvariant(),
    };

    private static Verdict.Fire Fire(VirtualMachineSubject subject, string discriminator, Severity severity, string title, IntegrationService? service, NetworkAdapter? adapter = null) => new(adapter is null ? "service" : "adapter", severity, title)
    {
        Discriminator = discriminator,
        Impact = service?.Kind switch
        {
            IntegrationServiceKind.Heartbeat => "Nobody notices when the guest hangs.", IntegrationServiceKind.Shutdown => "The host cannot shut it down cleanly.",
            IntegrationServiceKind.VolumeShadowCopy => "Backups catch it as after a power cut.", null => "The guest is without network.", _ => null,
        },
        // By the service's id: its name is another in every language.
        Remedy = adapter is not null
            ? Mend(subject.Host, RemedyRisk.Online, $"Connect the adapter of {subject.Vm.Name} and install integration services.", $"In the settings of {subject.Vm.Name} connect the adapter.", PowerShell.Line($"Connect-VMNetworkAdapter -ComputerName {subject.Host} -VMName {subject.Vm.Name} -SwitchName {adapter.SwitchName}"))
            : Mend(subject.Host, RemedyRisk.Online, $"Switch it on for {subject.Vm.Name}; the second command does so for all that are off.", $"In the settings of {subject.Vm.Name}, Integration Services, switch it on.",
                PowerShell.Line($"Get-VMIntegrationService -ComputerName {subject.Host} -VMName {subject.Vm.Name}"),
                $"{PowerShell.Line($"Get-VMIntegrationService -ComputerName {subject.Host} -VMName {subject.Vm.Name}")} | Where-Object {{ -not $_.Enabled }} | Enable-VMIntegrationService"),
        Evidence =
        [
            .. subject.Guest!.Services.Select(s => Fact(subject.Host, "guests", Words(s.Kind), (s.IsConfigured ?? s.IsEnabled) switch { true => "on", false => "off", null => null }, s == service ? "on" : null, "Msvm_HeartbeatComponentSettingData.EnabledState and its like")),
            .. adapter is null ? Array.Empty<Evidence>() : [Fact(subject.Host, "devices", VisibleText.Of(adapter.Name ?? "network adapter"), "cable out", "connected", "Msvm_EthernetPortAllocationSettingData.EnabledState")],
        ],
    };

    public override ImmutableArray<Example<VirtualMachineSubject>> Examples { get; } =
    [
        Fires(Severity.Warning, "backup is switched off", Vm(IntegrationServiceKind.VolumeShadowCopy)),
        Passes("a domain controller with time synchronisation and guest service interface off", Vm(g => g with { ProductType = 2 }, IntegrationServiceKind.TimeSynchronization, IntegrationServiceKind.GuestServiceInterface)),
        Fires(Severity.Info, "time synchronisation of a member server is off", Vm(IntegrationServiceKind.TimeSynchronization)),
        Passes("the same with tag time:ntp", Vm(IntegrationServiceKind.TimeSynchronization), Given.Tagged("time:ntp")),
        Passes("backup by an agent in the guest", Vm(IntegrationServiceKind.VolumeShadowCopy), Given.Tagged("backup:agent")),
        Passes("shutdown by hand", Vm(IntegrationServiceKind.Shutdown), Given.Tagged("shutdown:manual")),
        Fires(Severity.Warning, "heartbeat is switched off", Vm(IntegrationServiceKind.Heartbeat)),
        Fires(Severity.Warning, "an adapter that is switched off in a guest without drivers", Given.Host().With(Sample.Vm).With(Sample.Nic with { Connection = ConnectionState.Unplugged }).With(Given.SilentGuest with { Services = [new(IntegrationServiceKind.Heartbeat, true, IntegrationState.NoContact)] }).Vm()),
        Passes("all services on", Vm()),
        CannotTell("a service that does not say", Given.Host().With(Sample.Vm).With(Sample.Guest with { Services = [new(IntegrationServiceKind.Shutdown, null, IntegrationState.Ok)] }).Vm()),
        CannotTell("a VM without services in the list", Given.Host().With(Sample.Vm).With(Array.Empty<Guest>()).Vm()),
    ];

    private static VirtualMachineSubject Vm(params IntegrationServiceKind[] off) => Vm(g => g, off);

    private static VirtualMachineSubject Vm(Func<Guest, Guest> change, params IntegrationServiceKind[] off) => Given.Host().With(Sample.Vm).With(change(Sample.Guest with
    {
        Services = [.. Enum.GetValues<IntegrationServiceKind>().Where(k => k != IntegrationServiceKind.Unknown).Select(k => new IntegrationService(k, true, IntegrationState.Ok) { IsConfigured = !off.Contains(k) })],
    })).Vm();
}

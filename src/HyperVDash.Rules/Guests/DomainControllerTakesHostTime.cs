using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Guests;
using HyperVDash.Model.Hosts;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Guests;

public sealed class DomainControllerTakesHostTime : IntegrationRule
{
    private const string FromDomain = "NT5DS";

    private static readonly string[] Meant = ["time:host", "time:ntp"];

    public override RuleCard Card { get; } = new("HVD507", "dc-guest-time-sync", RuleScope.VirtualMachine, RuleKind.Configuration)
    {
        Title = "Virtual domain controller takes time from the host",
        Why = "The host takes its time from the domain and the domain from the host: together they drift away.",
        Fix = "Leave the service on, which is needed at start and after a saved state, and stop the guest from using it; or switch it off.",
        Quiet = "Tags time:host (a lab without a domain for its hosts) and time:ntp (the guest's provider is off). Which controller holds the emulator role is not known.",
        Sections = ["guests", "virtualMachines"],
        Mentions = ["clock", "computerSystem"],
        Severities = [Severity.Warning, Severity.Error],
        Confidence = 0.75,
        Origin = "Published guidance on virtual domain controllers; field practice for the guest's setting",
    };

    public override Verdict Decide(VirtualMachineSubject subject, RuleContext context) =>
        Unreadable(subject.Host, context, "virtualMachines", "guests") ?? Judge(subject, context);

    private static Verdict Judge(VirtualMachineSubject subject, RuleContext context)
    {
        if (subject.Guest?.ProductType != 2 && !context.Settings.HasTag(subject.Identity.Id, "role:dc"))
        {
            return NotFor("Nothing says that the guest is a domain controller.");
        }

        foreach (string tag in Meant)
        {
            if (context.Settings.HasTag(subject.Identity.Id, tag))
            {
                return new Verdict.NotApplicable($"Tagged {tag}.");
            }
        }

        if (subject.Vm.State != VirtualMachineState.Running)
        {
            return subject.Vm.State == VirtualMachineState.Unknown ? NotSaid("virtualMachines", "the VM's state") : NotFor("The VM is not running.");
        }

        return subject.Guest?.Services.FirstOrDefault(s => s.Kind == IntegrationServiceKind.TimeSynchronization) switch
        {
            null or { IsEnabled: null, IsConfigured: null } => NotSaid("guests", "whether time synchronisation is on"),
            { IsConfigured: false } or { IsConfigured: null, IsEnabled: false } => Verdict.Passed,
            { State: IntegrationState.Ok } => Fire(subject, context),
            { State: IntegrationState.Unknown } => NotSaid("guests", "whether the guest uses time synchronisation"),
            _ => Verdict.Passed,
        };
    }

    private static Verdict.Fire Fire(VirtualMachineSubject subject, RuleContext context)
    {
        var (clock, system) = (subject.Host.Reading.Clock.Content, subject.Host.Reading.ComputerSystem.Content);
        bool isOff = clock?.Skew is { } skew && skew.Duration() > context.Settings.ClockSkewWarn;
        // Its domain is what stands behind the first dot of its name.
        string? domain = subject.Guest?.DnsName is { } name && name.IndexOf('.', StringComparison.Ordinal) is > 0 and var at ? name[(at + 1)..] : null;
        bool isCircle = clock?.SourceType == FromDomain && domain is not null && domain.Equals(system?.Domain, StringComparison.OrdinalIgnoreCase);
        return new("hostTime", isOff || isCircle ? Severity.Error : Severity.Warning,
            $"Domain controller {subject.Vm.Name} takes its time from {subject.Host.Name}{(isCircle ? ", which takes it from this domain" : isOff ? $", whose clock is {clock!.Skew!.Value.Duration().TotalSeconds.ToString("0", CultureInfo.InvariantCulture)} s off" : "")}")
        {
            Impact = isOff ? "The whole domain gets the wrong time." : isCircle ? "Nothing holds the time of the domain." : null,
            Remedy = new($"In the guest of {subject.Vm.Name} switch the provider off, then let it ask; the service itself stays on for starts.")
            {
                Commands =
                [
                    @"reg add HKLM\SYSTEM\CurrentControlSet\Services\W32Time\TimeProviders\VMICTimeProvider /v Enabled /t REG_DWORD /d 0 /f", "net stop w32time && net start w32time", "w32tm /resync /rediscover",
                ],
                Risk = RemedyRisk.Online,
            },
            Evidence =
            [
                Fact(subject.Host, "guests", "Time synchronisation", "on, in use", "not in use", "Msvm_TimeSyncComponent.EnabledState, OperationalStatus"),
                Fact(subject.Host, "guests", "Domain of the guest", domain, null, "Msvm_KvpExchangeComponent.GuestIntrinsicExchangeItems"),
                Fact(subject.Host, "computerSystem", "Domain of the host", system?.Domain, null, "Win32_ComputerSystem.Domain"),
                Fact(subject.Host, "clock", "Host's time from", clock?.SourceType is null ? null : $"{clock.SourceType} {clock.TimeServers}".Trim(), null, @"W32Time\Parameters Type, NtpServer"),
                Fact(subject.Host, "clock", "Host's clock is off by", clock?.Skew is { } off ? string.Create(CultureInfo.InvariantCulture, $"{off.TotalSeconds:0} s") : null, isOff ? $"at most {context.Settings.ClockSkewWarn.TotalSeconds:0} s" : null, "Win32_OperatingSystem.LocalDateTime"),
            ],
        };
    }

    public override ImmutableArray<Example<VirtualMachineSubject>> Examples { get; } =
    [
        Fires(Severity.Error, "a controller of the host's own domain, which the host takes its time from", Vm("dc1.corp.example")),
        Skips("a member server that takes the host's time", Vm("app1.corp.example", productType: 3)),
        Fires(Severity.Warning, "a controller of another domain, on a host whose clock is right", Vm("dc1.other.example")),
        Fires(Severity.Warning, "a host that asks a time server", Vm("dc1.corp.example", source: "NTP")),
        Fires(Severity.Error, "a controller of another domain, on a host that is 61 s off", Vm("dc1.other.example", skew: 61)),
        Fires(Severity.Warning, "the same, exactly 60 s off", Vm("dc1.other.example", skew: 60)),
        Passes("a controller whose time synchronisation is off", Vm("dc1.corp.example", isOn: false)),
        Passes("on, but the guest does not use it", Vm("dc1.corp.example", state: IntegrationState.NoContact)),
        Skips("a lab that wants it so", Vm("dc1.corp.example"), Given.Tagged("time:host")),
        CannotTell("a service that does not say its state", Vm("dc1.corp.example", state: IntegrationState.Unknown)),
    ];

    private static VirtualMachineSubject Vm(string name, int productType = 2, bool isOn = true, IntegrationState state = IntegrationState.Ok, string source = FromDomain, int skew = 0) =>
        (Given.Host().With(Sample.Vm).With(Sample.Guest with
        {
            DnsName = name, ProductType = productType, Services = [new(IntegrationServiceKind.TimeSynchronization, isOn, state) { IsConfigured = isOn }],
        }) with
        {
            Clock = Sample.Read(new HostClock { Samples = [new(Sample.Now, TimeSpan.FromSeconds(skew), 40)], Skew = TimeSpan.FromSeconds(skew), SourceType = source }),
        }).Vm();
}

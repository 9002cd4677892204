using System.Collections.Immutable;
using HyperVDash.Model;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Hosts;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Hosts;

public sealed class ManagementServiceNotRunning : Rule<HostSubject>
{
    private static readonly TimeSpan BootGrace = TimeSpan.FromMinutes(10);

    public override RuleCard Card { get; } = new("HVD103", "vmms-not-running", RuleScope.Host, RuleKind.State)
    {
        Title = "Hyper-V Virtual Machine Management service is not running or not automatic",
        Why = "Running VMs go on, but nothing can be managed, started or failed over, and this product sees nothing of Hyper-V on the host.",
        Fix = "Start the service and set it to start automatically.",
        Quiet = "The service does not exist; the host booted less than 10 minutes ago.",
        Sections = ["services", "operatingSystem"],
        Severities = [Severity.Warning, Severity.Critical],
        Origin = "Best Practices Analyzer for Hyper-V",
    };

    public override IEnumerable<Verdict> Examine(HostSubject subject, RuleContext context)
    {
        if (Unreadable(subject, context, "services") is { } unreadable)
        {
            yield return unreadable;
            yield break;
        }

        var vmms = subject.Reading.Services.Content!.Items.FirstOrDefault(s => s.Name.Equals("vmms", StringComparison.OrdinalIgnoreCase));
        var bootedAt = Unreadable(subject, context, "operatingSystem") is null ? subject.Reading.OperatingSystem.Content!.BootedAt : null;
        yield return vmms switch
        {
            null => new Verdict.NotApplicable($"{subject.Name} has no service vmms."),
            { State: ServiceState.Unknown } => NotSaid("services", "the state of vmms"),
            { State: not ServiceState.Running } when bootedAt is { } at && !context.Reached(at + BootGrace) => Verdict.Passed,
            { State: not ServiceState.Running } => Fire(subject, vmms, "stopped", Severity.Critical, $"vmms is {vmms.State} on {subject.Name}",
                "VMs go on running, but none can be managed, started or failed over.", "Set-Service vmms -StartupType Automatic; Start-Service vmms"),
            { StartMode: ServiceStartMode.Unknown } => NotSaid("services", "how vmms starts"),
            { StartMode: not ServiceStartMode.Auto } => Fire(subject, vmms, "startMode", Severity.Warning, $"vmms on {subject.Name} starts {vmms.StartMode}, not Auto",
                "After the next restart of the host no VM starts and none can be managed.", "Set-Service vmms -StartupType Automatic"),
            _ => Verdict.Passed,
        };
    }

    private static Verdict.Fire Fire(HostSubject host, HostService vmms, string variant, Severity severity, string title, string impact, string command) => new(variant, severity, title)
    {
        Impact = impact,
        Remedy = Mend(host, RemedyRisk.Online, $"On {host.Name}, in an elevated console. If it stops again, read the log Microsoft-Windows-Hyper-V-VMMS-Admin.",
            variant == "stopped" ? $"On {host.Name}: sc config vmms start= auto, then sc start vmms. If it stops again, read the log Microsoft-Windows-Hyper-V-VMMS-Admin." : $"On {host.Name}: sc config vmms start= auto.",
            $"{PowerShell.Line($"Invoke-Command -ComputerName {host}")} {{ {command} }}"),
        Evidence =
        [
            Fact(host, "services", "State of vmms", $"{vmms.State}", "Running", "Win32_Service.State"),
            Fact(host, "services", "Start mode of vmms", $"{vmms.StartMode}", "Auto", "Win32_Service.StartMode"),
            .. host.Reading.Services.Content!.Items.Where(s => s.Name.ToLowerInvariant() is "vmcompute" or "vhdsvc" or "nvspwmi")
                .Select(s => Fact(host, "services", $"State of {s.Name}", $"{s.State}, {s.StartMode}", null, "Win32_Service.State")),
            Fact(host, "operatingSystem", "Host started", host.Reading.OperatingSystem.Content?.BootedAt?.ToString("u"), null, "Win32_OperatingSystem.LastBootUpTime"),
        ],
    };

    public override ImmutableArray<Example<HostSubject>> Examples { get; } =
    [
        Fires(Severity.Critical, "a host whose service is stopped", Host(ServiceState.Stopped, ServiceStartMode.Auto)),
        Fires(Severity.Warning, "a service that runs but starts manually", Host(ServiceState.Running, ServiceStartMode.Manual)),
        Fires(Severity.Critical, "a host that booted exactly 10 minutes ago", Host(ServiceState.Stopped, ServiceStartMode.Auto, TimeSpan.FromMinutes(10))),
        Passes("a stopped service on a host that booted a second less than 10 minutes ago", Host(ServiceState.Stopped, ServiceStartMode.Auto, TimeSpan.FromMinutes(10) - TimeSpan.FromSeconds(1))),
        Fires(Severity.Critical, "a 2008 R2 host whose service is stopped", Old(ServiceState.Stopped, ServiceStartMode.Auto)),
        Fires(Severity.Warning, "a 2008 R2 host whose service starts manually", Old(ServiceState.Running, ServiceStartMode.Manual)),
        Passes("a running, automatic service", Host(ServiceState.Running, ServiceStartMode.Auto)),
        Skips("a machine without the service", new(Sample.Host with { Services = Sample.Read(new ServiceList()) })),
        CannotTell("a host that denies its services", new(Sample.Host with { Services = Sample.Failed<ServiceList>(Model.Fleet.SectionState.Denied, "needs Remote Enable on root/cimv2") })),
    ];

    private static HostSubject Old(ServiceState state, ServiceStartMode mode) => new(Given.Host("2008R2") with
    {
        Services = Sample.Read(new ServiceList { Items = [new("vmms", state, mode), new("vhdsvc", ServiceState.Stopped, ServiceStartMode.Manual), new("vmcompute", ServiceState.Running, ServiceStartMode.Manual), new("spooler", ServiceState.Running, ServiceStartMode.Auto)] }),
    });

    private static HostSubject Host(ServiceState state, ServiceStartMode mode, TimeSpan? up = null) => new(Sample.Host with
    {
        Services = Sample.Read(new ServiceList { Items = [new("vmms", state, mode)] }),
        OperatingSystem = Sample.Read(Sample.Host.OperatingSystem.Content! with { BootedAt = Sample.Now - (up ?? TimeSpan.FromDays(3)) }),
    });
}

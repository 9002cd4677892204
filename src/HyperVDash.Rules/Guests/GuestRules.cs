using System.Collections.Immutable;
using HyperVDash.Model;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Guests;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Rules.Guests;

/// <summary>What the rules about integration services share.</summary>
public abstract class IntegrationRule : Rule<VirtualMachineSubject>
{
    private protected static ImmutableArray<Evidence> Evidence(VirtualMachineSubject subject) =>
    [
        Fact(subject.Host, "guests", "Heartbeat", $"{subject.Guest?.Heartbeat}{(subject.Guest?.HeartbeatCode is { } code ? $" ({code})" : "")}", "Ok", "Msvm_HeartbeatComponent.OperationalStatus"),
        Fact(subject.Host, "guests", "Key-value exchange", $"{subject.Guest?.KeyValueExchange}", "Ok", "Msvm_KvpExchangeComponent"),
        Fact(subject.Host, "virtualMachines", "Running since", subject.Vm.StartedAt?.ToString("u"), null, "Msvm_ComputerSystem.OnTimeInMilliseconds"),
        Fact(subject.Host, "guests", "Guest system", subject.Guest?.OsName ?? "not said"),
    ];

    private protected static Remedy Install(VirtualMachineSubject subject) => subject.Host.Profile switch
    {
        { Profile.PowerShell: false } => new($"Connect to {subject.Vm.Name}, choose Action, Insert Integration Services Setup Disk, and install in the guest.") { Risk = RemedyRisk.Online },
        { } match when !match.IsFrom("2016") => new("Insert the integration services disc and run its setup in the guest.")
        {
            Commands = [$@"Set-VMDvdDrive -ComputerName {subject.Host.Name} -VMName '{subject.Vm.Name.Replace("'", "''", StringComparison.Ordinal)}' -Path C:\Windows\System32\vmguest.iso"],
            Risk = RemedyRisk.Online,
        },
        _ => new("Run Windows Update in the guest; on Linux install the distribution's Hyper-V modules and daemons.") { Risk = RemedyRisk.Online },
    };

    private protected static VirtualMachineSubject Vm(Guest? guest, int build = 20348, int minutes = 90, bool isClustered = false, params Drive[] drives)
    {
        var vm = Sample.Vm with { StartedAt = Sample.Now.AddMinutes(-minutes) };
        var host = Devices.DriveFacts.Host(build, vm, drives.Length == 0 ? [Sample.Disk] : drives).Reading with
        {
            Guests = Sample.Read(new GuestList { Items = guest is null ? [] : [guest] }),
            Cluster = isClustered
                ? Sample.Read(new Model.Clusters.ClusterView { Id = "c", Name = "LAB", VirtualMachines = [new(vm.Id, "Virtual Machine SQL01")] })
                : new() { Attempt = new(SectionState.Absent, Sample.Now, Reason: "no cluster") },
        };
        return new(vm, new(host));
    }

    private protected static Guest Silent { get; } = new(Sample.VmId) { Heartbeat = IntegrationState.NoContact, HeartbeatCode = "OperationalStatus 12", KeyValueExchange = IntegrationState.NoContact };

    private protected static RuleSettings Tagged(string tag) => new() { Tags = new RuleSettings().Tags.Add(Sample.VmId.ToString(), [tag]) };
}

public sealed class ClusteredVirtualMachineWithoutIntegrationServices : IntegrationRule
{
    public override RuleCard Card { get; } = new("HVD301", "clustered-vm-without-integration-services", RuleScope.VirtualMachine, RuleKind.State)
    {
        Title = "Clustered VM runs without working integration services",
        Why = "They are needed before a failover: without them there is no clean shutdown, no heartbeat and no synthetic device after the move.",
        Fix = "Install integration services in the guest, then test a quick migration.",
        Quiet = "The guest still boots (10 min); tag ic:none; the VM is paused.",
        Sections = ["virtualMachines", "guests", "cluster", "operatingSystem"],
        Severities = [Severity.Warning, Severity.Error],
        Origin = "Field notes of December 2007, second post, item 2",
    };

    public override IEnumerable<Verdict> Examine(VirtualMachineSubject subject, RuleContext context)
    {
        yield return Unreadable(subject.Host, context, "cluster", "virtualMachines") ?? Judge(subject, context);
    }

    private static Verdict Judge(VirtualMachineSubject subject, RuleContext context)
    {
        if (subject.Host.Reading.Cluster.Content!.VirtualMachines is null)
        {
            return NotSaid("cluster", "its clustered VMs");
        }

        if (!subject.Host.Clustered.TryGetValue(subject.Vm.Id, out var resource))
        {
            return new Verdict.NotApplicable("The VM is not clustered.");
        }

        if (context.Settings.HasTag(subject.Identity.Id, "ic:none"))
        {
            return new Verdict.NotApplicable("Tagged ic:none.");
        }

        if (Uptime.Gate(subject, context) is { } early)
        {
            return early;
        }

        return Unreadable(subject.Host, context, "guests") ?? Uptime.IsSilent(subject.Guest) switch
        {
            false => new Verdict.Pass(),
            null => Uptime.CannotTell(subject.Guest),
            _ => new Verdict.Fire("silent", subject.Host.Profile?.IsFrom("2008R2") == false ? Severity.Error : Severity.Warning,
                $"{subject.Vm.Name} is clustered and runs without integration services")
            {
                Impact = "A failover turns it off hard, and its synthetic devices may be missing after it.",
                Remedy = Install(subject),
                Evidence = [.. Evidence(subject), Fact(subject.Host, "cluster", "Cluster resource", $"{resource.Name} on {resource.OwnerNode ?? "a node not said"}", null, "MSCluster_Resource")],
            },
        };
    }

    public override ImmutableArray<Example<VirtualMachineSubject>> Examples { get; } =
    [
        Fires(Severity.Error, "a silent clustered VM on a pre-release host", Vm(Silent, 6001, isClustered: true)),
        Fires(Severity.Warning, "the same on 2022, running exactly 10 minutes", Vm(Silent, minutes: 10, isClustered: true)),
        Passes("a clustered VM with heartbeat and facts", Vm(Sample.Guest, isClustered: true)),
        Passes("a clustered VM that has been running 9 minutes", Vm(Silent, minutes: 9, isClustered: true)),
        Skips("a VM that is not clustered", Vm(Silent)),
        CannotTell("a guest whose numbers do not tell", Vm(Silent with { Heartbeat = IntegrationState.Unknown }, 6001, isClustered: true)),
    ];
}

public sealed class IntegrationServicesNotDetected : IntegrationRule
{
    public override RuleCard Card { get; } = new("HVD501", "integration-services-not-detected", RuleScope.VirtualMachine, RuleKind.State)
    {
        Title = "Running guest shows no integration services at all",
        Why = "No clean shutdown, no quiet backup, and no facts of the guest for other rules.",
        Fix = "Install integration services in the guest.",
        Quiet = "Clustered (HVD301 says it); the guest boots or is being installed; heartbeat switched off on purpose; tag ic:none.",
        Sections = ["virtualMachines", "guests", "operatingSystem"],
        Severities = [Severity.Warning],
        Origin = "Field notes of December 2007, second post, items 2 and 4",
    };

    public override IEnumerable<Verdict> Examine(VirtualMachineSubject subject, RuleContext context)
    {
        yield return Unreadable(subject.Host, context, "virtualMachines") ?? Judge(subject, context);
    }

    private static Verdict Judge(VirtualMachineSubject subject, RuleContext context)
    {
        if (subject.Host.Clustered.ContainsKey(subject.Vm.Id))
        {
            return new Verdict.NotApplicable("Clustered: HVD301 looks at it.");
        }

        if (context.Settings.HasTag(subject.Identity.Id, "ic:none"))
        {
            return new Verdict.NotApplicable("Tagged ic:none.");
        }

        if ((Uptime.Gate(subject, context) ?? Unreadable(subject.Host, context, "guests")) is { } early)
        {
            return early;
        }

        if (subject.Guest?.Services.FirstOrDefault(s => s.Kind == IntegrationServiceKind.Heartbeat) is { IsEnabled: false })
        {
            return new Verdict.NotApplicable("The heartbeat is switched off on the host.");
        }

        bool hasDisc = subject.Host.DrivesOf[subject.Vm.Id].Any(d => d is { Kind: DriveKind.Dvd, Content: not DriveContent.Empty });
        if (hasDisc && !context.Reached(subject.Vm.StartedAt!.Value + context.Settings.GuestSetupTime))
        {
            return new Verdict.Pass();
        }

        return Uptime.IsSilent(subject.Guest) switch
        {
            false => new Verdict.Pass(),
            null => Uptime.CannotTell(subject.Guest),
            _ => new Verdict.Fire("silent", Severity.Warning, $"{subject.Vm.Name} runs without integration services")
            {
                Impact = "It cannot be shut down cleanly or backed up quietly, and nothing is known of its guest.",
                Remedy = Install(subject),
                Evidence = Evidence(subject),
            },
        };
    }

    public override ImmutableArray<Example<VirtualMachineSubject>> Examples { get; } =
    [
        Fires(Severity.Warning, "a silent guest, running 90 minutes", Vm(Silent)),
        Passes("a guest that has been running 4 minutes", Vm(Silent, minutes: 4)),
        Passes("a guest that is being installed", Vm(Silent, minutes: 59, drives: [Sample.Disk, Devices.DriveFacts.Dvd(1, 0, "setup.iso")])),
        Passes("a guest with heartbeat", Vm(Sample.Guest)),
        Skips("a clustered VM", Vm(Silent, isClustered: true)),
        Skips("an appliance tagged ic:none", Vm(Silent), Tagged("ic:none")),
        CannotTell("a VM without components", Vm(null)),
    ];
}

public sealed class LinuxIntegrationMissing : IntegrationRule
{
    private static readonly Guid UefiCertificateAuthority = new("272e7447-90a4-4563-a4b9-8e4ab00526ce");

    public override RuleCard Card { get; } = new("HVD504", "linux-integration-missing", RuleScope.VirtualMachine, RuleKind.State)
    {
        Title = "Linux guest without the integration components (or only half of them)",
        Why = "On old hosts its synthetic disks and adapters are invisible; everywhere it cannot be shut down cleanly.",
        Fix = "Load the kernel's Hyper-V modules and install the distribution's daemons.",
        Quiet = "Nothing says that the guest is Linux; tags ic:none, os:bsd. Whether daemons are missing for more than a day needs history: only a guest whose present run is that long counts.",
        Sections = ["virtualMachines", "guests", "operatingSystem"],
        Severities = [Severity.Info, Severity.Warning, Severity.Error],
        Confidence = 0.75,
        Origin = "Field notes of December 2007, second post, item 4",
    };

    public override IEnumerable<Verdict> Examine(VirtualMachineSubject subject, RuleContext context)
    {
        yield return Unreadable(subject.Host, context, "virtualMachines") ?? Judge(subject, context);
    }

    private static Verdict Judge(VirtualMachineSubject subject, RuleContext context)
    {
        if (context.Settings.HasTag(subject.Identity.Id, "ic:none") || context.Settings.HasTag(subject.Identity.Id, "os:bsd"))
        {
            return new Verdict.NotApplicable("Tagged as an appliance.");
        }

        if (Hint(subject, context) is not { } hint)
        {
            return subject.Host.Reading.Guests.IsReadable() ? new Verdict.NotApplicable("Nothing says that the guest is Linux.")
                : Unreadable(subject.Host, context, "guests") ?? new Verdict.NotApplicable("Nothing says that the guest is Linux.");
        }

        if ((Uptime.Gate(subject, context) ?? Unreadable(subject.Host, context, "guests")) is { } early)
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

        return Uptime.IsSilent(guest) switch
        {
            true => Fire(subject, hint, "silent", subject.Host.Profile?.Profile.IsHyperVOne == true ? Severity.Error : Severity.Warning, $"Linux guest {subject.Vm.Name} runs without integration components"),
            false => new Verdict.Pass(),
            _ => guest is { Heartbeat: IntegrationState.Ok or IntegrationState.Degraded } ? new Verdict.Pass() : Uptime.CannotTell(guest),
        };
    }

    private static string? Hint(VirtualMachineSubject subject, RuleContext context) =>
        context.Settings.HasTag(subject.Identity.Id, "os:linux") ? "tag os:linux"
        : subject.Guest?.Family == GuestFamily.Linux ? "facts of the guest"
        : subject.Vm.SecureBootTemplate == UefiCertificateAuthority ? "Secure Boot template of the UEFI certificate authority"
        : null;

    private static Verdict.Fire Fire(VirtualMachineSubject subject, string hint, string variant, Severity severity, string title) => new(variant, severity, title)
    {
        Impact = variant == "silent" ? "Synthetic disks and adapters are invisible in it, and it cannot be shut down cleanly." : null,
        Remedy = new("In the guest: load hv_vmbus, hv_storvsc, hv_netvsc and hv_utils, and install the daemons.") { Commands = ["sudo apt install linux-cloud-tools-virtual", "sudo dnf install hyperv-daemons"], Risk = RemedyRisk.Online },
        Evidence = [.. Evidence(subject), new Evidence("Linux recognised by", hint)],
    };

    public override ImmutableArray<Example<VirtualMachineSubject>> Examples { get; } =
    [
        Fires(Severity.Error, "a silent guest tagged os:linux on 2008 R2", Vm(Silent, 7601), Tagged("os:linux")),
        Fires(Severity.Warning, "the same on 2022", Vm(Silent), Tagged("os:linux")),
        Fires(Severity.Info, "modules without daemons for more than a day", Vm(Silent with { Heartbeat = IntegrationState.Ok }, minutes: 60 * 25), Tagged("os:linux")),
        Passes("a Linux guest with heartbeat and facts", Vm(Sample.Guest with { Family = GuestFamily.Linux, Items = [new("OSName", "Debian")] })),
        Skips("a Windows guest", Vm(Sample.Guest)),
        CannotTell("a guest whose numbers do not tell", Vm(Silent with { Heartbeat = IntegrationState.Unknown }, 6001), Tagged("os:linux")),
    ];

    private static Example<VirtualMachineSubject> CannotTell(string name, VirtualMachineSubject subject, RuleSettings settings) => new(name, subject, "cannot tell for") { Settings = settings };
}

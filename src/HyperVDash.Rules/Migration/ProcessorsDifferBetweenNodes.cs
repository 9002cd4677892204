using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Guests;
using HyperVDash.Model.Hosts;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules.Clusters;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Migration;

public sealed class ProcessorsDifferBetweenNodes : Rule<ClusterSubject>, IExamines<VirtualMachineSubject>
{
    private const int FirstWindows11Build = 22000;

    public override RuleCard Card { get; } = new("HVD308", "cpu-incompatible-nodes", RuleScope.Cluster, RuleKind.Configuration)
    {
        Title = "CPU vendor or family differs inside a migration domain",
        Why = "Live migration is refused between vendors, and between families of one vendor unless the VM's processor compatibility is on.",
        Fix = "With the VM off switch its processor compatibility on. Between vendors plan moves with the VM off.",
        Quiet = "VMs tagged lm:none; VMs that do not run; before the release of Hyper-V. Which nodes a VM's CPU group ties it to is not collected.",
        Sections = ["virtualMachines", "processors"],
        Mentions = ["cluster", "guests", "operatingSystem"],
        Severities = [Severity.Warning, Severity.Error],
        Confidence = 0.85,
        Origin = "Published processor compatibility of Hyper-V; published troubleshooting of live migration; published notes on Windows 11 guests",
    };

    public override IEnumerable<Verdict> Examine(ClusterSubject subject, RuleContext context)
    {
        if (subject.Members.Length < 2 || subject.Hosts.Any(h => h.Profile?.Profile.IsPreRelease == true))
        {
            yield return new Verdict.NotApplicable(subject.Members.Length < 2 ? "The cluster has one node." : "Before the release of Hyper-V nothing migrates live.");
            yield break;
        }

        var told = Told(subject, context);
        var nodes = told.ConvertAll(m => m.Host!);
        if (nodes.Select(Vendor).Distinct(StringComparer.OrdinalIgnoreCase).Count() > 1)
        {
            yield return Vendors(subject, nodes);
            yield break;
        }

        if (told.Count < subject.Members.Length)
        {
            yield return new Verdict.Unknown("processors", $"Processors or VMs are not known on {string.Join(", ", subject.Members.Except(told).Select(m => m.Node.Name))}.");
            yield break;
        }

        yield return nodes.Select(Family).Distinct().Count() == 1 ? Verdict.Passed : Families(subject, nodes, context);
    }

    /// <summary>The reverse: Windows 11 needs instructions that processor compatibility hides on older hosts.</summary>
    public IEnumerable<Verdict> Examine(VirtualMachineSubject subject, RuleContext context)
    {
        return [Unreadable(subject.Host, context, "virtualMachines", "operatingSystem") ?? Hidden(subject, context)];
    }

    private static Verdict Hidden(VirtualMachineSubject subject, RuleContext context)
    {
        var (vm, host) = (subject.Vm, subject.Host);
        if (vm.LimitsProcessorFeatures is not { } isLimited)
        {
            return host.Profile?.Profile.IsHyperVOne == true ? NotFor("The release has no processor compatibility.") : NotSaid("virtualMachines", "whether processor compatibility is on");
        }

        if (!isLimited)
        {
            return Verdict.Passed;
        }

        if (Unreadable(host, context, "guests") is { } silent)
        {
            return silent;
        }

        bool isWindows11 = subject.Guest is { Family: GuestFamily.Windows, ProductType: 1, OsBuild: >= FirstWindows11Build };
        // A cluster of 2025 finds what all nodes have, and shows it.
        bool isHidden = host.Profile?.IsFrom("2025") == false || host.Reading.Cluster.Content is null;
        return subject.Guest?.OsBuild is null ? NotSaid("guests", "the guest's build") : !isWindows11 || !isHidden ? Verdict.Passed : new Verdict.Fire("hidden", Severity.Warning, $"{vm.Name} runs Windows 11 with processor compatibility on")
        {
            Impact = "Newer builds need instructions (POPCNT, SSE 4.2) that are hidden from the guest; it stops starting with an update.",
            Remedy = Mend(host, RemedyRisk.NeedsVirtualMachineOff, "Switch processor compatibility off; the VM then moves live only between equal processors.", "Switch processor compatibility off in the VM's settings.", PowerShell.Line($"Set-VMProcessor -ComputerName {host} -VMName {vm.Name} -CompatibilityForMigrationEnabled {false}")),
            Evidence = [Fact(host, "virtualMachines", "Processor compatibility", "on", "off", "Msvm_ProcessorSettingData.LimitProcessorFeatures"), Fact(host, "guests", "Build of the guest", subject.Guest.OsBuild?.ToString(CultureInfo.InvariantCulture), null, "KVP OSBuildNumber")],
        };
    }

    private static List<ClusterMember> Told(ClusterSubject cluster, RuleContext context) =>
        [.. cluster.Members.Where(m => m.Host is not null && Unreadable(m.Host, context, "processors", "virtualMachines") is null && m.Host.Reading.Processors.Content!.Items is [{ Manufacturer: not null, Family: not null, Model: not null }, ..])];

    private static HostProcessor First(HostSubject host) => host.Reading.Processors.Content!.Items[0];

    private static string Vendor(HostSubject host) => First(host).Manufacturer!;

    private static (int?, int?) Family(HostSubject host) => (First(host).Family, First(host).Model);

    private static Verdict.Fire Vendors(ClusterSubject subject, List<HostSubject> nodes) => new("vendor", Severity.Error, $"Nodes of {subject.Cluster.Name} have processors of different vendors: {string.Join(", ", nodes.Select(h => $"{h.Name} {Vendor(h)}"))}")
    {
        Impact = "No running VM moves between them.",
        Remedy = new("Plan moves between them with the VM off, or make two clusters of them.") { Risk = RemedyRisk.NeedsVirtualMachineOff },
        Evidence = Table(nodes, "one vendor"),
        Affected = [.. nodes.Select(h => new AffectedObject(AffectedRole.Cause, h.Identity))],
    };

    private static Verdict Families(ClusterSubject subject, List<HostSubject> nodes, RuleContext context)
    {
        if (ClusterFacts.Gap(subject, h => Unreadable(h, context, "cluster")) is { } gap)
        {
            return gap;
        }

        if (subject.Cluster.VirtualMachines is not { } clustered)
        {
            return NotSaid("cluster", "its VMs");
        }

        var vms = subject.VirtualMachinesById();
        var running = clustered.Select(c => vms.GetValueOrDefault(c.VirtualMachineId)).OfType<VirtualMachineSubject>()
            .Where(v => v.Vm.State == VirtualMachineState.Running && !context.Settings.HasTag(v.Vm.Id.ToString(), "lm:none")).OrderBy(v => v.Vm.Name, StringComparer.Ordinal).ToList();
        var bound = running.FindAll(v => v.Vm.LimitsProcessorFeatures == false);
        return bound.Count > 0 ? new Verdict.Fire("family", Severity.Warning, $"Processors of {subject.Cluster.Name} differ, and {bound.Count} running {(bound.Count == 1 ? "VM has" : "VMs have")} processor compatibility off: {Names(bound)}")
        {
            Impact = "They do not move live to every node.",
            Remedy = Mend(bound[0].Host, RemedyRisk.NeedsVirtualMachineOff, "With each VM off switch its processor compatibility on.", "With each VM off switch on “Migrate to a physical computer with a different processor version” in its settings.",
                [.. bound.Take(20).Select(v => PowerShell.Line($"Set-VMProcessor -ComputerName {v.Host} -VMName {v.Vm.Name} -CompatibilityForMigrationEnabled {true}"))]),
            Evidence = [.. Table(nodes, null), .. bound.Take(20).Select(v => Fact(v.Host, "virtualMachines", $"{v.Vm.Name}: processor compatibility", "off", "on", "Msvm_ProcessorSettingData.LimitProcessorFeatures"))],
            Affected = [.. bound.Select(v => new AffectedObject(AffectedRole.Impacted, v.Identity)), .. nodes.Select(h => new AffectedObject(AffectedRole.Context, h.Identity))],
        }
            : running.Exists(v => v.Vm.LimitsProcessorFeatures is null) ? NotSaid("virtualMachines", "whether processor compatibility is on")
            : Verdict.Passed;
    }

    private static string Names(List<VirtualMachineSubject> vms) => string.Join(", ", vms.Take(3).Select(v => v.Vm.Name)) + (vms.Count > 3 ? $" and {vms.Count - 3} more" : "");

    private static ImmutableArray<Evidence> Table(List<HostSubject> nodes, string? expected) => 
        [.. nodes.Select(h => Fact(h, "processors", $"{h.Name}: processor", $"{Vendor(h)} family {First(h).Family} model {First(h).Model} stepping {First(h).Stepping}, {First(h).Name}", expected, "Win32_Processor.Caption"))];

    public override ImmutableArray<RuleCase> Cases => [.. base.Cases, .. VmExamples.Select(e => RuleCase.Of(this, e))];

    public override ImmutableArray<Example<ClusterSubject>> Examples { get; } =
    [
        Fires(Severity.Error, "Intel beside AMD", Cluster(false, Sample.Processor, Sample.Processor with { Manufacturer = "AuthenticAMD", Family = 23, Model = 49 })),
        Passes("two Intel models, the VM's processor compatibility on", Cluster(true, Sample.Processor, Sample.Processor with { Model = 106 })),
        Fires(Severity.Warning, "the same with processor compatibility off", Cluster(false, Sample.Processor, Sample.Processor with { Model = 106 })),
        Passes("equal processors", Cluster(false, Sample.Processor, Sample.Processor with { Stepping = 6 })),
        Passes("the VM is tagged lm:none", Cluster(false, Sample.Processor, Sample.Processor with { Model = 106 }), Given.Tagged("lm:none")),
        Skips("one node", Cluster(false, Sample.Processor)),
        CannotTell("a node that does not say its family", Cluster(false, Sample.Processor, Sample.Processor with { Family = null })),
        CannotTell("a cluster that no node can read any more", Given.Unread(Cluster(false, Sample.Processor, Sample.Processor with { Model = 106 }))),
        CannotTell("a VM that does not say whether processor compatibility is on", Cluster(null, Sample.Processor, Sample.Processor with { Model = 106 })),
    ];

    private static ImmutableArray<Example<VirtualMachineSubject>> VmExamples { get; } =
    [
        new("Windows 11 with processor compatibility on, 2022", Windows11("2022", 22621), "fires Warning"),
        new("Windows 10 with processor compatibility on, 2022", Windows11("2022", 19045), "passes"),
        new("Windows 11 with processor compatibility on, 2025 outside a cluster", Windows11("2025", 26100), "fires Warning"),
    ];

    private static VirtualMachineSubject Windows11(string release, int build) => Given.Host(release).With(Sample.Vm with { LimitsProcessorFeatures = true }).With(Sample.Guest with { ProductType = 1, OsBuild = build }).Vm();

    private static ClusterSubject Cluster(bool? isLimited, params HostProcessor[] processors) => Given.Cluster([.. processors.Select((p, i) =>
        Given.Host().With(new ClusterView { Id = "c", Name = "LAB", VirtualMachines = [new(Sample.VmId, "Virtual Machine SQL01")] })
            .With(i == 0 ? [Sample.Vm with { LimitsProcessorFeatures = isLimited }] : Array.Empty<VirtualMachine>()) with { Processors = Sample.Read(new ProcessorList { Items = [p] }) })]);
}

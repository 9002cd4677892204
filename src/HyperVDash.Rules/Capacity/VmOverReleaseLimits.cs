using System.Collections.Immutable;
using HyperVDash.Model;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Hosts;
using HyperVDash.Model.Units;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules.Clusters;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;
using HyperVDash.Rules.Releases;

namespace HyperVDash.Rules.Capacity;

public sealed class VmOverReleaseLimits : Rule<VirtualMachineSubject>, IExamines<ClusterSubject>
{
    // Full use of the controllers has a rule of its own (HVD404).
    private const string JudgedElsewhere = "scsiControllers";

    private static readonly Verdict[] Fine = [Verdict.Passed];

    public override RuleCard Card { get; } = new("HVD704", "vm-over-release-limits", RuleScope.VirtualMachine, RuleKind.Configuration)
    {
        Title = "VM configuration exceeds the maxima of the host release or of a possible owner",
        Why = "The VM cannot start there.",
        Fix = "Give it less, make it a generation 2 VM, or move it to newer nodes.",
        Quiet = "Below 95 % of every limit; VMs that are off and tagged staging. That all SCSI controllers are used is said by HVD404.",
        Sections = ["virtualMachines", "devices", "checkpoints", "operatingSystem"],
        Mentions = ["cluster"],
        Severities = [Severity.Warning, Severity.Error],
        Origin = "Published limits of each release",
    };

    public override IEnumerable<Verdict> Examine(VirtualMachineSubject subject, RuleContext context)
    {
        if ((Unreadable(subject.Host, context, "virtualMachines", "devices", "checkpoints", "operatingSystem") ?? Without(subject.Host)) is { } unreadable)
        {
            return [unreadable];
        }

        if (subject.Vm.State == VirtualMachineState.Off && context.Settings.HasTag(subject.Identity.Id, "staging"))
        {
            return [NotFor("Off and tagged staging.")];
        }

        var profile = subject.Host.Profile!.Profile;
        List<Verdict>? verdicts = null;
        foreach (var quantity in VmQuantity.All)
        {
            if (quantity.LimitOf(subject.Vm, profile) is not { } limit)
            {
                continue;
            }

            if (quantity.ValueOf(subject) is not { } value)
            {
                (verdicts ??= []).Add(quantity.Key == "fibreChannelAdapters"
                    ? NotCollected(quantity.Key, quantity.Section, "The host did not say the VM's Fibre Channel adapters.")
                    : NotSaid(quantity.Section, $"the VM's {(quantity.Key == "memory" ? "memory" : quantity.Name)}, or its generation"));
            }
            else if (value > limit || (value * 100 >= limit * 95 && quantity.Key != JudgedElsewhere))
            {
                (verdicts ??= []).Add(Fire(subject, quantity, value, limit, profile));
            }
        }

        return verdicts ?? (IEnumerable<Verdict>)Fine;
    }

    public IEnumerable<Verdict> Examine(ClusterSubject subject, RuleContext context)
    {
        if (ClusterFacts.Gap(subject, h => Unreadable(h, context, "cluster")) is { } gap)
        {
            yield return gap;
            yield break;
        }

        if (subject.Cluster.VirtualMachines is not { } clustered)
        {
            yield return NotSaid("cluster", "its VMs");
            yield break;
        }

        var members = subject.Members.ToLookup(m => m.Node.Name, StringComparer.OrdinalIgnoreCase);
        var vms = subject.VirtualMachinesById();
        bool any = false;
        foreach (var resource in clustered)
        {
            if (!vms.TryGetValue(resource.VirtualMachineId, out var vm))
            {
                continue;
            }

            any = true;
            var owners = (resource.PossibleOwners ?? [.. subject.Members.Select(m => m.Node.Name)]).SelectMany(n => members[n]).Where(m => m.Host != vm.Host).ToList();
            var told = owners.Where(m => m.Host is not null && Unreadable(m.Host, context, "operatingSystem") is null && Without(m.Host) is null).Select(m => m.Host!).ToList();
            var refusing = told.SelectMany(h => VmQuantity.All.Where(q => q.ValueOf(vm) > q.LimitOf(vm.Vm, h.Profile!.Profile)).Select(q => (Host: h, Quantity: q))).ToList();
            yield return (Unreadable(vm.Host, context, "virtualMachines") ?? (refusing.Count > 0 ? FireOwner(vm, refusing)
                : told.Count < owners.Count ? new Verdict.Unknown("operatingSystem", $"The release is not known on {string.Join(", ", owners.Where(m => m.Host is null || !told.Contains(m.Host)).Select(m => m.Node.Name))}.")
                : (Verdict)Verdict.Passed)) with { Object = vm.Identity };
        }

        if (clustered.Any(r => !vms.ContainsKey(r.VirtualMachineId)) && ClusterFacts.Unseen(subject, h => Unreadable(h, context, "virtualMachines"), "virtualMachines") is { } unseen)
        {
            yield return unseen;
        }
        else if (!any)
        {
            yield return NotFor("No clustered VM was read.");
        }
    }

    private static Verdict? Without(HostSubject host) => host.Profile switch
    {
        null => NotSaid("operatingSystem", "its build"),
        { IsBeyondKnown: true } => new Verdict.Unknown("operatingSystem", "The limits of this build are not known (HVD801)."),
        _ => null,
    };

    private static Verdict.Fire Fire(VirtualMachineSubject subject, VmQuantity quantity, long value, long limit, ReleaseProfile profile)
    {
        bool isOver = value > limit;
        bool isUnverified = profile.VirtualMachine.Unverified.Contains(quantity.Key);
        return new(quantity.Key, isOver && !isUnverified ? Severity.Error : Severity.Warning,
            $"{subject.Vm.Name} has {quantity.Words(value)} {quantity.Name}; {profile.Name} allows {quantity.Words(limit)}{(isUnverified ? ", by a source that is not confirmed" : "")}")
        {
            Impact = isOver ? "The configuration is refused at the next start or import." : null,
            Remedy = Less(subject, quantity),
            Evidence = [Said(subject.Host, quantity, quantity.Words(value), $"at most {quantity.Words(limit)} ({profile.Key})")],
        };
    }

    private static Verdict FireOwner(VirtualMachineSubject vm, List<(HostSubject Host, VmQuantity Quantity)> refusing)
    {
        var (host, quantity) = refusing[0];
        return new Verdict.Fire("owner", Severity.Warning,
            $"{vm.Vm.Name} has {quantity.Words(quantity.ValueOf(vm)!.Value)} {quantity.Name}, more than its possible owner {host.Name} allows ({quantity.Words(quantity.LimitOf(vm.Vm, host.Profile!.Profile)!.Value)})")
        {
            Impact = $"It cannot fail over to {string.Join(", ", refusing.Select(r => r.Host.Name).Distinct())}.",
            Remedy = Less(vm, quantity),
            Evidence = [.. refusing.Select(r => Fact(r.Host, "operatingSystem", $"{r.Host.Name} allows {r.Quantity.Name}", r.Quantity.Words(r.Quantity.LimitOf(vm.Vm, r.Host.Profile!.Profile)!.Value), $"at least {r.Quantity.Words(r.Quantity.ValueOf(vm)!.Value)}", "Win32_OperatingSystem.BuildNumber"))],
            Affected = [.. refusing.Select(r => r.Host).Distinct().Select(h => new AffectedObject(AffectedRole.Cause, h.Identity))],
        };
    }

    private static Evidence Said(HostSubject host, VmQuantity quantity, string value, string expected) => quantity.Key switch
    {
        "processors" => Fact(host, "virtualMachines", quantity.Name, value, expected, "Msvm_ProcessorSettingData.VirtualQuantity"),
        "memory" => Fact(host, "virtualMachines", quantity.Name, value, expected, "Msvm_MemorySettingData.VirtualQuantity, Limit"),
        "networkAdapters" => Fact(host, "devices", quantity.Name, value, expected, "Msvm_SyntheticEthernetPortSettingData"),
        "legacyAdapters" => Fact(host, "devices", quantity.Name, value, expected, "Msvm_EmulatedEthernetPortSettingData"),
        "fibreChannelAdapters" => Fact(host, "devices", quantity.Name, value, expected, "Msvm_SyntheticFcPortSettingData"),
        "checkpoints" => Fact(host, "checkpoints", quantity.Name, value, expected, "Msvm_VirtualSystemSettingData.VirtualSystemType"),
        _ => Fact(host, quantity.Section, quantity.Name, value, expected, "Msvm_ResourceAllocationSettingData"),
    };

    private static Remedy Less(VirtualMachineSubject subject, VmQuantity quantity) => Mend(subject.Host, RemedyRisk.NeedsVirtualMachineOff,
        $"Give {subject.Vm.Name} less, or move it to a newer host.", $"In the settings of {subject.Vm.Name} lower the number while it is off.",
        quantity.Key switch
        {
            "processors" => [PowerShell.Line($"Set-VMProcessor -ComputerName {subject.Host} -VMName {subject.Vm.Name} -Count <n>")],
            "memory" => [PowerShell.Line($"Set-VMMemory -ComputerName {subject.Host} -VMName {subject.Vm.Name} -StartupBytes <size>")],
            "networkAdapters" or "legacyAdapters" => [PowerShell.Line($"Remove-VMNetworkAdapter -ComputerName {subject.Host} -VMName {subject.Vm.Name} -VMNetworkAdapterName <name>")],
            "fibreChannelAdapters" => [PowerShell.Line($"Get-VMFibreChannelHba -ComputerName {subject.Host} -VMName {subject.Vm.Name} | Remove-VMFibreChannelHba")],
            "checkpoints" => [PowerShell.Line($"Get-VMSnapshot -ComputerName {subject.Host} -VMName {subject.Vm.Name} | Remove-VMSnapshot")],
            _ => [],
        });

    public override ImmutableArray<RuleCase> Cases => [.. base.Cases, .. ClusterExamples.Select(e => RuleCase.Of(this, e))];

    public override ImmutableArray<Example<VirtualMachineSubject>> Examples { get; } =
    [
        Fires(Severity.Error, "8 processors on 2008 R2", Vm("2008R2", Given.GenerationOne with { Processors = 8 })),
        Passes("64 processors and 512 GiB in generation 2 on 2022", Vm("2022", Sample.Vm with { Processors = 64, IsDynamicMemory = true, MaximumMemory = ByteSize.FromGiB(512) })),
        Fires(Severity.Error, "65 processors in generation 1 on 2022", Vm("2022", Given.GenerationOne with { Processors = 65 })),
        Fires(Severity.Warning, "61 of 64 processors, just above 95 %", Vm("2022", Given.GenerationOne with { Processors = 61 })),
        Passes("60 of 64 processors, just below 95 %", Vm("2022", Given.GenerationOne with { Processors = 60 })),
        Fires(Severity.Error, "65 GiB on 2008", Vm("2008", Given.GenerationOne with { Processors = 1, StartupMemory = ByteSize.FromGiB(65) })),
        Fires(Severity.Warning, "8 processors before the release of 2008, whose limit is not confirmed", Vm("pre2008", Given.GenerationOne with { Processors = 8 })),
        Fires(Severity.Error, "nine network adapters on 2016", Vm("2016", Sample.Vm, [.. Enumerable.Range(0, 9).Select(i => Sample.Nic with { Id = $"{i}" })])),
        Passes("nine network adapters on 2019", Vm("2019", Sample.Vm, [.. Enumerable.Range(0, 9).Select(i => Sample.Nic with { Id = $"{i}" })])),
        Skips("off and tagged staging", Vm("2008R2", Given.GenerationOne with { Processors = 8, State = VirtualMachineState.Off }), Given.Tagged("staging")),
        CannotTell("a VM whose settings were not read", Vm("2022", Sample.Vm with { Generation = null })),
        CannotTell("a host newer than every known release", Given.Host().With(Sample.Vm).With(new HostOperatingSystem { Build = 29500 }).Vm()),
    ];

    private static ImmutableArray<Example<ClusterSubject>> ClusterExamples { get; } =
    [
        new("96 processors in a cluster of 2016 and 2012 R2", Cluster("2012R2", 96), "fires Warning"),
        new("64 processors in the same cluster", Cluster("2012R2", 64), "passes"),
        new("a possible owner that no agent reads", Given.Cluster(Clustered(64), null), "cannot tell for"),
        new("a cluster that no node can read any more", Given.Unread(Cluster("2012R2", 96)), "cannot tell for"),
        new("a cluster without VMs", Given.Cluster(Given.Host().With(new ClusterView { Id = "c", Name = "LAB", VirtualMachines = [] }), null), "does not apply to"),
    ];

    private static HostReading Clustered(int processors) => WithDevices(Given.Host("2016").With(Sample.Vm with { Processors = processors })).WithClusteredVm();

    private static ClusterSubject Cluster(string other, int processors) => Given.Cluster(Clustered(processors), WithDevices(Given.Host(other).With(Array.Empty<VirtualMachine>())));

    private static HostReading WithDevices(HostReading host) => host with { Devices = Sample.Read(host.Devices.Content! with { Others = [] }) };

    private static VirtualMachineSubject Vm(string release, VirtualMachine vm, params NetworkAdapter[] adapters)
    {
        var host = WithDevices(Given.Host(release).With(vm));
        return (adapters.Length == 0 ? host : host.With(adapters)).Vm();
    }
}

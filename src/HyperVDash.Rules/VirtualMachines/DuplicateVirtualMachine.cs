using System.Collections.Immutable;
using HyperVDash.Model;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Replication;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.VirtualMachines;

public sealed class DuplicateVirtualMachine : Rule<FarmSubject>
{
    private static readonly TimeSpan MoveTime = TimeSpan.FromMinutes(2);

    public override RuleCard Card { get; } = new("HVD514", "duplicate-vm-id-or-name", RuleScope.Farm, RuleKind.State)
    {
        Title = "Two registered VMs share an id, a BIOS GUID or a name",
        Why = "Two copies act as one machine: data is damaged, the wrong one fails over, and alarms name the wrong one.",
        Fix = "Remove the registration that is out of date, which leaves its files, or import the copy with an id of its own.",
        Quiet = "A VM and its replica, and test replicas; nodes of a cluster for two minutes after a move; VMs tagged vm:template and their copies, by BIOS GUID. Names count within one cluster or host.",
        Sections = ["virtualMachines"],
        Mentions = ["cluster", "operatingSystem"],
        Severities = [Severity.Info, Severity.Warning, Severity.Error, Severity.Critical],
        Origin = "A published check for duplicate ids; field practice",
    };

    public override IEnumerable<Verdict> Examine(FarmSubject subject, RuleContext context)
    {
        // Two agents that read one host list its VMs twice.
        var gates = subject.Hosts.DistinctBy(h => h.Id).Select(h => (Host: h, Verdict: Unreadable(h, context, "virtualMachines"))).ToList();
        var read = gates.Where(g => g.Verdict is null).Select(g => g.Host).ToList();
        var vms = read.SelectMany(h => h.Reading.VirtualMachines.Content!.Items.Where(v => !v.IsGone && !IsReplica(v)).Select(v => new VirtualMachineSubject(v, h))).ToList();
        var fires = ByIds(vms, context).Concat(ByBios(vms, context)).Concat(ByName(vms)).ToList();
        var involved = fires.SelectMany(f => f.Affected).Select(a => a.Object.HostId).ToHashSet();
        foreach (var fire in fires)
        {
            yield return fire;
        }

        var silent = vms.Where(v => v.Vm.BiosId is null).Select(v => v.Host).ToHashSet();
        foreach (var host in read)
        {
            if (silent.Contains(host))
            {
                yield return NotSaid("virtualMachines", "the BIOS GUID of every VM") with { Variant = "bios", Object = host.Identity };
            }
            else if (!involved.Contains(host.Id))
            {
                yield return new Verdict.Pass { Object = host.Identity };
            }
        }

        if (gates.Where(g => g.Verdict is Verdict.Unknown).Select(g => g.Host.Name).ToList() is { Count: > 0 } blind)
        {
            yield return new Verdict.Unknown("virtualMachines", $"The VMs of {string.Join(", ", blind)} are not known.");
        }
        else if (fires.Count == 0 && silent.Count == 0)
        {
            yield return new Verdict.Pass();
        }
    }

    private static bool IsReplica(VirtualMachine vm) => vm.Replication?.Mode is ReplicationMode.Replica or ReplicationMode.TestReplica or ReplicationMode.ExtendedReplica;

    private static bool HoldsMemory(VirtualMachineSubject vm) => vm.Vm.State is not (VirtualMachineState.Off or VirtualMachineState.Saved or VirtualMachineState.Unknown or VirtualMachineState.Other);

    /// <summary>The cluster, or the host by itself: where VMs are told apart by name. Reads <c>cluster</c>.</summary>
    private static string GroupOf(HostSubject host) => host.Reading.Cluster.Content is { Id.Length: > 0 } cluster ? cluster.Id : host.Id;

    private static IEnumerable<Verdict.Fire> ByIds(List<VirtualMachineSubject> vms, RuleContext context)
    {
        foreach (var same in vms.GroupBy(v => v.Vm.Id).Where(g => g.Count() > 1).OrderBy(g => g.Key))
        {
            var all = same.ToList();
            // The node that a VM has just left may list it for a moment.
            bool mayHaveMoved = all.Select(v => GroupOf(v.Host)).Distinct(StringComparer.OrdinalIgnoreCase).Count() == 1
                && all.Max(v => v.Vm.StateChangedAt) is { } changed && !context.Reached(changed + MoveTime);
            if (!mayHaveMoved)
            {
                bool isTwice = all.Count(HoldsMemory) > 1;
                yield return Fire("id", same.Key.ToString(), isTwice ? Severity.Critical : Severity.Error, all,
                    isTwice ? $"{all[0].Vm.Name} runs on {Hosts(all)} at once" : $"{all[0].Vm.Name} is registered on {Hosts(all)}");
            }
        }
    }

    private static IEnumerable<Verdict.Fire> ByBios(List<VirtualMachineSubject> vms, RuleContext context)
    {
        foreach (var same in vms.Where(v => v.Vm.BiosId is { } id && id != Guid.Empty && !context.Settings.HasTag(v.Identity.Id, "vm:template")).GroupBy(v => v.Vm.BiosId!.Value)
            .Where(g => g.Select(v => v.Vm.Id).Distinct().Count() > 1).OrderBy(g => g.Key))
        {
            // A template's copies have its BIOS GUID on purpose.
            if (!vms.Exists(v => v.Vm.BiosId == same.Key && context.Settings.HasTag(v.Identity.Id, "vm:template")))
            {
                var all = same.DistinctBy(v => v.Vm.Id).OrderBy(v => v.Vm.Id).ToList();
                yield return Fire("bios", same.Key.ToString(), Severity.Warning, all, $"{Names(all)} have one BIOS GUID: one is a copy");
            }
        }
    }

    private static IEnumerable<Verdict.Fire> ByName(List<VirtualMachineSubject> vms)
    {
        foreach (var same in vms.GroupBy(v => (Group: GroupOf(v.Host).ToUpperInvariant(), Name: v.Vm.Name.ToUpperInvariant())).Where(g => g.Select(v => v.Vm.Id).Distinct().Count() > 1)
            .OrderBy(g => g.Key.Group, StringComparer.Ordinal).ThenBy(g => g.Key.Name, StringComparer.Ordinal))
        {
            var all = same.DistinctBy(v => v.Vm.Id).OrderBy(v => v.Vm.Id).ToList();
            yield return Fire("name", $"{same.Key.Group}/{same.Key.Name}".ToLowerInvariant(), Severity.Info, all, $"{all.Count} VMs on {Hosts(all)} are called {VisibleText.Of(all[0].Vm.Name)}");
        }
    }

    private static Evidence Told(VirtualMachineSubject vm, string variant)
    {
        string what = $"{VisibleText.Of(vm.Vm.Name)} on {vm.Host.Name}";
        return variant switch
        {
            "id" => Fact(vm.Host, "virtualMachines", what, $"{vm.Vm.Id}, {vm.Vm.State}", "an id of its own", "Msvm_ComputerSystem.Name"),
            "bios" => Fact(vm.Host, "virtualMachines", what, vm.Vm.BiosId?.ToString(), "a BIOS GUID of its own", "Msvm_VirtualSystemSettingData.BIOSGUID"),
            _ => Fact(vm.Host, "virtualMachines", what, vm.Vm.Id.ToString(), "a name of its own", "Msvm_ComputerSystem.ElementName"),
        };
    }

    private static string Hosts(List<VirtualMachineSubject> all) => string.Join(" and ", all.Select(v => v.Host.Name).Distinct());

    private static string Names(List<VirtualMachineSubject> all) => $"{string.Join(", ", all.Take(3).Select(v => $"{VisibleText.Of(v.Vm.Name)} ({v.Host.Name})"))}{(all.Count > 3 ? $" and {all.Count - 3} more" : "")}";

    private static Verdict.Fire Fire(string variant, string discriminator, Severity severity, List<VirtualMachineSubject> all, string title)
    {
        // What does not run goes first.
        var stale = all.OrderBy(HoldsMemory).ThenBy(v => v.Vm.StateChangedAt).First();
        return new(variant, severity, title)
        {
            Discriminator = discriminator,
            Impact = variant switch
            {
                "id" => severity == Severity.Critical ? "Both write as the same machine." : "Started by mistake, the second one writes as the same machine.",
                "bios" => "Software that knows a machine by its BIOS GUID takes them for one.",
                _ => "Scripts and counters that know VMs by name take them for one.",
            },
            Remedy = variant == "name"
                ? Mend(stale.Host, RemedyRisk.Online, "Rename one of them.", "Rename one of them in Hyper-V Manager.", PowerShell.Line($"Get-VM -ComputerName {stale.Host} -Id {stale.Vm.Id} | Rename-VM -NewName <name>"))
                : Mend(stale.Host, RemedyRisk.NeedsVirtualMachineOff, "Find out which of them is out of date. Remove its registration, which leaves its files, or import it anew with an id of its own.",
                    "Find out which of them is out of date, and remove it in Hyper-V Manager; its disks stay.",
                    PowerShell.Line($"Get-VM -ComputerName {stale.Host} -Id {stale.Vm.Id} | Remove-VM"), PowerShell.Line($"Import-VM -ComputerName {stale.Host} -Path <configuration> -Copy -GenerateNewId")),
            Evidence =
            [
                .. all.Take(10).Select(v => Told(v, variant)),
                .. all.Take(10).Select(v => Fact(v.Host, "virtualMachines", $"Files of {VisibleText.Of(v.Vm.Name)} on {v.Host.Name}", v.Vm.ConfigurationPath, null, "Msvm_VirtualSystemSettingData.ConfigurationDataRoot")),
            ],
            Affected = [.. all.Select(v => new AffectedObject(AffectedRole.Cause, v.Identity))],
        };
    }

    public override ImmutableArray<Example<FarmSubject>> Examples { get; } =
    [
        Fires(Severity.Critical, "one id that runs on two hosts", Farm(Sample.Vm, Sample.Vm)),
        Passes("a VM and its replica", Farm(Sample.Vm with { Replication = new() { Mode = ReplicationMode.Primary } }, Sample.Vm with { State = VirtualMachineState.Off, Replication = new() { Mode = ReplicationMode.Replica } })),
        Fires(Severity.Error, "one id on two hosts, off on one of them", Farm(Sample.Vm, Sample.Vm with { State = VirtualMachineState.Off })),
        Fires(Severity.Warning, "one BIOS GUID", Farm(Sample.Vm with { BiosId = Bios }, Other with { BiosId = Bios })),
        Passes("the same, of a template and its copy", Farm(Sample.Vm with { BiosId = Bios }, Other with { BiosId = Bios }), Given.Tagged("vm:template")),
        Passes("no BIOS GUID at all", Farm(Sample.Vm with { BiosId = Guid.Empty }, Other with { BiosId = Guid.Empty })),
        Fires(Severity.Info, "one name in a cluster, written in two ways", Cluster(Sample.Vm, Other with { Name = "sql01" })),
        Passes("one name on two hosts outside clusters", Farm(Sample.Vm, Other with { Name = "SQL01" })),
        Passes("a node that lists a VM which moved a minute ago", Cluster(Sample.Vm with { StateChangedAt = Sample.Now.AddMinutes(-1) }, Sample.Vm)),
        Fires(Severity.Critical, "the same exactly two minutes later", Cluster(Sample.Vm with { StateChangedAt = Sample.Now.AddMinutes(-2) }, Sample.Vm)),
        Passes("a VM that is not listed any more", Farm(Sample.Vm, Sample.Vm with { IsGone = true })),
        CannotTell("a VM whose BIOS GUID the host does not say", Farm(Sample.Vm, Other with { BiosId = null })),
        CannotTell("a host whose VMs could not be read", Farm(Sample.Vm, null)),
    ];

    private static Guid Bios { get; } = new("77777777-7777-7777-7777-777777777777");

    private static VirtualMachine Other => Sample.Vm with { Id = new("12121212-1212-1212-1212-121212121212"), Name = "SQL02", BiosId = new("12121212-1212-1212-1212-121212121212") };

    private static FarmSubject Farm(params VirtualMachine?[] vms) => new([.. vms.Select((vm, i) => new HostSubject(Reading(vm, i)))]);

    private static FarmSubject Cluster(params VirtualMachine?[] vms) => new([.. vms.Select((vm, i) => new HostSubject(Reading(vm, i).With(new ClusterView { Id = "c", Name = "LAB" })))]);

    private static HostReading Reading(VirtualMachine? vm, int i) => (vm is null ? Given.Host() with { VirtualMachines = Sample.Failed<VirtualMachineList>(SectionState.Denied, "no right") } : Given.Host().With(vm)) with { Id = $"h{i}", Name = $"HV{i}" };
}

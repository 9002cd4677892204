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
        var ids = new HashSet<string>();
        var gates = new Verdict?[subject.Hosts.Length];
        bool[] isRead = new bool[gates.Length];
        for (int i = 0; i < gates.Length; i++)
        {
            if (ids.Add(subject.Hosts[i].Id))
            {
                gates[i] = Unreadable(subject.Hosts[i], context, "virtualMachines");
                isRead[i] = gates[i] is null;
            }
        }

        var look = new Look(subject, isRead, context, subject.Memory.Kept<(string Variant, object Key), Verdict.Fire?>(this));
        var fires = ByIds(look).Concat(ByBios(look)).Concat(ByName(look)).ToList();
        var involved = fires.SelectMany(f => f.Affected).Select(a => a.Object.HostId).ToHashSet();
        foreach (var fire in fires)
        {
            yield return fire;
        }

        var silent = subject.Joined(Silent);
        bool isSilent = false;
        for (int i = 0; i < gates.Length; i++)
        {
            var host = subject.Hosts[i];
            if (isRead[i] && silent.Of(i).Length > 0)
            {
                isSilent = true;
                yield return NotSaid("virtualMachines", "the BIOS GUID of every VM") with { Variant = "bios", Object = host.Identity };
            }
            else if (isRead[i] && !involved.Contains(host.Id))
            {
                yield return host.Passes;
            }
        }

        if (isSilent)
        {
            // What was found is about all hosts: whether the GUIDs still are the same nobody knows.
            yield return NotSaid("virtualMachines", "the BIOS GUID of every VM") with { Variant = "bios" };
        }

        if (subject.Hosts.Where((_, i) => gates[i] is Verdict.Unknown).Select(h => h.Name).ToList() is { Count: > 0 } blind)
        {
            yield return new Verdict.Unknown("virtualMachines", $"The VMs of {string.Join(", ", blind)} are not known.");
        }
        else if (fires.Count == 0 && !isSilent)
        {
            yield return Verdict.Passed;
        }
    }

    private static FarmJoin<Guid, VirtualMachine> ById { get; } = new(["virtualMachines"], h => Counted(h).Select(v => (v.Id, v)));

    private static FarmJoin<Guid, VirtualMachine> ByBiosId { get; } = new(["virtualMachines"], h => Counted(h).Where(v => v.BiosId is { } id && id != Guid.Empty).Select(v => (v.BiosId!.Value, v)));

    private static FarmJoin<(string Group, string Name), VirtualMachine> ByNames { get; } = new(["virtualMachines", "cluster"], h => NamesOf(h));

    /// <summary>Something for each host that does not tell the BIOS GUID of some VM.</summary>
    private static FarmJoin<bool, bool> Silent { get; } = new(["virtualMachines"], h => Counted(h).Any(v => v.BiosId is null) ? [(true, true)] : []);

    private static IEnumerable<VirtualMachine> Counted(HostSubject host) => (host.Reading.VirtualMachines.Content?.Items ?? []).Where(v => !v.IsGone && !IsReplica(v));

    private static IEnumerable<((string Group, string Name) Key, VirtualMachine Vm)> NamesOf(HostSubject host)
    {
        string group = GroupOf(host).ToUpperInvariant();
        return Counted(host).Select(v => ((group, v.Name.ToUpperInvariant()), v));
    }

    private static bool IsReplica(VirtualMachine vm) => vm.Replication?.Mode is ReplicationMode.Replica or ReplicationMode.TestReplica or ReplicationMode.ExtendedReplica;

    private static bool HoldsMemory(VirtualMachineSubject vm) => vm.Vm.State is not (VirtualMachineState.Off or VirtualMachineState.Saved or VirtualMachineState.Unknown or VirtualMachineState.Other);

    /// <summary>The cluster, or the host by itself: where VMs are told apart by name. Reads <c>cluster</c>.</summary>
    private static string GroupOf(HostSubject host) => host.Reading.Cluster.Content is { Id.Length: > 0 } cluster ? cluster.Id : host.Id;

    private static IEnumerable<Verdict.Fire> ByIds(Look look)
    {
        var index = look.Farm.Joined(ById);
        foreach (var id in index.Several.Order())
        {
            var all = look.At(index, id);
            // The node that a VM has just left may list it for a moment.
            if (all.Count > 1 && !MayHaveMoved(all, look.Context)
                && look.Kept("id", id, all, () => Registered(all)) is { } fire)
            {
                yield return fire;
            }
        }
    }

    private static bool MayHaveMoved(List<VirtualMachineSubject> all, RuleContext context) =>
        all.Select(v => GroupOf(v.Host)).Distinct(StringComparer.OrdinalIgnoreCase).Count() == 1
        && all.Max(v => v.Vm.StateChangedAt) is { } changed && !context.Reached(changed + MoveTime);

    private static Verdict.Fire Registered(List<VirtualMachineSubject> all)
    {
        bool isTwice = all.Count(HoldsMemory) > 1;
        return Fire("id", all[0].Vm.Id.ToString(), isTwice ? Severity.Critical : Severity.Error, all,
            isTwice ? $"{all[0].Vm.Name} runs on {Hosts(all)} at once" : $"{all[0].Vm.Name} is registered on {Hosts(all)}");
    }

    private static IEnumerable<Verdict.Fire> ByBios(Look look)
    {
        var index = look.Farm.Joined(ByBiosId);
        foreach (var id in index.Several.Order())
        {
            var all = look.At(index, id);
            // A template's copies have its BIOS GUID on purpose.
            if (Several(all) && look.Kept("bios", id, all, () => all.Exists(v => look.Context.Settings.HasTag(v.Identity.Id, "vm:template")) ? null : Copied(id, Told(all))) is { } fire)
            {
                yield return fire;
            }
        }
    }

    private static Verdict.Fire Copied(Guid id, List<VirtualMachineSubject> all) => Fire("bios", id.ToString(), Severity.Warning, all, $"{Names(all)} have one BIOS GUID: one is a copy");

    private static IEnumerable<Verdict.Fire> ByName(Look look)
    {
        var index = look.Farm.Joined(ByNames);
        foreach (var key in index.Several.OrderBy(k => k.Group, StringComparer.Ordinal).ThenBy(k => k.Name, StringComparer.Ordinal))
        {
            var all = look.At(index, key);
            if (Several(all) && look.Kept("name", key, all, () => Called($"{key.Group}/{key.Name}".ToLowerInvariant(), Told(all))) is { } fire)
            {
                yield return fire;
            }
        }
    }

    private static Verdict.Fire Called(string key, List<VirtualMachineSubject> all) =>
        Fire("name", key, Severity.Info, all, $"{all.Count} VMs on {Hosts(all)} are called {VisibleText.Of(all[0].Vm.Name)}");

    private static bool Several(List<VirtualMachineSubject> all) => all.Exists(v => v.Vm.Id != all[0].Vm.Id);

    /// <summary>Each VM once, in an order that stays.</summary>
    private static List<VirtualMachineSubject> Told(List<VirtualMachineSubject> all) => [.. all.DistinctBy(v => v.Vm.Id).OrderBy(v => v.Vm.Id)];

    /// <summary>One look at all hosts that are read.</summary>
    private sealed record Look(FarmSubject Farm, bool[] IsRead, RuleContext Context, KeptResults<(string Variant, object Key), Verdict.Fire?> Known)
    {
        public List<VirtualMachineSubject> At<TKey>(FarmIndex<TKey, VirtualMachine> index, TKey key) where TKey : notnull =>
            [.. index.At(key).Where(v => IsRead[v.Host]).Select(v => new VirtualMachineSubject(v.Item, Farm.Hosts[v.Host]))];

        public Verdict.Fire? Kept<TKey>(string variant, TKey key, List<VirtualMachineSubject> all, Func<Verdict.Fire?> make) where TKey : notnull =>
            Known.Of((variant, key), [.. all.Select(v => v.Host).Distinct()], 0, Context, make);
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

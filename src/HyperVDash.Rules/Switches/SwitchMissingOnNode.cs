using System.Collections.Immutable;
using HyperVDash.Model;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Switches;
using HyperVDash.Rules.Clusters;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Switches;

public sealed class SwitchMissingOnNode : Rule<ClusterSubject>
{
    private static readonly string[] Needs = ["switches"];

    public override RuleCard Card { get; } = new("HVD201", "switch-missing-on-node", RuleScope.Cluster, RuleKind.Configuration)
    {
        Title = "A switch used by a clustered VM does not exist under the same name on every possible owner",
        Why = "Migration stops, or the VM arrives without network: nodes find a VM's switch by its exact name, blanks and all.",
        Fix = "Give the switch the same name on every node, or make it where it is missing, then refresh the clustered configuration.",
        Quiet = "The node is no possible owner; the name is the near miss of a used one and told there; the switch is the one client Windows makes by itself.",
        Sections = ["switches", "devices", "virtualMachines", "cluster"],
        Mentions = ["operatingSystem"],
        Severities = [Severity.Info, Severity.Warning, Severity.Error],
        Origin = "Field notes of December 2007, second post, item 2",
    };

    public override IEnumerable<Verdict> Examine(ClusterSubject subject, RuleContext context)
    {
        if (subject.Cluster.Nodes.Length < 2)
        {
            yield return NotFor("The cluster has one node.");
            yield break;
        }

        if (ClusterFacts.Gap(subject, h => Unreadable(h, context, "cluster")) is { } gap)
        {
            yield return gap;
            yield break;
        }

        var blind = Blind(subject, context);
        var used = SwitchNames.Used(subject, h => (h.Reading.VirtualMachines.State == SectionState.Partial || Unreadable(h, context, "virtualMachines") is null)
            && (h.Reading.Devices.State == SectionState.Partial || Unreadable(h, context, "devices") is null));
        var readable = subject.Members.Where(m => m.Host is not null && m.Node.State is not ClusterNodeState.Down && Unreadable(m.Host, context, Needs) is null).ToList();
        var known = readable.SelectMany(m => SwitchNames.Of(m.Host!)).Select(s => s.Name).Distinct(StringComparer.Ordinal).ToList();
        foreach (string name in known.Concat(used.Select(u => u.Key)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            foreach (var member in readable)
            {
                // A VM of a node that could not be seen may use it.
                yield return (Told(name, used, readable, member.Host!) ?? (blind is { Variant: null } && !used.Contains(name) ? blind : Fault(subject, name, [.. used[name]], member)) ?? Verdict.Passed) with { Object = Part(subject, name, member.Host!) };
            }
        }

        if (blind is not null)
        {
            yield return blind;
        }
    }

    /// <summary>One name on one node: cluster id, folded name, node.</summary>
    private static ObjectRef Part(ClusterSubject cluster, string name, HostSubject host) =>
        new(ObjectKind.Switch, $"{cluster.Cluster.Id}/{Convert.ToHexStringLower(System.Text.Encoding.UTF8.GetBytes(name))}/{host.Id}", $"{name} on {host.Name}", host.Id);

    /// <summary>A node that could not be seen may be the one that lacks the switch.</summary>
    private static Verdict.Unknown? Blind(ClusterSubject subject, RuleContext context)
    {
        foreach (var member in subject.Members)
        {
            if (member.Node.State == ClusterNodeState.Down)
            {
                return new Verdict.Unknown("switches", $"{member.Node.Name} is down; its switches are not compared.");
            }

            if (member.Host is null)
            {
                return new Verdict.Unknown("switches", $"{member.Node.Name} is read by no agent.");
            }

            if ((Unreadable(member.Host, context, "switches", "devices", "virtualMachines", "cluster") ?? Without(member.Host)) is Verdict.Unknown unknown)
            {
                return new Verdict.Unknown(unknown.Section, $"{member.Node.Name}: {unknown.Reason}");
            }
        }

        return subject.Cluster.VirtualMachines is null ? NotSaid("cluster", "its clustered VMs") : Pooled(subject);
    }

    /// <summary>A connection from a pool names no switch; which switches the pool holds is not collected.</summary>
    private static Verdict.Unknown? Pooled(ClusterSubject subject)
    {
        var clustered = subject.Cluster.VirtualMachines!.Value.Select(v => v.VirtualMachineId).ToHashSet();
        int pooled = subject.Hosts.SelectMany(h => clustered.SelectMany(id => h.AdaptersOf[id])).Count(n => n.Connection == ConnectionState.Pooled);
        return pooled == 0 ? null : NotCollected("pool", "devices", $"{pooled} connection{(pooled == 1 ? " comes" : "s come")} from a resource pool; which switches it holds is not collected.");
    }

    private static Verdict.Unknown? Without(HostSubject host) =>
        host.Reading.Devices.Content?.NetworkAdapters is null ? NotSaid("devices", "its VMs' network adapters") : null;

    /// <summary>A name that is the near miss of a used one is told once, from the used name's side.</summary>
    private static Verdict.NotApplicable? Told(string name, ILookup<string, UsedSwitch> used, List<ClusterMember> readable, HostSubject host)
    {
        if (used.Contains(name) || SwitchNames.Of(host).Any(s => s.Name == name))
        {
            return null;
        }

        var holders = readable.FindAll(m => SwitchNames.Of(m.Host!).Any(s => s.Name == name));
        string? meant = used.Select(u => u.Key).FirstOrDefault(u => SwitchNames.NearMatch(u, [name]) is not null && holders.TrueForAll(m => SwitchNames.Of(m.Host!).All(s => s.Name != u)));
        return meant is null ? null : new($"Told as '{VisibleText.Of(meant)}' missing on {string.Join(", ", holders.Select(m => m.Node.Name))}.");
    }

    private static Verdict? Fault(ClusterSubject cluster, string name, List<UsedSwitch> users, ClusterMember member)
    {
        var host = member.Host!;
        var here = SwitchNames.Of(host).ToList();
        var mayMove = users.Where(u => u.Resource.PossibleOwners is not { } owners || owners.Contains(member.Node.Name, StringComparer.OrdinalIgnoreCase)).ToList();
        if (here.Find(s => s.Name.Equals(name, StringComparison.Ordinal)) is { } found)
        {
            // Where another node has it external, the difference is HVD202's.
            bool isElsewhereExternal = cluster.Hosts.Any(h => SwitchNames.Of(h).Any(s => s.Name == name && s.Type == SwitchType.External));
            return mayMove.Count == 0 || isElsewhereExternal ? null
                : found.Type is SwitchType.Internal or SwitchType.Private
                    ? Fire(cluster, host, name, mayMove, "internal", Severity.Error, $"Switch '{VisibleText.Of(name)}' is {found.Type} on {host.Name}, so clustered VMs lose their network when they move", null)
                : found.Type == SwitchType.Unknown ? NotSaid("switches", $"the type of switch '{VisibleText.Of(name)}' on {host.Name}") : null;
        }

        string? near = SwitchNames.NearMatch(name, here.Select(s => s.Name));
        bool isCaseOnly = near is not null && near.Equals(name, StringComparison.OrdinalIgnoreCase);
        return (users.Count, mayMove.Count) switch
        {
            (0, _) => Fire(cluster, host, name, [], "unused", Severity.Info, $"Switch '{VisibleText.Of(name)}' does not exist on {host.Name}; no clustered VM uses it", near),
            (_, 0) => null,
            _ when isCaseOnly => Fire(cluster, host, name, mayMove, "case", Severity.Warning, $"Switch '{VisibleText.Of(name)}' is called '{VisibleText.Of(near!)}' on {host.Name}: letter case differs", near),
            _ => Fire(cluster, host, name, mayMove, "missing", Severity.Error,
                near is null
                    ? $"Switch '{VisibleText.Of(name)}' does not exist on {host.Name}"
                    : $"Switch '{VisibleText.Of(name)}' is called '{VisibleText.Of(near)}' on {host.Name}: {SwitchNames.Difference(name, near)} differs", near),
        };
    }

    private static Verdict.Fire Fire(ClusterSubject cluster, HostSubject host, string name, List<UsedSwitch> users, string variant, Severity severity, string title, string? near) => new(variant, severity, title)
    {
        Impact = users.Count == 0 ? null : $"{users.Count} clustered VM{(users.Count == 1 ? "" : "s")} cannot fail over to {host.Name}",
        Remedy = variant == "internal" ? Bind(host, name) : Repair(cluster, host, name, near, users),
        Evidence =
        [
            .. cluster.Members.Select(m => m.Host is null
                ? new Evidence($"Switches on {m.Node.Name}", "not read by any agent")
                : Fact(m.Host, "switches", $"Switches on {m.Node.Name}", string.Join(", ", SwitchNames.Of(m.Host).Select(s => $"'{VisibleText.Of(s.Name)}' {s.Type}")), $"contains '{VisibleText.Of(name)}'", "Msvm_VirtualEthernetSwitch.ElementName")),
            .. near is null ? [] : new[] { Fact(host, "switches", "Nearly equal name", $"'{VisibleText.Of(near)}'", $"'{VisibleText.Of(name)}'") },
        ],
        Affected =
        [
            new(AffectedRole.Cause, host.Identity),
            .. users.Select(u => new AffectedObject(AffectedRole.Impacted, new ObjectRef(ObjectKind.VirtualMachine, u.Vm.Id.ToString(), u.Vm.Name, u.Host.Id))),
        ],
    };

    private static Remedy Bind(HostSubject host, string name) => Mend(host, RemedyRisk.Online,
        "Bind the switch on every node to an adapter of one network; an internal switch ends at its host.",
        $"On {host.Name}, in Virtual Network Manager, bind '{VisibleText.Of(name)}' to a physical adapter that reaches the same network as on the other nodes.",
        PowerShell.Line($"Set-VMSwitch -ComputerName {host} -Name {name} -NetAdapterName <adapter>"));

    private static Remedy Repair(ClusterSubject cluster, HostSubject host, string name, string? near, List<UsedSwitch> users)
    {
        string[] refresh = [.. users.Select(u => PowerShell.Line($"Update-ClusterVirtualMachineConfiguration -Name {u.Vm.Name}")).Distinct().Take(5)];
        bool? isShared = cluster.Hosts.SelectMany(SwitchNames.Of).FirstOrDefault(s => s.Name == name)?.IsSharedWithHost;
        return near is null
            ? Mend(host, RemedyRisk.Online, $"Create the switch on {host.Name} under exactly this name.", $"On {host.Name}, in Virtual Network Manager, create a switch named exactly '{VisibleText.Of(name)}'.",
                [PowerShell.Line($"New-VMSwitch -ComputerName {host} -Name {name} -NetAdapterName <adapter> -AllowManagementOS {isShared ?? true}"), .. refresh])
            : Mend(host, RemedyRisk.Online, $"Rename the switch on {host.Name}; running VMs keep their connection.",
                $"On {host.Name}, in Virtual Network Manager, delete '{VisibleText.Of(near)}' and create a switch named exactly '{VisibleText.Of(name)}'.",
                [PowerShell.Line($"Rename-VMSwitch -ComputerName {host} -Name {near} -NewName {name}"), .. refresh]);
    }

    public override ImmutableArray<Example<ClusterSubject>> Examples { get; } =
    [
        Fires(Severity.Error, "a trailing blank on the other node", Cluster(["Prod"], ["Prod "])),
        Fires(Severity.Error, "no such switch on the other node", Cluster(["Prod"], ["Storage network"])),
        Fires(Severity.Warning, "only letter case differs", Cluster(["Prod"], ["PROD"])),
        Fires(Severity.Info, "a switch on one node that no clustered VM uses", Cluster(["Prod", "Lab"], ["Prod"])),
        Fires(Severity.Info, "an unused name on one node that resembles another unused one there", Cluster(["Prod", "VLAN 10", "VLAN 11"], ["Prod"])),
        Fires(Severity.Error, "a look-alike letter", Cluster(["Prod"], ["Ｐrod"])),
        Fires(Severity.Error, "internal on both nodes", Typed(SwitchType.Internal)),
        Passes("the same name on both nodes", Cluster(["Prod"], ["Prod"])),
        Passes("a node that may not own the VM lacks the switch", Owned("N0")),
        CannotTell("a switch whose type was not read", Typed(SwitchType.Unknown)),
        CannotTell("a node that is down", Down()),
        CannotTell("a connection from a resource pool", PooledVm()),
        Skips("a cluster of one node", Cluster(["Prod"])),
        CannotTell("a node that no agent reads", Cluster(["Prod"], null)),
    ];

    private static ClusterSubject Typed(SwitchType type) => Change(Cluster(["Prod"], ["Prod"]), h => h.With([.. h.Switches.Content!.Items.Select(s => s with { Type = type })]));

    private static ClusterSubject PooledVm() =>
        Change(Cluster(["Prod"], ["Prod"]), h => h.With([.. h.Devices.Content!.NetworkAdapters!.Value.Select(n => n with { Connection = ConnectionState.Pooled, SwitchName = null, PoolId = "pool" })]));

    private static ClusterSubject Owned(string node)
    {
        var cluster = Cluster(["Prod", "Own"], ["Prod", "Own"]);
        var view = cluster.Cluster with { VirtualMachines = [cluster.Cluster.VirtualMachines!.Value[0] with { PossibleOwners = [node] }] };
        return cluster with { Cluster = view, Members = [cluster.Members[0], cluster.Members[1] with { Host = Node(1, ["Own"], view) }] };
    }

    private static ClusterSubject Down()
    {
        var cluster = Cluster(["Prod"], ["Prod"]);
        return cluster with { Members = [cluster.Members[0], cluster.Members[1] with { Node = new("N1", ClusterNodeState.Down) }] };
    }

    private static ClusterSubject Change(ClusterSubject cluster, Func<Model.Fleet.HostReading, Model.Fleet.HostReading> change) =>
        cluster with { Members = [.. cluster.Members.Select((m, i) => m with { Host = new HostSubject(change(Reading(i, [.. SwitchNames.Of(m.Host!).Select(s => s.Name)], cluster.Cluster))) })] };

    private static ClusterSubject Cluster(params string[]?[] nodes)
    {
        var view = new ClusterView
        {
            Id = "c", Name = "LAB", Nodes = [.. nodes.Select((_, i) => new ClusterNode($"N{i}", ClusterNodeState.Up))],
            VirtualMachines = [new(Sample.VmId, "Virtual Machine SQL01") { OwnerNode = "N0", State = ClusterResourceState.Online }],
        };
        return new(view, [.. nodes.Select((names, i) => new ClusterMember(view.Nodes[i], names is null ? null : Node(i, names, view)))]);
    }

    private static HostSubject Node(int number, string[] names, ClusterView view) => new(Reading(number, names, view));

    private static Model.Fleet.HostReading Reading(int number, string[] names, ClusterView view) => Sample.Host with
    {
        Id = $"n{number}",
        Name = $"N{number}",
        Cluster = Sample.Read(view),
        Switches = Sample.Read(new VirtualSwitchList { Items = [.. names.Select((n, i) => Sample.Switch with { Id = $"{number}-{i}", Name = n })] }),
        VirtualMachines = number == 0 ? Sample.Host.VirtualMachines : Sample.Read(new Model.VirtualMachines.VirtualMachineList()),
        Devices = number == 0 ? Sample.Host.Devices : Sample.Read(new DeviceList { Controllers = [], Drives = [], NetworkAdapters = [] }),
    };
}

using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Clusters;

public sealed class ClusteredVmFailed : Rule<ClusterSubject>
{
    private static readonly TimeSpan Brief = TimeSpan.FromMinutes(15);
    private static readonly int[] Told = [1069, 21502];

    public override RuleCard Card { get; } = new("HVD313", "cluster-vm-resource-failed", RuleScope.Cluster, RuleKind.State)
    {
        Title = "VM group or resource failed or stuck pending",
        Why = "The VM is down or will be, and the cluster has stopped trying.",
        Fix = "Read why in the events 1069 and 21502, mend it, then start the group.",
        Quiet = "A group that an operator took offline; pending or partly online for less than 15 minutes.",
        Sections = ["cluster"],
        Mentions = ["virtualMachines", "eventLog", "operatingSystem"],
        Severities = [Severity.Error, Severity.Critical],
        Origin = "Published states of cluster groups and resources; published steps to make a VM highly available",
    };

    public override IEnumerable<Verdict> Examine(ClusterSubject subject, RuleContext context)
    {
        if (ClusterFacts.Gap(subject, h => Unreadable(h, context, "cluster")) is { } gap)
        {
            yield return gap;
            // Each by itself, so that what is open about a VM stays so.
            foreach (var kept in subject.Cluster.VirtualMachines ?? [])
            {
                yield return gap with { Object = ClusterFacts.VmOf(ImmutableDictionary<Guid, VirtualMachineSubject>.Empty, kept) };
            }

            yield break;
        }

        if (subject.Cluster.VirtualMachines is not { } vms)
        {
            yield return NotSaid("cluster", "its VMs");
            yield break;
        }

        var byId = subject.VirtualMachinesById();
        if (subject.Cluster.Groups is not { } groups)
        {
            foreach (var kept in vms)
            {
                yield return NotSaid("cluster", "its groups") with { Object = ClusterFacts.VmOf(byId, kept) };
            }

            yield return NotSaid("cluster", "its groups");
            yield break;
        }

        var configurationOf = (subject.Cluster.Resources ?? []).Where(r => r.VirtualMachineId is not null).DistinctBy(r => r.VirtualMachineId).ToDictionary(r => r.VirtualMachineId!.Value);
        var teller = ClusterFacts.Teller(subject, h => Unreadable(h, context, "cluster"));
        var groupOf = groups.DistinctBy(g => g.Name, StringComparer.OrdinalIgnoreCase).ToDictionary(g => g.Name, StringComparer.OrdinalIgnoreCase);
        foreach (var vm in vms)
        {
            yield return Judge(subject, teller, vm, vm.Group is null ? null : groupOf.GetValueOrDefault(vm.Group), configurationOf.GetValueOrDefault(vm.VirtualMachineId), context) with { Object = ClusterFacts.VmOf(byId, vm) };
        }

        if (vms.IsEmpty)
        {
            yield return NotFor("The cluster has no VM.");
        }
    }

    private static Verdict Judge(ClusterSubject cluster, HostSubject teller, ClusteredVirtualMachine vm, ClusterGroup? group, ClusterResource? configuration, RuleContext context)
    {
        if (group is null)
        {
            return NotSaid("cluster", "the group of the VM");
        }

        if (group.State == ClusterGroupState.Failed || vm.State == ClusterResourceState.Failed || configuration?.State == ClusterResourceState.Failed)
        {
            string what = vm.State == ClusterResourceState.Failed ? "resource" : configuration?.State == ClusterResourceState.Failed ? "configuration resource" : "group";
            return Fire(cluster, teller, vm, group, configuration, "failed", Severity.Critical, $"The {what} of clustered VM {group.Name} has failed");
        }

        bool isPending = group.State == ClusterGroupState.Pending || vm.State is ClusterResourceState.Pending or ClusterResourceState.OnlinePending or ClusterResourceState.OfflinePending;
        bool isSaid = group.State != ClusterGroupState.Unknown && vm.State != ClusterResourceState.Unknown && configuration?.State != ClusterResourceState.Unknown && cluster.Cluster.Resources is not null;
        return !isPending && group.State != ClusterGroupState.PartialOnline ? isSaid ? Verdict.Passed : NotSaid("cluster", $"the state of {group.Name} and all its resources")
            : group.StateSeenAt is not { } seen ? NotSaid("cluster", $"since when {group.Name} is {Word(group)}")
            : !context.Passed(seen + Brief) ? Verdict.Passed
            : Fire(cluster, teller, vm, group, configuration, isPending ? "pending" : "partial", Severity.Error, $"Clustered VM {group.Name} is {Word(group)} since {seen.ToString("u", CultureInfo.InvariantCulture)} or longer");
    }

    private static string Word(ClusterGroup group) => group.State == ClusterGroupState.PartialOnline ? "partly online" : "pending";

    private static Verdict.Fire Fire(ClusterSubject cluster, HostSubject teller, ClusteredVirtualMachine vm, ClusterGroup group, ClusterResource? configuration, string variant, Severity severity, string title) => new(variant, severity, title)
    {
        Impact = variant == "failed" ? "The VM is down, and the cluster has stopped trying." : "The VM neither runs nor moves.",
        Remedy = Mend(teller, RemedyRisk.Online, "Read why in the events and the cluster's log, mend it, then start the group.", "Read why in the event log of the node, mend it, then bring the group online in Failover Cluster Management.",
            PowerShell.Line($"Get-ClusterLog -Cluster {cluster.Cluster.Name} -UseLocalTime -TimeSpan {30}"), PowerShell.Line($"Start-ClusterGroup -Cluster {cluster.Cluster.Name} -Name {group.Name}")),
        Evidence =
        [
            Fact(teller, "cluster", "Group", $"{group.State}, owner {group.OwnerNode ?? "not said"}", "Online", "MSCluster_ResourceGroup.State"),
            Fact(teller, "cluster", VisibleText.Of(vm.Name), $"{vm.State}", "Online", "MSCluster_Resource.State"),
            .. configuration is null ? Array.Empty<Evidence>() : [Fact(teller, "cluster", VisibleText.Of(configuration.Name), $"{configuration.State}", "Online", "MSCluster_Resource.State")],
            .. cluster.Hosts.SelectMany(h => (h.Reading.EventLog.Content?.Items ?? []).Where(e => Told.Contains(e.Id))
                .Select(e => Fact(h, "eventLog", $"{h.Name}: event {e.Id}", $"{e.Count} times, last {e.LastAt?.ToString("u", CultureInfo.InvariantCulture) ?? "not said"}"))),
        ],
        Affected = [new AffectedObject(AffectedRole.Context, cluster.Identity)],
    };

    public override ImmutableArray<Example<ClusterSubject>> Examples { get; } =
    [
        Fires(Severity.Critical, "a failed group with its failed VM", Cluster(ClusterGroupState.Failed, ClusterResourceState.Failed)),
        Passes("a group that is offline", Cluster(ClusterGroupState.Offline, ClusterResourceState.Offline)),
        Passes("a VM that is online", Cluster(ClusterGroupState.Online, ClusterResourceState.Online)),
        Fires(Severity.Critical, "the VM has failed, the group is partly online", Cluster(ClusterGroupState.PartialOnline, ClusterResourceState.Failed)),
        Passes("pending for 15 minutes", Cluster(ClusterGroupState.Pending, ClusterResourceState.OnlinePending, 15)),
        Fires(Severity.Error, "pending for 16 minutes", Cluster(ClusterGroupState.Pending, ClusterResourceState.OnlinePending, 16)),
        Fires(Severity.Error, "partly online for 16 minutes", Cluster(ClusterGroupState.PartialOnline, ClusterResourceState.Online, 16)),
        CannotTell("pending, and nobody knows since when", Cluster(ClusterGroupState.Pending, ClusterResourceState.OnlinePending)),
        CannotTell("the group is online, and the state of its VM was not said", Cluster(ClusterGroupState.Online, ClusterResourceState.Unknown)),
        CannotTell("groups that were not read", Given.Cluster(Given.Host().With(new ClusterView { Id = "c", Name = "LAB" }))),
        CannotTell("a cluster that may not be read", new(new ClusterView { Id = "c", Name = "LAB" }, [new(new("N0", ClusterNodeState.Up), new(Given.Host() with { Cluster = Sample.Failed<ClusterView>(SectionState.Denied, "no right") }))])),
    ];

    private static ClusterSubject Cluster(ClusterGroupState group, ClusterResourceState vm, int? minutes = null) => Given.Cluster(Given.Host().With(Sample.Vm).With(new ClusterView
    {
        Id = "c", Name = "LAB", Groups = [new("SQL01", group, "N0") { Type = 111, StateSeenAt = minutes is { } m ? Sample.Now.AddMinutes(-m) : null }], Resources = [],
        VirtualMachines = [new(Sample.VmId, "Virtual Machine SQL01") { Group = "SQL01", State = vm }],
    }));
}

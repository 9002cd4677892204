using System.Collections.Immutable;
using HyperVDash.Model;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Replication;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules.Clusters;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Releases;

public sealed class VmVersionBlocksNode : Rule<ClusterSubject>, IExamines<FarmSubject>
{
    private const string Partners = "migration:";

    public override RuleCard Card { get; } = new("HVD806", "vm-version-blocks-node", RuleScope.Cluster, RuleKind.Configuration)
    {
        Title = "A possible owner or replica partner cannot run this VM version",
        Why = "Failover to that node ends in a failed resource.",
        Fix = "Take the node from the possible owners until it is upgraded; a version cannot be lowered.",
        Quiet = "Nodes that are down, paused or drained; before 2012 R2. Hosts outside clusters count as partners if they share a tag migration:…, or if one replicates to the other.",
        Sections = ["operatingSystem", "virtualMachines"],
        Mentions = ["cluster", "computerSystem"],
        Severities = [Severity.Warning, Severity.Error],
        Origin = "Published list of VM configuration versions; published troubleshooting of live migration; published steps of a rolling upgrade",
    };

    public override IEnumerable<Verdict> Examine(ClusterSubject subject, RuleContext context)
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
            var others = (resource.PossibleOwners ?? [.. subject.Members.Select(m => m.Node.Name)]).SelectMany(n => members[n])
                .Where(m => m.Host != vm.Host && m.Node.State == ClusterNodeState.Up && m.Node.DrainStatus is not (1 or 2)).ToList();
            yield return (Gap(vm, context) ?? Judge(vm, context, others)) with { Object = vm.Identity };
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

    public IEnumerable<Verdict> Examine(FarmSubject subject, RuleContext context)
    {
        bool any = false;
        var copied = subject.Joined(Copied);
        var called = subject.Joined(Called);
        var replicas = subject.Memory.Kept<HostSubject, int[][]>(Copied);
        var known = subject.Memory.Kept<HostSubject, ImmutableArray<Verdict>>(this);
        for (int i = 0; i < subject.Hosts.Length; i++)
        {
            var host = subject.Hosts[i];
            if ((Unreadable(host, context, "virtualMachines", "operatingSystem") ?? VmVersions.Without(host)) is { } without)
            {
                // What is not Hyper-V, or too old for versions, takes part in nothing.
                if (without is Verdict.Unknown unknown)
                {
                    any = true;
                    yield return unknown with { Object = host.Identity };
                }

                continue;
            }

            var groups = context.Settings.TagsOf(host.Id, Partners).ToList();
            HostSubject[] partners = groups.Count == 0 ? [] : [.. subject.Hosts.Where(h => h != host && context.Settings.TagsOf(h.Id, Partners).Intersect(groups, StringComparer.OrdinalIgnoreCase).Any())];
            // Without partners only VMs with a replica matter, which are few.
            if (groups.Count == 0 && copied.Of(i).IsEmpty)
            {
                continue;
            }

            int place = i;
            VirtualMachine[] vms = groups.Count == 0 ? [.. copied.Of(i).ToArray().Select(c => c.Item)] : [.. host.Reading.VirtualMachines.Content!.Items];
            int[][] others = replicas.Of(host, [host], called.Version, context, () => [.. vms.Select(v => Replica(v, place, called))]);
            foreach (var verdict in known.Of(host, [host, .. partners, .. others.SelectMany(o => o).Distinct().Select(o => subject.Hosts[o])], called.Version, context, () => Judge(host, vms, partners, others, subject, context)))
            {
                any = true;
                yield return verdict;
            }
        }

        if (!any)
        {
            yield return NotFor("No VM has a partner outside clusters that is read.");
        }
    }

    private static Verdict? Gap(VirtualMachineSubject vm, RuleContext context) =>
        Unreadable(vm.Host, context, "virtualMachines", "operatingSystem") ?? VmVersions.Without(vm.Host)
        ?? (VmVersions.Of(vm.Vm) is not { } version ? NotSaid("virtualMachines", "the VM's configuration version") : VmVersions.IsPreview(version) ? NotFor("A version of a preview: HVD803 looks at it.") : null);

    private static Verdict Judge(VirtualMachineSubject vm, RuleContext context, List<ClusterMember> others)
    {
        var version = VmVersions.Of(vm.Vm)!;
        var told = others.Where(m => m.Host is not null && Unreadable(m.Host, context, "operatingSystem") is null).Select(m => m.Host!).ToList();
        // Before 2012 R2 nodes know no versions at all: they take none of these VMs.
        var refusing = told.FindAll(h => VmVersions.Starts(h, version) == false || h.Profile?.IsFrom("2012R2") == false);
        return refusing.Count > 0 ? Fire(vm, "owner", Severity.Error, version, refusing)
            : others.Exists(m => m.Host is null || !told.Contains(m.Host) || VmVersions.Starts(m.Host, version) is null)
                ? new Verdict.Unknown("operatingSystem", $"The VM versions are not known on {string.Join(", ", others.Where(m => m.Host is null || !told.Contains(m.Host) || VmVersions.Starts(m.Host, version) is null).Select(m => m.Node.Name))}.")
            : Verdict.Passed;
    }

    /// <summary>Verdicts about VMs of one host that have partners.</summary>
    private static ImmutableArray<Verdict> Judge(HostSubject host, VirtualMachine[] vms, HostSubject[] partners, int[][] replicas, FarmSubject farm, RuleContext context)
    {
        var verdicts = ImmutableArray.CreateBuilder<Verdict>();
        foreach (var (i, vm) in vms.Index())
        {
            var targets = partners.Concat(replicas[i].Select(r => farm.Hosts[r])).Distinct().Select(h => (Host: h, Without: Unreadable(h, context, "operatingSystem") ?? VmVersions.Without(h))).Where(t => t.Without is null or Verdict.Unknown).ToList();
            if (targets.Count > 0 && VmVersions.Of(vm) is { } version && !VmVersions.IsPreview(version))
            {
                var subject = new VirtualMachineSubject(vm, host);
                var refusing = targets.Where(t => t.Without is null && VmVersions.Starts(t.Host, version) == false).Select(t => t.Host).ToList();
                verdicts.Add((refusing.Count > 0 ? Fire(subject, "partner", Severity.Warning, version, refusing)
                    : targets.Find(t => t.Without is not null) is { Without: Verdict.Unknown unread, Host.Name: var name } ? unread with { Reason = $"{name}: {unread.Reason}" }
                    : (Verdict)Verdict.Passed) with { Object = subject.Identity });
            }
        }

        return verdicts.DrainToImmutable();
    }

    /// <summary>VMs with a replica, by the short name of the other server.</summary>
    private static FarmJoin<string, VirtualMachine> Copied { get; } = new(["virtualMachines"],
        h => from vm in h.Reading.VirtualMachines.Content?.Items ?? []
             where vm.Replication is { Mode: ReplicationMode.Primary or ReplicationMode.Replica, ReplicaServer.Length: > 0 }
             select (vm.Replication!.ReplicaServer!.Split('.')[0], vm), StringComparer.OrdinalIgnoreCase);

    /// <summary>Hosts by the name under which others know them.</summary>
    private static FarmJoin<string, bool> Called { get; } = new(["computerSystem"], h => [(h.Reading.ComputerSystem.Content?.NetBiosName ?? h.Name, true)], StringComparer.OrdinalIgnoreCase);

    /// <summary>Places of the hosts that the VM is copied to or from.</summary>
    private static int[] Replica(VirtualMachine vm, int host, FarmIndex<string, bool> called) =>
        vm.Replication is { Mode: ReplicationMode.Primary or ReplicationMode.Replica, ReplicaServer: { Length: > 0 } server }
            ? [.. called.At(server.Split('.')[0]).Select(h => h.Host).Where(h => h != host)] : [];

    private static Verdict.Fire Fire(VirtualMachineSubject vm, string variant, Severity severity, Version version, List<HostSubject> refusing) => new(variant, severity,
        $"{vm.Vm.Name} has configuration version {version}, which {string.Join(", ", refusing.Select(h => h.Name))} {(refusing.Count == 1 ? "does" : "do")} not start")
    {
        Impact = $"It cannot {(variant == "owner" ? "fail over" : "go")} to {string.Join(", ", refusing.Select(h => h.Name))}.",
        Remedy = variant == "owner"
            ? Mend(vm.Host, RemedyRisk.Online, $"Take these nodes from the possible owners of {vm.Vm.Name} until they are upgraded. Its version cannot be lowered.", "",
                PowerShell.Line($"Get-ClusterGroup -VMId {vm.Vm.Id} | Get-ClusterResource | Set-ClusterOwnerNode -Owners {vm.Host.Name}"))
            : Mend(vm.Host, RemedyRisk.NeedsVirtualMachineOff, "Upgrade the partner, or make a new VM of an older version with these disks. A version cannot be lowered.", "",
                PowerShell.Line($"New-VM -ComputerName <host> -Name {vm.Vm.Name} -Version {refusing[0].Profile!.VmVersions.LastOrDefault()?.ToString()} -NoVHD")),
        Evidence =
        [
            Fact(vm.Host, "virtualMachines", "Configuration version", version.ToString(), "one that every partner starts", "Msvm_VirtualSystemSettingData.Version"),
            .. refusing.Select(h => Fact(h, "operatingSystem", $"{h.Name} starts", h.Profile!.VmVersions.IsEmpty ? "no such version" : VmVersions.List(h), $"contains {version}", "Win32_OperatingSystem.BuildNumber")),
        ],
        Affected = [.. refusing.Select(h => new AffectedObject(AffectedRole.Cause, h.Identity))],
    };

    public override ImmutableArray<RuleCase> Cases => [.. base.Cases, .. FarmExamples.Select(e => RuleCase.Of(this, e))];

    public override ImmutableArray<Example<ClusterSubject>> Examples { get; } =
    [
        Fires(Severity.Error, "version 10.0 in a cluster of 2022 and 2019", Cluster("10.0", Other("2019"))),
        Passes("version 9.0 in the same cluster", Cluster("9.0", Other("2019"))),
        Fires(Severity.Error, "version 5.0 of a 2019 node beside 2022", Given.Cluster(Node("2019", "5.0"), Other("2022"))),
        Passes("the older node is no possible owner", Cluster("10.0", Other("2019"), ["N0"])),
        Passes("the older node is down", Down(Cluster("10.0", Other("2019")))),
        CannotTell("a possible owner that no agent reads", Cluster("10.0", null)),
        CannotTell("a cluster that no node can read any more", Given.Unread(Cluster("10.0", Other("2019")))),
        CannotTell("a VM that does not say its version", Cluster(null, Other("2022"))),
    ];

    private static ImmutableArray<Example<FarmSubject>> FarmExamples { get; } =
    [
        new("version 10.0 that replicates to 2019", Farm("10.0", "b.lab.example"), "fires Warning"),
        new("version 9.0 that replicates to 2019", Farm("9.0", "b.lab.example"), "passes"),
        new("version 10.0 beside 2019, both tagged migration:east", Farm("10.0", null), "fires Warning") { Settings = new() { Tags = new RuleSettings().Tags.Add("a", ["migration:east"]).Add("b", ["migration:east"]) } },
        new("no partner at all", Farm("10.0", null), "does not apply to"),
    ];

    private static HostReading Node(string release, string? version, ImmutableArray<string>? owners = null) => Given.Host(release).With(Sample.Vm with { ConfigurationVersion = version })
        .With(new ClusterView { Id = "c", Name = "LAB", VirtualMachines = [new(Sample.VmId, "SQL01") { PossibleOwners = owners }] });

    private static HostReading Other(string release) => Given.Host(release).With(Array.Empty<VirtualMachine>());

    private static ClusterSubject Cluster(string? version, HostReading? other, ImmutableArray<string>? owners = null) => Given.Cluster(Node("2022", version, owners), other);

    private static ClusterSubject Down(ClusterSubject cluster) => cluster with { Members = [cluster.Members[0], cluster.Members[1] with { Node = cluster.Members[1].Node with { State = ClusterNodeState.Down } }] };

    private static FarmSubject Farm(string version, string? replica) => new(
    [
        new(Given.Host().With(Sample.Vm with { ConfigurationVersion = version, Replication = replica is null ? null : new() { Mode = ReplicationMode.Primary, ReplicaServer = replica } }) with { Id = "a", Name = "A" }),
        new(Other("2019") with { Id = "b", Name = "B", ComputerSystem = Sample.Read(Sample.Host.ComputerSystem.Content! with { NetBiosName = "B" }) }),
    ]);
}

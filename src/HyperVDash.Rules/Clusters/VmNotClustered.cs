using System.Collections.Immutable;
using HyperVDash.Model;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Replication;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;
using HyperVDash.Rules.Volumes;

namespace HyperVDash.Rules.Clusters;

public sealed class VmNotClustered : OneVerdictRule<VirtualMachineSubject>
{
    private static readonly TimeSpan Young = TimeSpan.FromHours(24);

    public override RuleCard Card { get; } = new("HVD304", "vm-on-node-not-clustered", RuleScope.VirtualMachine, RuleKind.Configuration)
    {
        Title = "VM on a cluster node is not highly available",
        Why = "It stays down when the node fails, and it blocks draining the node.",
        Fix = "Add the VM to the cluster; move its files to shared storage first if they are not there.",
        Quiet = "Hosts outside clusters; VMs tagged ha:none, such as a domain controller per node, or vm:template; test VMs of a replica; VMs younger than 24 h.",
        Sections = ["virtualMachines", "cluster", "devices"],
        Mentions = ["operatingSystem"],
        Severities = [Severity.Info, Severity.Warning],
        Origin = "Field practice; published steps to make a VM highly available",
    };

    public override Verdict Decide(VirtualMachineSubject subject, RuleContext context) =>
        Unreadable(subject.Host, context, "virtualMachines", "cluster", "devices") ?? Judge(subject, context);

    private static Verdict Judge(VirtualMachineSubject subject, RuleContext context)
    {
        var (vm, host) = (subject.Vm, subject.Host);
        if (host.Reading.Cluster.Content!.VirtualMachines is null)
        {
            return NotSaid("cluster", "its VMs");
        }

        if (host.Clustered.ContainsKey(vm.Id))
        {
            return Verdict.Passed;
        }

        if (Excuse(vm, context) is { } excuse)
        {
            return new Verdict.NotApplicable(excuse);
        }

        var files = new[] { vm.ConfigurationPath }.Concat(host.DrivesOf[vm.Id].Where(d => d.Kind == DriveKind.Disk).Select(d => d.Path)).Where(p => p is { Length: > 0 }).Select(p => p!).ToList();
        var bound = files.FindAll(f => !FilePlace.Of(host, f).IsReachableFromOthers);
        bool isReady = bound.Count == 0 && files.Count > 0 && host.DrivesOf[vm.Id].All(d => d.Content != DriveContent.PassThrough);
        return new Verdict.Fire("single", isReady ? Severity.Warning : Severity.Info, $"{vm.Name} runs on a node of {host.Reading.Cluster.Content!.Name} but is not highly available{(isReady ? ", although its files are on shared storage" : "")}")
        {
            Impact = $"It stays down when {host.Name} fails.",
            Remedy = Mend(host, RemedyRisk.Online, isReady ? "Add it to the cluster." : "Move its files to shared storage, then add it to the cluster.", "Add it with Configure a Service or Application in Failover Cluster Management, after its files are on a disk of the cluster.",
                [
                    .. isReady ? Array.Empty<string>() : [PowerShell.Line($"Move-VMStorage -ComputerName {host} -VMName {vm.Name} -DestinationStoragePath {$@"C:\ClusterStorage\Volume1\{vm.Name}"}")],
                    PowerShell.Line($"Add-ClusterVirtualMachineRole -Cluster {host.Reading.Cluster.Content!.Name} -VMId {vm.Id}"),
                ]),
            Evidence =
            [
                Fact(host, "cluster", "Resource of the cluster", "none", "one", "MSCluster_Resource.PrivateProperties"),
                .. files.Take(10).Select(f => Fact(host, "devices", "File", $"{VisibleText.Of(f)} ({FilePlace.KindOf(host, f).ToString().ToLowerInvariant()})")),
            ],
        };
    }

    private static string? Excuse(VirtualMachine vm, RuleContext context) =>
        context.Settings.HasTag(vm.Id.ToString(), "ha:none") ? "Tagged ha:none."
        : context.Settings.HasTag(vm.Id.ToString(), "vm:template") ? "A template."
        : vm.Replication?.Mode == ReplicationMode.TestReplica ? "The test VM of a replica."
        : vm.CreatedAt is { } created && !context.Reached(created + Young) ? "Younger than 24 h."
        : null;

    public override ImmutableArray<Example<VirtualMachineSubject>> Examples { get; } =
    [
        Fires(Severity.Warning, "a VM on a shared volume that is not clustered", Vm(@"C:\ClusterStorage\V1\a.vhdx")),
        Skips("a VM tagged ha:none", Vm(@"C:\ClusterStorage\V1\a.vhdx"), Given.Tagged("ha:none")),
        Fires(Severity.Info, "a VM on a drive of the node", Vm(@"D:\VMs\a.vhdx")),
        Fires(Severity.Info, "one disk of two on a drive of the node", Vm(@"C:\ClusterStorage\V1\a.vhdx", @"D:\VMs\b.vhdx")),
        Passes("a clustered VM", Given.Host().With(Sample.Vm).WithClusteredVm().Vm()),
        Skips("a VM made 23 hours ago", Vm(v => v with { CreatedAt = Sample.Now.AddHours(-23) }, @"C:\ClusterStorage\V1\a.vhdx")),
        Fires(Severity.Warning, "a VM made 24 hours ago", Vm(v => v with { CreatedAt = Sample.Now.AddHours(-24) }, @"C:\ClusterStorage\V1\a.vhdx")),
        Skips("a host outside clusters", Given.Host().With(Sample.Vm).Vm()),
        CannotTell("a cluster that does not say its VMs", Given.Host().With(Sample.Vm).With(new ClusterView { Id = "c", Name = "LAB" }).Vm()),
        CannotTell("a cluster that may not be read", (Given.Host().With(Sample.Vm) with { Cluster = Sample.Failed<ClusterView>(SectionState.Denied, "no right") }).Vm()),
    ];

    private static VirtualMachineSubject Vm(params string[] disks) => Vm(v => v, disks);

    private static VirtualMachineSubject Vm(Func<VirtualMachine, VirtualMachine> change, params string[] disks) => Given.Host().With(change(Sample.Vm with { ConfigurationPath = @"C:\ClusterStorage\V1" }))
        .With([.. disks.Select((d, i) => Given.Disk(ControllerKind.Scsi, 0, i, d))]).With(new ClusterView { Id = "c", Name = "LAB", VirtualMachines = [] }).Vm();
}

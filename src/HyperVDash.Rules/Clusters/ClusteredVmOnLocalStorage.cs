using System.Collections.Immutable;
using HyperVDash.Model;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;
using HyperVDash.Rules.Volumes;

namespace HyperVDash.Rules.Clusters;

public sealed class ClusteredVmOnLocalStorage : OneVerdictRule<VirtualMachineSubject>
{
    private const string DiskResource = "Physical Disk";

    public override RuleCard Card { get; } = new("HVD305", "clustered-vm-on-local-storage", RuleScope.VirtualMachine, RuleKind.Configuration)
    {
        Title = "Clustered VM has a file that only one node can reach",
        Why = "A failover ends in a failed resource: the other node does not find the file.",
        Fix = "Move the VM's storage to a shared volume or a file share.",
        Quiet = "VMs that are not clustered; discs in DVD drives (HVD309). Where the VM's group holds a disk of the cluster, a drive letter cannot be told apart from it: which volume is on which disk is not collected.",
        Sections = ["virtualMachines", "devices", "cluster"],
        Mentions = ["operatingSystem"],
        Severities = [Severity.Error],
        Origin = "Published requirements for highly available VMs",
    };

    public override Verdict Decide(VirtualMachineSubject subject, RuleContext context) =>
        Unreadable(subject.Host, context, "virtualMachines", "devices", "cluster") ?? Judge(subject);

    private static Verdict Judge(VirtualMachineSubject subject)
    {
        var (vm, host) = (subject.Vm, subject.Host);
        var cluster = host.Reading.Cluster.Content!;
        if (cluster.VirtualMachines is null)
        {
            return NotSaid("cluster", "its VMs");
        }

        if (!host.Clustered.TryGetValue(vm.Id, out var resource))
        {
            return NotFor("The VM is not clustered.");
        }

        if (host.Reading.Devices.Content!.Drives is null)
        {
            return NotSaid("devices", "the VM's drives");
        }

        var files = FilesOf(subject).ToList();
        var bound = files.FindAll(f => FilePlace.KindOf(host, f.Path) is FilePlaceKind.Local);
        return bound.Count > 0 && HoldsDisk(cluster, resource) ? new Verdict.Unknown("cluster", $"Whether {VisibleText.Of(bound[0].Path)} is on the disk of the VM's group is not collected.")
            : bound.Count > 0 && cluster.Resources is null ? NotSaid("cluster", "its disks")
            : bound.Count > 0 ? Fire(subject, files, bound)
            : host.DrivesOf[vm.Id].FirstOrDefault(IsNotSaid) is { } silent ? NotSaid("devices", $"which file is at {Slot.Of(silent)}")
            : files.Exists(f => FilePlace.KindOf(host, f.Path) == FilePlaceKind.Unknown) || vm.ConfigurationPath is null ? NotSaid("virtualMachines", "where all files of the VM are")
            : Verdict.Passed;
    }

    private static bool IsNotSaid(Drive drive) => drive.Kind is DriveKind.Disk or DriveKind.Floppy && (drive.Content == DriveContent.Unknown || drive is { Content: DriveContent.Image, Path: null or "" });

    private static bool HoldsDisk(ClusterView cluster, ClusteredVirtualMachine resource) => resource.Group is not null
        && (cluster.Resources ?? []).Any(r => DiskResource.Equals(r.Type, StringComparison.OrdinalIgnoreCase) && resource.Group.Equals(r.Group, StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<(string What, string Path, string Section)> FilesOf(VirtualMachineSubject vm) =>
        new[] { ("Configuration", vm.Vm.ConfigurationPath, "virtualMachines"), ("Checkpoints", vm.Vm.CheckpointPath, "virtualMachines"), ("Smart paging", vm.Vm.SmartPagingPath, "virtualMachines") }
            .Concat(vm.Host.DrivesOf[vm.Vm.Id].Where(d => d.Kind is DriveKind.Disk or DriveKind.Floppy && d.Content == DriveContent.Image).Select(d => (d.Kind == DriveKind.Floppy ? "Floppy drive" : $"Disk at {Slot.Of(d)}", d.Path, "devices")))
            .Where(f => f.Item2 is { Length: > 0 }).Select(f => (f.Item1, f.Item2!, f.Item3));

    private static Verdict.Fire Fire(VirtualMachineSubject subject, List<(string What, string Path, string Section)> files, List<(string What, string Path, string Section)> bound)
    {
        var (vm, host) = (subject.Vm, subject.Host);
        return new("local", Severity.Error, $"{vm.Name} is clustered, but {VisibleText.Of(bound[0].Path)}{(bound.Count > 1 ? $" and {bound.Count - 1} more of its paths are" : " is")} on a drive of {host.Name}")
        {
            Impact = "It does not start on another node.",
            Remedy = bound.TrueForAll(f => f.What == "Floppy drive")
                ? Mend(host, RemedyRisk.NeedsVirtualMachineOff, "Take the image out of the floppy drive.", "Take the image out of the floppy drive in the VM's settings.", PowerShell.Line($"Set-VMFloppyDiskDrive -ComputerName {host} -VMName {vm.Name} -Path $null"))
                : Mend(host, RemedyRisk.Online, "Move the VM's storage to a shared volume.", "Move the VM's files to a disk of its cluster group: export it, import it from there, and refresh the configuration in Failover Cluster Management.",
                    PowerShell.Line($"Move-VMStorage -ComputerName {host} -VMName {vm.Name} -DestinationStoragePath {$@"C:\ClusterStorage\Volume1\{vm.Name}"}")),
            Evidence = [.. files.OrderBy(f => bound.Contains(f) ? 0 : 1).Take(12).Select(f => Fact(host, f.Section, f.What, $"{VisibleText.Of(f.Path)} ({FilePlace.KindOf(host, f.Path).ToString().ToLowerInvariant()})", bound.Contains(f) ? "on storage that every node reaches" : null))],
        };
    }

    public override ImmutableArray<Example<VirtualMachineSubject>> Examples { get; } =
    [
        Fires(Severity.Error, "a clustered VM with a disk on D:", Vm(@"D:\VMs\a.vhdx")),
        Passes("a clustered VM on a file server", Vm(@"\\sofs\vm\a\a.vhdx")),
        Passes("a clustered VM on a shared volume", Vm(@"C:\ClusterStorage\V1\a\a.vhdx")),
        Fires(Severity.Error, "a folder of that name on another drive", Vm(@"D:\ClusterStorage\a\a.vhdx")),
        Passes("a shared volume below another root", Vm(@"D:\Shared\V1\a\a.vhdx", v => v with { ConfigurationPath = @"D:\Shared\V1\a" }, View with { SharedVolumesRoot = @"D:\Shared" })),
        Fires(Severity.Error, "a folder whose name only begins like that of shared volumes", Vm(@"C:\ClusterStorage2\a\a.vhdx")),
        Fires(Severity.Error, "only smart paging on D:", Vm(@"C:\ClusterStorage\V1\a\a.vhdx", v => v with { SmartPagingPath = @"D:\Paging" })),
        Skips("a VM that is not clustered", Given.Host().With(Sample.Vm).With(Given.Disk(ControllerKind.Scsi, 0, 0, @"D:\VMs\a.vhdx")).With(View with { VirtualMachines = [] }).Vm()),
        CannotTell("a group that holds a disk of the cluster", Vm(@"D:\VMs\a.vhdx", null, View with { Resources = [new("Cluster Disk 3", DiskResource, ClusterResourceState.Online) { Group = "SQL01" }] })),
        CannotTell("a disk that does not say its file", Vm(@"C:\ClusterStorage\V1\a\a.vhdx", content: DriveContent.Unknown)),
        CannotTell("a VM that does not say where its configuration is", Vm(@"C:\ClusterStorage\V1\a\a.vhdx", v => v with { ConfigurationPath = null })),
        CannotTell("a cluster that may not be read", (Given.Host().With(Sample.Vm) with { Cluster = Sample.Failed<ClusterView>(SectionState.Denied, "no right") }).Vm()),
    ];

    private static ClusterView View { get; } = new() { Id = "c", Name = "LAB", Resources = [], VirtualMachines = [new(Sample.VmId, "Virtual Machine SQL01") { Group = "SQL01", OwnerNode = "HV01" }] };

    private static VirtualMachineSubject Vm(string disk, Func<VirtualMachine, VirtualMachine>? change = null, ClusterView? view = null, DriveContent content = DriveContent.Image) =>
        Given.Host().With((change ?? (v => v))(Sample.Vm with { ConfigurationPath = @"C:\ClusterStorage\V1\a", CheckpointPath = null, SmartPagingPath = null })).With(Given.Disk(ControllerKind.Scsi, 0, 0, disk) with { Content = content }).With(view ?? View).Vm();
}

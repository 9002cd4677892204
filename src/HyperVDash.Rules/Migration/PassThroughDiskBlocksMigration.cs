using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Volumes;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Migration;

public sealed class PassThroughDiskBlocksMigration : OneVerdictRule<DriveSubject>
{
    private const string DiskResource = "Physical Disk";

    public override RuleCard Card { get; } = new("HVD310", "passthrough-blocks-migration", RuleScope.Drive, RuleKind.Configuration)
    {
        Title = "Pass-through disk prevents migration, checkpoints and host backup",
        Why = "The disk binds the VM to hosts that see the LUN; checkpoints and backups of the host leave it out.",
        Fix = "Convert it to a virtual disk with the VM off; or accept it with the tag disk:passthrough-ok.",
        Quiet = "VMs tagged disk:passthrough-ok.",
        Sections = ["devices", "virtualMachines"],
        Mentions = ["cluster", "volumes", "operatingSystem"],
        Severities = [Severity.Warning, Severity.Error],
        Origin = "Field notes of December 2007, first post; published limits of checkpoints; published troubleshooting of live migration",
    };

    public override Verdict Decide(DriveSubject subject, RuleContext context) =>
        Unreadable(subject.Host, context, "virtualMachines", "devices") ?? Judge(subject, context);

    private static Verdict Judge(DriveSubject subject, RuleContext context)
    {
        var (drive, vm, host) = (subject.Drive, subject.Vm, subject.Host);
        if (drive.Kind != DriveKind.Disk || drive.Content == DriveContent.Empty)
        {
            return NotFor("Not a hard disk.");
        }

        if (drive.Content != DriveContent.PassThrough)
        {
            return drive.Content == DriveContent.Unknown ? NotSaid("devices", "what is in the drive") : Verdict.Passed;
        }

        if (context.Settings.HasTag(vm.Id.ToString(), "disk:passthrough-ok"))
        {
            return NotFor("Accepted by tag disk:passthrough-ok.");
        }

        var disk = (host.Reading.Volumes.Content?.Disks ?? []).FirstOrDefault(d => d.Number == drive.HostDiskNumber);
        var resource = host.Clustered.GetValueOrDefault(vm.Id);
        bool isLost = resource is not null && (disk?.IsClustered == false || (host.Reading.Cluster.Content?.Resources is { } resources && !HoldsDisk(resources, resource)));
        string name = drive.HostDiskNumber is { } number ? string.Create(CultureInfo.InvariantCulture, $"disk {number} of the host") : "a disk of the host";
        return new Verdict.Fire("passThrough", isLost ? Severity.Error : Severity.Warning, $"{vm.Name} uses {name} at {Slot.Of(drive)}{(isLost ? ", which is no disk of the VM's cluster group" : "")}")
        {
            Impact = isLost ? "The VM does not start on another node." : "It is bound to hosts that see the LUN, and checkpoints and backups of the host leave the disk out.",
            Remedy = Mend(host, RemedyRisk.NeedsVirtualMachineOff, $"Shut {vm.Name} down, copy the disk to a virtual one and attach that; or accept it with the tag disk:passthrough-ok.", $"Shut {vm.Name} down, make a virtual disk with “Copy the contents of the specified physical disk”, and attach that.",
                PowerShell.Line($"New-VHD -ComputerName {host} -Path '<file>.vhdx' -SourceDisk {drive.HostDiskNumber} -Fixed")),
            Evidence =
            [
                Fact(host, "devices", "Disk of the host", drive.HostDiskNumber?.ToString(CultureInfo.InvariantCulture), "a virtual disk", "Msvm_DiskDrive.DriveNumber"),
                Fact(host, "volumes", "Serial number, size", disk is null ? null : $"{disk.SerialNumber ?? "not said"}, {disk.Size?.ToString() ?? "not said"}", null, "MSFT_Disk.SerialNumber"),
                .. resource is null ? Array.Empty<Evidence>() : [Fact(host, "cluster", "Disk of the cluster", disk?.IsClustered is { } clustered ? clustered ? "yes" : "no" : null, "yes", "MSFT_Disk.IsClustered"), Fact(host, "cluster", "Group of the VM", resource.Group)],
            ],
        };
    }

    private static bool HoldsDisk(ImmutableArray<ClusterResource> resources, ClusteredVirtualMachine vm) =>
        vm.Group is null || resources.Any(r => DiskResource.Equals(r.Type, StringComparison.OrdinalIgnoreCase) && vm.Group.Equals(r.Group, StringComparison.OrdinalIgnoreCase));

    public override ImmutableArray<Example<DriveSubject>> Examples { get; } =
    [
        Fires(Severity.Error, "disk 4 of a clustered VM, not in its group", Drive(isClustered: false, [])),
        Passes("a virtual disk", Given.Host().With(Sample.Vm).With(Given.Disk(ControllerKind.Scsi, 0, 0)).Drive()),
        Fires(Severity.Warning, "a disk of the cluster in the VM's group", Drive(true, [new("Cluster Disk 3", DiskResource, ClusterResourceState.Online) { Group = "SQL01" }])),
        Fires(Severity.Error, "a disk of the cluster in another group", Drive(true, [new("Cluster Disk 3", DiskResource, ClusterResourceState.Online) { Group = "Available Storage" }])),
        Fires(Severity.Warning, "a VM that is not clustered", Given.Host().With(Sample.Vm).With(PassThrough).Drive()),
        Skips("an accepted one", Given.Host().With(Sample.Vm).With(PassThrough).Drive(), Given.Tagged("disk:passthrough-ok")),
        CannotTell("a drive whose content was not said", Given.Host().With(Sample.Vm).With(PassThrough with { Content = DriveContent.Unknown }).Drive()),
        CannotTell("VMs that may not be read", new(PassThrough, Sample.Vm, new(Given.Host() with { VirtualMachines = Sample.Failed<Model.VirtualMachines.VirtualMachineList>(SectionState.Denied, "no right") }))),
    ];

    private static Drive PassThrough => Given.Disk(ControllerKind.Scsi, 0, 1, null) with { Content = DriveContent.PassThrough, HostDiskNumber = 4 };

    private static DriveSubject Drive(bool? isClustered, ClusterResource[] resources) => (Given.Host().With(Sample.Vm).With(PassThrough)
        .With(new ClusterView { Id = "c", Name = "LAB", VirtualMachines = [new(Sample.VmId, "Virtual Machine SQL01") { Group = "SQL01" }], Resources = [.. resources] }) with
    {
        Volumes = Sample.Read(Sample.Host.Volumes.Content! with { Disks = [new HostDisk(4) { IsClustered = isClustered, SerialNumber = "CT000004" }] }),
    }).Drive();
}

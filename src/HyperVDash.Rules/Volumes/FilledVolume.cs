using System.Collections.Immutable;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Units;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Rules.Volumes;

/// <summary>A volume with the files of VMs on it.</summary>
/// <param name="Host">Who told of it.</param>
/// <param name="Section">Where it was read.</param>
internal sealed record FilledVolume(ObjectRef Identity, HostSubject Host, string Section, ByteSize? Size, ByteSize? Free, ImmutableArray<VmFile> Files)
{
    /// <summary>Part in use, in percent; null: size or free space was not said.</summary>
    public double? UsedPercent => Size is { Bytes: > 0 and var size } && Free is { } free ? 100.0 * (size - free.Bytes) / size : null;

    public IEnumerable<VirtualMachineSubject> Vms => Files.Select(f => f.Vm).DistinctBy(v => v.Vm.Id);

    /// <summary>Its VMs and their drives: what stops when it is full.</summary>
    public ImmutableArray<AffectedObject> Impacted =>
        [.. Vms.Select(v => v.Identity).Concat(Files.Where(f => f.Drive is not null).Select(f => new DriveSubject(f.Drive!, f.Vm.Vm, f.Vm.Host).Identity)).Select(o => new AffectedObject(AffectedRole.Impacted, o))];

    /// <summary>The volumes that only this host has. Reads <c>volumes</c>, <c>virtualMachines</c>, <c>devices</c> and <c>cluster</c>.</summary>
    public static IEnumerable<FilledVolume> OfHost(HostSubject host) =>
        from file in VmFile.Of(host)
        where FilePlace.KindOf(host, file.Path) == FilePlaceKind.Local
        let volume = FilePlace.VolumeOf(host, file.Path)
        where volume is not null
        group file by volume into files
        orderby files.Key.Path, files.Key.Id
        select new FilledVolume(
            new(ObjectKind.Volume, $"{host.Id}/{files.Key.Id}".ToLowerInvariant(), $"{files.Key.Path ?? files.Key.Label ?? files.Key.Id} on {host.Name}", host.Id), host, "volumes", files.Key.Size, files.Key.Free, [.. files]);

    /// <summary>Drives or volumes that hold files of VMs and are not listed, in words. Reads as <see cref="OfHost"/>.</summary>
    public static string? Unlisted(HostSubject host)
    {
        var lost = VmFile.Of(host).Where(f => FilePlace.KindOf(host, f.Path) == FilePlaceKind.Local && FilePlace.VolumeOf(host, f.Path) is null)
            .Select(f => FilePlace.RootOf(f.Path)).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase).Take(5).ToList();
        return lost.Count == 0 ? null : string.Join(", ", lost);
    }

    /// <summary>The shared volumes of a cluster with the files of the VMs of all nodes given. Reads <c>virtualMachines</c>, <c>devices</c> and <c>cluster</c>.</summary>
    public static IEnumerable<FilledVolume> OfCluster(ClusterSubject cluster, IReadOnlyCollection<HostSubject> nodes) =>
        from file in nodes.SelectMany(VmFile.Of)
        let volume = FilePlace.SharedOf(cluster.Cluster, file.Path)
        where volume is not null
        group file by volume into files
        orderby files.Key.Path, files.Key.Name
        select new FilledVolume(IdentityOf(cluster, files.Key), nodes.First(), "cluster", files.Key.Size, files.Key.Free, [.. files]);

    public static ObjectRef IdentityOf(ClusterSubject cluster, SharedVolume volume) =>
        new(ObjectKind.Volume, $"{cluster.Cluster.Id}/{volume.VolumeId ?? volume.Path ?? volume.Name}".ToLowerInvariant(), $"{volume.Path ?? volume.Name} of {cluster.Cluster.Name}");
}

/// <summary>A file or folder of a VM.</summary>
/// <param name="Drive">Null: its configuration or its checkpoints.</param>
internal sealed record VmFile(VirtualMachineSubject Vm, Drive? Drive, string Path)
{
    /// <summary>Configuration, checkpoints and virtual disks of every VM of a host. Discs in DVD drives belong to nobody.</summary>
    public static IEnumerable<VmFile> Of(HostSubject host) =>
        (host.Reading.VirtualMachines.Content?.Items ?? []).SelectMany(v => Of(new VirtualMachineSubject(v, host)));

    private static IEnumerable<VmFile> Of(VirtualMachineSubject vm)
    {
        if (vm.Vm.ConfigurationPath is { Length: > 0 } configuration)
        {
            yield return new VmFile(vm, null, configuration);
        }

        if (vm.Vm.CheckpointPath is { Length: > 0 } checkpoints)
        {
            yield return new VmFile(vm, null, checkpoints);
        }

        foreach (var drive in vm.Host.DrivesOf[vm.Vm.Id])
        {
            if (drive is { Kind: DriveKind.Disk, Path.Length: > 0 })
            {
                yield return new VmFile(vm, drive, drive.Path);
            }
        }
    }
}

using System.Collections.Immutable;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Units;
using HyperVDash.Model.Volumes;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Rules.Volumes;

/// <summary>A volume with the files of VMs on it.</summary>
/// <param name="Host">Who told of it.</param>
/// <param name="Section">Where it was read.</param>
/// <param name="Find">Names the files, for the few volumes of which there is something to say.</param>
internal sealed record FilledVolume(ObjectRef Identity, HostSubject Host, string Section, ByteSize? Size, ByteSize? Free, Func<IEnumerable<VmFile>> Find)
{
    public ImmutableArray<VmFile> Files => field.IsDefault ? field = [.. Find()] : field;

    /// <summary>Part in use, in percent; null: size or free space was not said.</summary>
    public double? UsedPercent => Size is { Bytes: > 0 and var all } && Free is { } unused ? 100.0 * (all - unused.Bytes) / all : null;

    public IEnumerable<VirtualMachineSubject> Vms => Files.Select(f => f.Vm).DistinctBy(v => v.Vm.Id);

    /// <summary>Its VMs and their drives: what stops when it is full.</summary>
    public ImmutableArray<AffectedObject> Impacted =>
        [.. Vms.Select(v => v.Identity).Concat(Files.Where(f => f.Drive is not null).Select(f => new DriveSubject(f.Drive!, f.Vm.Vm, f.Vm.Host).Identity)).Select(o => new AffectedObject(AffectedRole.Impacted, o))];

    /// <summary>The same volume with only the files of one node's VMs.</summary>
    public FilledVolume On(HostSubject node) => new(Identity, Host, Section, Size, Free, () => Files.Where(f => f.Vm.Host == node));

    /// <summary>The volumes that only this host has. Reads <c>volumes</c>, <c>virtualMachines</c>, <c>devices</c> and <c>cluster</c>.</summary>
    /// <param name="unlisted">Drives or volumes that hold files of VMs and are not listed, in words; null: none.</param>
    public static ImmutableArray<FilledVolume> OfHost(HostSubject host, out string? unlisted)
    {
        var filled = new HashSet<Volume>(ReferenceEqualityComparer.Instance);
        List<string> lost = [];
        foreach (var vm in host.Reading.VirtualMachines.Content?.Items ?? [])
        {
            Look(vm.ConfigurationPath);
            Look(vm.CheckpointPath);
            foreach (var drive in host.DrivesOf[vm.Id])
            {
                Look(drive.Kind == DriveKind.Disk ? drive.Path : null);
            }
        }

        unlisted = lost.Count == 0 ? null : string.Join(", ", lost.Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase).Take(5));
        return
        [
            .. from volume in filled
               orderby volume.Path, volume.Id
               select new FilledVolume(
                   new(ObjectKind.Volume, $"{host.Id}/{volume.Id}".ToLowerInvariant(), $"{volume.Path ?? volume.Label ?? volume.Id} on {host.Name}", host.Id), host, "volumes", volume.Size, volume.Free,
                   () => VmFile.Of(host).Where(f => FilePlace.KindOf(host, f.Path) == FilePlaceKind.Local && ReferenceEquals(FilePlace.VolumeOf(host, f.Path), volume))),
        ];

        void Look(string? path)
        {
            if (path is not { Length: > 0 } || FilePlace.KindOf(host, path) != FilePlaceKind.Local)
            {
                return;
            }

            if (FilePlace.VolumeOf(host, path) is { } volume)
            {
                filled.Add(volume);
            }
            else
            {
                lost.Add(FilePlace.RootOf(path));
            }
        }
    }

    /// <summary>The shared volumes of a cluster with the files of the VMs of all nodes given. Reads <c>virtualMachines</c>, <c>devices</c> and <c>cluster</c>.</summary>
    public static IEnumerable<FilledVolume> OfCluster(ClusterSubject cluster, IReadOnlyCollection<HostSubject> nodes) =>
        from file in nodes.SelectMany(VmFile.Of)
        let volume = FilePlace.SharedOf(cluster.Cluster, file.Path)
        where volume is not null
        group file by volume into files
        orderby files.Key.Path, files.Key.Name
        select new FilledVolume(IdentityOf(cluster, files.Key), nodes.First(), "cluster", files.Key.Size, files.Key.Free, () => files);

    public static ObjectRef IdentityOf(ClusterSubject cluster, SharedVolume volume) =>
        new(ObjectKind.Volume, $"{cluster.Cluster.Id}/{volume.VolumeId ?? volume.Path ?? volume.Name}".ToLowerInvariant(), $"{volume.Path ?? volume.Name} of {cluster.Cluster.Name}");
}

/// <summary>A file or folder of a VM.</summary>
/// <param name="Drive">Null: its configuration or its checkpoints.</param>
internal sealed record VmFile(VirtualMachineSubject Vm, Drive? Drive, string Path)
{
    /// <summary>Configuration, checkpoints and virtual disks of every VM of a host. Discs in DVD drives belong to nobody.</summary>
    public static List<VmFile> Of(HostSubject host)
    {
        List<VmFile> files = [];
        foreach (var machine in host.Reading.VirtualMachines.Content?.Items ?? [])
        {
            var vm = new VirtualMachineSubject(machine, host);
            if (machine.ConfigurationPath is { Length: > 0 } configuration)
            {
                files.Add(new VmFile(vm, null, configuration));
            }

            if (machine.CheckpointPath is { Length: > 0 } checkpoints)
            {
                files.Add(new VmFile(vm, null, checkpoints));
            }

            foreach (var drive in host.DrivesOf[machine.Id])
            {
                if (drive is { Kind: DriveKind.Disk, Path.Length: > 0 })
                {
                    files.Add(new VmFile(vm, drive, drive.Path));
                }
            }
        }

        return files;
    }
}

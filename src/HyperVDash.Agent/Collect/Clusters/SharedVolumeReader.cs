using System.Collections.Immutable;
using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Cim;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Units;

namespace HyperVDash.Agent.Collect.Clusters;

/// <summary>Cluster shared volumes with the partition and the disk resource of each.</summary>
internal static class SharedVolumeReader
{
    private const string Prefix = "cluster/volume/";

    /// <summary>Empty where the release has no such class; null if it was not read.</summary>
    public static ImmutableArray<SharedVolume>? Read(SectionSources sources)
    {
        var tables = sources.Tables;
        var table = tables[Plan.SharedVolumes];
        if (!table.IsKnown)
        {
            return table.IsAbsent ? [] : null;
        }

        var partitionOf = Part(tables[Plan.SharedVolumeToPartition], "Path");
        var resourceOf = Part(tables[Plan.SharedVolumeToResource], "Name");
        var partitions = tables[Plan.DiskPartitions].Rows.Where(r => r.String("Path") is not null)
            .DistinctBy(r => r.String("Path"), StringComparer.OrdinalIgnoreCase)
            .ToDictionary(r => r.String("Path")!, StringComparer.OrdinalIgnoreCase);
        ImmutableArray<SharedVolume> volumes =
        [
            .. from row in table.Rows
               let key = row.String("Name")
               where key is not null
               orderby key.ToUpperInvariant()
               let partition = partitionOf.GetValueOrDefault(key) is { } path ? partitions.GetValueOrDefault(path) : null
               select Volume(row, key, resourceOf.GetValueOrDefault(key), partition, sources),
        ];
        sources.Memory.KeepOnly(Prefix, volumes.Where(v => v.FaultSeenAt is not null).Select(v => Prefix + KeyOf(v)).ToHashSet(StringComparer.OrdinalIgnoreCase));
        return volumes;
    }

    private static SharedVolume Volume(CimRow row, string key, string? resource, CimRow? partition, SectionSources sources)
    {
        string? id = Text.Cut(row.String("VolumeName")) is { Length: > 0 } name ? name : null;
        var fault = ClusterWords.Fault(row.Int64("FaultState"));

        // The key is the mount point on the releases seen; where it is a resource's name the partition says where it is mounted.
        string? path = key.Contains(@":\", StringComparison.Ordinal) ? key : partition?.Strings("MountPoints")?.FirstOrDefault(p => p.Length > 0) ?? partition?.String("Path");
        var unit = UnitOf(partition, id, sources);
        var volume = new SharedVolume(Text.Cut(resource ?? key)!)
        {
            Path = Text.Cut(path),
            VolumeId = id,
            FileSystem = Text.Cut(partition?.String("FileSystem")) is { Length: > 0 } system ? system : null,
            Size = Size(partition?.Int64("TotalSize"), unit),
            Free = Size(partition?.Int64("FreeSpace"), unit),
            Fault = fault,
            IsInBackup = row.Int32("BackupState") switch { 0 => false, 1 => true, _ => null },
        };
        return fault is SharedVolumeFault.Redirected or SharedVolumeFault.NoAccess
            ? volume with { FaultSeenAt = sources.Memory.Since(Prefix + KeyOf(volume), $"{fault}", sources.Host.Now) }
            : volume;
    }

    private static string KeyOf(SharedVolume volume) => volume.VolumeId ?? volume.Path ?? volume.Name;

    private static ByteSize? Size(long? value, long unit) => value is >= 0 && value <= long.MaxValue / unit ? new ByteSize(value.Value * unit) : null;

    /// <summary>
    /// Megabytes, as the 32 bits of the class suggest; but no document says so. Where the host's own list of volumes knows the size, the unit that fits it best is taken,
    /// and a number that 32 bits cannot hold is one of bytes.
    /// </summary>
    private static long UnitOf(CimRow? partition, string? volumeId, SectionSources sources)
    {
        const long MiB = 1 << 20;
        if (partition?.Int64("TotalSize") is not (> 0 and var total))
        {
            return MiB;
        }

        if (total > uint.MaxValue)
        {
            return 1;
        }

        var known = (sources.Before.Volumes.Content?.Items ?? []).FirstOrDefault(v => volumeId is not null && volumeId.Equals(v.Id, StringComparison.OrdinalIgnoreCase))?.Size;
        return known is { Bytes: > 0 and var bytes }
            ? new[] { MiB, 1024, 1 }.MinBy(unit => Math.Abs(Math.Log((double)total * unit / bytes)))
            : MiB;
    }

    private static Dictionary<string, string> Part(Table table, string key) => table.Rows
        .Select(r => (Whole: r.KeyOf("GroupComponent", "Name"), Part: r.KeyOf("PartComponent", key)))
        .Where(p => p.Whole is not null && p.Part is not null)
        .DistinctBy(p => p.Whole, StringComparer.OrdinalIgnoreCase)
        .ToDictionary(p => p.Whole!, p => p.Part!, StringComparer.OrdinalIgnoreCase);
}

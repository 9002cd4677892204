using System.Collections.Immutable;
using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Cim;
using HyperVDash.Model.Volumes;

namespace HyperVDash.Agent.Collect.Volumes;

/// <summary>The disks of a host, from the class of 2012 and later or from those before.</summary>
internal static class HostDiskReader
{
    private const int FirstBuildWithStorageClasses = 9200;
    private const string Storage = "root/Microsoft/Windows/Storage";
    private const string Cimv2 = "root/cimv2";

    private static readonly TableQuery Disks = new(Storage, "MSFT_Disk",
        "Number", "FriendlyName", "Size", "IsOffline", "IsClustered", "IsBoot", "IsSystem", "LogicalSectorSize", "PhysicalSectorSize", "SerialNumber", "UniqueId") { Identity = "Number", IsNeverEmpty = true };

    private static readonly TableQuery OldDisks = new(Cimv2, "Win32_DiskDrive", "Index", "DeviceID", "Model", "Size", "BytesPerSector", "SerialNumber") { Identity = "Index", IsNeverEmpty = true };

    // Its DeviceID is in the language of the host, so the number of the disk comes from DiskIndex.
    private static readonly TableQuery Partitions = new(Cimv2, "Win32_DiskPartition", "DeviceID", "DiskIndex", "BootPartition") { Identity = "DeviceID" };
    private static readonly TableQuery Letters = new(Cimv2, "Win32_LogicalDiskToPartition", "Antecedent", "Dependent");

    public static IEnumerable<TableQuery> Queries(HostFacts host) => HasStorageClasses(host) ? [Disks] : [OldDisks, Partitions, Letters];

    public static (ImmutableArray<HostDisk>? Disks, IEnumerable<string?> Gaps) Read(TableSet tables, HostFacts host)
    {
        if (HasStorageClasses(host))
        {
            var disks = tables[Disks];
            return (disks.IsKnown ? [.. disks.Rows.Where(r => r.Int32("Number") is >= 0).Select(Disk).OrderBy(d => d.Number)] : null, [Outcome.Gap("disks", disks)]);
        }

        var old = tables[OldDisks];
        var online = Online(tables);
        return (old.IsKnown ? [.. old.Rows.Where(r => r.Int32("Index") is >= 0).Select(r => OldDisk(r, online)).OrderBy(d => d.Number)] : null,
            [Outcome.Gap("disks", old), Outcome.Gap("partitions", tables[Partitions]), Outcome.Gap("drive letters", tables[Letters])]);
    }

    // A build that is not known is taken for a new one: an older host answers that it has no such namespace.
    private static bool HasStorageClasses(HostFacts host) => !host.IsV1 && host.Build is null or >= FirstBuildWithStorageClasses;

    private static HostDisk Disk(CimRow row) => new(row.Int32("Number")!.Value)
    {
        IsOffline = row.Boolean("IsOffline"),
        UniqueId = Trimmed(row.String("UniqueId")),
        SerialNumber = Trimmed(row.String("SerialNumber")),
        Name = Trimmed(row.String("FriendlyName")),
        Size = VolumeReader.Size(row.UInt64("Size")),
        LogicalSectorSize = row.Int32("LogicalSectorSize"),
        PhysicalSectorSize = row.Int32("PhysicalSectorSize"),
        IsClustered = row.Boolean("IsClustered"),
        IsSystem = (row.Boolean("IsSystem"), row.Boolean("IsBoot")) switch { (true, _) or (_, true) => true, (null, _) or (_, null) => null, _ => false },
    };

    /// <summary>Letters prove that the host uses the disk; without them it may be offline or just without a letter.</summary>
    private static HostDisk OldDisk(CimRow row, HashSet<int> online) => new(row.Int32("Index")!.Value)
    {
        IsOffline = online.Contains(row.Int32("Index")!.Value) ? false : null,
        SerialNumber = Trimmed(row.String("SerialNumber")),
        Name = Trimmed(row.String("Model")),
        Size = VolumeReader.Size(row.UInt64("Size")),
        LogicalSectorSize = row.Int32("BytesPerSector"),
    };

    private static HashSet<int> Online(TableSet tables)
    {
        var numbers = tables[Partitions].Rows.Where(r => r.String("DeviceID") is not null && r.Int32("DiskIndex") is not null)
            .DistinctBy(r => r.String("DeviceID"), StringComparer.OrdinalIgnoreCase)
            .ToDictionary(r => r.String("DeviceID")!, r => r.Int32("DiskIndex")!.Value, StringComparer.OrdinalIgnoreCase);
        return [.. tables[Letters].Rows.Select(r => r.KeyOf("Antecedent", "DeviceID")).OfType<string>().Where(numbers.ContainsKey).Select(id => numbers[id])];
    }

    private static string? Trimmed(string? text) => Text.Cut(text?.Trim()) is { Length: > 0 } name ? name : null;
}

using System.Globalization;
using HyperVDash.Lab.Hosts;
using HyperVDash.Lab.Scenarios.Description;

namespace HyperVDash.Lab.Scenarios.Rows;

/// <summary>Volumes, disks in the classes of old and new releases, and open shares.</summary>
internal static class VolumeRows
{
    public static void Write(HostTables t)
    {
        foreach (var (volume, i) in t.Description.Volumes.Select((v, i) => (v, i)))
        {
            WriteVolume(t, volume, i);
        }

        // CDs are volumes too; only the filter of the question leaves them out.
        t.Add(HostTables.Cimv2, new("Win32_Volume") { ["DeviceID"] = IdOf(t, "cd"), ["Name"] = @"E:\", ["DriveLetter"] = "E:", ["DriveType"] = 5, ["SystemName"] = t.Description.Name });
        foreach (var disk in DisksOf(t.Description))
        {
            WriteDisk(t, disk);
        }

        WriteConnections(t);
    }

    /// <summary>The disks of a host: as described, or those its volumes and its VMs need.</summary>
    public static IEnumerable<LabHostDisk> DisksOf(HostDescription d)
    {
        if (d.Disks is { } disks)
        {
            return disks;
        }

        var ofVolumes = d.Volumes.GroupBy(v => v.Disk).Select(g => new LabHostDisk(g.Key, (ulong)g.Sum(v => (long)v.SizeGb) + 1, IsOffline: false)).ToList();
        var passedThrough = d.Vms.SelectMany(v => v.Controllers).SelectMany(c => c.Drives).Select(drive => drive.HostDisk).OfType<int>().Distinct()
            .Where(n => ofVolumes.TrueForAll(o => o.Number != n)).Select(n => new LabHostDisk(n, 500, IsOffline: true));
        return [.. ofVolumes, .. passedThrough.OrderBy(p => p.Number)];
    }

    private static void WriteVolume(HostTables t, LabVolume volume, int number)
    {
        string id = IdOf(t, volume.Path ?? $"{number}");
        t.Add(HostTables.Cimv2, new("Win32_Volume")
        {
            ["DeviceID"] = id, ["Name"] = volume.Path ?? id, ["DriveLetter"] = volume.Letter, ["FileSystem"] = volume.FileSystem, ["DriveType"] = 3, ["Label"] = volume.Label,
            ["Capacity"] = volume.SizeGb << 30, ["FreeSpace"] = volume.FreeGb << 30, ["BlockSize"] = volume.AllocationUnit, ["SystemName"] = t.Description.Name,
        });
        if (volume.Letter is { } letter)
        {
            string partition = PartitionOf(t, volume.Disk, number);
            t.Add(HostTables.Cimv2, new("Win32_LogicalDisk")
            {
                ["DeviceID"] = letter, ["Name"] = letter, ["DriveType"] = 3, ["FileSystem"] = volume.FileSystem, ["Size"] = volume.SizeGb << 30, ["FreeSpace"] = volume.FreeGb << 30,
            });
            t.Add(HostTables.Cimv2, new("Win32_DiskPartition")
            {
                ["DeviceID"] = partition, ["Name"] = partition, ["DiskIndex"] = volume.Disk, ["Index"] = number, ["BootPartition"] = letter == "C:", ["Size"] = volume.SizeGb << 30,
            });
            t.Add(HostTables.Cimv2, new("Win32_LogicalDiskToPartition")
            {
                ["Antecedent"] = new LabReference("Win32_DiskPartition", ("DeviceID", partition)), ["Dependent"] = new LabReference("Win32_LogicalDisk", ("DeviceID", letter)),
            });
        }
    }

    // Windows writes this key in its own language.
    private static string PartitionOf(HostTables t, int disk, int number) => string.Format(CultureInfo.InvariantCulture, t.Words.Partition, disk, number);

    private static void WriteDisk(HostTables t, LabHostDisk disk)
    {
        string serial = $"CT{disk.Number.ToString("D6", CultureInfo.InvariantCulture)}";
        t.Add(HostTables.Cimv2, new("Win32_DiskDrive")
        {
            ["DeviceID"] = $@"\\.\PHYSICALDRIVE{disk.Number}", ["Name"] = $@"\\.\PHYSICALDRIVE{disk.Number}", ["Index"] = disk.Number, ["Model"] = disk.Model, ["Size"] = disk.SizeGb << 30,
            ["BytesPerSector"] = 512, ["SerialNumber"] = $"  {serial}", ["InterfaceType"] = "SCSI", ["Status"] = "OK",
        });
        if (t.Since("2012"))
        {
            t.Add("root/Microsoft/Windows/Storage", new("MSFT_Disk")
            {
                ["ObjectId"] = $@"{{1}}\\{t.Description.Name}\root/Microsoft/Windows/Storage/Providers_v2\WSP_Disk.ObjectId=""{disk.Number}""", ["Number"] = disk.Number,
                ["FriendlyName"] = disk.Model, ["Model"] = disk.Model, ["Size"] = disk.SizeGb << 30, ["IsOffline"] = disk.IsOffline, ["OfflineReason"] = disk.IsOffline ? 1 : 0,
                ["IsClustered"] = disk.IsClustered, ["IsBoot"] = disk.Number == 0, ["IsSystem"] = disk.Number == 0, ["LogicalSectorSize"] = disk.LogicalSectorSize,
                ["PhysicalSectorSize"] = disk.PhysicalSectorSize, ["SerialNumber"] = serial, ["UniqueId"] = Ids.Of($"disk/{t.Description.Name}/{disk.Number}").ToString("N").ToUpperInvariant(),
                ["HealthStatus"] = 0, ["BusType"] = 8,
            });
        }
    }

    private static void WriteConnections(HostTables t)
    {
        if (!t.Since("2012"))
        {
            return;
        }

        foreach (var connection in t.Description.SmbConnections)
        {
            var row = t.Add("root/Microsoft/Windows/SMB", new("MSFT_SmbConnection")
            {
                ["ServerName"] = connection.Server, ["ShareName"] = connection.Share, ["UserName"] = $@"LAB\{t.Description.Name}$", ["Dialect"] = connection.Dialect, ["NumOpens"] = 4UL,
            });
            if (t.Since("2012R2"))
            {
                row["ContinuouslyAvailable"] = connection.IsContinuouslyAvailable;
            }
        }
    }

    private static string IdOf(HostTables t, string volume) => $@"\\?\Volume{{{Ids.Of($"volume/{t.Description.Name}/{volume}")}}}\";
}

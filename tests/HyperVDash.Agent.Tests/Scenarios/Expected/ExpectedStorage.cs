using HyperVDash.Lab.Scenarios.Description;
using HyperVDash.Model.Disks;
using HyperVDash.Model.Jobs;
using HyperVDash.Model.Migration;
using HyperVDash.Model.Replication;
using HyperVDash.Model.Units;
using HyperVDash.Model.Volumes;

namespace HyperVDash.Agent.Tests.Scenarios.Expected;

/// <summary>Volumes, disks, image files, and what goes on with them.</summary>
internal static class ExpectedStorage
{
    private const long NotFound = 32779;

    public static VolumeList Volumes(DescribedHost h) => new()
    {
        Items =
        [
            .. h.Host.Volumes.Select(v => new Volume("")
            {
                Path = v.Path, Label = v.Label, FileSystem = v.FileSystem, Size = GiB(v.SizeGb), Free = GiB(v.FreeGb), AllocationUnit = (long)v.AllocationUnit, IsSystem = v.Path == @"C:\",
            }).OrderBy(v => v.Path ?? "~", StringComparer.OrdinalIgnoreCase),
        ],
        Disks = [.. h.Host.Disks!.Value.OrderBy(d => d.Number).Select(d => Disk(h, d))],
        SmbConnections = h.IsOld ? null :
        [
            .. h.Host.SmbConnections.OrderBy(c => c.Server, StringComparer.OrdinalIgnoreCase)
                .Select(c => new SmbConnection(c.Server, c.Share, c.Dialect) { IsContinuouslyAvailable = h.Since("2012R2") ? c.IsContinuouslyAvailable : null }),
        ],
    };

    private static HostDisk Disk(DescribedHost h, LabHostDisk disk)
    {
        var read = new HostDisk(disk.Number) { Name = disk.Model, Size = GiB(disk.SizeGb), LogicalSectorSize = 512 };
        return h.IsOld
            ? read with { IsOffline = h.Host.Volumes.Any(v => v.Disk == disk.Number && v.Letter is not null) ? false : null }
            : read with { IsOffline = disk.IsOffline, PhysicalSectorSize = (int)disk.PhysicalSectorSize, IsClustered = disk.IsClustered, IsSystem = disk.Number == 0 };
    }

    private static ByteSize GiB(ulong gib) => new((long)(gib << 30));

    public static VirtualDiskList VirtualDisks(DescribedHost h)
    {
        var files = LabFiles.Of(h.Host);
        var kinds = new SortedDictionary<string, LabDriveKind?>(StringComparer.OrdinalIgnoreCase);
        foreach (var vm in h.Host.Vms)
        {
            foreach (var drive in vm.Controllers.SelectMany(c => c.Drives).Where(d => d.Image is not null))
            {
                foreach (var node in vm.Checkpoints.Select(c => (Guid?)c.Id).Append(null))
                {
                    kinds.TryAdd(vm.ImageOf(drive, node)!, drive.Kind);
                }
            }

            if (vm.FloppyImage is { } floppy)
            {
                kinds.TryAdd(floppy, null);
            }
        }

        // Headers name parents, and those name theirs, as far as they can be read.
        var open = new Queue<string>(kinds.Where(k => k.Value == LabDriveKind.Disk).Select(k => k.Key));
        while (open.TryDequeue(out string? path))
        {
            if (files.TryGetValue(path, out var image) && IsReadable(image) && image.File.Parent is { } parent && kinds.TryAdd(parent, LabDriveKind.Disk))
            {
                open.Enqueue(parent);
            }
        }

        return new() { Items = [.. kinds.Select(k => File(h, files, k.Key, k.Value))] };
    }

    private static bool IsReadable(LabImage image) => image.File is { IsMissing: false, HeaderCode: null };

    private static VirtualDisk File(DescribedHost h, IReadOnlyDictionary<string, LabImage> files, string path, LabDriveKind? kind)
    {
        var image = files.GetValueOrDefault(path);
        bool isThere = image is { File.IsMissing: false };
        var read = new VirtualDisk(path) { FirstSeenAt = h.Now, Exists = isThere };
        read = !isThere ? read : read with
        {
            FileSize = new ByteSize((long)image!.FileBytes), ModifiedAt = image.File.ModifiedAt, IsWriteable = !image.File.IsReadOnly, IsCompressed = image.File.IsCompressed, IsEncrypted = image.File.IsEncrypted,
        };
        if (kind is not LabDriveKind.Disk)
        {
            return read with { Format = kind is null ? VirtualDiskFormat.Floppy : VirtualDiskFormat.Iso, ReadAt = h.Now, Fault = DiskFault.None };
        }

        if (!isThere || !IsReadable(image!))
        {
            return read with { ErrorCode = isThere ? image!.File.HeaderCode : NotFound, Fault = FaultOf(isThere ? image!.File.HeaderCode!.Value : NotFound) };
        }

        bool isFixed = image!.File.Type == LabDiskType.Fixed;
        long? chain = image.File.Type == LabDiskType.Differencing ? Chain(files, path) : null;
        return read with
        {
            Format = h.IsOld || path.EndsWith("vhd", StringComparison.OrdinalIgnoreCase) ? VirtualDiskFormat.Vhd : VirtualDiskFormat.Vhdx,
            Type = Enum.Parse<VirtualDiskType>($"{image.File.Type}"), MaximumSize = new ByteSize((long)image.MaximumBytes), ParentPath = image.File.Parent, ReadAt = h.Now,
            LogicalSectorSize = h.IsOld ? null : 512, PhysicalSectorSize = h.IsOld ? null : image.File.PhysicalSectorSize, BlockSize = h.IsOld ? null : isFixed ? 0 : 33554432,
            IsInUse = !h.IsOld ? null : !h.Since("2008R2") && h.Host.Vms.Any(v => v.HasWorker && v.Controllers.SelectMany(c => c.Drives).Any(d => path.Equals(v.ImageOf(d), StringComparison.OrdinalIgnoreCase))),
            ValidationCode = chain, Fault = DiskFault.None, ChainFault = chain is { } code ? FaultOf(code) : null,
        };
    }

    private static DiskFault FaultOf(long code) => code switch
    {
        0 => DiskFault.None, NotFound => DiskFault.NotFound, 32774 => DiskFault.InUse, 32768 => DiskFault.Unknown, 0xC03A000D => DiskFault.ParentNotFound,
        _ => throw new ArgumentOutOfRangeException(nameof(code), code, "The labs of chance have no such code."),
    };

    private static long Chain(IReadOnlyDictionary<string, LabImage> files, string path)
    {
        const long ParentNotFound = 0xC03A000D;
        for (string? file = path; file is not null; file = files[file].File.Parent)
        {
            if (!files.TryGetValue(file, out var image) || image.File.IsMissing)
            {
                return ParentNotFound;
            }

            if (image.File.ChainCode is { } code)
            {
                return code;
            }
        }

        return 0;
    }

    public static JobList Jobs(DescribedHost h) => new()
    {
        Items =
        [
            .. h.Host.Jobs.Where(j => j.State == 4 && !(h.IsOld && j.Kind == LabJobKind.Migration)).OrderBy(j => j.Id.ToString(), StringComparer.Ordinal).Select(j => new HyperVJob(j.Id.Upper())
            {
                TypeCode = j.Type, State = JobState.Running, PercentComplete = j.Percent, ProgressedAt = h.Now, StartedAt = j.StartedAt, VirtualMachineId = j.VmId, Caption = h.Words.VirtualMachineManagement,
            }),
        ],
    };

    public static LiveMigrationSettings? LiveMigration(DescribedHost h) => h.IsOld ? null : new()
    {
        IsEnabled = h.Host.Migration!.IsEnabled, Authentication = h.Host.Migration.Authentication == 0 ? MigrationAuthentication.CredSsp : MigrationAuthentication.Kerberos,
        MaximumMigrations = (int)h.Host.Migration.Maximum, MaximumStorageMigrations = 2, UsesCompression = h.Since("2012R2") ? true : null, UsesSmb = h.Since("2012R2") ? false : null, Networks = h.Host.Migration.Networks,
    };

    public static ReplicaServer? ReplicaServer(DescribedHost h) => h.IsOld ? null : new()
    {
        IsEnabled = h.Host.Replica.IsEnabled, HttpPort = 80, HttpsPort = 443, AllowedPrimaries = [.. h.Host.Replica.AllowedPrimaries.Order(StringComparer.OrdinalIgnoreCase)],
        Authentication = h.Host.Replica.Authentication switch { 1 => ReplicaAuthentication.Kerberos, 2 => ReplicaAuthentication.Certificate, _ => ReplicaAuthentication.Both },
        Statistics =
        [
            .. h.Host.Vms.Where(v => v.Replication?.Mode == 1).OrderBy(v => v.Id).Select(v => new ReplicationStatistics(v.Id)
            {
                Since = h.Host.BootedAt, Succeeded = v.Replication!.Succeeded, Missed = v.Replication.Missed, Pending = new ByteSize(v.Replication.PendingMb << 20), ReadAt = h.Now,
            }),
        ],
    };
}

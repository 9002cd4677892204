using HyperVDash.Cim;
using HyperVDash.Model.Disks;

namespace HyperVDash.Agent.Collect.Disks;

/// <summary>The facts in a header as the image service tells it: Msvm_VirtualHardDiskInfo of the older namespace, Msvm_VirtualHardDiskSettingData of the newer.</summary>
internal static class DiskHeader
{
    /// <summary>The note with what the header says; what it does not say is null.</summary>
    public static DiskNote Read(DiskNote note, CimRow header, bool isV1) => note with
    {
        Format = isV1 ? VirtualDiskFormat.Vhd : header.Int32("Format") switch
        {
            2 => VirtualDiskFormat.Vhd, 3 => VirtualDiskFormat.Vhdx, 4 => VirtualDiskFormat.VhdSet, _ => VirtualDiskFormat.Unknown,
        },
        Type = header.Int32("Type") switch
        {
            2 => VirtualDiskType.Fixed, 3 => VirtualDiskType.Dynamic, 4 => VirtualDiskType.Differencing, _ => VirtualDiskType.Unknown,
        },
        MaximumSize = Size(header, "MaxInternalSize"),
        ToldSize = Size(header, "FileSize") ?? note.ToldSize,
        ParentPath = header.String("ParentPath") is { Length: > 0 and <= Text.MaxLength } parent ? parent : null,
        BlockSize = header.Int64("BlockSize"),
        LogicalSectorSize = header.Int32("LogicalSectorSize"),
        PhysicalSectorSize = header.Int32("PhysicalSectorSize"),
        DiskId = header.Guid("VirtualDiskId"),
        IsInUse = isV1 ? header.Boolean("InUse") : null,
    };

    /// <summary>A number of bytes; null if it is none, or negative.</summary>
    public static long? Size(CimRow row, string name) => row.Int64(name) is >= 0 and var size ? size : null;
}

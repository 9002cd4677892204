namespace HyperVDash.Lab.Scenarios.Description;

/// <summary>A fixed volume of a host.</summary>
/// <param name="Path">Its mount point with a backslash at the end; null: none.</param>
/// <param name="Disk">Number of the host's disk it lies on.</param>
public sealed record LabVolume(string? Path, ulong SizeGb, ulong FreeGb, int Disk)
{
    public string FileSystem { get; init; } = "NTFS";

    public string? Label { get; init; }

    /// <summary>Bytes of an allocation unit.</summary>
    public ulong AllocationUnit { get; init; } = 4096;

    public string? Letter => Path is [_, ':', '\\'] ? Path[..2] : null;

    public static LabVolume System { get; } = new(@"C:\", 446, 198, 0);

    public static LabVolume Data { get; } = new(@"D:\", 7450, 3900, 1) { Label = "VMs" };
}

/// <summary>A disk of a host.</summary>
public sealed record LabHostDisk(int Number, ulong SizeGb, bool IsOffline)
{
    public string Model { get; init; } = "Contoso RAID Volume";

    public uint PhysicalSectorSize { get; init; } = 512;

    public uint LogicalSectorSize { get; init; } = 512;

    public bool IsClustered { get; init; }
}

/// <param name="Dialect">Major and minor, e.g. <c>3.1.1</c>.</param>
public sealed record LabSmbConnection(string Server, string Share, string Dialect, bool IsContinuouslyAvailable = true);

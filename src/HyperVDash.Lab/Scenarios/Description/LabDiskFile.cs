namespace HyperVDash.Lab.Scenarios.Description;

/// <summary>What a virtual disk file tells of itself, and its folder of it.</summary>
public sealed record LabDiskFile
{
    public LabDiskType Type { get; init; } = LabDiskType.Dynamic;

    /// <summary>What the guest sees.</summary>
    public double MaximumGb { get; init; } = 127;

    /// <summary>Null: all of a fixed disk, some of another.</summary>
    public double? FileGb { get; init; }

    /// <summary>Path of the parent of a differencing disk.</summary>
    public string? Parent { get; init; }

    /// <summary>Last write; null: when its VM was started or stopped.</summary>
    public DateTimeOffset? ModifiedAt { get; init; }

    public bool IsMissing { get; init; }

    public bool IsReadOnly { get; init; }

    public bool IsCompressed { get; init; }

    public bool IsEncrypted { get; init; }

    /// <summary>Code with which its header is refused, e.g. 32774; one of more than 16 bits is told by a job.</summary>
    public long? HeaderCode { get; init; }

    /// <summary>Code with which its chain of parents is refused, e.g. 0xC03A000E.</summary>
    public long? ChainCode { get; init; }

    public int PhysicalSectorSize { get; init; } = 4096;
}

/// <summary>As the header numbers them.</summary>
public enum LabDiskType { Fixed = 2, Dynamic = 3, Differencing = 4 }

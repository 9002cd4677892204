namespace HyperVDash.Model.Disks;

/// <summary>What the image service finds wrong with a virtual disk, from its return values and the error codes of virtual disks (0xC03A…).</summary>
public enum DiskFault
{
    /// <summary>Refused with a number that says nothing of the disk itself.</summary>
    Unknown,

    None,

    NotFound,

    /// <summary>Somebody holds the file open; that is no fault of the disk.</summary>
    InUse,

    AccessDenied,

    /// <summary>Footer, header or block table.</summary>
    Damaged,

    ParentNotFound,

    /// <summary>The parent is another disk than the one it was made from.</summary>
    ParentIsAnother,

    /// <summary>The parent was written after the disk was made from it.</summary>
    ParentChanged,

    ParentDenied,

    ParentSizeDiffers,

    ParentDamaged,

    /// <summary>The chain of parents comes back to the file.</summary>
    Loops,

    /// <summary>The file is sparse, compressed or encrypted by the file system.</summary>
    NotPlain,
}

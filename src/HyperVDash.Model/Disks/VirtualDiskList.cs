using System.Collections.Immutable;

namespace HyperVDash.Model.Disks;

/// <summary>
/// Content of the section virtualDisks: every image file that a VM or a checkpoint uses, and their parents. Asked file by file, a bounded number each cycle;
/// files not asked yet have <see cref="VirtualDisk.ReadAt"/> null.
/// </summary>
public sealed record VirtualDiskList
{
    public ImmutableArray<VirtualDisk> Items { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Files that wait for their turn in a later cycle.</summary>
    public int Waiting { get; init; }
}

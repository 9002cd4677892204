using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model.Disks;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Rules.Disks;

/// <summary>An attached file and its parents, as far as they are known.</summary>
/// <param name="Links">The attached file first; a disk is null that was not looked at.</param>
/// <param name="Loops">It comes back to a file of its own, or is deeper than anyone builds.</param>
internal sealed record DiskChain(ImmutableArray<(string Path, VirtualDisk? Disk)> Links, bool Loops)
{
    private const int MaxDepth = 50;

    /// <summary>Reads <c>virtualDisks</c>.</summary>
    public static DiskChain Of(HostSubject host, string path)
    {
        var first = host.DiskOf.GetValueOrDefault(path);
        if (first?.ParentPath is null)
        {
            return new([(path, first)], false);
        }

        var links = ImmutableArray.CreateBuilder<(string, VirtualDisk?)>();
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (string? at = path; at is not null;)
        {
            if (!seen.Add(at) || links.Count == MaxDepth)
            {
                return new(links.ToImmutable(), true);
            }

            var disk = host.DiskOf.GetValueOrDefault(at);
            links.Add((at, disk));
            at = disk?.ParentPath;
        }

        return new(links.ToImmutable(), false);
    }

    /// <summary>Nothing can be said of what is in the file: it is missing or damaged, which HVD409 tells.</summary>
    public static bool IsLost(VirtualDisk disk) => disk.Exists == false || disk.Fault is DiskFault.NotFound or DiskFault.Damaged;

    public static string Words((string Path, VirtualDisk? Disk) link) => link.Disk is not { } disk ? $"{VisibleText.Of(link.Path)} (not read)"
        : string.Join(", ", new[] { VisibleText.Of(link.Path), disk.Type == VirtualDiskType.Unknown ? null : disk.Type.ToString().ToLowerInvariant(), disk.FileSize?.ToString(),
            disk.ModifiedAt is { } at ? $"written {at.ToString("u", CultureInfo.InvariantCulture)}" : null, disk.DiskId?.ToString() }.Where(w => w is not null));
}

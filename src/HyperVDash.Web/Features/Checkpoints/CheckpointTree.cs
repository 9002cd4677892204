using System.Collections.Immutable;
using HyperVDash.Model.Checkpoints;
using HyperVDash.Model.Disks;
using HyperVDash.Model.Units;

namespace HyperVDash.Web.Features.Checkpoints;

/// <summary>A checkpoint in its tree.</summary>
/// <param name="Depth">0 at the root.</param>
/// <param name="Size">What the files of its own configuration occupy; null if one of them was not read.</param>
internal sealed record CheckpointNode(Checkpoint Point, int Depth, ByteSize? Size);

/// <summary>The checkpoints of one VM as a tree, the oldest first.</summary>
internal static class CheckpointTree
{
    public static ImmutableArray<CheckpointNode> Of(IEnumerable<Checkpoint> points, VirtualDiskList? disks)
    {
        var all = points.DistinctBy(p => p.Id).OrderBy(p => p.CreatedAt).ToList();
        var ids = all.Select(p => p.Id).ToHashSet();
        var sizes = (disks?.Items ?? []).DistinctBy(d => d.Path, StringComparer.OrdinalIgnoreCase).ToDictionary(d => d.Path, d => d.FileSize, StringComparer.OrdinalIgnoreCase);
        // A parent that is not listed any more leaves a root.
        var children = all.ToLookup(p => p.ParentId is { } parent && ids.Contains(parent) ? parent : Guid.Empty);
        var nodes = ImmutableArray.CreateBuilder<CheckpointNode>(all.Count);
        var seen = new HashSet<Guid>();
        var open = new Stack<(Checkpoint Point, int Depth)>(children[Guid.Empty].Reverse().Select(p => (p, 0)));
        while (open.TryPop(out var next) || TryUnreached(all, seen, out next))
        {
            if (!seen.Add(next.Point.Id))
            {
                continue;
            }

            nodes.Add(new(next.Point, next.Depth, SizeOf(next.Point, sizes)));
            foreach (var child in children[next.Point.Id].Reverse())
            {
                open.Push((child, next.Depth + 1));
            }
        }

        return nodes.ToImmutable();
    }

    // Parents that form a ring have no root; they are shown all the same.
    private static bool TryUnreached(List<Checkpoint> all, HashSet<Guid> seen, out (Checkpoint Point, int Depth) next)
    {
        var point = all.Find(p => !seen.Contains(p.Id));
        next = (point!, 0);
        return point is not null;
    }

    private static ByteSize? SizeOf(Checkpoint point, Dictionary<string, ByteSize?> sizes)
    {
        if (point.DiskPaths is not { IsEmpty: false } paths)
        {
            return null;
        }

        long sum = 0;
        foreach (string path in paths)
        {
            if (sizes.GetValueOrDefault(path) is not { } size)
            {
                return null;
            }

            sum += size.Bytes;
        }

        return new ByteSize(sum);
    }
}

using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using HyperVDash.Model.Checkpoints;
using HyperVDash.Model.Disks;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Rules.Checkpoints;

/// <summary>The files that checkpoints begin, and those of them that no checkpoint explains any more.</summary>
internal static class CheckpointFiles
{
    private const int MaxDepth = 64;

    // Made once for a reading, whatever the number of its drives.
    private static readonly ConditionalWeakTable<CheckpointList, HashSet<string>> Paths = [];

    public static bool IsOne(string path) => path.EndsWith(".avhdx", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".avhd", StringComparison.OrdinalIgnoreCase);

    /// <summary>A file and its parents, nearest first. Reads <c>virtualDisks</c>.</summary>
    public static CheckpointChain ChainOf(HostSubject host, string path)
    {
        var files = ImmutableArray.CreateBuilder<VirtualDisk>();
        for (string? at = path; at is not null; at = files[^1].ParentPath)
        {
            if (!host.DiskOf.TryGetValue(at, out var disk) || files.Count == MaxDepth)
            {
                return new(files.ToImmutable(), false, files.Count == MaxDepth);
            }

            files.Add(disk);
            if (disk.ReadAt is null || (disk.Type == VirtualDiskType.Differencing && disk.ParentPath is null))
            {
                return new(files.ToImmutable(), false, disk.Exists == false || disk.ErrorCode is not null);
            }
        }

        return new(files.ToImmutable(), true, false);
    }

    /// <summary>Files of the chain that no checkpoint names and whose parent none names either: what a checkpoint leaves until it is merged. Reads <c>checkpoints</c>.</summary>
    public static ImmutableArray<VirtualDisk> Loose(HostSubject host, CheckpointChain chain)
    {
        if (host.Reading.Checkpoints.Content is not { } list)
        {
            return [];
        }

        if (!chain.Files.Any(f => IsOne(f.Path)))
        {
            return [];
        }

        var named = Paths.GetValue(list, l => l.Items.SelectMany(c => c.DiskPaths ?? []).ToHashSet(StringComparer.OrdinalIgnoreCase));
        // A file whose parent is not known may belong to a checkpoint after all.
        return [.. chain.Files.Where(f => IsOne(f.Path) && f.ParentPath is not null && !named.Contains(f.Path) && !named.Contains(f.ParentPath))];
    }
}

/// <param name="IsComplete">Down to the file without a parent, and every header was read.</param>
/// <param name="IsBroken">The next file is not there or cannot be opened, or the chain does not end: what HVD409 tells.</param>
internal sealed record CheckpointChain(ImmutableArray<VirtualDisk> Files, bool IsComplete, bool IsBroken)
{
    /// <summary>The verdict where nothing was found; null if the chain was seen to its end.</summary>
    public Verdict? Gap => IsComplete ? null
        : IsBroken ? Verdict.NotFor("A file of the chain is missing or cannot be opened: HVD409 tells it.")
        : new Verdict.Unknown("virtualDisks", "The chain of parents is not known to its end.");
}

using System.Globalization;
using HyperVDash.Model.Checkpoints;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Units;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Rules.Checkpoints;

/// <summary>What rules about checkpoints ask of them.</summary>
internal static class CheckpointFacts
{
    private const int MaxListed = 10;
    private const int MaxDepth = 64;

    public static DateTimeOffset? Oldest(IEnumerable<Checkpoint> checkpoints) => checkpoints.Min(c => c.CreatedAt);

    /// <summary>The longest line of checkpoints, each taken on the one before.</summary>
    public static int Depth(IReadOnlyCollection<Checkpoint> checkpoints)
    {
        var byId = checkpoints.DistinctBy(c => c.Id).ToDictionary(c => c.Id);
        return checkpoints.Select(c =>
        {
            int depth = 1;
            for (var at = c; at.ParentId is { } parent && byId.TryGetValue(parent, out var next) && depth < MaxDepth; at = next)
            {
                depth++;
            }

            return depth;
        }).DefaultIfEmpty().Max();
    }

    /// <summary>The checkpoints as evidence, oldest first, with what their files occupy where that is known.</summary>
    public static IEnumerable<Evidence> List(HostSubject host, IEnumerable<Checkpoint> checkpoints, string expected, Func<HostSubject, string, string?, string, Evidence> fact)
    {
        foreach (var checkpoint in checkpoints.OrderBy(c => c.CreatedAt).Take(MaxListed))
        {
            yield return fact(host, $"Checkpoint {VisibleText.Of(checkpoint.Name)}",
                checkpoint.CreatedAt is { } at ? string.Create(CultureInfo.InvariantCulture, $"taken {at:u}{(SizeOf(host, checkpoint) is { } size ? $", its disks {size}" : "")}") : null, expected);
        }
    }

    private static ByteSize? SizeOf(HostSubject host, Checkpoint checkpoint)
    {
        if (checkpoint.DiskPaths is not { Length: > 0 } paths || host.Reading.VirtualDisks.Content is not { } disks)
        {
            return null;
        }

        var sizes = disks.Items.Where(d => d.FileSize is not null && paths.Contains(d.Path, StringComparer.OrdinalIgnoreCase)).Select(d => d.FileSize!.Value.Bytes).ToList();
        return sizes.Count == 0 ? null : new ByteSize(sizes.Sum());
    }

    /// <summary>Room left on the volume that the checkpoint's disks are on.</summary>
    public static string? Free(HostSubject host, IEnumerable<Checkpoint> checkpoints)
    {
        string? path = checkpoints.SelectMany(c => c.DiskPaths ?? []).FirstOrDefault();
        return path is null ? null : host.Reading.Volumes.Content?.Items.Where(v => v.Path is { Length: > 0 } p && path.StartsWith(p, StringComparison.OrdinalIgnoreCase)).MaxBy(v => v.Path!.Length)?.Free?.ToString();
    }
}

using HyperVDash.Agent.Collect.Devices;
using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Agent.Collect.VirtualMachines;
using HyperVDash.Model.Devices;

namespace HyperVDash.Agent.Collect.Disks;

/// <summary>Since when files of checkpoints stand under a VM although no checkpoint explains them; the host does not tell when one was deleted.</summary>
internal sealed class MergeMemory
{
    private const string Remembered = "merge|";

    private readonly Dictionary<string, DateTimeOffset> _since = new(StringComparer.OrdinalIgnoreCase);

    private MergeMemory()
    {
    }

    public DateTimeOffset? Since(string path) => _since.TryGetValue(path, out var at) ? at : null;

    public static MergeMemory Of(SectionSources sources, DiskBook book)
    {
        var memory = new MergeMemory();
        // While nobody knows which configurations are checkpoints, what was remembered stays as it is.
        if (Checkpoints(sources) is not { } checkpoints)
        {
            return memory;
        }

        var images = ImageRows.Of(sources.Tables, sources.Host).Where(i => i.Kind is DriveKind.Disk or DriveKind.Unknown).ToList();
        var named = images.Where(i => checkpoints.Contains(i.Owner)).Select(i => i.Path).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var waiting = images.Where(i => !checkpoints.Contains(i.Owner)).SelectMany(i => Chain(book, i.Path)).Distinct()
            .Where(e => IsOfCheckpoint(e.Path) && e.Note.ParentPath is { } parent && !named.Contains(e.Path) && !named.Contains(parent)).ToList();
        foreach (var entry in waiting)
        {
            memory._since[entry.Path] = sources.Memory.Since(Remembered + entry.Path, "waits", sources.Host.Now);
        }

        sources.Memory.KeepOnly(Remembered, waiting.Select(e => Remembered + e.Path).ToHashSet(StringComparer.OrdinalIgnoreCase));
        return memory;
    }

    /// <summary>Ids of the checkpoints: as just read, else as they were; null if nobody has read them yet.</summary>
    private static HashSet<Guid>? Checkpoints(SectionSources sources)
    {
        var settings = Plan.Settings(sources.Host);
        return sources.Tables.Has(settings) && sources.Tables[settings].IsRead
            ? [.. SettingsRows.Checkpoints(sources.Tables[settings].Rows, sources.Host.IsV1).Select(c => c.Id)]
            : sources.Before.Checkpoints.Content is { } before ? [.. before.Items.Select(c => c.Id)] : null;
    }

    private static IEnumerable<DiskEntry> Chain(DiskBook book, string path)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var entry = book.Find(path); entry is not null && seen.Add(entry.Path) && seen.Count <= DiskBook.MaxDepth; entry = book.Find(entry.Note.ParentPath))
        {
            yield return entry;
        }
    }

    private static bool IsOfCheckpoint(string path) => path.EndsWith(".avhdx", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".avhd", StringComparison.OrdinalIgnoreCase);
}

using HyperVDash.Agent.Collect.Devices;
using HyperVDash.Agent.Collect.Memory;
using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Model.Devices;

namespace HyperVDash.Agent.Collect.Disks;

/// <summary>Every image file that VMs and checkpoints name, and the parents known so far, each with what is remembered of it.</summary>
internal sealed class DiskBook
{
    /// <summary>Longer chains are said to loop.</summary>
    public const int MaxDepth = 64;

    private const string Remembered = "disk|";

    private readonly Dictionary<string, DiskEntry> _entries = new(StringComparer.OrdinalIgnoreCase);
    private readonly HostMemory _memory;

    private DiskBook(HostMemory memory) => _memory = memory;

    public IReadOnlyCollection<DiskEntry> Entries => _entries.Values;

    /// <summary>The tables that name images; null if one is not known, with its error.</summary>
    public static IEnumerable<TableQuery> Sources(HostFacts host) => host.IsV1 ? [Plan.Resources(host)] : [Plan.Resources(host), Plan.Storage(host)];

    public static DiskBook Of(TableSet tables, HostFacts host, HostMemory memory, DateTimeOffset now)
    {
        var book = new DiskBook(memory);
        var level = new List<string>();
        foreach (var image in ImageRows.Of(tables, host))
        {
            book.Add(image.Path, image.Kind == DriveKind.Unknown ? KindByName(image.Path) : image.Kind, now, level);
        }

        for (int depth = 0; depth < MaxDepth && level.Count > 0; depth++)
        {
            var next = new List<string>();
            foreach (string path in level)
            {
                if (book._entries[path].Note.ParentPath is { } parent)
                {
                    book.Add(parent, DriveKind.Disk, now, next);
                }
            }

            level = next;
        }

        return book;
    }

    public DiskEntry? Find(string? path) => path is null ? null : _entries.GetValueOrDefault(path);

    public void Note(DiskEntry entry, DiskNote note, DateTimeOffset now)
    {
        _entries[entry.Path] = entry with { Note = note };
        _memory.Keep(Remembered + entry.Path, note, now);
    }

    /// <summary>What no VM or checkpoint leads to any more is not remembered.</summary>
    public void Forget() => _memory.KeepOnly(Remembered, _entries.Keys.Select(p => Remembered + p).ToHashSet(StringComparer.OrdinalIgnoreCase));

    /// <summary>True if the parents come back to a file of the chain, or go deeper than anyone builds.</summary>
    public bool IsLooping(DiskEntry entry)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { entry.Path };
        for (string? parent = entry.Note.ParentPath; parent is not null; parent = Find(parent)?.Note.ParentPath)
        {
            if (!seen.Add(parent) || seen.Count > MaxDepth + 1)
            {
                return true;
            }
        }

        return false;
    }

    private void Add(string path, DriveKind kind, DateTimeOffset now, List<string> added)
    {
        if (_entries.ContainsKey(path))
        {
            return;
        }

        string key = Remembered + path;
        if (_memory.Recall<DiskNote>(key) is not { } note)
        {
            note = new DiskNote { FirstSeenAt = now };
            _memory.Keep(key, note, now);
        }

        _entries.Add(path, new DiskEntry(path, kind, note));
        added.Add(path);
    }

    private static DriveKind KindByName(string path) => Path.GetExtension(path).ToUpperInvariant() switch
    {
        ".ISO" => DriveKind.Dvd, ".VFD" => DriveKind.Floppy, _ => DriveKind.Disk,
    };
}

/// <param name="Kind">The drive it is in; parents count as disks.</param>
internal sealed record DiskEntry(string Path, DriveKind Kind, DiskNote Note)
{
    /// <summary>Its turn has come again; a file that was looked at a moment ago waits for the next sweep.</summary>
    public bool IsDue(DateTimeOffset now, CollectorOptions options) => Note.LookedAt is not { } at || now - at >= options.DisksInterval / 2;
}

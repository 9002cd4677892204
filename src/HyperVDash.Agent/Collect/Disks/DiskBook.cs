using HyperVDash.Agent.Collect.Devices;
using HyperVDash.Agent.Collect.Memory;
using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Model.Devices;

namespace HyperVDash.Agent.Collect.Disks;

/// <summary>
/// Every image file that VMs and checkpoints name, and the parents known so far, each with what is remembered of it, in the order in which they are looked at.
/// It is made once of what the host lists and kept until the host lists something else, because a host with many files is looked at in many turns.
/// </summary>
internal sealed class DiskBook
{
    /// <summary>Longer chains are said to loop.</summary>
    public const int MaxDepth = 64;

    /// <summary>How often a list that is read in many turns is shown until it is complete.</summary>
    private const int Shows = 8;

    private const string Remembered = "disk|";
    private const string Kept = "disk book";

    private readonly Dictionary<string, DiskEntry> _entries = new(StringComparer.OrdinalIgnoreCase);
    private readonly HostMemory _memory;
    private readonly IReadOnlyList<object> _sources;
    private readonly List<string> _line = [];
    private int _next;
    private bool _isLineOfDue;
    private bool _isOutdated;
    private int? _lookedAtSinceShown;

    private DiskBook(HostMemory memory, IReadOnlyList<object> sources) => (_memory, _sources) = (memory, sources);

    public IReadOnlyCollection<DiskEntry> Entries => _entries.Values;

    /// <summary>Files whose turn has come and that were not looked at yet, as far as the line was made.</summary>
    public int Left => _isLineOfDue ? _line.Count - _next : 0;

    /// <summary>False while so little was looked at since it was last shown that showing it again, which costs as much as it is long, tells nobody much.</summary>
    public bool IsToBeShown => _lookedAtSinceShown is not { } count || Left == 0 || count > _entries.Count / Shows;

    /// <summary>What the newest turn listed and had no calls left to look at.</summary>
    public ImageFiles? Listed { get; set; }

    /// <summary>The tables that name images; null if one is not known, with its error.</summary>
    public static IEnumerable<TableQuery> Sources(HostFacts host) => host.IsV1 ? [Plan.Resources(host)] : [Plan.Resources(host), Plan.Storage(host)];

    public static DiskBook Of(TableSet tables, HostFacts host, HostMemory memory, DateTimeOffset now)
    {
        object[] sources = [.. Sources(host).Select(q => tables[q].Rows)];
        if (tables.Noted<DiskBook>(Kept) is { _isOutdated: false } kept && kept._sources.SequenceEqual(sources, ReferenceEqualityComparer.Instance))
        {
            return kept;
        }

        var book = new DiskBook(memory, sources);
        foreach (var image in ImageRows.Of(tables, host))
        {
            book.Add(image.Path, image.Kind == DriveKind.Unknown ? KindByName(image.Path) : image.Kind, 0, now);
        }

        book.AddParents(book._entries.Values, now);
        book.Forget();
        tables.Note(Kept, book);
        return book;
    }

    public DiskEntry? Find(string? path) => path is null ? null : _entries.GetValueOrDefault(path);

    /// <summary>The next files in the line, which is made anew when it has ended. Somebody who asks out of turn gets the oldest ones.</summary>
    public IReadOnlyList<DiskEntry> Next(int most, DateTimeOffset now, CollectorOptions options)
    {
        if (_next == _line.Count)
        {
            var due = _entries.Values.Where(e => e.IsDue(now, options)).ToList();
            _isLineOfDue = due.Count > 0;
            _next = 0;
            _line.Clear();
            _line.AddRange((_isLineOfDue ? due : _entries.Values.AsEnumerable())
                .OrderBy(e => e.Note.LookedAt ?? DateTimeOffset.MinValue).ThenBy(e => e.Path, StringComparer.OrdinalIgnoreCase).Select(e => e.Path));
        }

        return [.. _line.Skip(_next).Take(most).Select(p => _entries[p])];
    }

    /// <summary>Keeps what a look at the first file in the line told. A parent that comes up with it goes to the end of the line.</summary>
    public void Looked(DiskEntry entry, DiskNote note, DateTimeOffset now)
    {
        _next++;
        _lookedAtSinceShown++;
        _entries[entry.Path] = entry with { Note = note };
        _memory.Keep(Remembered + entry.Path, note, now);
        if (note.ParentPath is { } parent && entry.Depth < MaxDepth && Add(parent, DriveKind.Disk, entry.Depth + 1, now) is { } added)
        {
            _line.AddRange(AddParents([added], now).Prepend(added).Select(e => e.Path));
        }

        // Nothing may lead to the parent of before any more.
        _isOutdated |= entry.Note.ParentPath is { } before && !before.Equals(note.ParentPath, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The list was made of what is known now.</summary>
    public void Shown() => _lookedAtSinceShown = 0;

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

    /// <summary>What no VM or checkpoint leads to any more is not remembered.</summary>
    private void Forget() => _memory.KeepOnly(Remembered, _entries.Keys.Select(p => Remembered + p).ToHashSet(StringComparer.OrdinalIgnoreCase));

    /// <summary>Adds the parents that are remembered, and theirs.</summary>
    private List<DiskEntry> AddParents(IEnumerable<DiskEntry> entries, DateTimeOffset now)
    {
        var added = new List<DiskEntry>();
        var level = entries.ToList();
        for (int depth = level.Count > 0 ? level[0].Depth + 1 : 0; depth <= MaxDepth && level.Count > 0; depth++)
        {
            level = [.. level.Select(e => e.Note.ParentPath is { } parent ? Add(parent, DriveKind.Disk, depth, now) : null).OfType<DiskEntry>()];
            added.AddRange(level);
        }

        return added;
    }

    /// <returns>Null if it is there already.</returns>
    private DiskEntry? Add(string path, DriveKind kind, int depth, DateTimeOffset now)
    {
        if (_entries.ContainsKey(path))
        {
            return null;
        }

        string key = Remembered + path;
        if (_memory.Recall<DiskNote>(key) is not { } note)
        {
            note = new DiskNote { FirstSeenAt = now };
            _memory.Keep(key, note, now);
        }

        var entry = new DiskEntry(path, kind, depth, note);
        _entries.Add(path, entry);
        return entry;
    }

    private static DriveKind KindByName(string path) => Path.GetExtension(path).ToUpperInvariant() switch
    {
        ".ISO" => DriveKind.Dvd, ".VFD" => DriveKind.Floppy, _ => DriveKind.Disk,
    };
}

/// <param name="Kind">The drive it is in; parents count as disks.</param>
/// <param name="Depth">0 for a file that a VM or checkpoint names, 1 for its parent.</param>
internal sealed record DiskEntry(string Path, DriveKind Kind, int Depth, DiskNote Note)
{
    /// <summary>Its turn has come again; a file that was looked at a moment ago waits for the next sweep.</summary>
    public bool IsDue(DateTimeOffset now, CollectorOptions options) => Note.LookedAt is not { } at || now - at >= options.DisksInterval / 2;
}

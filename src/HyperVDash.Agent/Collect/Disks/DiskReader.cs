using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Cim;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Disks;
using HyperVDash.Model.Units;

namespace HyperVDash.Agent.Collect.Disks;

/// <summary>
/// Virtual disks, a bounded number of files a read: those whose turn it is are listed by name in one question, and only the headers of new and changed ones are asked for.
/// </summary>
internal sealed class DiskReader() : SectionReader<VirtualDiskList>("virtualDisks", r => r.VirtualDisks, (r, s) => r with { VirtualDisks = s })
{
    /// <summary>Names in one question; longer ones are slow.</summary>
    private const int FilesPerRead = 49;

    /// <summary>A header, its size and its chain.</summary>
    private const int CallsPerFile = 3;

    private const string FilesError = "image files";
    private const string HeadersError = "image headers";

    public override bool NeedsHyperV => true;

    public override async Task FollowUpAsync(FollowUp follow, CancellationToken cancellationToken)
    {
        foreach (var query in DiskBook.Sources(follow.Host))
        {
            if (!follow.Tables.Has(query))
            {
                await follow.AskAsync(query, cancellationToken).ConfigureAwait(false);
            }
        }

        if (DiskBook.Sources(follow.Host).Any(q => !follow.Tables[q].IsKnown))
        {
            return;
        }

        var now = follow.Time.GetUtcNow();
        var book = DiskBook.Of(follow.Tables, follow.Host, follow.Memory, now);
        await LookAsync(follow, book, now, cancellationToken).ConfigureAwait(false);
        book.Forget();
    }

    private static async Task LookAsync(FollowUp follow, DiskBook book, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var due = book.Entries.Where(e => e.IsDue(now, follow.Options)).ToList();
        // Somebody who asks out of turn gets the oldest ones anew.
        var turn = (due.Count > 0 ? due : book.Entries).OrderBy(e => e.Note.LookedAt ?? DateTimeOffset.MinValue).ThenBy(e => e.Path, StringComparer.OrdinalIgnoreCase).Take(FilesPerRead).ToList();
        var files = await ImageFiles.AskAsync(follow, turn.Select(e => e.Path), cancellationToken).ConfigureAwait(false);
        var headers = new DiskHeaders(follow);
        foreach (var entry in turn)
        {
            var note = files.Update(entry.Path, entry.Note) with { LookedAt = now };
            if (entry.Kind is DriveKind.Dvd or DriveKind.Floppy)
            {
                note = note.IsListed != true || note.IsAsThen ? note : note with { HeaderAt = now, SizeThen = note.ListedSize, ModifiedThen = note.ModifiedAt };
            }
            else
            {
                if (headers.Lost is not null || (headers.Calls > 0 && headers.Calls + CallsPerFile > follow.Options.DiskCallsPerRead))
                {
                    break;
                }

                note = NeedsHeader(note, book, now, follow.Options) ? await headers.ReadAsync(entry.Path, note, cancellationToken).ConfigureAwait(false)
                    : note.ListedSize is null ? await headers.WithSizeAsync(entry.Path, note, cancellationToken).ConfigureAwait(false)
                    : note;
            }

            book.Note(entry, note.Grown(now), now);
        }

        follow.Tables.SetCall(FilesError, null, files.Error);
        follow.Tables.SetCall(HeadersError, null, headers.Lost ?? headers.Trouble);
    }

    private static bool NeedsHeader(DiskNote note, DiskBook book, DateTimeOffset now, CollectorOptions options)
    {
        if (note.TriedAt is not { } tried || note.HeaderAt is null || note.Error is not null || note.IsListed == false)
        {
            return true;
        }

        if (note.Type == VirtualDiskType.Fixed && note.ListedSize is { } size && size != note.SizeThen)
        {
            return true;
        }

        // A running VM writes all the time; that alone changes no header.
        bool isChanged = !note.IsAsThen || (book.Find(note.ParentPath)?.Note.ModifiedAt is { } parent && parent > note.HeaderAt);
        return isChanged && now - tried >= options.DiskHeaderMemory;
    }

    protected override SectionResult<VirtualDiskList> Read(SectionSources sources)
    {
        var (tables, host) = (sources.Tables, sources.Host);
        if (DiskBook.Sources(host).Select(q => tables[q]).FirstOrDefault(t => !t.IsKnown) is { } unknown)
        {
            return SectionResult<VirtualDiskList>.Failed(unknown.Error!);
        }

        var book = DiskBook.Of(tables, host, sources.Memory, host.Now);
        var waiting = MergeMemory.Of(sources, book);
        return SectionResult<VirtualDiskList>.Read(
            new()
            {
                Items = [.. book.Entries.OrderBy(e => e.Path, StringComparer.OrdinalIgnoreCase).Select(e => Disk(e, book) with { WithoutCheckpointSince = waiting.Since(e.Path) })],
                Waiting = book.Entries.Count(e => e.IsDue(host.Now, sources.Options)),
            },
            [
                .. DiskBook.Sources(host).Select(q => tables[q].IsRead ? null : $"images: {tables[q].Error!.Message}"),
                Gap("files", tables.Call(FilesError).Error),
                Gap("headers", tables.Call(HeadersError).Error),
            ]);
    }

    private static string? Gap(string what, CimException? error) => error is null ? null : $"{what}: {error.Message}";

    private static VirtualDisk Disk(DiskEntry entry, DiskBook book)
    {
        var note = entry.Note;
        return new VirtualDisk(entry.Path)
        {
            Format = entry.Kind switch { DriveKind.Dvd => VirtualDiskFormat.Iso, DriveKind.Floppy => VirtualDiskFormat.Floppy, _ => note.Format },
            Type = note.Type,
            MaximumSize = Size(note.MaximumSize),
            FileSize = Size(note.ListedSize ?? note.ToldSize),
            ParentPath = note.ParentPath,
            LogicalSectorSize = note.LogicalSectorSize,
            PhysicalSectorSize = note.PhysicalSectorSize,
            BlockSize = note.BlockSize,
            DiskId = note.DiskId,
            IsInUse = note.IsInUse,
            Exists = note.Exists,
            ErrorCode = note.ErrorCode,
            Error = note.Error,
            ValidationCode = note.ValidationCode,
            Fault = note.ErrorCode is { } code ? DiskErrors.FaultOf(code) : note.Error is not null ? DiskFault.Unknown : note.HeaderAt is not null ? DiskFault.None : null,
            ChainFault = note.ValidationCode switch { null => null, 0 => DiskFault.None, { } chain => DiskErrors.FaultOf(chain) },
            IsChainLooping = book.IsLooping(entry),
            ModifiedAt = note.ModifiedAt,
            IsWriteable = note.IsWriteable,
            IsCompressed = note.IsCompressed,
            IsEncrypted = note.IsEncrypted,
            FirstSeenAt = note.FirstSeenAt,
            GrowthPerDay = Size(note.GrowthPerDay),
            ReadAt = note.HeaderAt,
        };
    }

    private static ByteSize? Size(long? bytes) => bytes is { } value ? new ByteSize(value) : null;
}

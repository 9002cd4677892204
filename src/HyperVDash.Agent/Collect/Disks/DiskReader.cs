using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Cim;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Disks;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Units;

namespace HyperVDash.Agent.Collect.Disks;

/// <summary>
/// Virtual disks, a bounded number of files a turn: those whose turn it is are listed by name in one question, and only the headers of new and changed ones are asked for.
/// A read is one turn, or as many as it takes if it is to be whole.
/// </summary>
internal sealed class DiskReader() : SectionReader<VirtualDiskList>("virtualDisks", r => r.VirtualDisks, (r, s) => r with { VirtualDisks = s })
{
    /// <summary>Names in one question; longer ones are slow.</summary>
    private const int FilesPerTurn = 49;

    /// <summary>A header, its size and its chain.</summary>
    private const int CallsPerFile = 3;

    private const string FilesError = "image files";
    private const string HeadersError = "image headers";

    public override bool NeedsHyperV => true;

    public override bool GoesOn(HostReading before) => before.VirtualDisks is { Attempt.State: SectionState.Complete, Content.Waiting: > 0 };

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

        var book = DiskBook.Of(follow.Tables, follow.Host, follow.Memory, follow.Time.GetUtcNow());
        CimException? filesError = null, headersError = null;
        bool isInVain;
        do
        {
            (var files, var headers, isInVain) = await LookAsync(follow, book, cancellationToken).ConfigureAwait(false);
            filesError ??= files;
            headersError ??= headers;
        }
        while (follow.IsWhole && book.Left > 0 && !isInVain);

        follow.Tables.SetCall(FilesError, null, filesError);
        follow.Tables.SetCall(HeadersError, null, headersError);
    }

    /// <summary>One turn.</summary>
    /// <returns>What went wrong with the list of files and with headers, and whether nobody answered for any header.</returns>
    private static async Task<(CimException? Files, CimException? Headers, bool IsInVain)> LookAsync(FollowUp follow, DiskBook book, CancellationToken cancellationToken)
    {
        var now = follow.Time.GetUtcNow();
        var turn = book.Next(FilesPerTurn, now, follow.Options);
        var files = await ImageFiles.AskAsync(follow, [.. turn.Select(e => e.Path)], book.Listed, cancellationToken).ConfigureAwait(false);
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
                if (headers.Lost is not null || (!follow.IsWhole && headers.Calls > 0 && headers.Calls + CallsPerFile > follow.Options.DiskCallsPerRead))
                {
                    break;
                }

                note = NeedsHeader(note, book, now, follow.Options) ? await headers.ReadAsync(entry.Path, note, cancellationToken).ConfigureAwait(false)
                    : note.ListedSize is null ? await headers.WithSizeAsync(entry.Path, note, cancellationToken).ConfigureAwait(false)
                    : note;
            }

            book.Looked(entry, note.Grown(now), now);
            files.Done(entry.Path);
        }

        book.Listed = files;
        return (files.Error, headers.Lost ?? headers.Trouble, headers is { Lost: not null, Answers: 0 });
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
        string?[] gaps =
        [
            .. DiskBook.Sources(host).Select(q => tables[q].IsRead ? null : $"images: {tables[q].Error!.Message}"),
            Gap("files", tables.Call(FilesError).Error),
            Gap("headers", tables.Call(HeadersError).Error),
        ];
        if (!book.IsToBeShown && sources.Before.VirtualDisks is { Content: { } shown, Attempt.State: SectionState.Complete } && gaps.All(g => g is null))
        {
            return SectionResult<VirtualDiskList>.Read(shown, []);
        }

        var waiting = MergeMemory.Of(sources, book);
        book.Shown();
        return SectionResult<VirtualDiskList>.Read(
            new()
            {
                Items = [.. book.Entries.OrderBy(e => e.Path, StringComparer.OrdinalIgnoreCase).Select(e => Disk(e, book) with { WithoutCheckpointSince = waiting.Since(e.Path) })],
                Waiting = book.Entries.Count(e => e.IsDue(host.Now, sources.Options)),
            },
            gaps);
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

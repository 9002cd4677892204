using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Cim;

namespace HyperVDash.Agent.Collect.Disks;

/// <summary>Sizes and times of a batch of files, by one question for their exact names.</summary>
internal sealed class ImageFiles
{
    private readonly Dictionary<string, CimRow> _rows = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, DateTimeOffset> _askedAt = new(StringComparer.OrdinalIgnoreCase);
    private readonly IReadOnlyList<string> _mounts;

    /// <summary>How long names are not listed again that a turn had no calls left for.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(1);

    private ImageFiles(IReadOnlyList<string> mounts) => _mounts = mounts;

    /// <summary>Why the files could not be listed; null if they were.</summary>
    public CimException? Error { get; private set; }

    /// <param name="known">Of the turn before; what is in it and was listed a moment ago is not asked again; null: there was none.</param>
    public static async Task<ImageFiles> AskAsync(FollowUp follow, IReadOnlyList<string> paths, ImageFiles? known, CancellationToken cancellationToken)
    {
        var files = new ImageFiles([.. (follow.Before.Volumes.Content?.Items ?? []).Select(v => v.Path).OfType<string>().Where(p => p.Length > 3)]);
        if (known is not null)
        {
            files.Take(paths, known, follow.Time.GetUtcNow());
        }

        var names = paths.Where(p => HasDrive(p) && !files._askedAt.ContainsKey(p)).Order(StringComparer.OrdinalIgnoreCase).ToList();
        if (names.Count == 0)
        {
            return files;
        }

        var table = await follow.ReadAsync(Plan.ImageFiles(names), cancellationToken).ConfigureAwait(false);
        files.Error = table.IsAbsent ? null : table.Error;
        if (table.IsRead)
        {
            var now = follow.Time.GetUtcNow();
            names.ForEach(n => files._askedAt[n] = now);
            foreach (var row in table.Rows)
            {
                if (row.String("Name") is { } name)
                {
                    files._rows[name] = row;
                }
            }
        }

        return files;
    }

    private void Take(IReadOnlyList<string> paths, ImageFiles known, DateTimeOffset now)
    {
        foreach (string path in paths.Where(p => known._askedAt.TryGetValue(p, out var at) && now - at < Memory))
        {
            _askedAt[path] = known._askedAt[path];
            if (known._rows.TryGetValue(path, out var row))
            {
                _rows[path] = row;
            }
        }
    }

    /// <summary>The file was looked at: the next turn that comes to it lists it anew.</summary>
    public void Done(string path)
    {
        _askedAt.Remove(path);
        _rows.Remove(path);
    }

    /// <summary>The note with what the list of files says now.</summary>
    public DiskNote Update(string path, DiskNote note)
    {
        if (!_rows.TryGetValue(path, out var row))
        {
            bool wasAsked = _askedAt.ContainsKey(path);
            // Behind a mount point the list may not see files that are there, so only elsewhere does a missing name mean a missing file.
            return note with
            {
                IsListed = wasAsked && !IsMounted(path) ? false : wasAsked ? null : note.IsListed,
                ListedSize = wasAsked ? null : note.ListedSize,
                ModifiedAt = wasAsked ? null : note.ModifiedAt,
            };
        }

        return note with
        {
            IsListed = true,
            ListedSize = row.Int64("FileSize") is >= 0 and var size ? size : null,
            ModifiedAt = row.DateTime("LastModified"),
            IsWriteable = row.Boolean("Writeable"),
            IsCompressed = row.Boolean("Compressed"),
            IsEncrypted = row.Boolean("Encrypted"),
        };
    }

    private static bool HasDrive(string path) => path.Length > 3 && char.IsAsciiLetter(path[0]) && path[1] == ':' && path[2] == '\\';

    private bool IsMounted(string path) =>
        path.AsSpan(2).StartsWith(@"\ClusterStorage\", StringComparison.OrdinalIgnoreCase) || _mounts.Any(m => path.StartsWith(m, StringComparison.OrdinalIgnoreCase));
}

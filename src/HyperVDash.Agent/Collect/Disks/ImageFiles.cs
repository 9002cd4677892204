using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Cim;

namespace HyperVDash.Agent.Collect.Disks;

/// <summary>Sizes and times of a batch of files, by one question for their exact names.</summary>
internal sealed class ImageFiles
{
    private readonly Dictionary<string, CimRow> _rows = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _asked = new(StringComparer.OrdinalIgnoreCase);
    private readonly IReadOnlyList<string> _mounts;

    private ImageFiles(IReadOnlyList<string> mounts) => _mounts = mounts;

    /// <summary>Why the files could not be listed; null if they were.</summary>
    public CimException? Error { get; private set; }

    /// <param name="known">What was asked a moment ago, and is not asked again; null: nothing.</param>
    public static async Task<ImageFiles> AskAsync(FollowUp follow, IReadOnlyList<string> paths, ImageFiles? known, CancellationToken cancellationToken)
    {
        var files = new ImageFiles([.. (follow.Before.Volumes.Content?.Items ?? []).Select(v => v.Path).OfType<string>().Where(p => p.Length > 3)]);
        if (known is not null)
        {
            files.Take(paths, known);
        }

        var names = paths.Where(p => HasDrive(p) && !files._asked.Contains(p)).Order(StringComparer.OrdinalIgnoreCase).ToList();
        if (names.Count == 0)
        {
            return files;
        }

        var table = await follow.ReadAsync(Plan.ImageFiles(names), cancellationToken).ConfigureAwait(false);
        files.Error = table.IsAbsent ? null : table.Error;
        if (table.IsRead)
        {
            files._asked.UnionWith(names);
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

    private void Take(IReadOnlyList<string> paths, ImageFiles known)
    {
        foreach (string path in paths.Where(known._asked.Contains))
        {
            _asked.Add(path);
            if (known._rows.TryGetValue(path, out var row))
            {
                _rows[path] = row;
            }
        }
    }

    /// <summary>The note with what the list of files says now.</summary>
    public DiskNote Update(string path, DiskNote note)
    {
        if (!_rows.TryGetValue(path, out var row))
        {
            bool wasAsked = _asked.Contains(path);
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

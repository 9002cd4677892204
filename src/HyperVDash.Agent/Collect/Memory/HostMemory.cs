using System.Text.Json;
using HyperVDash.Model.Json;

namespace HyperVDash.Agent.Collect.Memory;

/// <summary>
/// What the agent remembers of one host between reads, because the host tells only how it is now: since when something has been as it is, and headers of files
/// that did not change. Kept in a file where there is one, so that a restart of the agent forgets nothing.
/// </summary>
public sealed class HostMemory
{
    private const long MaxFileBytes = 64 << 20;

    private readonly Lock _gate = new();
    private readonly string? _path;
    private readonly Dictionary<string, Remembered> _entries = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, (string Json, object Content)> _parsed = new(StringComparer.OrdinalIgnoreCase);
    private bool _isDirty;

    private HostMemory(string? path) => _path = path;

    /// <summary>Forgets everything when the agent ends.</summary>
    public static HostMemory Volatile() => new(null);

    /// <summary>Begins with what the file holds. A file that cannot be read is set aside as <c>.damaged</c>; the memory then begins anew.</summary>
    public static HostMemory Open(string path)
    {
        var memory = new HostMemory(path);
        if (!File.Exists(path))
        {
            return memory;
        }

        try
        {
            if (new FileInfo(path).Length <= MaxFileBytes
                && JsonSerializer.Deserialize<Dictionary<string, Remembered?>>(File.ReadAllBytes(path), AgentJson.Options) is { } entries
                && memory.TryFill(entries))
            {
                return memory;
            }
        }
        catch (JsonException)
        {
        }

        File.Move(path, path + ".damaged", overwrite: true);
        return memory;
    }

    /// <summary>False if something in it is nothing, or two keys are one.</summary>
    private bool TryFill(Dictionary<string, Remembered?> entries)
    {
        foreach (var (key, entry) in entries)
        {
            if (entry?.Value is null || !_entries.TryAdd(key, entry))
            {
                _entries.Clear();
                return false;
            }
        }

        return true;
    }

    /// <summary>Since when a thing has had this value, as far as the agent saw: now if it is new or another.</summary>
    public DateTimeOffset Since(string key, string value, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (_entries.TryGetValue(key, out var known) && known.Value == value)
            {
                return known.At;
            }

            _entries[key] = new(value, now);
            _isDirty = true;
            return now;
        }
    }

    /// <summary>When the value was noted last; null if the key holds another value or none.</summary>
    public DateTimeOffset? Find(string key, string value)
    {
        lock (_gate)
        {
            return _entries.TryGetValue(key, out var known) && known.Value == value ? known.At : null;
        }
    }

    public void Note(string key, string value, DateTimeOffset at)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(key, out var known) || known != new Remembered(value, at))
            {
                _entries[key] = new(value, at);
                _isDirty = true;
            }
        }
    }

    /// <summary>A record noted as JSON; null if there is none or its shape is another version's.</summary>
    public T? Recall<T>(string key) where T : class
    {
        string? json;
        lock (_gate)
        {
            json = _entries.GetValueOrDefault(key)?.Value;
            if (json is not null && _parsed.TryGetValue(key, out var parsed) && ReferenceEquals(parsed.Json, json) && parsed.Content is T content)
            {
                return content;
            }
        }

        try
        {
            if (json is null || JsonSerializer.Deserialize<T>(json, AgentJson.Options) is not { } read)
            {
                return null;
            }

            lock (_gate)
            {
                _parsed[key] = (json, read);
            }

            return read;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public void Keep<T>(string key, T value, DateTimeOffset at) where T : class => Note(key, JsonSerializer.Serialize(value, AgentJson.Options), at);

    /// <summary>Forgets the keys that start so, except these: what is gone is not remembered for ever.</summary>
    public void KeepOnly(string prefix, IReadOnlySet<string> keys)
    {
        lock (_gate)
        {
            foreach (string key in _entries.Keys.Where(k => k.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) && !keys.Contains(k)).ToList())
            {
                _entries.Remove(key);
                _parsed.Remove(key);
                _isDirty = true;
            }
        }
    }

    /// <summary>Writes the file if something changed. It is complete or not there: a crash never leaves half of one.</summary>
    /// <exception cref="IOException">The folder cannot be written; the next call tries again.</exception>
    public void Save()
    {
        byte[] bytes;
        lock (_gate)
        {
            if (_path is null || !_isDirty)
            {
                return;
            }

            bytes = JsonSerializer.SerializeToUtf8Bytes(_entries, AgentJson.Options);
            _isDirty = false;
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(_path))!);
            File.WriteAllBytes(_path + ".new", bytes);
            File.Move(_path + ".new", _path, overwrite: true);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            lock (_gate)
            {
                _isDirty = true;
            }

            throw;
        }
    }

    private sealed record Remembered(string Value, DateTimeOffset At);
}

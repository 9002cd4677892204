using System.Collections.Immutable;
using System.Text.Json;

namespace HyperVDash.Cim.Capture;

/// <summary>
/// A capture, read once from end to end when it is opened: everything is checked then, and only the places of instances and calls are kept.
/// A file of any size needs memory for its list of classes and calls, not for its content.
/// </summary>
public sealed class CaptureFile : IDisposable
{
    private readonly string _name;
    private readonly CaptureBytes _bytes;
    private readonly CaptureIndex _index;

    private CaptureFile(string name, CaptureBytes bytes, CaptureIndex index)
    {
        (_name, _bytes, _index) = (name, bytes, index);
        Clock.MoveTo(Header.CapturedAt ?? File.GetLastWriteTimeUtc(name));
    }

    public CaptureHeader Header => _index.Header;

    /// <summary>Says when the host gave the answer that was asked for last, so that what counts from then counts right.</summary>
    public CaptureClock Clock { get; } = new();

    /// <summary>The recorded answers; the same class may have several.</summary>
    public IReadOnlyList<CaptureEntry> Entries => _index.Entries;

    /// <summary>Streams the recorded method calls from the file.</summary>
    public IEnumerable<CapturedCall> Calls => _index.Calls.Values.Order().Select(CallAt);

    /// <exception cref="CaptureException">No capture of a version that can be read, or a damaged one.</exception>
    public static CaptureFile Open(string path)
    {
        var bytes = CaptureBytes.Open(path);
        try
        {
            using var json = new JsonTokens(bytes.First(), path);
            return new CaptureFile(path, bytes, CaptureIndex.Read(json, path));
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }

    /// <summary>What a capture says of itself, without a look at the rest of it.</summary>
    /// <exception cref="CaptureException">No capture of a version that can be read.</exception>
    public static CaptureHeader ReadHeader(string path)
    {
        using var bytes = CaptureBytes.Open(path);
        using var json = new JsonTokens(bytes.First(), path);
        return CaptureIndex.Read(json, path, isHeaderEnough: true).Header;
    }

    /// <summary>The recorded call with these parameters, or null.</summary>
    public CapturedCall? FindCall(CimCall call)
    {
        string key = CaptureCalls.Key(call);
        return _index.Calls.TryGetValue(CaptureCalls.Hash(key), out long at) && CallAt(at) is var found && found.Key == key ? found : null;
    }

    /// <summary>Streams the instances of an entry from the file.</summary>
    /// <param name="columns">Those to keep of each; null keeps all.</param>
    public IEnumerable<CimRow> Rows(CaptureEntry entry, IReadOnlySet<string>? columns = null)
    {
        if (entry.InstancesAt is not { } at)
        {
            yield break;
        }

        using var json = new JsonTokens(_bytes.From(at), _name, at);
        var layouts = new CaptureLayouts();
        json.Next();
        while (json.Next() != JsonTokenType.EndArray)
        {
            yield return CaptureValues.ReadRow(json, entry.Class, entry.Types, layouts, columns);
        }
    }

    private CapturedCall CallAt(long at)
    {
        using var json = new JsonTokens(_bytes.From(at), _name, at, 4 << 10);
        json.Next();
        return CapturedCall.Read(json, Header.Host);
    }

    public void Dispose() => _bytes.Dispose();
}

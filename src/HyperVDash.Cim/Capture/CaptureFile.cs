using System.Collections.Immutable;
using System.Globalization;
using System.IO.Compression;
using System.Text.Json;

namespace HyperVDash.Cim.Capture;

/// <summary>
/// A capture, read once from end to end when it is opened: everything is checked then, and only the places of the instances are kept.
/// A file of any size needs memory for its list of classes, not for its content.
/// </summary>
public sealed class CaptureFile : IDisposable
{
    private readonly string _name;
    private readonly string _plain;
    private readonly bool _isSpooled;
    private readonly List<CaptureEntry> _entries = [];
    private readonly Dictionary<string, CapturedCall> _calls = new(StringComparer.Ordinal);

    private CaptureFile(string name, string plain, bool isSpooled) => (_name, _plain, _isSpooled) = (name, plain, isSpooled);

    public CaptureHeader Header { get; private set; } = new("");

    /// <summary>Says when the host gave the answer that was asked for last, so that what counts from then counts right.</summary>
    public CaptureClock Clock { get; } = new();

    /// <summary>The recorded answers; the same class may have several.</summary>
    public IReadOnlyList<CaptureEntry> Entries => _entries;

    /// <summary>The recorded method calls.</summary>
    public IReadOnlyCollection<CapturedCall> Calls => _calls.Values;

    /// <exception cref="CaptureException">No capture of a version that can be read, or a damaged one.</exception>
    public static CaptureFile Open(string path)
    {
        if (!File.Exists(path))
        {
            throw new CaptureException($"There is no capture file '{path}'.");
        }

        string plain = Spool(path, out bool isSpooled);
        var file = new CaptureFile(path, plain, isSpooled);
        try
        {
            file.Index();
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The recorded call with these parameters, or null.</summary>
    public CapturedCall? FindCall(CimCall call) => _calls.GetValueOrDefault(CaptureCalls.Key(call));

    /// <summary>Streams the instances of an entry from the file.</summary>
    public IEnumerable<CimRow> Rows(CaptureEntry entry)
    {
        if (entry.InstancesAt is not { } at)
        {
            yield break;
        }

        using var json = OpenAt(at);
        json.Next();
        while (json.Next() != JsonTokenType.EndArray)
        {
            yield return CaptureValues.ReadRow(json, entry.Class, entry.Types);
        }
    }

    private static string Spool(string path, out bool isSpooled)
    {
        using var source = File.OpenRead(path);
        Span<byte> magic = stackalloc byte[2];
        isSpooled = source.ReadAtLeast(magic, 2, throwOnEndOfStream: false) == 2 && magic[0] == 0x1F && magic[1] == 0x8B;
        if (!isSpooled)
        {
            return path;
        }

        source.Position = 0;
        string spool = Path.GetTempFileName();
        try
        {
            using var plain = File.Create(spool);
            using var gzip = new GZipStream(source, CompressionMode.Decompress);
            gzip.CopyTo(plain);
            return spool;
        }
        catch (InvalidDataException broken)
        {
            File.Delete(spool);
            throw new CaptureException($"{path} is damaged: its gzip data cannot be unpacked. Take the capture again.", broken);
        }
    }

    private JsonTokens OpenAt(long offset)
    {
        var stream = new FileStream(_plain, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
        stream.Position = offset;
        return new JsonTokens(stream, _name, offset);
    }

    private void Index()
    {
        using var json = OpenAt(0);
        if (!json.Read() || json.Type != JsonTokenType.StartObject)
        {
            throw new CaptureException($"{_name} is no capture: it must hold one JSON object with \"format\": \"{CaptureHeader.Format}\".");
        }

        bool isKnown = false;
        while (json.Next() != JsonTokenType.EndObject)
        {
            string member = json.Text;
            json.Next();
            switch (member)
            {
                case "format":
                    CheckFormat(json.Text);
                    isKnown = true;
                    break;
                case "host": Header = Header with { Host = json.Text }; break;
                case "capturedBy": Header = Header with { CapturedBy = json.Text }; break;
                case "door": Header = Header with { Door = json.Text }; break;
                case "target": Header = Header with { Target = json.Text }; break;
                case "origin": Header = Header with { Origin = json.Text }; break;
                case "redacted": Header = Header with { IsRedacted = json.Type == JsonTokenType.True }; break;
                case "capturedAt" when DateTimeOffset.TryParse(json.Text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at):
                    Header = Header with { CapturedAt = at };
                    break;
                case "answers" or "calls" when !isKnown || Header.Host.Length == 0:
                    throw json.Broken($"\"format\" and \"host\" must stand before \"{member}\"");
                case "answers": Each(json, IndexAnswer); break;
                case "calls": Each(json, IndexCall); break;
                default: json.Skip(); break;
            }
        }

        while (json.Read())
        {
        }

        if (!isKnown)
        {
            throw new CaptureException($"{_name} is no capture: \"format\" is missing.");
        }

        Clock.MoveTo(Header.CapturedAt ?? File.GetLastWriteTimeUtc(_plain));
    }

    private void CheckFormat(string format)
    {
        if (format != CaptureHeader.Format)
        {
            throw new CaptureException(format.StartsWith("hyperv-capture/", StringComparison.Ordinal)
                ? $"{_name} is of format {format}; this program reads {CaptureHeader.Format}. Use a newer version of it."
                : $"{_name} is no capture: its format is '{format}', not {CaptureHeader.Format}.");
        }
    }

    private static void Each(JsonTokens json, Action<JsonTokens> read)
    {
        if (json.Type != JsonTokenType.StartArray)
        {
            throw json.Broken("an array was expected");
        }

        while (json.Next() != JsonTokenType.EndArray)
        {
            if (json.Type != JsonTokenType.StartObject)
            {
                throw json.Broken("an object was expected");
            }

            read(json);
        }
    }

    private void IndexAnswer(JsonTokens json)
    {
        var entry = new CaptureEntry("", "");
        bool isAnswered = false;
        while (json.Next() != JsonTokenType.EndObject)
        {
            string member = json.Text;
            json.Next();
            switch (member)
            {
                case "namespace": entry = entry with { Namespace = json.Text.Replace('\\', '/') }; break;
                case "class": entry = entry with { Class = json.Text }; break;
                case "at" when DateTimeOffset.TryParse(json.Text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at): entry = entry with { At = at }; break;
                case "where": entry = entry with { Where = json.Type == JsonTokenType.String ? json.Text : null }; break;
                case "properties":
                    var columns = CaptureValues.ReadValue(json, null, 0) as List<object?> ?? throw json.Broken("\"properties\" must be a list of names");
                    entry = entry with { Columns = columns.OfType<string>().ToImmutableHashSet(StringComparer.OrdinalIgnoreCase) };
                    break;
                case "types":
                    var types = CaptureValues.ReadRow(json, "", ImmutableDictionary<string, string>.Empty);
                    entry = entry with { Types = types.Names.ToImmutableDictionary(n => n, n => types.String(n) ?? "", StringComparer.OrdinalIgnoreCase) };
                    break;
                case "instances" or "error" when entry.Namespace.Length == 0 || entry.Class.Length == 0:
                    throw json.Broken($"\"namespace\" and \"class\" must stand before \"{member}\"");
                case "instances":
                    entry = entry with { InstancesAt = json.Start };
                    CheckInstances(json, entry);
                    isAnswered = true;
                    break;
                case "error":
                    entry = entry with { Error = Error(CaptureValues.ReadRow(json, "", ImmutableDictionary<string, string>.Empty), $"{entry.Namespace}:{entry.Class}") };
                    isAnswered = true;
                    break;
                default: json.Skip(); break;
            }
        }

        _entries.Add(isAnswered ? entry : throw json.Broken($"the answer of {entry.Class} has neither \"instances\" nor \"error\""));
    }

    // Read here too, not only passed over: what is damaged must be found before anything of it is shown.
    private static void CheckInstances(JsonTokens json, CaptureEntry entry)
    {
        if (json.Type != JsonTokenType.StartArray)
        {
            throw json.Broken("\"instances\" must be an array");
        }

        while (json.Next() != JsonTokenType.EndArray)
        {
            CaptureValues.ReadRow(json, entry.Class, entry.Types);
        }
    }

    private void IndexCall(JsonTokens json)
    {
        var call = CaptureValues.ReadRow(json, "", ImmutableDictionary<string, string>.Empty);
        string cimNamespace = (call.String("namespace") ?? "").Replace('\\', '/');
        string className = call.String("class") ?? throw json.Broken("a call has no \"class\"");
        string method = call.String("method") ?? throw json.Broken("a call has no \"method\"");
        var arguments = call["in"] as CimRow;
        var recorded = new CapturedCall(cimNamespace, className, method, arguments ?? CimRow.Of(""))
        {
            Reply = new CimReply(call.Int64("returnValue"), call["out"] as CimRow ?? CimRow.Of("")),
            Error = call["error"] is CimRow error ? Error(error, $"{className}.{method}") : null,
        };
        _calls[CaptureCalls.Key(cimNamespace, className, method, recorded.Arguments.Names.Select(n => (n, recorded.Arguments[n])))] = recorded;
    }

    private CimException Error(CimRow error, string what) =>
        CaptureErrors.Of(Header.Host, what, CaptureErrors.Code(error.String("code")), error.String("message"), error.String("kind"));

    public void Dispose()
    {
        if (_isSpooled)
        {
            File.Delete(_plain);
        }
    }
}

/// <summary>A recorded method call.</summary>
public sealed record CapturedCall(string Namespace, string Class, string Method, CimRow Arguments)
{
    public required CimReply Reply { get; init; }

    /// <summary>The host's error instead of a reply.</summary>
    public CimException? Error { get; init; }
}

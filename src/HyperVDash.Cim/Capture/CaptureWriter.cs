using System.Globalization;
using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace HyperVDash.Cim.Capture;

/// <summary>Writes a capture: answers as they come, calls at the end. Until <see cref="CompleteAsync"/> the file stands under another name.</summary>
public sealed class CaptureWriter : IAsyncDisposable
{
    private readonly string _path;
    private readonly string _unfinished;
    private readonly Stream _stream;
    private readonly Utf8JsonWriter _json;
    private readonly SemaphoreSlim _gate = new(1);
    private bool _isComplete;
    private readonly List<(CimCall Call, CimReply? Reply, CimException? Error)> _calls = [];

    /// <param name="path">Ends in <c>.gz</c> for a compressed file.</param>
    /// <exception cref="IOException">The file cannot be made.</exception>
    public CaptureWriter(string path, CaptureHeader header)
    {
        _path = path;
        _unfinished = path + ".part";
        Stream file = File.Create(_unfinished);
        _stream = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionLevel.Optimal) : file;
        // Names in any script stay readable; the file is never part of a page.
        _json = new Utf8JsonWriter(_stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        WriteHeader(header);
    }

    public async Task AddAsync(CimQuery query, IReadOnlyList<CimRow> rows, CimException? error, DateTimeOffset at, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            WriteAnswer(query, rows, error, at);
            await _json.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    public async Task AddAsync(CimCall call, CimReply? reply, CimException? error, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        _calls.Add((call, reply, error));
        _gate.Release();
    }

    /// <summary>Ends the file and gives it its name.</summary>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        _json.WriteEndArray();
        _json.WriteStartArray("calls");
        foreach (var (call, reply, error) in _calls)
        {
            WriteCall(call, reply, error);
        }

        _json.WriteEndArray();
        _json.WriteEndObject();
        await _json.FlushAsync(cancellationToken).ConfigureAwait(false);
        await _stream.DisposeAsync().ConfigureAwait(false);
        File.Move(_unfinished, _path, overwrite: true);
        _isComplete = true;
    }

    private void WriteHeader(CaptureHeader header)
    {
        _json.WriteStartObject();
        _json.WriteString("format", CaptureHeader.Format);
        _json.WriteString("host", header.Host);
        WriteText("capturedAt", header.CapturedAt?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
        WriteText("capturedBy", header.CapturedBy);
        _json.WriteBoolean("redacted", header.IsRedacted);
        WriteText("door", header.Door);
        WriteText("target", header.Target);
        WriteText("origin", header.Origin);
        _json.WriteStartArray("answers");
    }

    private void WriteAnswer(CimQuery query, IReadOnlyList<CimRow> rows, CimException? error, DateTimeOffset at)
    {
        _json.WriteStartObject();
        _json.WriteString("namespace", query.Namespace);
        _json.WriteString("class", query.Class);
        _json.WriteString("at", at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
        if (!query.Columns.IsEmpty)
        {
            _json.WriteStartArray("properties");
            foreach (string column in query.Columns)
            {
                _json.WriteStringValue(column);
            }

            _json.WriteEndArray();
        }

        WriteText("where", query.Where);
        if (error is not null)
        {
            WriteError(error);
        }
        else
        {
            WriteTypes(rows);
            _json.WriteStartArray("instances");
            foreach (var row in rows)
            {
                WriteRow(row, row.ClassName.Equals(query.Class, StringComparison.OrdinalIgnoreCase) ? null : row.ClassName, query.Namespace);
            }

            _json.WriteEndArray();
        }

        _json.WriteEndObject();
    }

    /// <summary>The wire tells references and embedded instances from text, and nothing more.</summary>
    private void WriteTypes(IReadOnlyList<CimRow> rows)
    {
        var types = new SortedDictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var row in rows)
        {
            foreach (string name in row.Names)
            {
                if (TypeOf(row[name]) is { } type)
                {
                    types[name] = type;
                }
            }
        }

        if (types.Count > 0)
        {
            _json.WriteStartObject("types");
            foreach (var (name, type) in types)
            {
                _json.WriteString(name, type);
            }

            _json.WriteEndObject();
        }
    }

    private static string? TypeOf(object? value) => value switch
    {
        CimPath => "reference",
        CimRow => "object",
        DateTimeOffset or TimeSpan => "datetime",
        IReadOnlyList<object?> list when list.Count > 0 && TypeOf(list[0]) is { } element => element + "[]",
        _ => null,
    };

    private void WriteCall(CimCall call, CimReply? reply, CimException? error)
    {
        _json.WriteStartObject();
        _json.WriteString("namespace", call.Namespace);
        _json.WriteString("class", call.Class);
        _json.WriteString("method", call.Method);
        _json.WriteStartObject("in");
        foreach (var argument in call.Arguments.Where(a => a.Value is not null))
        {
            _json.WritePropertyName(argument.Name);
            WriteValue(argument.Value, call.Namespace);
        }

        _json.WriteEndObject();
        if (error is not null)
        {
            WriteError(error);
        }
        else if (reply is not null)
        {
            if (reply.ReturnValue is { } value)
            {
                _json.WriteNumber("returnValue", value);
            }

            _json.WritePropertyName("out");
            WriteRow(reply.Out, null, call.Namespace);
        }

        _json.WriteEndObject();
    }

    private void WriteRow(CimRow row, string? className, string cimNamespace)
    {
        _json.WriteStartObject();
        WriteText("__CLASS", className);
        foreach (string name in row.Names.Where(n => n != "__CLASS"))
        {
            _json.WritePropertyName(name);
            WriteValue(row[name], cimNamespace);
        }

        _json.WriteEndObject();
    }

    private void WriteValue(object? value, string cimNamespace)
    {
        switch (value)
        {
            case null: _json.WriteNullValue(); break;
            case string text: _json.WriteStringValue(Writable(text)); break;
            case bool yes: _json.WriteBooleanValue(yes); break;
            case double real when !double.IsFinite(real):
                _json.WriteStringValue(double.IsNaN(real) ? "NaN" : real > 0 ? "INF" : "-INF");
                break;
            case double real: _json.WriteNumberValue(real); break;
            case int or short or byte or sbyte or ushort or uint:
                _json.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case long whole and >= -(1L << 53) and <= 1L << 53: _json.WriteNumberValue(whole); break;
            // Not every reader of JSON holds 64 bits.
            case long or ulong: _json.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture)); break;
            case DateTimeOffset at: _json.WriteStringValue(at.UtcDateTime.ToString("yyyyMMddHHmmss.ffffff", CultureInfo.InvariantCulture) + "+000"); break;
            case TimeSpan span: _json.WriteStringValue($"{span.Days:00000000}{span:hhmmss}.{span:ffffff}:000"); break;
            case CimPath path: _json.WriteStringValue($@"{cimNamespace.Replace('/', '\\')}:{path}"); break;
            case CimRow row: WriteRow(row, row.ClassName, cimNamespace); break;
            case System.Collections.IEnumerable list:
                _json.WriteStartArray();
                foreach (object? item in list)
                {
                    WriteValue(item, cimNamespace);
                }

                _json.WriteEndArray();
                break;
            default: _json.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture)); break;
        }
    }

    // Half a surrogate pair cannot be UTF-8; a name cut in the middle of one must not end the capture.
    private static string Writable(string text) => System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text));

    private void WriteError(CimException error)
    {
        _json.WriteStartObject("error");
        WriteText("code", error.Code is { } code ? $"0x{code:X8}" : null);
        _json.WriteString("message", error.Message);
        _json.WriteString("kind", error.Kind.ToString());
        _json.WriteEndObject();
    }

    private void WriteText(string name, string? value)
    {
        if (value is not null)
        {
            _json.WriteString(name, value);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _gate.Dispose();
        if (!_isComplete)
        {
            await _json.DisposeAsync().ConfigureAwait(false);
            await _stream.DisposeAsync().ConfigureAwait(false);
            File.Delete(_unfinished);
        }
    }
}

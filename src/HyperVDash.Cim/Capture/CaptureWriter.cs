using System.Globalization;
using System.IO.Compression;
using System.Text.Json;

namespace HyperVDash.Cim.Capture;

/// <summary>
/// Writes a capture while its host answers, several classes at a time. Until <see cref="CompleteAsync"/> it stands under another name, and what had the name
/// before stays. Only the account that writes it may read it.
/// </summary>
public sealed class CaptureWriter : IAsyncDisposable
{
    private readonly string _path;
    private readonly string _unfinished;
    private readonly bool _isNew;
    private readonly FileStream _file;
    private readonly Stream _stream;
    private readonly SpooledJson _calls;
    private readonly SemaphoreSlim _gate = new(1);
    private readonly IProgress<CaptureProgress>? _progress;
    private int _answers;
    private int _spools;
    private bool _isComplete;

    /// <param name="path">Ends in <c>.gz</c> for a compressed file.</param>
    /// <param name="progress">Told of each class as it comes; null tells nobody.</param>
    /// <param name="isNew">True: a file that has the name already stays, and <see cref="CompleteAsync"/> fails.</param>
    /// <exception cref="IOException">The file cannot be made.</exception>
    public CaptureWriter(string path, CaptureHeader header, IProgress<CaptureProgress>? progress = null, bool isNew = false)
    {
        _path = path;
        _isNew = isNew;
        _progress = progress;
        _unfinished = path + ".part";
        _file = PrivateFile.Open(_unfinished, FileMode.Create, FileAccess.Write);
        _stream = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(_file, CompressionLevel.Optimal) : new BufferedStream(_file, 64 << 10);
        _calls = new SpooledJson($"{_unfinished}.calls");
        Write(json => WriteHeader(json, header), "answers");
    }

    /// <summary>Bytes of JSON so far; the file is smaller if it is compressed.</summary>
    public long Bytes { get; private set; }

    /// <summary>The answer to a question, whose rows are written as they come.</summary>
    public CaptureAnswer Begin(CimQuery query) => new(this, query, new SpooledJson($"{_unfinished}.{Interlocked.Increment(ref _spools)}"));

    public async Task AddAsync(CimCall call, CimReply? reply, CimException? error, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _calls.Add(json => WriteCall(json, call, reply, error));
            _progress?.Report(new CaptureProgress($"{call.Class}.{call.Method}", _calls.Count, Bytes + _calls.Bytes));
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Ends the file and gives it its name.</summary>
    /// <exception cref="IOException">It cannot have its name.</exception>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            Write("],\n\"calls\": ["u8);
            _calls.CopyTo(_stream);
            Bytes += _calls.Bytes;
            Write("]}\n"u8);
            await _stream.DisposeAsync().ConfigureAwait(false);
            await _file.DisposeAsync().ConfigureAwait(false);
            File.Move(_unfinished, _path, overwrite: !_isNew);
            _isComplete = true;
        }
        finally
        {
            _gate.Release();
        }
    }

    internal void Report(string className, SpooledJson rows, bool isWhole) => _progress?.Report(new CaptureProgress(className, rows.Count, Bytes + rows.Bytes, isWhole));

    internal async Task AppendAsync(Action<Utf8JsonWriter> head, SpooledJson? rows, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            Write(_answers++ > 0 ? ",\n"u8 : "\n"u8);
            Write(head, rows is null ? null : "instances");
            if (rows is not null)
            {
                rows.CopyTo(_stream);
                Bytes += rows.Bytes;
                Write("]}"u8);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Writes an object; with the name of an array it stays open at the array's first element.</summary>
    private void Write(Action<Utf8JsonWriter> members, string? array)
    {
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory, CaptureJson.Options))
        {
            json.WriteStartObject();
            members(json);
            if (array is null)
            {
                json.WriteEndObject();
            }
            else
            {
                json.WriteStartArray(array);
            }
        }

        Write(memory.GetBuffer().AsSpan(0, (int)memory.Length));
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        _stream.Write(bytes);
        Bytes += bytes.Length;
    }

    private static void WriteHeader(Utf8JsonWriter json, CaptureHeader header)
    {
        json.WriteString("format", CaptureHeader.Format);
        json.WriteText("host", header.Host);
        json.WriteText("capturedAt", header.CapturedAt?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
        json.WriteText("capturedBy", header.CapturedBy);
        json.WriteBoolean("redacted", header.IsRedacted);
        json.WriteText("door", header.Door);
        json.WriteText("target", header.Target);
        json.WriteText("origin", header.Origin);
    }

    private static void WriteCall(Utf8JsonWriter json, CimCall call, CimReply? reply, CimException? error)
    {
        json.WriteStartObject();
        json.WriteString("namespace", call.Namespace);
        json.WriteString("class", call.Class);
        json.WriteString("method", call.Method);
        json.WriteStartObject("in");
        foreach (var argument in call.Arguments.Where(a => a.Value is not null))
        {
            json.WritePropertyName(argument.Name);
            json.WriteValue(argument.Value, call.Namespace);
        }

        json.WriteEndObject();
        if (error is not null)
        {
            json.WriteError(error);
        }
        else if (reply is not null)
        {
            if (reply.ReturnValue is { } value)
            {
                json.WriteNumber("returnValue", value);
            }

            json.WritePropertyName("out");
            json.WriteRow(reply.Out, null, call.Namespace);
        }

        json.WriteEndObject();
    }

    public async ValueTask DisposeAsync()
    {
        _gate.Dispose();
        _calls.Dispose();
        if (!_isComplete)
        {
            await _stream.DisposeAsync().ConfigureAwait(false);
            await _file.DisposeAsync().ConfigureAwait(false);
            File.Delete(_unfinished);
        }
    }
}

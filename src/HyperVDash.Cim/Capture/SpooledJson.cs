using System.Text.Json;

namespace HyperVDash.Cim.Capture;

/// <summary>The elements of a JSON array that waits for its turn in the file: in memory while it is small, then in a temporary file beside the capture.</summary>
internal sealed class SpooledJson : IDisposable
{
    private const int MostInMemory = 256 << 10;

    private readonly string _path;
    private readonly MemoryStream _memory = new();
    private readonly Utf8JsonWriter _json;
    private FileStream? _file;
    private long _written;

    /// <param name="path">Name for the temporary file, if one is needed.</param>
    public SpooledJson(string path)
    {
        _path = path;
        _json = new Utf8JsonWriter(_memory, CaptureJson.Options);
    }

    public long Count { get; private set; }

    public long Bytes => _written + _memory.Length;

    public void Add(Action<Utf8JsonWriter> write)
    {
        if (Count++ > 0)
        {
            _memory.WriteByte((byte)',');
        }

        _memory.WriteByte((byte)'\n');
        write(_json);
        _json.Flush();
        _json.Reset();
        if (_memory.Length > MostInMemory)
        {
            Spill();
        }
    }

    public void CopyTo(Stream stream)
    {
        if (_file is not null)
        {
            Spill();
            _file.Position = 0;
            _file.CopyTo(stream);
        }
        else
        {
            _memory.Position = 0;
            _memory.CopyTo(stream);
        }
    }

    private void Spill()
    {
        _file ??= PrivateFile.Open(_path, FileMode.Create, FileAccess.ReadWrite, FileOptions.DeleteOnClose);
        _written += _memory.Length;
        _memory.Position = 0;
        _memory.CopyTo(_file);
        _memory.SetLength(0);
    }

    public void Dispose()
    {
        _json.Dispose();
        _memory.Dispose();
        _file?.Dispose();
    }
}

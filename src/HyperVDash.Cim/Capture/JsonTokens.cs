using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace HyperVDash.Cim.Capture;

/// <summary>
/// Reads JSON token by token from a stream of any length, with a buffer that holds no more than the longest token. Text is decoded when it is asked for,
/// and property names, which come again in every instance, once.
/// </summary>
internal sealed class JsonTokens(Stream stream, string file, long offset = 0, int expected = 64 << 10) : IDisposable
{
    /// <summary>Four times the longest text that a host sends and the product uses.</summary>
    private const int MaxToken = 4 << 20;

    /// <summary>Of the name of a member; those of CIM have a few dozen letters.</summary>
    private const int MaxName = 1024;

    private readonly string?[] _names = new string?[1024];
    private byte[] _buffer = new byte[expected];
    private int _from;
    private int _to;
    private bool _isEnd;
    private JsonReaderState _state = new(new JsonReaderOptions { MaxDepth = 64 });
    private long _bufferStart = offset;
    private int _valueFrom;
    private int _valueLength;
    private bool _isEscaped;
    private string? _text;

    public JsonTokenType Type { get; private set; }

    /// <summary>Byte of the file at which the token starts.</summary>
    public long Start { get; private set; }

    public int Depth { get; private set; }

    /// <summary>Text of a string or a property name, digits of a number.</summary>
    public string Text => _text ??= Decoded();

    /// <summary>False at the end of the document.</summary>
    /// <exception cref="CaptureException">The text is not JSON, ends too early, or cannot be read at all.</exception>
    public bool Read()
    {
        while (true)
        {
            var reader = new Utf8JsonReader(_buffer.AsSpan(_from, _to - _from), _isEnd, _state);
            try
            {
                if (reader.Read())
                {
                    Take(ref reader);
                    return true;
                }
            }
            catch (JsonException broken)
            {
                throw new CaptureException(
                    $"{file} is damaged at line {(broken.LineNumber ?? 0) + 1}, byte {(broken.BytePositionInLine ?? 0) + 1}{(_isEnd ? " or ends too early" : "")}; nothing of it is used. Take the capture again.", broken);
            }

            _state = reader.CurrentState;
            _from += (int)reader.BytesConsumed;
            if (_isEnd)
            {
                return false;
            }

            Fill();
        }
    }

    /// <summary>The next token, which must be there.</summary>
    public JsonTokenType Next() => Read() ? Type : throw Broken("the file ends too early");

    /// <summary>The text that a member must be.</summary>
    /// <exception cref="CaptureException">It is something else.</exception>
    public string String(string member) => Type == JsonTokenType.String ? Text : throw Broken($"\"{member}\" must be a text");

    /// <summary>Passes over the value the reader stands on.</summary>
    public void Skip()
    {
        if (Type is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
        {
            return;
        }

        int depth = Depth;
        while (Next() is not (JsonTokenType.EndObject or JsonTokenType.EndArray) || Depth != depth)
        {
        }
    }

    public CaptureException Broken(string what, Exception? cause = null) => new($"{file} cannot be read at byte {Start}: {what}; nothing of it is used. Take the capture again.", cause);

    private void Take(ref Utf8JsonReader reader)
    {
        Type = reader.TokenType;
        Depth = reader.CurrentDepth;
        Start = _bufferStart + _from + reader.TokenStartIndex;
        bool isText = Type is JsonTokenType.String or JsonTokenType.PropertyName;
        _valueFrom = _from + (int)reader.TokenStartIndex + (isText ? 1 : 0);
        _valueLength = isText || Type == JsonTokenType.Number ? reader.ValueSpan.Length : 0;
        _isEscaped = isText && reader.ValueIsEscaped;
        _text = _valueLength == 0 ? "" : null;
        // The reader looks at the grammar alone: bytes that are no text, and half a pair, show only when they are decoded.
        if (isText && !(_isEscaped ? IsUnescaped(ref reader) : Utf8.IsValid(reader.ValueSpan)))
        {
            throw Broken("a text is not Unicode");
        }

        if (Type == JsonTokenType.PropertyName && _valueLength > MaxName)
        {
            throw Broken($"a name is longer than {MaxName} bytes");
        }

        _state = reader.CurrentState;
        _from += (int)reader.BytesConsumed;
    }

    private bool IsUnescaped(ref Utf8JsonReader reader)
    {
        try
        {
            _text = reader.GetString();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private string Decoded()
    {
        var bytes = _buffer.AsSpan(_valueFrom, _valueLength);
        return Type == JsonTokenType.PropertyName ? Name(bytes) : Encoding.UTF8.GetString(bytes);
    }

    private string Name(ReadOnlySpan<byte> bytes)
    {
        var hash = new HashCode();
        hash.AddBytes(bytes);
        ref string? known = ref _names[hash.ToHashCode() & (_names.Length - 1)];
        return known is not null && Ascii.Equals(bytes, known) ? known : known = Encoding.UTF8.GetString(bytes);
    }

    private void Fill()
    {
        if (_from > 0)
        {
            _buffer.AsSpan(_from, _to - _from).CopyTo(_buffer);
            _bufferStart += _from;
            _to -= _from;
            _from = 0;
        }

        if (_to == _buffer.Length)
        {
            if (_buffer.Length >= MaxToken)
            {
                Start = _bufferStart;
                throw Broken($"one value is longer than {MaxToken >> 20} MiB");
            }

            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        int read = Pour();
        // Some editors put a mark in front of UTF-8.
        if (_bufferStart == 0 && _to == 0 && read >= 3 && _buffer.AsSpan(0, 3).SequenceEqual("\uFEFF"u8))
        {
            _from = 3;
        }

        _to += read;
        _isEnd = read == 0;
    }

    private int Pour()
    {
        try
        {
            return stream.Read(_buffer, _to, _buffer.Length - _to);
        }
        catch (InvalidDataException broken)
        {
            throw new CaptureException($"{file} is damaged: its gzip data cannot be unpacked after {_bufferStart + _to} bytes; nothing of it is used. Take the capture again.", broken);
        }
        catch (IOException broken)
        {
            throw new CaptureException($"{file} cannot be read after {_bufferStart + _to} bytes: {broken.Message}", broken);
        }
    }

    public void Dispose() => stream.Dispose();
}

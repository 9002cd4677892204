using System.Text.Json;

namespace HyperVDash.Cim.Capture;

/// <summary>Reads JSON token by token from a stream of any length, with a buffer that holds no more than the longest token.</summary>
internal sealed class JsonTokens(Stream stream, string file, long offset = 0) : IDisposable
{
    private const int MaxToken = 16 << 20;

    private byte[] _buffer = new byte[64 << 10];
    private int _from;
    private int _to;
    private bool _isEnd;
    private JsonReaderState _state = new(new JsonReaderOptions { MaxDepth = 64 });
    private long _bufferStart = offset;

    public JsonTokenType Type { get; private set; }

    /// <summary>Byte of the file at which the token starts.</summary>
    public long Start { get; private set; }

    public int Depth { get; private set; }

    /// <summary>Text of a string or a property name, digits of a number.</summary>
    public string Text { get; private set; } = "";

    /// <summary>False at the end of the document.</summary>
    /// <exception cref="CaptureException">The text is not JSON, or ends too early.</exception>
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

    public CaptureException Broken(string what) => new($"{file} cannot be read at byte {Start}: {what}.");

    private void Take(ref Utf8JsonReader reader)
    {
        Type = reader.TokenType;
        Depth = reader.CurrentDepth;
        Start = _bufferStart + _from + reader.TokenStartIndex;
        Text = Type switch
        {
            JsonTokenType.String or JsonTokenType.PropertyName => reader.GetString()!,
            JsonTokenType.Number => System.Text.Encoding.ASCII.GetString(reader.ValueSpan),
            _ => "",
        };
        _state = reader.CurrentState;
        _from += (int)reader.BytesConsumed;
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
                throw Broken($"one value is longer than {MaxToken >> 20} MiB");
            }

            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        int read = stream.Read(_buffer, _to, _buffer.Length - _to);
        // Some editors put a mark in front of UTF-8.
        if (_bufferStart == 0 && _to == 0 && read >= 3 && _buffer.AsSpan(0, 3).SequenceEqual("\uFEFF"u8))
        {
            _from = 3;
        }

        _to += read;
        _isEnd = read == 0;
    }

    public void Dispose() => stream.Dispose();
}

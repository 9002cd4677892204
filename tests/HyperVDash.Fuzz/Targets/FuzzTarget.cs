namespace HyperVDash.Fuzz.Targets;

/// <summary>One reader of text from strangers, given any bytes at all.</summary>
internal abstract class FuzzTarget
{
    /// <summary>As in <c>--target</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The grammar of its inputs, for mutations that keep most of it.</summary>
    public abstract Grammar Grammar { get; }

    /// <summary>Bytes that one input may cost whatever its length: buffers of the readers.</summary>
    public virtual long FixedCost => 256 << 10;

    /// <summary>Bytes that each byte of an input may cost on top.</summary>
    public virtual long CostPerByte => 128;

    /// <summary>Types whose code is measured for coverage.</summary>
    public abstract IReadOnlyList<string> Code { get; }

    /// <summary>Valid inputs to begin with.</summary>
    public abstract Task<IReadOnlyList<byte[]>> SeedsAsync(CancellationToken cancellationToken);

    /// <summary>Reads the input and looks at all that came out.</summary>
    /// <returns><c>accepted</c>, or by which documented refusal it was turned away.</returns>
    /// <exception cref="Exception">Any exception at all is a find.</exception>
    public abstract string Read(ReadOnlySpan<byte> input);

    /// <summary>A promise about what was read.</summary>
    protected static void Expect(bool isTrue, string what)
    {
        if (!isTrue)
        {
            throw new BrokenPromiseException(what);
        }
    }

    /// <summary>A refusal is a sentence that a person can act on.</summary>
    protected static void ExpectSentence(string? text) =>
        Expect(text is { Length: >= 20 and <= 1000 } && text[^1] is '.' or '…', $"'{text}' is no sentence");
}

/// <summary>What mutations know of an input.</summary>
internal enum Grammar
{
    Xml,
    Json,
    Path,
}

/// <summary>The reader did not throw, but what it gave is not what it promises.</summary>
internal sealed class BrokenPromiseException(string message) : Exception(message);

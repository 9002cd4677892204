using System.Text;
using HyperVDash.Fuzz.Targets;

namespace HyperVDash.Fuzz.Mutation;

/// <summary>Makes new inputs from known ones: damage to bytes, and changes that keep the grammar and only overdo it.</summary>
internal sealed class Mutator(Grammar grammar, Random random)
{
    /// <summary>Longer ones are cut; what grows with length shows before.</summary>
    public const int MaxLength = 48 << 10;

    private const int MaxSteps = 4;

    public byte[] Mutate(IReadOnlyList<byte[]> corpus)
    {
        byte[] input = corpus[random.Next(corpus.Count)];
        // Most inputs are to pass the parser, to be judged by what is behind it.
        for (int steps = 1 + (random.Next(2) * random.Next(MaxSteps)); steps > 0; steps--)
        {
            input = Step(input, corpus);
            if (input.Length > MaxLength)
            {
                input = input[..MaxLength];
            }
        }

        return input;
    }

    private byte[] Step(byte[] input, IReadOnlyList<byte[]> corpus) => random.Next(8) switch
    {
        0 => ByteMutations.Mutate(input, corpus[random.Next(corpus.Count)], random),
        < 4 => Replaced(input),
        _ => grammar switch
        {
            Grammar.Xml => XmlMutations.Mutate(input, random),
            Grammar.Json => JsonMutations.Mutate(input, random),
            _ => Inserted(input, Dictionary.Path),
        },
    };

    /// <summary>A text between two delimiters gives way to one of the dictionary.</summary>
    private byte[] Replaced(byte[] input)
    {
        if (random.Next(4) == 0)
        {
            return Inserted(input, grammar switch { Grammar.Xml => Dictionary.Xml, Grammar.Json => Dictionary.Json, _ => Dictionary.Path });
        }

        int at = random.Next(input.Length + 1);
        int from = at, to = at;
        while (from > 0 && !IsDelimiter(input[from - 1]))
        {
            from--;
        }

        while (to < input.Length && !IsDelimiter(input[to]))
        {
            to++;
        }

        return Spliced(input, from, to, Value());
    }

    private byte[] Value() => random.Next(12) == 0
        ? Encoding.UTF8.GetBytes(new string((char)random.Next('0', 'z'), random.Next(1, 6000)))
        : Encoding.UTF8.GetBytes(Dictionary.Values[random.Next(Dictionary.Values.Count)]);

    private byte[] Inserted(byte[] input, IReadOnlyList<string> parts)
    {
        int at = random.Next(input.Length + 1);
        return Spliced(input, at, at, Encoding.UTF8.GetBytes(parts[random.Next(parts.Count)]));
    }

    private bool IsDelimiter(byte one) => grammar switch
    {
        Grammar.Xml => one is (byte)'<' or (byte)'>' or (byte)'"',
        Grammar.Json => one is (byte)'"' or (byte)':' or (byte)',' or (byte)'[' or (byte)']' or (byte)'{' or (byte)'}',
        _ => one is (byte)'"' or (byte)'=' or (byte)'.' or (byte)':' or (byte)',',
    };

    internal static byte[] Spliced(ReadOnlySpan<byte> input, int from, int to, ReadOnlySpan<byte> inside) => [.. input[..from], .. inside, .. input[to..]];
}

using System.Globalization;
using System.Text;

namespace HyperVDash.Fuzz.Mutation;

/// <summary>Changes that leave JSON what it is for the most part.</summary>
internal static class JsonMutations
{
    public static byte[] Mutate(byte[] input, Random random)
    {
        var values = Values(input);
        if (values.Count == 0)
        {
            return [.. input, .. "{}"u8];
        }

        var one = values[random.Next(values.Count)];
        var other = values[random.Next(values.Count)];
        var text = input.AsSpan(one.From, one.To - one.From);
        return random.Next(8) switch
        {
            0 => Mutator.Spliced(input, one.From, one.To, "null"u8),
            1 => Mutator.Spliced(input, one.To, one.To, [(byte)',', .. text]),
            2 => Mutator.Spliced(input, one.From, one.To, input.AsSpan(other.From, other.To - other.From)),
            3 => Mutator.Spliced(input, one.From, one.To, Nested(text, random)),
            4 => Mutator.Spliced(input, one.From, one.To, Members(random)),
            5 => Mutator.Spliced(input, one.From, one.To, [(byte)'[', .. text, (byte)']']),
            6 => Mutator.Spliced(input, one.From, one.To, Items(random)),
            _ => Mutator.Spliced(input, one.From, one.To, Encoding.UTF8.GetBytes($"\"{Dictionary.Values[random.Next(Dictionary.Values.Count)]}\"")),
        };
    }

    /// <summary>Where strings, objects and lists begin and end, as far as the text is JSON.</summary>
    private static List<(int From, int To)> Values(ReadOnlySpan<byte> input)
    {
        var found = new List<(int, int)>();
        var open = new Stack<int>();
        for (int i = 0; i < input.Length; i++)
        {
            if (input[i] == '"')
            {
                int end = i + 1;
                while (end < input.Length && input[end] != '"')
                {
                    end += input[end] == '\\' ? 2 : 1;
                }

                found.Add((i, Math.Min(end + 1, input.Length)));
                i = end;
            }
            else if (input[i] is (byte)'{' or (byte)'[')
            {
                open.Push(i);
            }
            else if (input[i] is (byte)'}' or (byte)']' && open.TryPop(out int from))
            {
                found.Add((from, i + 1));
            }
        }

        return found;
    }

    private static byte[] Nested(ReadOnlySpan<byte> text, Random random)
    {
        int depth = 1 << random.Next(1, 11);
        bool isList = random.Next(2) == 0;
        return [.. Repeated(_ => isList ? "[" : "{\"a\":", depth), .. text, .. Repeated(_ => isList ? "]" : "}", depth)];
    }

    private static byte[] Members(Random random) => [(byte)'{', .. Repeated(i => $"\"c{i}\":{i},", 1 << random.Next(1, 11)), .. "\"z\":0}"u8];

    private static byte[] Items(Random random)
    {
        bool isSparse = random.Next(2) == 0;
        return [(byte)'[', .. Repeated(i => isSparse ? $"{{\"c{i}\":1}}," : "{},", 1 << random.Next(1, 11)), .. "{}]"u8];
    }

    private static byte[] Repeated(Func<int, string> part, int times)
    {
        var all = new StringBuilder();
        for (int i = 0; i < times; i++)
        {
            all.Append(CultureInfo.InvariantCulture, $"{part(i)}");
        }

        return Encoding.UTF8.GetBytes(all.ToString());
    }
}

namespace HyperVDash.Fuzz.Mutation;

/// <summary>Damage that a wire, a disk or a hostile hand does without reading.</summary>
internal static class ByteMutations
{
    private static readonly byte[][] Illegal =
        [[0], [0xFF], [0xFE, 0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x80], [0xE2, 0x28, 0xA1], [0xEF, 0xBB, 0xBF], [0x1B], [0x7F], [0xC3]];

    public static byte[] Mutate(byte[] input, byte[] other, Random random)
    {
        int from = random.Next(input.Length + 1);
        int to = Math.Min(input.Length, from + random.Next(1, 1 + Math.Max(1, input.Length / (1 << random.Next(8)))));
        switch (random.Next(9))
        {
            case 0:
                return input[..from];
            case 1:
                return Mutator.Spliced(input, from, to, []);
            case 2:
                return Mutator.Spliced(input, to, to, input.AsSpan(from, to - from));
            case 3:
                return Mutator.Spliced(input, from, from, Illegal[random.Next(Illegal.Length)]);
            case 4 when input.Length > 0:
                byte[] flipped = [.. input];
                flipped[Math.Min(from, input.Length - 1)] ^= (byte)(1 << random.Next(8));
                return flipped;
            case 5:
                return [.. input[..from], .. other[random.Next(other.Length + 1)..]];
            case 6:
                int start = random.Next(other.Length + 1);
                return Mutator.Spliced(input, from, to, other.AsSpan(start, Math.Min(other.Length - start, random.Next(1, 400))));
            case 7 when input.Length > 0:
                byte[] noise = [.. input];
                random.NextBytes(noise.AsSpan(from, Math.Min(to, from + 16) - from));
                return noise;
            default:
                // The same part many times over.
                return Mutator.Spliced(input, from, to, Many(input.AsSpan(from, Math.Min(64, to - from)), random.Next(2, 300)));
        }
    }

    private static byte[] Many(ReadOnlySpan<byte> part, int times)
    {
        byte[] all = new byte[part.Length * times];
        for (int i = 0; i < times; i++)
        {
            part.CopyTo(all.AsSpan(i * part.Length));
        }

        return all;
    }
}

using HyperVDash.Fuzz.Targets;

namespace HyperVDash.Fuzz.Run;

/// <summary>Leaves out of an input what its harm does not need.</summary>
internal static class Minimiser
{
    private const int MaxTrials = 3000;

    public static byte[] Minimise(FuzzTarget target, byte[] input, string signature, FuzzSettings settings)
    {
        int trials = 0;
        for (int size = Math.Max(1, input.Length / 2); trials < MaxTrials;)
        {
            bool isSmaller = false;
            for (int from = 0; from < input.Length && trials < MaxTrials;)
            {
                byte[] less = [.. input[..from], .. input[Math.Min(from + size, input.Length)..]];
                trials++;
                if (Trial.Of(target, less, settings).Harm?.Signature == signature)
                {
                    input = less;
                    isSmaller = true;
                }
                else
                {
                    from += size;
                }
            }

            if (size == 1 && !isSmaller)
            {
                break;
            }

            size = isSmaller ? size : size / 2;
        }

        return input;
    }
}

namespace HyperVDash.Fuzz.Coverage;

/// <summary>Which blocks of instrumented code have run, and in which order of two.</summary>
internal static class BlockMap
{
    private static readonly bool[] Blocks = new bool[1 << 16];
    private static readonly bool[] Edges = new bool[1 << 16];
    private static int _before;

    /// <summary>The input in hand went a way that none went before.</summary>
    public static bool IsNew { get; private set; }

    public static void Begin() => (IsNew, _before) = (false, 0);

    public static void Clear()
    {
        Array.Clear(Blocks);
        Array.Clear(Edges);
    }

    public static bool HasRun(int block) => Blocks[block];

    /// <summary>Called by every block.</summary>
    public static void Visit(int block, string method)
    {
        Blocks[block] = true;
        int edge = (_before >> 1) ^ block;
        _before = block;
        if (!Edges[edge])
        {
            Edges[edge] = true;
            IsNew = true;
        }
    }
}

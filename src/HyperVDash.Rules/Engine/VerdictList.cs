namespace HyperVDash.Rules.Engine;

/// <summary>What a rule said of each object of one kind: a verdict, or several in an array. Mostly it is the very same of all, and then it is kept once.</summary>
internal readonly struct VerdictList
{
    private readonly object? _ofAll;
    private readonly object[]? _each;

    /// <param name="verdict">Of every object the same.</param>
    public VerdictList(object verdict, int count)
    {
        _ofAll = verdict;
        Count = count;
    }

    public VerdictList(object[] each)
    {
        _each = each;
        Count = each.Length;
    }

    public int Count { get; }

    /// <summary>The one verdict of every object; null if they differ, or if there is no object or no verdict.</summary>
    public Verdict? OfAll => _ofAll as Verdict;

    public object this[int index] => _each is null ? _ofAll! : _each[index];
}

namespace HyperVDash.Rules.Engine;

/// <summary>The ways that a rule took through its code, by what it looked at on each. Few, and mostly one, which is kept without a list.</summary>
internal struct WayList
{
    private SectionReads _first;
    private List<SectionReads>? _more;
    private ushort _last;

    public int Count { get; private set; }

    /// <summary>What was looked at on any of them.</summary>
    public SectionReads All { get; private set; }

    public readonly SectionReads this[int way] => way == 0 ? _first : _more![way - 1];

    public void Clear() => this = default;

    /// <summary>The number of a way, which is entered if it is new.</summary>
    public ushort NumberOf(SectionReads reads)
    {
        // Mostly the way of the object before.
        if (_last < Count && this[_last] == reads)
        {
            return _last;
        }

        for (int way = Count - 1; way >= 0; way--)
        {
            if (this[way] == reads)
            {
                return _last = (ushort)way;
            }
        }

        All |= reads;
        if (Count == ushort.MaxValue)
        {
            // So many ways that they are not worth telling apart.
            _more![^1] |= reads;
            return (ushort)(Count - 1);
        }

        if (Count == 0)
        {
            _first = reads;
        }
        else
        {
            (_more ??= new(2)).Add(reads);
        }

        return _last = (ushort)Count++;
    }
}

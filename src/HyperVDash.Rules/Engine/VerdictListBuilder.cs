namespace HyperVDash.Rules.Engine;

/// <summary>Collects verdicts in the order of the objects; a list of its own is made only when two of them differ.</summary>
internal struct VerdictListBuilder(int count)
{
    private readonly int _count = count;
    private object? _ofAll;
    private object[]? _each;
    private int _next;

    public void Add(object verdict)
    {
        if (_each is not null)
        {
            _each[_next] = verdict;
        }
        else if (_ofAll is null)
        {
            _ofAll = verdict;
        }
        else if (!ReferenceEquals(_ofAll, verdict))
        {
            _each = new object[_count];
            _each.AsSpan(0, _next).Fill(_ofAll);
            _each[_next] = verdict;
        }

        _next++;
    }

    public readonly VerdictList Made() => _each is not null ? new(_each) : _ofAll is not null ? new(_ofAll, _count) : default;
}

using System.Diagnostics.CodeAnalysis;

namespace HyperVDash.Rules.Engine;

/// <summary>At most one row of a section for each VM.</summary>
public sealed class RowOfVm<T> : IRowsOfVm where T : class
{
    private readonly Dictionary<Guid, T> _rows;
    private readonly int _section;

    /// <param name="section">JSON name of the section that the rows are in.</param>
    internal RowOfVm(string section, IReadOnlyCollection<T> rows, Func<T, Guid> vm)
    {
        _section = SectionBits.IndexOf(section);
        _rows = new(rows.Count);
        foreach (var row in rows)
        {
            _rows.TryAdd(vm(row), row);
        }
    }

    public int Count => Whole.Count;

    public IEnumerable<Guid> Keys => Whole.Keys;

    public IEnumerable<T> Values => Whole.Values;

    private Dictionary<Guid, T> Whole
    {
        get
        {
            SectionNotes.Content(_section);
            return _rows;
        }
    }

    int IRowsOfVm.Section => _section;

    public T this[Guid key] => TryGetValue(key, out var row) ? row : throw new KeyNotFoundException($"There is no row of {key}.");

    /// <summary>Null if the VM has none.</summary>
    public T? GetValueOrDefault(Guid vm) => TryGetValue(vm, out var row) ? row : null;

    public bool ContainsKey(Guid key) => TryGetValue(key, out _);

    public bool TryGetValue(Guid key, [MaybeNullWhen(false)] out T value)
    {
        SectionNotes.Row(_section, key);
        return _rows.TryGetValue(key, out value);
    }

    void IRowsOfVm.Compare(IRowsOfVm before, Action<Guid> changed)
    {
        var old = ((RowOfVm<T>)before)._rows;
        foreach (var (vm, row) in _rows)
        {
            if (!old.TryGetValue(vm, out var was) || !SameFacts<T>.Are(was, row))
            {
                changed(vm);
            }
        }

        foreach (var vm in old.Keys)
        {
            if (!_rows.ContainsKey(vm))
            {
                changed(vm);
            }
        }
    }
}

using System.Collections;
using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace HyperVDash.Rules.Engine;

/// <summary>Rows of a section joined by VM.</summary>
internal interface IRowsOfVm
{
    /// <summary>Position of the section.</summary>
    int Section { get; }

    /// <summary>Names each VM whose rows are not as they were.</summary>
    void Compare(IRowsOfVm before, Action<Guid> changed);
}

/// <summary>Any number of rows of a section for each VM, in the order the host listed them.</summary>
public sealed class RowsOfVm<T> : ILookup<Guid, T>, IRowsOfVm where T : class
{
    private readonly Dictionary<Guid, T[]> _rows = [];
    private readonly int _section;

    /// <param name="section">JSON name of the section that the rows are in.</param>
    internal RowsOfVm(string section, ImmutableArray<T> rows, Func<T, Guid> vm)
    {
        _section = SectionBits.IndexOf(section);
        // A host lists the rows of one VM mostly one after the other.
        for (int start = 0, end; start < rows.Length; start = end)
        {
            var id = vm(rows[start]);
            for (end = start + 1; end < rows.Length && vm(rows[end]) == id;)
            {
                end++;
            }

            ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(_rows, id, out bool exists);
            var run = rows.AsSpan()[start..end];
            known = exists ? [.. known!, .. run] : run.ToArray();
        }
    }

    public int Count => Whole.Count;

    private Dictionary<Guid, T[]> Whole
    {
        get
        {
            SectionNotes.Content(_section);
            return _rows;
        }
    }

    int IRowsOfVm.Section => _section;

    /// <summary>Empty if the VM has none.</summary>
    public ImmutableArray<T> this[Guid vm]
    {
        get
        {
            SectionNotes.Row(_section, vm);
            return _rows.TryGetValue(vm, out var rows) ? ImmutableCollectionsMarshal.AsImmutableArray(rows) : [];
        }
    }

    IEnumerable<T> ILookup<Guid, T>.this[Guid key] => this[key];

    public bool Contains(Guid key) => this[key].Length > 0;

    public IEnumerator<IGrouping<Guid, T>> GetEnumerator() => Whole.Select(r => (IGrouping<Guid, T>)new Group(r.Key, r.Value)).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    void IRowsOfVm.Compare(IRowsOfVm before, Action<Guid> changed)
    {
        var old = ((RowsOfVm<T>)before)._rows;
        foreach (var (vm, rows) in _rows)
        {
            if (!old.TryGetValue(vm, out var was) || !AreSame(was, rows))
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

    private static bool AreSame(T[] a, T[] b)
    {
        if (a.Length != b.Length)
        {
            return false;
        }

        for (int i = 0; i < a.Length; i++)
        {
            if (!SameFacts<T>.Are(a[i], b[i]))
            {
                return false;
            }
        }

        return true;
    }

    private sealed class Group(Guid key, T[] rows) : IGrouping<Guid, T>
    {
        public Guid Key => key;

        public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)rows).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => rows.GetEnumerator();
    }
}

using System.Runtime.CompilerServices;

namespace HyperVDash.Cim;

/// <summary>The property names of one class, shared by all its rows of one answer, so that a row is an array and not a dictionary.</summary>
/// <param name="isShared">Many rows will have it.</param>
internal sealed class CimLayout(string className, bool isShared = false)
{
    private readonly Dictionary<string, int> _index = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _names = [];

    // Readers ask by literals, the same object for row after row: found without hashing its letters again.
    private readonly Place?[]? _recent = isShared ? new Place?[32] : null;

    public string ClassName { get; } = className;

    public IReadOnlyList<string> Names => _names;

    public int Count => _names.Count;

    public int Find(string name)
    {
        if (_recent is null)
        {
            return _index.TryGetValue(name, out int only) ? only : -1;
        }

        ref var recent = ref _recent[RuntimeHelpers.GetHashCode(name) % _recent.Length];
        if (recent is { } place && ReferenceEquals(place.Name, name))
        {
            return place.Index;
        }

        // A name that is not there yet may come with a later row.
        if (!_index.TryGetValue(name, out int i))
        {
            return -1;
        }

        recent = new Place(name, i);
        return i;
    }

    /// <summary>The place of a name, made if it is new. <paramref name="expected"/> saves the look-up when rows come in the same order.</summary>
    public int Add(string name, int expected = -1)
    {
        if ((uint)expected < (uint)_names.Count && (object)_names[expected] == name)
        {
            return expected;
        }

        if (!_index.TryGetValue(name, out int i))
        {
            i = _names.Count;
            _names.Add(name);
            _index.Add(name, i);
        }

        return i;
    }

    private sealed record Place(string Name, int Index);
}

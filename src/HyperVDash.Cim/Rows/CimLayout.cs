namespace HyperVDash.Cim;

/// <summary>The property names of one class, shared by all its rows of one answer, so that a row is an array and not a dictionary.</summary>
internal sealed class CimLayout(string className)
{
    private readonly Dictionary<string, int> _index = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _names = [];

    public string ClassName { get; } = className;

    public IReadOnlyList<string> Names => _names;

    public int Count => _names.Count;

    public int Find(string name) => _index.TryGetValue(name, out int i) ? i : -1;

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
}

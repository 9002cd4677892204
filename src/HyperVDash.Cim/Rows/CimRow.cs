namespace HyperVDash.Cim;

/// <summary>
/// One instance as the host sent it. Names are compared without case; a property that is absent, null or not of the asked shape is null.
/// Values are <see cref="string"/>, <see cref="long"/>, <see cref="ulong"/>, <see cref="double"/>, <see cref="bool"/>,
/// <see cref="DateTimeOffset"/>, <see cref="TimeSpan"/>, <see cref="CimPath"/>, <see cref="CimRow"/>, or a list of one of these
/// (<see cref="IReadOnlyList{T}"/> of object); text from the wire stays text until a getter asks for a type.
/// </summary>
public sealed partial class CimRow
{
    private readonly CimLayout _layout;
    private readonly object?[] _values;

    internal CimRow(CimLayout layout, object?[] values) => (_layout, _values) = (layout, values);

    /// <summary>The class of the instance, which may be a subclass of the one asked for.</summary>
    public string ClassName => _layout.ClassName;

    /// <summary>The names the host sent, null or not.</summary>
    public IEnumerable<string> Names => _layout.Names.Where((_, i) => !ReferenceEquals(ValueAt(i), NotSent));

    /// <summary>The value as it came, or null.</summary>
    public object? this[string name] => _layout.Find(name) is var i and >= 0 && ValueAt(i) is var value && !ReferenceEquals(value, NotSent) ? value : null;

    /// <summary>True if the host sent the property, even as null: it knows it.</summary>
    public bool Has(string name) => _layout.Find(name) is var i and >= 0 && !ReferenceEquals(ValueAt(i), NotSent);

    /// <summary>A row from values, for captures, lists of answers and tests.</summary>
    public static CimRow Of(string className, params IEnumerable<(string Name, object? Value)> values)
    {
        var layout = new CimLayout(className);
        var list = new List<object?>();
        foreach (var (name, value) in values)
        {
            int i = layout.Add(name);
            while (list.Count <= i)
            {
                list.Add(NotSent);
            }

            list[i] = value;
        }

        return new CimRow(layout, [.. list]);
    }

    /// <summary>Marks a property of the layout that this row did not carry.</summary>
    internal static object NotSent { get; } = new();

    // A row may be older than its layout, which grows while rows stream.
    private object? ValueAt(int index) => index < _values.Length ? _values[index] : NotSent;
}

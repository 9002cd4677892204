namespace HyperVDash.Cim;

/// <summary>
/// One instance as the host sent it. Names are compared without case; a property that is absent, null or not of the asked shape is null.
/// Values are kept as <see cref="string"/>, <see cref="long"/>, <see cref="ulong"/>, <see cref="double"/>, <see cref="bool"/>,
/// <see cref="DateTimeOffset"/>, <see cref="TimeSpan"/>, <see cref="CimPath"/>, <see cref="CimRow"/>, or a list of one of these
/// (<see cref="IReadOnlyList{T}"/> of object); text from the wire stays text until a getter asks for a type.
/// </summary>
/// <param name="className">The class of the instance, which may be a subclass of the one asked for.</param>
public sealed partial class CimRow(string className, IReadOnlyDictionary<string, object?> values)
{
    public string ClassName { get; } = className;

    /// <summary>The names the host sent, null or not.</summary>
    public IEnumerable<string> Names => values.Keys;

    /// <summary>True if the host sent the property, even as null: it knows it.</summary>
    public bool Has(string name) => values.ContainsKey(name);

    /// <summary>The value as it came, or null.</summary>
    public object? this[string name] => values.GetValueOrDefault(name);
}

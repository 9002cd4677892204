namespace HyperVDash.Lab.Hosts;

/// <summary>
/// One instance of a lab host. Values are text, numbers, booleans, <see cref="DateTimeOffset"/>, <see cref="TimeSpan"/>,
/// <see cref="LabReference"/>, <see cref="LabInstance"/> (embedded) or arrays of one of these; what is not set is null.
/// </summary>
public sealed class LabInstance(string className)
{
    private readonly Dictionary<string, object?> _values = new(StringComparer.OrdinalIgnoreCase);

    public string ClassName { get; } = className;

    public object? this[string name]
    {
        get => _values.GetValueOrDefault(name);
        set => _values[name] = value;
    }

    public IReadOnlyDictionary<string, object?> Values => _values;

    /// <summary>For collection-like construction: <c>new("Class") { { "Name", "x" } }</c>.</summary>
    public LabInstance With(string name, object? value)
    {
        _values[name] = value;
        return this;
    }
}

/// <summary>A reference to an instance: its class and keys, in the namespace of the instance that holds it.</summary>
public sealed record LabReference(string ClassName, params IReadOnlyList<(string Key, string Value)> Keys)
{
    /// <summary>The object path as WMI prints it, for string properties that hold one.</summary>
    public string ToPath(string host, string cimNamespace) =>
        $@"\\{host}\{cimNamespace.Replace('/', '\\')}:{ClassName}."
        + string.Join(',', Keys.Select(k => $"{k.Key}=\"{k.Value.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\""));
}

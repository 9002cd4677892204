using System.Globalization;

namespace HyperVDash.Cim;

public sealed partial class CimRow
{
    /// <summary>Text; numbers and booleans as WMI prints them; the first element of a list.</summary>
    public string? String(string name) => First(name) switch
    {
        string text => text,
        bool yes => yes ? "TRUE" : "FALSE",
        CimRow or null => null,
        var value => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    public long? Int64(string name) => ToInt64(First(name));

    /// <summary>A 32-bit number; null if it does not fit.</summary>
    public int? Int32(string name) => Int64(name) is var value and >= int.MinValue and <= int.MaxValue ? (int)value : null;

    public ulong? UInt64(string name) => First(name) switch
    {
        ulong value => value,
        string text when ulong.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out ulong value) => value,
        var value => ToInt64(value) is >= 0 and var whole ? (ulong)whole : null,
    };

    public double? Real(string name) => First(name) switch
    {
        double value => value,
        "INF" or "+INF" => double.PositiveInfinity,
        "-INF" => double.NegativeInfinity,
        string text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) => value,
        var value => ToInt64(value),
    };

    public bool? Boolean(string name) => First(name) switch
    {
        bool value => value,
        string text => text.Trim().ToLowerInvariant() switch { "true" or "1" => true, "false" or "0" => false, _ => null },
        long value => value is 0 or 1 ? value == 1 : null,
        _ => null,
    };

    /// <summary>An instant in UTC; 1601, WMI's "never", is null.</summary>
    public DateTimeOffset? DateTime(string name) => First(name) switch
    {
        DateTimeOffset value => value.Year > 1601 ? value.ToUniversalTime() : null,
        string text => CimTime.Instant(text),
        _ => null,
    };

    public TimeSpan? Interval(string name) => First(name) switch
    {
        TimeSpan value => value,
        string text => CimTime.Interval(text),
        _ => null,
    };

    /// <summary>A GUID in any case, with or without braces.</summary>
    public Guid? Guid(string name) => System.Guid.TryParse(String(name), out var value) ? value : null;

    /// <summary>A list of texts; a single value is a list of one. Null: the host did not say.</summary>
    public IReadOnlyList<string>? Strings(string name) => List(name, value => value switch
    {
        string text => text,
        null => null,
        CimRow => null,
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    });

    /// <summary>A list of numbers; what is none is left out.</summary>
    public IReadOnlyList<long>? Numbers(string name) => this[name] switch
    {
        null => null,
        IReadOnlyList<object?> list => [.. list.Select(ToInt64).OfType<long>()],
        var value => ToInt64(value) is { } number ? [number] : [],
    };

    /// <summary>A reference, or the object path a text holds; null if it is empty or no path.</summary>
    public CimPath? Path(string name) => ToPath(First(name));

    /// <summary>One key of a reference, or of the object path that a text holds: <c>Path(name)?[key]</c> at less cost.</summary>
    public string? KeyOf(string name, string key) => First(name) switch
    {
        CimPath path => path[key],
        string text => CimPath.KeyOf(text, key),
        _ => null,
    };

    /// <summary>Every element that is a reference or holds a path.</summary>
    public IReadOnlyList<CimPath>? Paths(string name) => List(name, ToPath);

    /// <summary>An embedded instance, sent as an element or as the CIM-XML text of one.</summary>
    public CimRow? Embedded(string name) => ToRow(First(name));

    public IReadOnlyList<CimRow>? EmbeddedList(string name) => List(name, ToRow);

    private object? First(string name) => this[name] switch
    {
        string text => text,
        IReadOnlyList<object?> list => list.Count > 0 ? list[0] : null,
        var value => value,
    };

    private IReadOnlyList<T>? List<T>(string name, Func<object?, T?> convert) where T : class => this[name] switch
    {
        null => null,
        IReadOnlyList<object?> list => [.. list.Select(convert).OfType<T>()],
        var value => convert(value) is { } one ? [one] : [],
    };

    private static long? ToInt64(object? value) => value switch
    {
        long number => number,
        ulong number => number <= long.MaxValue ? (long)number : null,
        double number => number is >= long.MinValue and < long.MaxValue && Math.Floor(number) == number ? (long)number : null,
        bool yes => yes ? 1 : 0,
        string text => long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out long number) ? number : null,
        _ => null,
    };

    private static CimPath? ToPath(object? value) => value switch
    {
        CimPath path => path,
        string text => CimPath.TryParse(text, out var path) ? path : null,
        _ => null,
    };

    private static CimRow? ToRow(object? value) => value switch
    {
        CimRow row => row,
        string text => EmbeddedInstance.TryParse(text, out var row) ? row : null,
        _ => null,
    };
}

using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using NativeType = Microsoft.Management.Infrastructure.CimType;

namespace HyperVDash.Cim.Mmi;

/// <summary>Turns instances into rows. One per question: rows of a class share a layout.</summary>
/// <param name="askedClass">Name for an instance that has none: a projection loses the class.</param>
internal sealed class MmiRows(string askedClass)
{
    private readonly Dictionary<string, CimLayout> _layouts = new(StringComparer.Ordinal);

    public CimRow Row(MmiInstance instance)
    {
        string className = instance.Class.Length > 0 ? instance.Class : askedClass;
        if (!_layouts.TryGetValue(className, out var layout))
        {
            _layouts.Add(className, layout = new CimLayout(className));
        }

        var slots = instance.Values.Select((v, i) => (Slot: layout.Add(v.Name, i), Value: Convert(v.Type, v.Value))).ToArray();
        object?[] values = new object?[slots.Length == 0 ? 0 : slots.Max(s => s.Slot) + 1];
        Array.Fill(values, CimRow.NotSent);
        foreach (var (slot, value) in slots)
        {
            values[slot] = value;
        }

        return new CimRow(layout, values);
    }

    /// <summary>A value as <see cref="CimRow"/> holds it.</summary>
    /// <exception cref="CimException">The library handed out a value that its type cannot have.</exception>
    public object? Convert(NativeType type, object? value) => value is null ? null : type switch
    {
        NativeType.Boolean => Of<bool>(value),
        NativeType.UInt8 => (long)Of<byte>(value),
        NativeType.SInt8 => (long)Of<sbyte>(value),
        NativeType.UInt16 => (long)Of<ushort>(value),
        NativeType.SInt16 => (long)Of<short>(value),
        NativeType.UInt32 => (long)Of<uint>(value),
        NativeType.SInt32 => (long)Of<int>(value),
        NativeType.UInt64 => Of<ulong>(value),
        NativeType.SInt64 => Of<long>(value),
        NativeType.Real32 => (double)Of<float>(value),
        NativeType.Real64 => Of<double>(value),
        NativeType.Char16 => Of<char>(value).ToString(),
        NativeType.DateTime => value is TimeSpan span ? span : Instant(Of<DateTime>(value)),
        NativeType.String => Of<string>(value),
        NativeType.Reference => Path(Of<MmiInstance>(value)),
        NativeType.Instance => Row(Of<MmiInstance>(value)),
        NativeType.BooleanArray => List(NativeType.Boolean, value),
        NativeType.UInt8Array => List(NativeType.UInt8, value),
        NativeType.SInt8Array => List(NativeType.SInt8, value),
        NativeType.UInt16Array => List(NativeType.UInt16, value),
        NativeType.SInt16Array => List(NativeType.SInt16, value),
        NativeType.UInt32Array => List(NativeType.UInt32, value),
        NativeType.SInt32Array => List(NativeType.SInt32, value),
        NativeType.UInt64Array => List(NativeType.UInt64, value),
        NativeType.SInt64Array => List(NativeType.SInt64, value),
        NativeType.Real32Array => List(NativeType.Real32, value),
        NativeType.Real64Array => List(NativeType.Real64, value),
        NativeType.Char16Array => List(NativeType.Char16, value),
        NativeType.DateTimeArray => List(NativeType.DateTime, value),
        NativeType.StringArray => List(NativeType.String, value),
        NativeType.ReferenceArray => List(NativeType.Reference, value),
        NativeType.InstanceArray => List(NativeType.Instance, value),
        _ => throw new CimException(CimErrorKind.Protocol, $"A value of CIM type {type} was received, which no property has."),
    };

    private List<object?> List(NativeType element, object value) =>
        value is IEnumerable many and not string ? [.. many.Cast<object?>().Select(v => Convert(element, v))] : throw Odd<Array>(value);

    private static T Of<T>(object value) => value is T right ? right : throw Odd<T>(value);

    private static CimException Odd<T>(object value) =>
        new(CimErrorKind.Protocol, $"A value of .NET type {value.GetType().Name} was received where {typeof(T).Name} was due.");

    // The library gives local time; its first instant, "never", must not leave the calendar on the way to UTC.
    private static DateTimeOffset Instant(DateTime time) => new(time.ToUniversalTime().Ticks, TimeSpan.Zero);

    private static CimPath Path(MmiInstance reference)
    {
        // A reference over WS-Management carries its keys and nothing else, unmarked.
        var keys = reference.Values.Any(v => v.IsKey) ? reference.Values.Where(v => v.IsKey) : reference.Values;
        return new CimPath(reference.Class)
        {
            Keys = keys.Where(k => k.Value is not null)
                .ToImmutableDictionary(k => k.Name, k => KeyText(k.Value!), StringComparer.OrdinalIgnoreCase),
        };
    }

    private static string KeyText(object value) => value switch
    {
        MmiInstance nested => Path(nested).ToString(),
        bool yes => yes ? "TRUE" : "FALSE",
        _ => System.Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}

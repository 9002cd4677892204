using System.Collections;
using System.Globalization;
using NativeType = Microsoft.Management.Infrastructure.CimType;

namespace HyperVDash.Cim.Mmi;

/// <summary>In parameters in the exact .NET types that the library wants: it refuses a long where a uint32 is due.</summary>
internal static class MmiArguments
{
    public static NativeType TypeOf(CimType type) => Enum.Parse<NativeType>(type.ToString());

    /// <param name="reference">Makes what stands for a reference.</param>
    public static object? Value<TReference>(CimType type, object? value, Func<CimPath, TReference> reference) => value is null ? null : type switch
    {
        CimType.String => Text(value),
        CimType.Boolean => Convert.ToBoolean(value, CultureInfo.InvariantCulture),
        CimType.SInt8 => Convert.ToSByte(value, CultureInfo.InvariantCulture),
        CimType.SInt16 => Convert.ToInt16(value, CultureInfo.InvariantCulture),
        CimType.SInt32 => Convert.ToInt32(value, CultureInfo.InvariantCulture),
        CimType.SInt64 => Convert.ToInt64(value, CultureInfo.InvariantCulture),
        CimType.UInt8 => Convert.ToByte(value, CultureInfo.InvariantCulture),
        CimType.UInt16 => Convert.ToUInt16(value, CultureInfo.InvariantCulture),
        CimType.UInt32 => Convert.ToUInt32(value, CultureInfo.InvariantCulture),
        CimType.UInt64 => Convert.ToUInt64(value, CultureInfo.InvariantCulture),
        CimType.Real32 => Convert.ToSingle(value, CultureInfo.InvariantCulture),
        CimType.Real64 => Convert.ToDouble(value, CultureInfo.InvariantCulture),
        CimType.Char16 => Convert.ToChar(value, CultureInfo.InvariantCulture),
        CimType.DateTime => value is DateTimeOffset instant ? instant.UtcDateTime : value,
        CimType.Reference => reference((CimPath)value),
        CimType.StringArray => Array(value, Text),
        CimType.BooleanArray => Array(value, v => Convert.ToBoolean(v, CultureInfo.InvariantCulture)),
        CimType.UInt8Array => Array(value, v => Convert.ToByte(v, CultureInfo.InvariantCulture)),
        CimType.UInt16Array => Array(value, v => Convert.ToUInt16(v, CultureInfo.InvariantCulture)),
        CimType.UInt32Array => Array(value, v => Convert.ToUInt32(v, CultureInfo.InvariantCulture)),
        CimType.UInt64Array => Array(value, v => Convert.ToUInt64(v, CultureInfo.InvariantCulture)),
        CimType.SInt32Array => Array(value, v => Convert.ToInt32(v, CultureInfo.InvariantCulture)),
        CimType.ReferenceArray => Array(value, v => reference((CimPath)v)),
        _ => throw new ArgumentException($"No method that is called here takes a parameter of type {type}.", nameof(type)),
    };

    private static string Text(object value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    private static T[] Array<T>(object value, Func<object, T> convert) =>
        [.. (value is IEnumerable list and not string ? list.Cast<object>() : [value]).Select(convert)];
}

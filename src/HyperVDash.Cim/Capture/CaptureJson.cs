using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace HyperVDash.Cim.Capture;

/// <summary>Row values as the JSON of a capture.</summary>
internal static class CaptureJson
{
    /// <summary>Names in any script stay readable; the file is never part of a page.</summary>
    public static JsonWriterOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The type of a value that JSON does not tell; null for the others.</summary>
    public static string? TypeOf(object? value) => value switch
    {
        CimPath => "reference",
        CimRow => "object",
        DateTimeOffset or TimeSpan => "datetime",
        IReadOnlyList<object?> list when list.Count > 0 && TypeOf(list[0]) is { } element => element + "[]",
        _ => null,
    };

    /// <param name="className">Null if it is the class that was asked for.</param>
    public static void WriteRow(this Utf8JsonWriter json, CimRow row, string? className, string cimNamespace)
    {
        json.WriteStartObject();
        json.WriteText("__CLASS", className);
        foreach (string name in row.Names.Where(n => n != "__CLASS"))
        {
            json.WritePropertyName(name);
            json.WriteValue(row[name], cimNamespace);
        }

        json.WriteEndObject();
    }

    public static void WriteText(this Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, Writable(value));
        }
    }

    public static void WriteError(this Utf8JsonWriter json, CimException error)
    {
        json.WriteStartObject("error");
        json.WriteText("code", error.Code is { } code ? $"0x{code:X8}" : null);
        json.WriteText("message", error.Message);
        json.WriteString("kind", error.Kind.ToString());
        json.WriteEndObject();
    }

    public static void WriteValue(this Utf8JsonWriter json, object? value, string cimNamespace)
    {
        switch (value)
        {
            case null: json.WriteNullValue(); break;
            case string text: json.WriteStringValue(Writable(text)); break;
            case bool yes: json.WriteBooleanValue(yes); break;
            case double real when !double.IsFinite(real):
                json.WriteStringValue(double.IsNaN(real) ? "NaN" : real > 0 ? "INF" : "-INF");
                break;
            case double real: json.WriteNumberValue(real); break;
            case int or short or byte or sbyte or ushort or uint:
                json.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case long whole and >= -(1L << 53) and <= 1L << 53: json.WriteNumberValue(whole); break;
            // Not every reader of JSON holds 64 bits.
            case long or ulong: json.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture)); break;
            case DateTimeOffset at: json.WriteStringValue(at.UtcDateTime.ToString("yyyyMMddHHmmss.ffffff", CultureInfo.InvariantCulture) + "+000"); break;
            case TimeSpan span: json.WriteStringValue($"{span.Days:00000000}{span:hhmmss}.{span:ffffff}:000"); break;
            case CimPath path: json.WriteStringValue(Writable($@"{cimNamespace.Replace('/', '\\')}:{path}")); break;
            case CimRow row: json.WriteRow(row, row.ClassName, cimNamespace); break;
            case System.Collections.IEnumerable list:
                json.WriteStartArray();
                foreach (object? item in list)
                {
                    json.WriteValue(item, cimNamespace);
                }

                json.WriteEndArray();
                break;
            default: json.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture)); break;
        }
    }

    // Half a surrogate pair cannot be UTF-8; a name cut in the middle of one must not end the capture.
    private static string Writable(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}

using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace HyperVDash.Cim.Capture;

/// <summary>Turns the JSON of instances and parameters into row values.</summary>
internal static class CaptureValues
{
    private const int MaxDepth = 16;
    private const int MaxProperties = 4096;

    /// <summary>The object the reader stands on.</summary>
    public static CimRow ReadRow(JsonTokens json, string className) => ReadRow(json, className, ImmutableDictionary<string, string>.Empty, null);

    /// <summary>The object the reader stands on.</summary>
    /// <param name="layouts">Of the rows before, so that rows of one class share their names; null: it is the only one.</param>
    /// <param name="columns">Those to keep; null keeps all.</param>
    public static CimRow ReadRow(JsonTokens json, string className, ImmutableDictionary<string, string> types, CaptureLayouts? layouts, IReadOnlySet<string>? columns = null, int depth = 0)
    {
        if (json.Type != JsonTokenType.StartObject)
        {
            throw json.Broken("an instance must be an object");
        }

        if (depth > MaxDepth)
        {
            throw json.Broken("instances are nested too deeply");
        }

        var values = new List<(string Name, object? Value)>();
        while (json.Next() != JsonTokenType.EndObject)
        {
            string name = json.Text;
            json.Next();
            bool isClass = name == "__CLASS" && json.Type == JsonTokenType.String;
            if (isClass)
            {
                className = json.Text;
            }

            if (!isClass && columns?.Contains(name) == false)
            {
                json.Skip();
                continue;
            }

            values.Add((name, ReadValue(json, types.GetValueOrDefault(name), depth)));
            if (values.Count > MaxProperties)
            {
                throw json.Broken($"an instance has more than {MaxProperties} properties");
            }
        }

        return (layouts is null ? CaptureLayouts.Single(className, values) : layouts.Row(className, values)) ?? throw json.Broken($"an instance of {CaptureIndex.Shown(className)} has a property twice");
    }

    /// <summary>The value the reader stands on.</summary>
    public static object? ReadValue(JsonTokens json, string? type, int depth)
    {
        switch (json.Type)
        {
            case JsonTokenType.Null:
                return null;
            case JsonTokenType.True or JsonTokenType.False:
                return json.Type == JsonTokenType.True;
            case JsonTokenType.Number:
                return Number(json.Text);
            case JsonTokenType.String:
                return FromText(json.Text, type);
            case JsonTokenType.StartObject:
                return ReadRow(json, "", ImmutableDictionary<string, string>.Empty, null, null, depth + 1);
            default:
                var list = new List<object?>();
                string? element = type?.EndsWith("[]", StringComparison.Ordinal) == true ? type[..^2] : type;
                while (json.Next() != JsonTokenType.EndArray)
                {
                    list.Add(json.Type == JsonTokenType.StartArray ? throw json.Broken("an array in an array") : ReadValue(json, element, depth));
                }

                return list;
        }
    }

    private static object? FromText(string text, string? type) => type switch
    {
        "reference" when CimPath.TryParse(text, out var path) => path,
        "real32" or "real64" => text.ToUpperInvariant() switch
        {
            "INF" => double.PositiveInfinity,
            "-INF" => double.NegativeInfinity,
            "NAN" => double.NaN,
            _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double real) ? real : text,
        },
        // Everything else is asked for by type later; text serves every getter.
        _ => text,
    };

    private static object Number(string digits) =>
        long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole) ? whole
        : ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out ulong large) ? large
        : double.Parse(digits, NumberStyles.Float, CultureInfo.InvariantCulture);
}

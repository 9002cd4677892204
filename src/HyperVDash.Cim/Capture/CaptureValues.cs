using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace HyperVDash.Cim.Capture;

/// <summary>Turns the JSON of instances and parameters into row values.</summary>
internal static class CaptureValues
{
    private const int MaxDepth = 16;
    private const int MaxProperties = 4096;

    /// <summary>All VMs of a large host in one answer of a method are a tenth of it.</summary>
    private const int MaxValues = 250_000;

    private const int MaxBytes = 16 << 20;

    /// <summary>What an instance inside another costs beside its values, in values.</summary>
    private const int Instance = 8;

    /// <summary>The object the reader stands on.</summary>
    public static CimRow ReadRow(JsonTokens json, string className) => ReadRow(json, className, ImmutableDictionary<string, string>.Empty, null);

    /// <summary>The object the reader stands on.</summary>
    /// <param name="layouts">Of the rows before, so that rows of one class share their names; null: it is the only one.</param>
    /// <param name="columns">Those to keep; null keeps all.</param>
    public static CimRow ReadRow(JsonTokens json, string className, ImmutableDictionary<string, string> types, CaptureLayouts? layouts, IReadOnlySet<string>? columns = null)
    {
        var room = new Room(json.Start);
        return ReadRow(json, className, types, layouts, columns, 0, ref room);
    }

    private static CimRow ReadRow(JsonTokens json, string className, ImmutableDictionary<string, string> types, CaptureLayouts? layouts, IReadOnlySet<string>? columns, int depth, ref Room room)
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

            values.Add((name, ReadValue(json, types.GetValueOrDefault(name), depth, ref room)));
            if (values.Count > MaxProperties)
            {
                throw json.Broken($"an instance has more than {MaxProperties} properties");
            }
        }

        return (layouts is null ? CaptureLayouts.Single(className, values) : layouts.Row(className, values)) ?? throw json.Broken($"an instance of {CaptureIndex.Shown(className)} has a property twice");
    }

    /// <summary>The value the reader stands on.</summary>
    private static object? ReadValue(JsonTokens json, string? type, int depth, ref Room room)
    {
        room.Take(json, json.Type == JsonTokenType.StartObject ? Instance : 1);
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
                return ReadRow(json, "", ImmutableDictionary<string, string>.Empty, null, null, depth + 1, ref room);
            default:
                var list = new List<object?>();
                string? element = type?.EndsWith("[]", StringComparison.Ordinal) == true ? type[..^2] : type;
                while (json.Next() != JsonTokenType.EndArray)
                {
                    list.Add(json.Type == JsonTokenType.StartArray ? throw json.Broken("an array in an array") : ReadValue(json, element, depth, ref room));
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

    /// <summary>What one instance may still hold, with all that is in it: a value in memory is up to forty times as large as in the file.</summary>
    private struct Room(long start)
    {
        private int _values;

        public void Take(JsonTokens json, int values)
        {
            _values += values;
            if (_values > MaxValues)
            {
                throw json.Broken($"an instance has more than {MaxValues} values");
            }

            if (json.Start - start > MaxBytes)
            {
                throw json.Broken($"an instance is longer than {MaxBytes >> 20} MiB");
            }
        }
    }
}

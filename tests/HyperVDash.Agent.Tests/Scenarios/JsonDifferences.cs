using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HyperVDash.Agent.Tests.Scenarios;

/// <summary>Where two JSON trees differ, as the path of property names without the numbers of list items.</summary>
internal static class JsonDifferences
{
    /// <summary>Lists of different lengths differ as a whole. A property that is absent is null.</summary>
    public static IEnumerable<(string Place, JsonNode? One, JsonNode? Other)> Between(JsonNode? one, JsonNode? other, string place = "")
    {
        switch (one, other)
        {
            case (JsonObject a, JsonObject b):
                return a.Select(m => m.Key).Union(b.Select(m => m.Key)).SelectMany(k => Between(a[k], b[k], place.Length == 0 ? k : $"{place}.{k}"));
            case (JsonArray a, JsonArray b) when a.Count == b.Count:
                return a.Zip(b).SelectMany(p => Between(p.First, p.Second, place));
            default:
                return JsonNode.DeepEquals(one, other) ? [] : [(place, one, other)];
        }
    }

    /// <summary>The node is a text that tells an instant.</summary>
    public static bool IsInstant(JsonNode? node) =>
        node?.GetValueKind() == JsonValueKind.String && node.GetValue<string>() is { Length: > 18 } text && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _);
}

using System.Text.Encodings.Web;
using System.Text.Json;

namespace HyperVDash.Model.Json;

/// <summary>How the agent's records are written and read at every border; the records know nothing of it.</summary>
public static class AgentJson
{
    /// <summary>camelCase, enums as words, sizes as bytes; readable text is not escaped, because it is never put into HTML.</summary>
    public static JsonSerializerOptions Options { get; } = Build(indented: false);

    /// <summary>The same, for people.</summary>
    public static JsonSerializerOptions Indented { get; } = Build(indented: true);

    private static JsonSerializerOptions Build(bool indented)
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            IgnoreReadOnlyProperties = true,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            WriteIndented = indented,
            MaxDepth = 32,
        };
        options.Converters.Add(new WordConverter());
        options.Converters.Add(new ByteSizeConverter());
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}

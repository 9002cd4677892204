using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace HyperVDash.Model.Json;

/// <summary>How the agent's records are written and read at every border; the records know nothing of it.</summary>
public static class AgentJson
{
    /// <summary>camelCase, enums as words, sizes as bytes; readable text is not escaped, because it is never put into HTML.</summary>
    public static JsonSerializerOptions Options { get; } = Build(indented: false);

    /// <summary>The same, for people.</summary>
    public static JsonSerializerOptions Indented { get; } = Build(indented: true);

    /// <summary>For people, of a single look: without what only repeats the time of that look (<see cref="AgentMomentAttribute"/>), so that a host that did not change gives the same text.</summary>
    public static JsonSerializerOptions SingleLook { get; } = Build(indented: true, LeaveOutAgentMoments);

    private static JsonSerializerOptions Build(bool indented, params ReadOnlySpan<Action<JsonTypeInfo>> modifiers)
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
        var resolver = new DefaultJsonTypeInfoResolver();
        foreach (var modifier in modifiers)
        {
            resolver.Modifiers.Add(modifier);
        }

        options.TypeInfoResolver = resolver;
        options.MakeReadOnly();
        return options;
    }

    private static void LeaveOutAgentMoments(JsonTypeInfo type)
    {
        foreach (var property in type.Properties.Where(p => p.AttributeProvider?.IsDefined(typeof(AgentMomentAttribute), inherit: false) == true))
        {
            property.ShouldSerialize = static (_, _) => false;
        }
    }
}

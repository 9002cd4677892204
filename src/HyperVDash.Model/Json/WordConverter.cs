using System.Text.Json;
using System.Text.Json.Serialization;

namespace HyperVDash.Model.Json;

/// <summary>An enum as a camelCase word. A word we do not know is the member with value zero, so that a newer agent never loses us a whole host.</summary>
public sealed class WordConverter : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsEnum;

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Of<>).MakeGenericType(typeToConvert))!;

    private sealed class Of<TEnum> : JsonConverter<TEnum> where TEnum : struct, Enum
    {
        private static readonly Dictionary<string, TEnum> ValueOf =
            Enum.GetValues<TEnum>().ToDictionary(value => JsonNamingPolicy.CamelCase.ConvertName($"{value}"));

        private static readonly Dictionary<TEnum, string> WordOf = ValueOf.ToDictionary(pair => pair.Value, pair => pair.Key);

        public override TEnum Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType == JsonTokenType.String)
            {
                return ValueOf.GetValueOrDefault(reader.GetString()!);
            }

            reader.Skip();
            return default;
        }

        public override void Write(Utf8JsonWriter writer, TEnum value, JsonSerializerOptions options) =>
            writer.WriteStringValue(WordOf.GetValueOrDefault(value, "unknown"));

        public override void WriteAsPropertyName(Utf8JsonWriter writer, TEnum value, JsonSerializerOptions options) =>
            writer.WritePropertyName(WordOf.GetValueOrDefault(value, "unknown"));

        public override TEnum ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            ValueOf.GetValueOrDefault(reader.GetString()!);
    }
}

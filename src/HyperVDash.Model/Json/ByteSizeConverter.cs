using System.Text.Json;
using System.Text.Json.Serialization;
using HyperVDash.Model.Units;

namespace HyperVDash.Model.Json;

/// <summary>A size as a plain number of bytes.</summary>
public sealed class ByteSizeConverter : JsonConverter<ByteSize>
{
    public override ByteSize Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetInt64());

    public override void Write(Utf8JsonWriter writer, ByteSize value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Bytes);
}

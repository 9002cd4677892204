using System.Text.Json.Nodes;
using HyperVDash.Model.Json;
using HyperVDash.Model.Units;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace HyperVDash.Agent.Serve;

/// <summary>What the OpenAPI document cannot know by itself: that enums are words and sizes are numbers of bytes.</summary>
internal static class AgentDocument
{
    public static void Describe(OpenApiOptions options)
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "HyperVDash agent";
            document.Info.Description = "What Hyper-V hosts are made of and what is wrong with them. Nothing here changes a host.";
            return Task.CompletedTask;
        });
        options.AddSchemaTransformer((schema, context, _) =>
        {
            var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
            if (type.IsEnum)
            {
                schema.Type = JsonSchemaType.String;
                schema.Enum = [.. Enum.GetValues(type).Cast<object>().Select(v => JsonValue.Create(System.Text.Json.JsonSerializer.SerializeToElement(v, type, AgentJson.Options).GetString()!))];
            }
            else if (type == typeof(ByteSize))
            {
                schema.Type = JsonSchemaType.Integer;
                schema.Format = "int64";
                schema.Description = "Bytes.";
            }

            return Task.CompletedTask;
        });
    }
}

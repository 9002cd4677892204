using System.Text.Json;
using System.Text.Json.Nodes;

namespace HyperVDash.Fuzz.Seeds;

/// <summary>A capture of a whole host, cut into files of a few answers each.</summary>
internal static class SmallCaptures
{
    private const int AnswersEach = 3;
    private const int RowsEach = 2;
    private const int CallsEach = 4;

    public static IEnumerable<byte[]> Of(byte[] capture)
    {
        var whole = JsonNode.Parse(capture)!.AsObject();
        var answers = whole["answers"]?.AsArray().ToList() ?? [];
        var calls = whole["calls"]?.AsArray().ToList() ?? [];
        whole.Remove("answers");
        whole.Remove("calls");
        foreach (var some in answers.Chunk(AnswersEach))
        {
            var small = whole.DeepClone().AsObject();
            small["answers"] = new JsonArray([.. some.Select(a => Cut(a!.DeepClone().AsObject()))]);
            yield return Bytes(small);
        }

        foreach (var some in calls.Chunk(CallsEach))
        {
            var small = whole.DeepClone().AsObject();
            small["calls"] = new JsonArray([.. some.Select(c => c!.DeepClone())]);
            yield return Bytes(small);
        }
    }

    private static JsonObject Cut(JsonObject answer)
    {
        if (answer["instances"] is JsonArray rows)
        {
            answer["instances"] = new JsonArray([.. rows.Take(RowsEach).Select(r => r!.DeepClone())]);
        }

        return answer;
    }

    private static byte[] Bytes(JsonNode node) => JsonSerializer.SerializeToUtf8Bytes(node);
}

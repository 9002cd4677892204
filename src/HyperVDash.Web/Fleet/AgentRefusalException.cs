using System.Text.Json;

namespace HyperVDash.Web.Fleet;

/// <summary>An agent answered that it does not do what was asked, and said why.</summary>
public sealed class AgentRefusalException(string message, System.Net.HttpStatusCode status) : HttpRequestException(message, null, status)
{
    private const int MaxBytes = 8 * 1024;
    private const int MaxText = 500;

    /// <summary>Throws if the answer is no success; this exception if its body is an agent's problem+json, which no other server sends by chance.</summary>
    /// <exception cref="HttpRequestException">The body says nothing, or is too large to.</exception>
    public static async Task ThrowIfRefusedAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode && response.Content.Headers.ContentType?.MediaType == "application/problem+json" && await WordsAsync(response.Content, cancellationToken) is { } words)
        {
            throw new AgentRefusalException(words, response.StatusCode);
        }

        response.EnsureSuccessStatusCode();
    }

    private static async Task<string?> WordsAsync(HttpContent content, CancellationToken cancellationToken)
    {
        await using var body = await content.ReadAsStreamAsync(cancellationToken);
        byte[] bytes = new byte[MaxBytes + 1];
        int length = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        if (length > MaxBytes)
        {
            return null;
        }

        try
        {
            using var problem = JsonDocument.Parse(bytes.AsMemory(0, length), new() { MaxDepth = 16 });
            return Text(problem.RootElement, "detail") ?? Text(problem.RootElement, "title");
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement problem, string name) =>
        problem.ValueKind == JsonValueKind.Object && problem.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { } text && !string.IsNullOrWhiteSpace(text)
            ? text.Length > MaxText ? $"{text[..MaxText]}…" : text
            : null;
}

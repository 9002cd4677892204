namespace HyperVDash.Web.Access;

/// <summary>Headers that keep strangers' text from becoming script, and other sites from framing the pages.</summary>
internal static class SecurityHeaders
{
    // MudBlazor writes its palette as a style element; scripts come from files alone, but for the import map, which carries its hash.
    private const string Policy =
        "default-src 'self'; script-src 'self' {0}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";

    public static void UseSecurityHeaders(this WebApplication app) => app.Use((context, next) =>
    {
        context.Response.OnStarting(() =>
        {
            var headers = context.Response.Headers;
            string hash = context.GetEndpoint()?.Metadata.GetMetadata<Microsoft.AspNetCore.Components.ImportMapDefinition>() is { } map
                ? $"'sha256-{Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(map.ToString().ReplaceLineEndings("\n"))))}'"
                : "";
            headers.ContentSecurityPolicy = Policy.Replace("{0}", hash, StringComparison.Ordinal);
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "same-origin";
            return Task.CompletedTask;
        });
        return next(context);
    });
}

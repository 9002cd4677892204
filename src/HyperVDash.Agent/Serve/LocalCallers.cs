using Microsoft.AspNetCore.Http;

namespace HyperVDash.Agent.Serve;

/// <summary>
/// An agent without a token answers programs of this machine. A web page that somebody opens here is none of them: it may neither
/// come under a name of its own that leads to this machine, nor post.
/// </summary>
internal static class LocalCallers
{
    public static async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (!IsThisMachine(context.Request.Host.Host))
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, "This agent answers only as localhost, 127.0.0.1 or [::1]; for other names set Agent:TokenEnv.");
            return;
        }

        if (HttpMethods.IsPost(context.Request.Method) && (context.Request.Headers.Origin.Count > 0 || context.Request.Headers["Sec-Fetch-Site"].ToString() is not ("" or "none")))
        {
            await RefuseAsync(context, StatusCodes.Status403Forbidden, "Web pages may not post to this agent; for other callers set Agent:TokenEnv and send the token.");
            return;
        }

        await next(context);
    }

    /// <summary>False for no name at all, which HTTP/1.0 allows, and for what is none.</summary>
    private static bool IsThisMachine(string host) =>
        Uri.CheckHostName(host) != UriHostNameType.Unknown && Uri.TryCreate($"{Uri.UriSchemeHttp}://{host}", UriKind.Absolute, out var address) && address.IsLoopback;

    private static Task RefuseAsync(HttpContext context, int status, string title) => TypedResults.Problem(title: title, statusCode: status).ExecuteAsync(context);
}

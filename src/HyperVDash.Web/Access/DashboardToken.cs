using System.Security.Cryptography;
using System.Text;

namespace HyperVDash.Web.Access;

/// <summary>Where other machines can reach the dashboard, every request needs the token until there is a sign-in.</summary>
internal sealed class DashboardToken(WebOptions options)
{
    private readonly byte[]? _expected = options.Listen.IsLoopback || options.EffectiveToken is not { Length: > 0 } token ? null : Encoding.UTF8.GetBytes(token);

    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (_expected is null || context.Request.Path == "/healthz")
        {
            return next(context);
        }

        string header = context.Request.Headers.Authorization.ToString();
        string given = header.StartsWith("Bearer ", StringComparison.Ordinal) ? header[7..] : context.Request.Cookies["token"] ?? "";
        if (CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), _expected))
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return context.Response.WriteAsync("This dashboard wants its token: send 'Authorization: Bearer …' or the cookie 'token' with the value of Web:Token.");
    }
}

using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace HyperVDash.Agent.Serve;

/// <summary>Asks for the bearer token; only the liveness check goes without.</summary>
internal sealed class AgentToken(string token)
{
    private readonly byte[] _expected = Encoding.UTF8.GetBytes($"Bearer {token}");

    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        byte[] given = Encoding.UTF8.GetBytes(context.Request.Headers.Authorization.ToString());
        if (context.Request.Path == "/healthz" || CryptographicOperations.FixedTimeEquals(given, _expected))
        {
            return next(context);
        }

        context.Response.Headers.WWWAuthenticate = "Bearer";
        return TypedResults.Problem(title: "This agent wants its token: send 'Authorization: Bearer …' with the value of Agent:Token.", statusCode: StatusCodes.Status401Unauthorized).ExecuteAsync(context);
    }
}

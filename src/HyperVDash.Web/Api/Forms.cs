using HyperVDash.Web.Fleet;
using Microsoft.AspNetCore.Mvc;

namespace HyperVDash.Web.Api;

/// <summary>The forms of the pages; they work without a circuit and lead back to where the visitor was.</summary>
internal static class Forms
{
    public static void MapForms(this WebApplication app)
    {
        app.MapPost("/theme", ([FromForm] string? _, HttpContext context) =>
        {
            string next = context.Request.Cookies["theme"] switch { "light" => "dark", "dark" => "system", _ => "light" };
            context.Response.Cookies.Append("theme", next, new CookieOptions { MaxAge = TimeSpan.FromDays(365), SameSite = SameSiteMode.Lax, HttpOnly = true, IsEssential = true });
            return Results.LocalRedirect(Back(context.Request.Headers.Referer.FirstOrDefault()));
        });
        app.MapPost("/hosts/{id}/verify", async (string id, [FromForm] string? sections, [FromForm] string? back, FleetFeed feed, FleetService fleet, CancellationToken cancellationToken) =>
        {
            if (feed.Current.FindHost(id) is { } host)
            {
                string? reason = fleet.FollowerOf(host.Reading) is var (follower, key)
                    ? (await follower.VerifyAsync(key, sections ?? "", cancellationToken)).Reason
                    : "No agent reads this host now.";
                feed.PutRefusal(host.Id, reason, sections ?? "");
            }

            return Results.LocalRedirect($"~/{(back ?? "").TrimStart('/', '\\')}");
        });
    }

    private static string Back(string? referer) => Uri.TryCreate(referer, UriKind.Absolute, out var from) ? from.PathAndQuery : "/";
}

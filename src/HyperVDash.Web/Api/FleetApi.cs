using HyperVDash.Model.Json;
using HyperVDash.Web.Features.GoTo;
using HyperVDash.Web.Fleet;

namespace HyperVDash.Web.Api;

/// <summary>What the pages show, for scripts.</summary>
internal static class FleetApi
{
    public static void MapFleetApi(this WebApplication app)
    {
        var api = app.MapGroup("/api");
        api.MapGet("/fleet", (IFleetFeed feed) => Json(FleetSummary.Of(feed.Current)));
        api.MapGet("/hosts", (IFleetFeed feed) => Json(feed.Current.Hosts.Select(h => h.Reading)));
        api.MapGet("/hosts/{id}", (string id, IFleetFeed feed) => feed.Current.FindHost(id) is { } host ? Json(host.Reading) : Results.Problem($"No host has the id '{id}'.", statusCode: 404));
        api.MapGet("/findings", (IFleetFeed feed) => Json(feed.Current.Findings.Concat(feed.Current.Accepted)));
        api.MapGet("/rules", (IFleetFeed feed) => Json(feed.Current.Rules));
        api.MapGet("/go", (string? q, IFleetFeed feed) => Json(Destination.Find(feed.Current, q).Take(8)));
        app.MapGet("/healthz", () => Results.Text("ok"));
        app.MapGet("/metrics", (IFleetFeed feed) => Results.Text(FleetMetrics.Of(feed.Current), "text/plain; version=0.0.4"));
    }

    private static IResult Json<T>(T value) => Results.Json(value, AgentJson.Options);
}

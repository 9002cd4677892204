using HyperVDash.Model.Json;
using HyperVDash.Rules;
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
        api.MapGet("/findings", (IFleetFeed feed) => Json(feed.Current.Findings));
        api.MapGet("/rules", (IFleetFeed feed) => Json(feed.Current.Rules));
        api.MapGet("/go", (string? q, IFleetFeed feed) => Json(Destination.Find(feed.Current, q).Take(8)));
        app.MapGet("/healthz", () => Results.Text("ok"));
        app.MapGet("/metrics", MetricsAsync);
    }

    private static IResult Json<T>(T value) => Results.Json(value, AgentJson.Options);

    private static IResult MetricsAsync(IFleetFeed feed)
    {
        var fleet = feed.Current;
        var text = new System.Text.StringBuilder();
        void Gauge(string name, string help, IEnumerable<(string Labels, double Value)> values)
        {
            text.Append("# HELP ").Append(name).Append(' ').Append(help).Append("\n# TYPE ").Append(name).Append(" gauge\n");
            foreach (var (labels, value) in values)
            {
                text.Append(name).Append('{').Append(labels).Append("} ").Append(value.ToString(System.Globalization.CultureInfo.InvariantCulture)).Append('\n');
            }
        }

        string origin = fleet.OriginWord;
        Gauge("hypervdash_findings", "Open findings.", Enum.GetValues<Model.Findings.Severity>().Select(s => ($"severity=\"{s.ToString().ToLowerInvariant()}\",origin=\"{origin}\"", (double)fleet.Findings.Count(f => f.Severity == s))));
        Gauge("hypervdash_unknown_checks", "Checks that could not be made.", [($"origin=\"{origin}\"", fleet.UnknownChecks)]);
        Gauge("hypervdash_section_complete", "1 if the newest attempt read the section whole.", fleet.Hosts.SelectMany(h => h.Reading.Sections().Select(s =>
            ($"host=\"{Escape(h.Name)}\",section=\"{s.Name}\",origin=\"{h.Reading.Origin.ToString().ToLowerInvariant()}\"", s.Section.Attempt.State == Model.Fleet.SectionState.Complete ? 1.0 : 0))));
        return Results.Text(text.ToString(), "text/plain; version=0.0.4");
    }

    private static string Escape(string label) => VisibleText.Of(label).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
}

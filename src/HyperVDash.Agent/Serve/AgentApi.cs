using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Json;
using HyperVDash.Rules;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Own;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Prometheus;

namespace HyperVDash.Agent.Serve;

/// <summary>The agent's HTTP interface: JSON, server-sent events, and nothing that changes a host.</summary>
internal static class AgentApi
{
    private static readonly TimeSpan VerifyLimit = TimeSpan.FromSeconds(30);

    public static void UseAgentJson(JsonSerializerOptions options)
    {
        options.IgnoreReadOnlyProperties = true;
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        foreach (var converter in AgentJson.Options.Converters)
        {
            options.Converters.Add(converter);
        }
    }

    public static void MapAgent(this WebApplication app)
    {
        var v1 = app.MapGroup("/v1");
        v1.MapGet("/hosts", (HostRoster roster) => TypedResults.Ok(roster.Workers.Select(w => Summary(w.Current)).ToList()))
            .WithSummary("Every host this agent reads, with the state of its newest read.");
        v1.MapGet("/hosts/{host}", Reading).WithSummary("A host's whole reading. The ETag is its revision.").Produces(304).ProducesProblem(404);
        v1.MapGet("/hosts/{host}/watch", Watch).WithSummary("Server-sent events: reading, section, performance, alive.").Produces<string>(200, "text/event-stream").ProducesProblem(404);
        v1.MapPost("/hosts/{host}/verify", VerifyAsync).WithSummary("Reads now and answers with what was read; at most once in 5 s.").ProducesProblem(400).ProducesProblem(404);
        v1.MapGet("/hosts/{host}/findings", Findings).WithSummary("What the rules say of this host; cluster rules are not evaluated here.").ProducesProblem(404);
        app.MapOpenApi();
        app.MapGet("/healthz", () => TypedResults.Text("ok")).ExcludeFromDescription();
        app.MapGet("/metrics", MetricsAsync).ExcludeFromDescription();
    }

    private static HostSummary Summary(HostReading reading) => new(reading.Key, reading.Name)
    {
        Id = reading.Id, Origin = reading.Origin, Revision = reading.Revision, ReadAt = reading.VirtualMachines.ReadAt, Attempt = reading.VirtualMachines.Attempt,
    };

    private static Results<Ok<HostReading>, StatusCodeHttpResult, ProblemHttpResult> Reading(string host, HostRoster roster, HttpRequest request, HttpResponse response)
    {
        if (roster.Find(host) is not { } worker)
        {
            return Unknown(host, roster);
        }

        var reading = worker.Current;
        string tag = $"\"{reading.Revision}\"";
        response.Headers.ETag = tag;
        return request.Headers.IfNoneMatch.Contains(tag) ? TypedResults.StatusCode(StatusCodes.Status304NotModified) : TypedResults.Ok(reading);
    }

    private static IResult Watch(string host, string? since, HostRoster roster, HttpRequest request, TimeProvider time, IHostApplicationLifetime life, CancellationToken aborted)
    {
        if (roster.Find(host) is not { } worker)
        {
            return Unknown(host, roster);
        }

        string? known = request.Headers["Last-Event-ID"].FirstOrDefault() ?? since;
        return TypedResults.ServerSentEvents(new HostStream(worker, known, time).EventsAsync(life.ApplicationStopping, aborted));
    }

    private static async Task<Results<Ok<VerifyAnswer>, ProblemHttpResult>> VerifyAsync(string host, string? sections, HostRoster roster, CancellationToken aborted)
    {
        if (roster.Find(host) is not { } worker)
        {
            return Unknown(host, roster);
        }

        var names = worker.Current.Sections().Select(s => s.Name).ToList();
        var wanted = (sections ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToList();
        if (wanted.Find(w => !names.Contains(w, StringComparer.OrdinalIgnoreCase)) is { } wrong)
        {
            return TypedResults.Problem($"There is no section '{wrong}'. Known: {string.Join(", ", names)}.", statusCode: 400);
        }

        string? reason = null;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        limit.CancelAfter(VerifyLimit);
        try
        {
            await worker.VerifyAsync(wanted.Count == 0 ? names : wanted, limit.Token);
        }
        catch (OperationCanceledException) when (!aborted.IsCancellationRequested)
        {
            reason = $"The host did not answer within {VerifyLimit.TotalSeconds:0} s; the read goes on.";
        }

        var reading = worker.Current;
        return TypedResults.Ok(new VerifyAnswer(reading.Revision)
        {
            Reason = reason,
            Sections = [.. reading.Sections().Where(s => wanted.Count == 0 || wanted.Contains(s.Name, StringComparer.OrdinalIgnoreCase)).Select(HostStream.Pulse)],
        });
    }

    private static Results<Ok<FindingReport>, ProblemHttpResult> Findings(string host, HostRoster roster, RuleSettings settings, RuleSet rules, TimeProvider time)
    {
        if (roster.Find(host) is not { } worker)
        {
            return Unknown(host, roster);
        }

        var now = time.GetUtcNow();
        var book = new FindingBook { IsSingleSample = true }.Apply(RuleEngine.ExamineHost(new HostSubject(worker.Current), settings, now, rules.All));
        var elsewhere = RuleCatalogue.All.Where(r => r.Card.Scope is RuleScope.Cluster or RuleScope.Farm)
            .Select(r => new RuleTally(r.Card.Id, 0, 0, 0, 0, 0) { NotEvaluated = "Looks at several hosts: evaluated by the dashboard, or by 'check' over all of them." });
        return TypedResults.Ok(new FindingReport(now) { Findings = book.Findings, Rules = [.. book.Tallies.Concat(elsewhere).OrderBy(t => t.RuleId, StringComparer.Ordinal)] });
    }

    private static async Task MetricsAsync(HttpContext context, HostRoster roster)
    {
        var registry = Metrics.NewCustomRegistry();
        var factory = Metrics.WithCustomRegistry(registry);
        var complete = factory.CreateGauge("hypervdash_section_complete", "1 if the newest attempt read the section whole.", "host", "section", "origin");
        var readAt = factory.CreateGauge("hypervdash_section_read_timestamp_seconds", "When the section's content was read.", "host", "section", "origin");
        var vms = factory.CreateGauge("hypervdash_virtual_machines", "VMs the host lists; missing if it could not be asked.", "host", "origin");
        foreach (var reading in roster.Workers.Select(w => w.Current))
        {
            string origin = reading.Origin.ToString().ToLowerInvariant();
            foreach (var section in reading.Sections())
            {
                complete.WithLabels(reading.Key, section.Name, origin).Set(section.Section.Attempt.State == SectionState.Complete ? 1 : 0);
                if (section.Section.ReadAt is { } at)
                {
                    readAt.WithLabels(reading.Key, section.Name, origin).Set(at.ToUnixTimeSeconds());
                }
            }

            if (reading.VirtualMachines.IsReadable())
            {
                vms.WithLabels(reading.Key, origin).Set(reading.VirtualMachines.Content!.Items.Length);
            }
        }

        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        await registry.CollectAndExportAsTextAsync(context.Response.Body, context.RequestAborted);
    }

    private static ProblemHttpResult Unknown(string host, HostRoster roster) => TypedResults.Problem(
        $"This agent reads no host '{host}'. It reads: {string.Join(", ", roster.Workers.Select(w => w.Key))}.", statusCode: 404, title: "No such host");
}

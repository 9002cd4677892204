using System.Reflection;
using System.Text.Json.Nodes;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Json;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Own;

namespace HyperVDash.Agent.Commands;

/// <summary>
/// Findings as SARIF 2.1.0. What could not be checked is a result of kind <c>open</c>, so that it does not look checked; a host that could not be read
/// and a rule of the user's that was refused are notifications, and the run then did not succeed. A finding that somebody accepted is a suppressed result.
/// </summary>
internal static class SarifReport
{
    /// <param name="unread">Sentences about the hosts that could not be read.</param>
    /// <param name="ran">The rules that ran; null: the catalogue.</param>
    public static string Of(FindingReport report, IReadOnlyCollection<string> unread, RuleSet? ran = null)
    {
        ran ??= RuleSet.Catalogue;
        var rules = ran.All;
        var places = rules.Index().ToDictionary(r => r.Item.Card.Id, r => r.Index, StringComparer.Ordinal);
        List<JsonObject> results =
        [
            .. report.Findings.Select(f => Result(f, places)),
            .. report.Rules.SelectMany(r => r.Reasons.Where(reason => reason.Outcome == "unknown").Select(reason => Open(r.RuleId, reason, places))),
        ];
        if (report.Findings.Any(f => f.Accepted is not null))
        {
            // Either every result of a run says whether it is suppressed, or none does.
            foreach (var (i, result) in results.Index())
            {
                result["suppressions"] = i < report.Findings.Length && report.Findings[i].Accepted is { } accepted ? new JsonArray(Suppression(accepted)) : new JsonArray();
            }
        }

        var run = new JsonObject
        {
            ["tool"] = new JsonObject
            {
                ["driver"] = new JsonObject
                {
                    ["name"] = "HyperVDash",
                    ["version"] = Assembly.GetExecutingAssembly().GetName().Version?.ToString(3),
                    ["rules"] = new JsonArray([.. rules.Select(r => Rule(r.Card))]),
                },
            },
            ["invocations"] = new JsonArray(new JsonObject
            {
                ["executionSuccessful"] = unread.Count == 0 && ran.Own.Mistakes.IsEmpty,
                ["endTimeUtc"] = report.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture),
                ["toolExecutionNotifications"] = new JsonArray([.. unread.Concat(ran.Own.Mistakes.Select(m => m.Sentence)).Concat(report.Rules.Where(r => r.NotEvaluated is not null).Select(r => r.NotEvaluated!))
                    .Select(sentence => new JsonObject { ["level"] = "error", ["message"] = Message(sentence) })]),
            }),
            ["results"] = new JsonArray([.. results]),
        };
        return new JsonObject
        {
            ["$schema"] = "https://json.schemastore.org/sarif-2.1.0.json",
            ["version"] = "2.1.0",
            ["runs"] = new JsonArray(run),
        }.ToJsonString(AgentJson.Indented);
    }

    private static JsonObject Rule(RuleCard card) => new()
    {
        ["id"] = card.Id,
        ["name"] = card.Name,
        ["shortDescription"] = Message(card.Title),
        ["fullDescription"] = Message(card.Why),
        ["help"] = Message(card.Fix),
        ["defaultConfiguration"] = new JsonObject { ["level"] = Level(card.Severities.Max()) },
        ["properties"] = new JsonObject { ["confidence"] = card.Confidence },
    };

    private static JsonObject Result(Finding finding, Dictionary<string, int> places)
    {
        var properties = new JsonObject { ["severity"] = finding.Severity.ToString().ToLowerInvariant(), ["variant"] = finding.Variant };
        if (finding.OriginalSeverity is { } original)
        {
            properties["originalSeverity"] = original.ToString().ToLowerInvariant();
        }

        if (finding.Impact is { } impact)
        {
            properties["impact"] = impact;
        }

        if (finding.Remedy is { } remedy)
        {
            properties["remedy"] = remedy.Text;
            properties["commands"] = new JsonArray([.. remedy.Commands.Select(c => JsonValue.Create(c))]);
        }

        if (!finding.InhibitedBy.IsEmpty)
        {
            properties["becauseOf"] = new JsonArray([.. finding.InhibitedBy.Select(id => JsonValue.Create(id))]);
        }

        var result = Of(finding.RuleId, places);
        result["kind"] = "fail";
        result["level"] = Level(finding.Severity);
        result["message"] = Message(finding.Title);
        result["locations"] = new JsonArray(new JsonObject { ["logicalLocations"] = new JsonArray(Location(finding.Subject)) });
        result["partialFingerprints"] = new JsonObject { ["finding/v1"] = finding.Id };
        result["properties"] = properties;
        return result;
    }

    private static JsonObject Suppression(Acceptance accepted) => new()
    {
        ["kind"] = "external",
        ["status"] = "accepted",
        ["justification"] = $"Accepted by {accepted.Owner} until {accepted.ReviewBy:o}{(accepted.Reason is null ? "" : $": {accepted.Reason}")}",
    };

    private static JsonObject Open(string ruleId, TallyReason reason, Dictionary<string, int> places)
    {
        var result = Of(ruleId, places);
        result["kind"] = "open";
        result["level"] = "none";
        result["message"] = Message($"{reason.Count} could not be checked: {reason.Reason}");
        return result;
    }

    private static JsonObject Of(string ruleId, Dictionary<string, int> places) =>
        places.TryGetValue(ruleId, out int place) ? new() { ["ruleId"] = ruleId, ["ruleIndex"] = place } : new() { ["ruleId"] = ruleId };

    private static JsonObject Location(ObjectRef subject) => new()
    {
        ["name"] = subject.Name,
        ["fullyQualifiedName"] = $"{subject.Kind}/{(subject.HostId is { } host && subject.Kind != ObjectKind.Host ? $"{host}/" : "")}{subject.Id}",
        ["kind"] = "resource",
    };

    // Names come from strangers, and a viewer makes a link of "[text](target)".
    private static JsonObject Message(string text) => new() { ["text"] = text.Replace("](", "] (", StringComparison.Ordinal) };

    private static string Level(Severity severity) => severity switch { Severity.Info => "note", Severity.Warning => "warning", _ => "error" };
}

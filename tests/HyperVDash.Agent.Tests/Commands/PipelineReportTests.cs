using System.Text.Json;
using System.Xml.Linq;
using HyperVDash.Agent.Commands;
using HyperVDash.Model.Findings;
using HyperVDash.Rules;
using HyperVDash.Rules.Own;

namespace HyperVDash.Agent.Tests.Commands;

/// <summary>What a pipeline gets to read.</summary>
public sealed class PipelineReportTests
{
    private static readonly ObjectRef Vm = new(ObjectKind.VirtualMachine, "11111111-1111-1111-1111-111111111111", "SQL01", "h1");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sarif_of_the_demo_lab_has_the_required_shape_and_every_finding()
    {
        var (code, sarif) = await RunAsync("sarif");
        var (_, json) = await RunAsync("json");

        Assert.Equal(1, code);
        var results = Results(sarif);
        var expected = JsonDocument.Parse(json).RootElement.GetProperty("findings").EnumerateArray().Select(f => f.GetProperty("id").GetString()).Order();
        Assert.Equal(expected, results.Where(r => r.GetProperty("kind").GetString() == "fail").Select(r => r.GetProperty("partialFingerprints").GetProperty("finding/v1").GetString()).Order());
        Assert.Contains(results, r => r.GetProperty("level").GetString() == "error");
        var unknown = JsonDocument.Parse(json).RootElement.GetProperty("rules").EnumerateArray().Sum(r => r.GetProperty("reasons").EnumerateArray().Count(x => x.GetProperty("outcome").GetString() == "unknown"));
        Assert.Equal(unknown, results.Count(r => r.GetProperty("kind").GetString() == "open"));
    }

    [Fact]
    public async Task Junit_of_the_demo_lab_has_the_required_shape_and_fails_for_every_error()
    {
        var (code, junit) = await RunAsync("junit");
        var (_, json) = await RunAsync("json");

        Assert.Equal(1, code);
        var cases = Cases(junit);
        var errors = JsonDocument.Parse(json).RootElement.GetProperty("findings").EnumerateArray().Where(f => f.GetProperty("severity").GetString() is "error" or "critical")
            .Select(f => $"{f.GetProperty("ruleId").GetString()} {f.GetProperty("subject").GetProperty("name").GetString()}").Order();
        // Not the titles: some say a time, and the lab is read twice.
        Assert.Equal(errors, cases.Where(c => c.Element("failure") is not null).Select(c => $"{c.Attribute("classname")!.Value[..6]} {c.Attribute("name")!.Value}").Order());
    }

    [Fact]
    public void What_could_not_be_checked_is_open_in_sarif_and_skipped_in_junit()
    {
        var report = new FindingReport(DateTimeOffset.UnixEpoch) { Rules = [new("HVD601", 3, 1, 0, 2, 0) { Reasons = [new("unknown", "hung", 2)], PassedObjects = [Vm] }] };

        var open = Assert.Single(Results(SarifReport.Of(report, [])));
        Assert.Equal(("open", "none", "2 could not be checked: hung"), (open.GetProperty("kind").GetString(), open.GetProperty("level").GetString(), open.GetProperty("message").GetProperty("text").GetString()));
        var cases = Cases(JunitReport.Of(report, []));
        Assert.Equal("cannot tell: hung", Assert.Single(cases.Elements("skipped")).Attribute("message")!.Value);
        Assert.Equal("SQL01", Assert.Single(cases, c => !c.HasElements).Attribute("name")!.Value);
    }

    [Fact]
    public void A_host_that_could_not_be_read_fails_the_run()
    {
        var report = new FindingReport(DateTimeOffset.UnixEpoch);

        var invocation = JsonDocument.Parse(SarifReport.Of(report, ["HV03 could not be read: refused"])).RootElement.GetProperty("runs")[0].GetProperty("invocations")[0];
        Assert.False(invocation.GetProperty("executionSuccessful").GetBoolean());
        Assert.Equal("HV03 could not be read: refused", invocation.GetProperty("toolExecutionNotifications")[0].GetProperty("message").GetProperty("text").GetString());
        Assert.Equal("HV03 could not be read: refused", Assert.Single(Cases(JunitReport.Of(report, [("HV03", "HV03 could not be read: refused")])).Elements("error")).Attribute("message")!.Value);
    }

    [Fact]
    public void A_rule_of_ones_own_that_was_refused_fails_the_run()
    {
        var report = new FindingReport(DateTimeOffset.UnixEpoch);
        var rules = new RuleSet(new([], [new("own.yaml", 5, 11, "it has no fact named nam")]));

        var invocation = JsonDocument.Parse(SarifReport.Of(report, [], rules)).RootElement.GetProperty("runs")[0].GetProperty("invocations")[0];
        Assert.False(invocation.GetProperty("executionSuccessful").GetBoolean());
        var told = Assert.Single(invocation.GetProperty("toolExecutionNotifications").EnumerateArray());
        Assert.Equal(("error", "own.yaml:5:11: it has no fact named nam (this rule does not run)"), (told.GetProperty("level").GetString(), told.GetProperty("message").GetProperty("text").GetString()));
        Assert.Equal("own.yaml:5:11: it has no fact named nam (this rule does not run)", Assert.Single(Cases(JunitReport.Of(report, [], rules)).Elements("error")).Attribute("message")!.Value);
    }

    [Theory]
    [InlineData(Severity.Info, "note", "skipped"), InlineData(Severity.Warning, "warning", "skipped"), InlineData(Severity.Error, "error", "failure"), InlineData(Severity.Critical, "error", "failure")]
    public void Severities_become_the_words_of_the_format(Severity severity, string level, string element)
    {
        var report = Report(new Finding("id", "HVD601", "old", severity, Vm) { Title = "SQL01 has an old checkpoint" });

        Assert.Equal(level, Assert.Single(Results(SarifReport.Of(report, []))).GetProperty("level").GetString());
        Assert.Contains("SQL01 has an old checkpoint", Assert.Single(Cases(JunitReport.Of(report, [])).Elements(element)).Attribute("message")!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void An_accepted_finding_is_suppressed_in_sarif_and_skipped_in_junit()
    {
        var accepted = new Finding("a", "HVD601", "old", Severity.Error, Vm) { Title = "SQL01 has an old checkpoint", Accepted = new("Ann", new(2027, 3, 31)) { Reason = "kept for the audit" } };
        var report = Report(accepted, new Finding("b", "HVD602", "count", Severity.Warning, Vm) { Title = "SQL01 has 12 checkpoints" }, new Finding("c", "HVD604", "x", Severity.Info, Vm) { Title = "c", OriginalSeverity = Severity.Error });

        var results = Results(SarifReport.Of(report, []));

        var suppression = Assert.Single(results[0].GetProperty("suppressions").EnumerateArray());
        Assert.Equal(("external", "accepted", "Accepted by Ann until 2027-03-31: kept for the audit"), (suppression.GetProperty("kind").GetString(), suppression.GetProperty("status").GetString(), suppression.GetProperty("justification").GetString()));
        Assert.Equal(0, results[1].GetProperty("suppressions").GetArrayLength());
        Assert.Equal("error", results[2].GetProperty("properties").GetProperty("originalSeverity").GetString());
        Assert.All(Results(SarifReport.Of(Report(report.Findings[1]), [])), r => Assert.False(r.TryGetProperty("suppressions", out _)));
        var skipped = Cases(JunitReport.Of(report, [])).Elements("skipped").Select(s => s.Attribute("message")!.Value);
        Assert.Contains("accepted by Ann until 2027-03-31: SQL01 has an old checkpoint", skipped);
        Assert.Empty(Cases(JunitReport.Of(report, [])).Elements("failure"));
    }

    [Fact]
    public void A_hostile_name_breaks_neither_format()
    {
        string name = "a\u0001\uFFFE\uD800<b attr='\"'/>]]>[here](http://evil.example/)";
        var report = Report(new Finding("id", "HVD601", "old", Severity.Error, Vm with { Name = name }) { Title = name });

        string text = Assert.Single(Results(SarifReport.Of(report, []))).GetProperty("message").GetProperty("text").GetString()!;
        Assert.DoesNotContain("](", text, StringComparison.Ordinal);
        Assert.Equal("a\uFFFD\uFFFD\uFFFD<b attr='\"'/>]]>[here](http://evil.example/)", Assert.Single(Cases(JunitReport.Of(report, []))).Attribute("name")!.Value);
    }

    private static FindingReport Report(params Finding[] findings) => new(DateTimeOffset.UnixEpoch) { Findings = [.. findings], Rules = [new("HVD601", 1, 0, 1, 0, 0)] };

    /// <summary>Checks what SARIF 2.1.0 requires of a log, and gives its results.</summary>
    private static List<JsonElement> Results(string sarif)
    {
        var log = JsonDocument.Parse(sarif).RootElement;
        Assert.Equal("2.1.0", log.GetProperty("version").GetString());
        Assert.Equal("https://json.schemastore.org/sarif-2.1.0.json", log.GetProperty("$schema").GetString());
        var run = Assert.Single(log.GetProperty("runs").EnumerateArray());
        var driver = run.GetProperty("tool").GetProperty("driver");
        Assert.Equal("HyperVDash", driver.GetProperty("name").GetString());
        var rules = driver.GetProperty("rules").EnumerateArray().ToList();
        Assert.Equal(RuleCatalogue.All.Select(r => r.Card.Id), rules.Select(r => r.GetProperty("id").GetString()));
        Assert.All(rules, r => Assert.NotEmpty(r.GetProperty("shortDescription").GetProperty("text").GetString()!));
        foreach (var invocation in run.GetProperty("invocations").EnumerateArray())
        {
            Assert.True(invocation.GetProperty("executionSuccessful").ValueKind is JsonValueKind.True or JsonValueKind.False);
            Assert.EndsWith("Z", invocation.GetProperty("endTimeUtc").GetString(), StringComparison.Ordinal);
        }

        var results = run.GetProperty("results").EnumerateArray().ToList();
        Assert.All(results, result =>
        {
            Assert.NotEmpty(result.GetProperty("message").GetProperty("text").GetString()!);
            string kind = result.GetProperty("kind").GetString()!;
            Assert.Contains(kind, new[] { "fail", "open" });
            // A level other than none is for what failed.
            Assert.Contains(result.GetProperty("level").GetString(), kind == "fail" ? ["note", "warning", "error"] : new[] { "none" });
            Assert.Equal(result.GetProperty("ruleId").GetString(), rules[result.GetProperty("ruleIndex").GetInt32()].GetProperty("id").GetString());
            if (kind == "fail")
            {
                var location = Assert.Single(Assert.Single(result.GetProperty("locations").EnumerateArray()).GetProperty("logicalLocations").EnumerateArray());
                Assert.NotEmpty(location.GetProperty("fullyQualifiedName").GetString()!);
            }
        });
        return results;
    }

    /// <summary>Checks what readers of JUnit XML expect, and gives its cases.</summary>
    private static List<XElement> Cases(string junit)
    {
        var root = XDocument.Parse(junit).Root!;
        Assert.Equal("testsuites", root.Name.LocalName);
        Assert.All(root.Elements(), s => Assert.Equal("testsuite", s.Name.LocalName));
        foreach (var counted in root.Elements().Prepend(root))
        {
            var inside = counted.Descendants("testcase").ToList();
            Assert.Equal($"{inside.Count}", counted.Attribute("tests")!.Value);
            Assert.Equal($"{inside.Elements("failure").Count()}", counted.Attribute("failures")!.Value);
            Assert.Equal($"{inside.Elements("error").Count()}", counted.Attribute("errors")!.Value);
            Assert.Equal($"{inside.Elements("skipped").Count()}", counted.Attribute("skipped")!.Value);
            Assert.NotEmpty(counted.Attribute("name")!.Value);
        }

        var cases = root.Descendants("testcase").ToList();
        Assert.All(cases, c =>
        {
            Assert.NotNull(c.Attribute("name"));
            Assert.NotEmpty(c.Attribute("classname")!.Value);
            Assert.True(c.Elements().Count() <= 1);
            Assert.All(c.Elements(), e => Assert.NotNull(e.Attribute("message")));
        });
        return cases;
    }

    private static async Task<(int Code, string Output)> RunAsync(string format)
    {
        await using var output = new StringWriter();
        await using var errors = new StringWriter();
        int code = await AgentCommands.RunAsync(["check", "--lab", "demo", "--lab-frozen", "--format", format], TimeProvider.System, output, errors, Stop);
        Assert.Equal("", errors.ToString());
        return (code, output.ToString());
    }
}

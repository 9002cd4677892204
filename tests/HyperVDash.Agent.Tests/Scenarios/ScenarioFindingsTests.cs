using System.Text.Json;
using HyperVDash.Agent.Commands;
using HyperVDash.Lab.Scenarios;
using HyperVDash.Model;
using HyperVDash.Model.Fleet;
using HyperVDash.Rules;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Tests;

namespace HyperVDash.Agent.Tests.Scenarios;

/// <summary>The written labs, read and examined once for all tests.</summary>
public sealed class ExaminedLabs : IAsyncLifetime
{
    internal static readonly string[] Names = ["demo", "prerelease-2008", "print-farm", "old-clusters", "odd-cases", "print-odds", "crowded"];

    /// <summary>How long after their first look the labs in which something happens are looked at again.</summary>
    internal static readonly TimeSpan Later = TimeSpan.FromMinutes(70);

    internal Dictionary<string, (LabScenario Scenario, List<HostReading> Readings, List<Examined> Verdicts)> Of { get; } = [];

    /// <summary>What the same agent reads of some of them later.</summary>
    internal Dictionary<string, List<HostReading>> LaterOf { get; } = [];

    internal IReadOnlyList<Examined> Demo => Of["demo"].Verdicts;

    public async ValueTask InitializeAsync()
    {
        foreach (string name in Names)
        {
            // In the labs of odd cases some things last for minutes, some end on a date, and some happen after a while.
            var standing = name is "odd-cases" or "print-odds" ? new StandingClock(StandingClock.Morning) : null;
            TimeProvider time = standing ?? TimeProvider.System;
            var lab = LabScenarios.Build(name, time, isFrozen: standing is null);
            await using var looks = ScenarioReader.WatchAsync(lab, time, CancellationToken.None).GetAsyncEnumerator();
            await looks.MoveNextAsync();
            Of[name] = (lab, looks.Current, ScenarioReader.Examine(lab, looks.Current));
            if (standing is not null)
            {
                standing.Now += Later;
                await looks.MoveNextAsync();
                LaterOf[name] = looks.Current;
            }
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

public sealed class ScenarioFindingsTests(ExaminedLabs labs) : IClassFixture<ExaminedLabs>
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What no lab shows at its first look, and where it is shown instead.</summary>
    private static readonly Dictionary<string, string> NotAtOnce = new()
    {
        ["HVD106"] = "a restart counts after it waited for a day: FindingsThatTakeTimeTests",
        ["HVD110"] = "every host of the labs answers: AgentLossTests of the end-to-end tests",
        ["HVD604"] = "a file without a checkpoint counts after half an hour: FindingsThatTakeTimeTests",
    };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Every_rule_fires_and_passes_on_objects_of_one_kind_in_the_written_labs()
    {
        var verdicts = labs.Of.Values.SelectMany(l => l.Verdicts.Select(v => (Lab: l.Scenario.Name, v.Rule, v.Verdict, v.Subject))).ToLookup(v => v.Rule.Id);

        Assert.All(NotAtOnce.Keys, rule => Assert.DoesNotContain(verdicts[rule], v => v.Verdict is Verdict.Fire));
        foreach (string rule in RuleCatalogue.All.Select(r => r.Card.Id))
        {
            var faulty = verdicts[rule].Where(v => v.Verdict is Verdict.Fire).Select(v => (v.Lab, v.Subject.Kind, v.Subject.Id)).ToHashSet();
            Assert.True(faulty.Count > 0 || NotAtOnce.ContainsKey(rule), $"{rule} finds nothing in {string.Join(", ", ExaminedLabs.Names)}.");
            Assert.True(verdicts[rule].Any(v => v.Verdict is Verdict.Pass && !faulty.Contains((v.Lab, v.Subject.Kind, v.Subject.Id))), $"{rule} passes on no object of {string.Join(", ", ExaminedLabs.Names)}.");
        }

        // A state rule: one sample is enough here, because the engine examines and does not remember.
        Assert.Equal(["HV07"], labs.Demo.Where(v => v.Rule.Id == "HVD111" && v.Verdict is Verdict.Fire).Select(v => v.Subject.Name));
    }

    /// <summary>When the labs are looked at, counted from their first look: some faults are none before they lasted.</summary>
    private static readonly TimeSpan[] Looks = [TimeSpan.Zero, TimeSpan.FromMinutes(35), TimeSpan.FromHours(25), TimeSpan.FromDays(15)];

    /// <summary>What rules can say is what their examples show; that every severity of a card has one is held by the tests of the rules.</summary>
    [Fact]
    public void Every_variant_and_severity_that_a_rule_can_say_is_shown_by_a_lab()
    {
        HashSet<string> said = [.. from rule in RuleCatalogue.All from example in rule.Cases from fire in example.Run(new RuleContext(Sample.Now, example.Settings)).OfType<Verdict.Fire>() select Line(rule.Card, fire)];
        HashSet<string> shown = [];
        foreach (var (scenario, readings, _) in labs.Of.Values)
        {
            var start = ScenarioReader.ReadAt(scenario, readings);
            var settings = new RuleSettings { Tags = scenario.Description.Tags };
            shown.UnionWith(Looks.SelectMany(look => Fired(ScenarioReader.Examine(ScenarioReader.Again(readings, start + look), settings, start + look))));
            shown.UnionWith(Fired(ScenarioReader.Examine(readings, Strict(settings), start)));
            if (labs.LaterOf.TryGetValue(scenario.Name, out var later))
            {
                shown.UnionWith(Fired(ScenarioReader.Examine(later, settings, start + ExaminedLabs.Later)));
            }

            // Of hosts that do not answer any more.
            shown.UnionWith(Fired(ScenarioReader.Examine(readings, settings, start + TimeSpan.FromHours(1)).Where(v => v.Rule.Id == "HVD110")));
        }

        Assert.Empty(said.Except(shown).Order(StringComparer.Ordinal));

        // What rules say only where somebody asks for it, or is stricter than the defaults.
        static RuleSettings Strict(RuleSettings settings) => settings with { ReportGenerationOne = true, MinimumLinuxIntegration = new(5, 0), ProcessorRatioWarn = 4, NlbExpectsMulticast = true, ClockSkewError = TimeSpan.FromSeconds(40) };

        static string Line(RuleCard rule, Verdict.Fire fire) => $"{rule.Id} {fire.Variant} {fire.Severity}";
        static IEnumerable<string> Fired(IEnumerable<Examined> verdicts) => from v in verdicts let fire = v.Verdict as Verdict.Fire where fire is not null select Line(v.Rule, fire);
    }

    /// <summary>The demo's list is held against the dashboard by the end-to-end tests.</summary>
    [Theory]
    [InlineData("prerelease-2008"), InlineData("print-farm"), InlineData("old-clusters"), InlineData("odd-cases"), InlineData("print-odds"), InlineData("crowded")]
    public async Task A_lab_shows_exactly_what_its_committed_list_says(string name)
    {
        var (lab, readings, _) = labs.Of[name];
        var found = CheckCommand.Evaluate(readings, new RuleSettings { Tags = lab.Description.Tags }, readings.Max(r => r.VirtualMachines.Attempt.At) ?? lab.StartedAt).Findings
            .Select(f => $"{f.RuleId} {f.Severity.ToString().ToLowerInvariant()} {f.Discriminator} {f.Subject.Id}").Order(StringComparer.Ordinal).ToList();
        string path = Path.Combine(Repository.Root, "tests", "HyperVDash.Agent.Tests", "Scenarios", $"{name}.expected.json");
        if (Environment.GetEnvironmentVariable("HVD_WRITE_DOCS") == "1")
        {
            await File.WriteAllTextAsync(path, JsonSerializer.Serialize(found, Readable) + "\n", Stop);
        }

        var expected = JsonSerializer.Deserialize<List<string>>(await File.ReadAllTextAsync(path, Stop))!;

        Assert.Empty(expected.Except(found).Select(l => $"not found: {l}"));
        Assert.Equal(expected, found);
    }

    [Theory]
    [InlineData("HVD101", "HV03"), InlineData("HVD102", "LAB-PRE"), InlineData("HVD103", "HV03"), InlineData("HVD105", "HV03"), InlineData("HVD111", "HV03")]
    [InlineData("HVD201", "Prod on HV01"), InlineData("HVD202", "LAB-PRE"), InlineData("HVD203", "Prod"), InlineData("HVD204", "Prod"), InlineData("HVD301", "sql-01")]
    [InlineData("HVD401", "ubuntu-full"), InlineData("HVD402", "ubuntu-full"), InlineData("HVD403", "ubuntu-full"), InlineData("HVD404", "sql-01")]
    [InlineData("HVD405", "ubuntu-full IDE 0:0"), InlineData("HVD406", "ubuntu-full"), InlineData("HVD407", "ubuntu-full Network Adapter")]
    [InlineData("HVD501", "ubuntu-full"), InlineData("HVD504", "ubuntu-full"), InlineData("HVD801", "HV03"), InlineData("HVD802", "LAB-PROD"), InlineData("HVD803", "pre-app")]
    [InlineData("HVD601", "sql-01"), InlineData("HVD602", "sql-01"), InlineData("HVD605", "バックアップ"), InlineData("HVD606", "dc-03"), InlineData("HVD607", "sql-01")]
    [InlineData("HVD603", "sql-01"), InlineData("HVD604", "ubuntu-full IDE 0:0"), InlineData("HVD608", "ubuntu-full IDE 0:0"), InlineData("HVD702", "LAB-PROD")]
    [InlineData("HVD001", "経理サーバー"), InlineData("HVD002", "経理サーバー"), InlineData("HVD003", "preview-test"), InlineData("HVD004", "HV03"), InlineData("HVD005", "sql-01")]
    [InlineData("HVD703", "HV07"), InlineData("HVD704", "files-01"), InlineData("HVD705", "HV03"), InlineData("HVD804", "旧システム"), InlineData("HVD805", "開発環境 01")]
    [InlineData("HVD806", "sql-01"), InlineData("HVD807", "HV03")]
    [InlineData("HVD104", "HV03"), InlineData("HVD106", "HV03"), InlineData("HVD107", "LAB-PRE"), InlineData("HVD108", "HV03"), InlineData("HVD109", "HV03"), InlineData("HVD209", "HV03")]
    [InlineData("HVD205", "ubuntu-full Network Adapter"), InlineData("HVD206", "ubuntu-full Network Adapter"), InlineData("HVD207", "DMZ"), InlineData("HVD208", "HV03"), InlineData("HVD211", "LAB-PRE")]
    [InlineData("HVD212", "社内LAN"), InlineData("HVD213", "DMZ"), InlineData("HVD214", "pNIC2"), InlineData("HVD215", "HV03")]
    [InlineData("HVD502", "files-01"), InlineData("HVD503", "ubuntu-full"), InlineData("HVD505", "ubuntu-full"), InlineData("HVD506", "sql-01"), InlineData("HVD507", "dc-03"), InlineData("HVD508", "ubuntu-full")]
    [InlineData("HVD509", "sql-01"), InlineData("HVD510", "sql-01"), InlineData("HVD511", "sql-01"), InlineData("HVD512", "sql-01"), InlineData("HVD513", "sql-01"), InlineData("HVD514", "HV03")]
    [InlineData("HVD210", "HV07"), InlineData("HVD701", "HV03"), InlineData("HVD706", "sql-01"), InlineData("HVD707", "sql-01")]
    [InlineData("HVD302", "HV03"), InlineData("HVD303", "LAB-PROD"), InlineData("HVD304", "sql-01"), InlineData("HVD305", "sql-01"), InlineData("HVD306", "LAB-PROD"), InlineData("HVD308", "sql-01")]
    [InlineData("HVD309", "sql-01"), InlineData("HVD310", "ubuntu-full IDE 0:0"), InlineData("HVD311", "HV03"), InlineData("HVD313", "sql-01")]
    [InlineData("HVD408", "raw-disk-test SCSI 0:0"), InlineData("HVD409", "ubuntu-full IDE 0:0"), InlineData("HVD410", "ubuntu-full IDE 0:0"), InlineData("HVD413", "ubuntu-full IDE 0:0")]
    [InlineData("HVD411", @"D:\ on HV07"), InlineData("HVD412", @"D:\ on HV07"), InlineData("HVD414", "ubuntu-full"), InlineData("HVD415", "HV07"), InlineData("HVD416", "ubuntu-full")]
    public void A_rule_passes_where_the_description_of_the_demo_says(string rule, string name)
    {
        var verdicts = labs.Demo.Where(v => v.Rule.Id == rule && v.Subject.Name == name).ToList();

        Assert.NotEmpty(verdicts);
        Assert.All(verdicts, v => Assert.IsType<Verdict.Pass>(v.Verdict));
    }

    [Fact]
    public void In_the_demo_nothing_is_unknown()
    {
        var verdicts = labs.Demo;

        // A variant that needs facts nobody collects yet is unknown everywhere, and says so by name.
        Assert.Empty(verdicts.Where(v => v.Verdict is Verdict.Unknown { Variant: null }).Select(v => $"{v.Rule.Id} {v.Subject.Name}"));
    }

    [Fact]
    public async Task In_the_healthy_lab_nothing_fires_and_nothing_is_unknown()
    {
        var healthy = LabScenarios.Build("healthy", TimeProvider.System, isFrozen: true);

        var verdicts = ScenarioReader.Examine(healthy, await ScenarioReader.ReadAsync(healthy, Stop));

        Assert.NotEmpty(verdicts);
        Assert.DoesNotContain(verdicts, v => v.Verdict is Verdict.Fire or Verdict.Unknown { Variant: null });
    }
}

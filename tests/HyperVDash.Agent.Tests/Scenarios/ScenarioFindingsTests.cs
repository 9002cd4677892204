using HyperVDash.Lab.Scenarios;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Agent.Tests.Scenarios;

/// <summary>The demo, read and examined once for all tests.</summary>
public sealed class ExaminedDemo : IAsyncLifetime
{
    internal IReadOnlyList<Examined> Verdicts { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        var demo = LabScenarios.Build("demo", TimeProvider.System, isFrozen: true);
        Verdicts = ScenarioReader.Examine(demo, await ScenarioReader.ReadAsync(demo, CancellationToken.None));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

public sealed class ScenarioFindingsTests(ExaminedDemo demo) : IClassFixture<ExaminedDemo>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void In_the_demo_every_rule_but_silence_fires_and_passes_on_objects_of_one_kind()
    {
        var verdicts = demo.Verdicts;

        Assert.DoesNotContain(verdicts, v => v.Rule.Id == "HVD110" && v.Verdict is Verdict.Fire);
        foreach (var rule in verdicts.Where(v => v.Rule.Id is not ("HVD110" or "HVD111")).GroupBy(v => v.Rule.Id))
        {
            var faulty = rule.Where(v => v.Verdict is Verdict.Fire).Select(v => (v.Subject.Kind, v.Subject.Id)).ToHashSet();
            Assert.True(faulty.Count > 0, $"{rule.Key} finds nothing in the demo.");
            Assert.True(rule.Any(v => v.Verdict is Verdict.Pass && !faulty.Contains((v.Subject.Kind, v.Subject.Id))), $"{rule.Key} passes on no object of the demo.");
        }

        // A state rule: one sample is enough here, because the engine examines and does not remember.
        Assert.Equal(["HV07"], verdicts.Where(v => v.Rule.Id == "HVD111" && v.Verdict is Verdict.Fire).Select(v => v.Subject.Name));
    }

    [Theory]
    [InlineData("HVD101", "HV03"), InlineData("HVD102", "LAB-PRE"), InlineData("HVD103", "HV03"), InlineData("HVD105", "HV03"), InlineData("HVD111", "HV03")]
    [InlineData("HVD201", "Prod on HV01"), InlineData("HVD202", "LAB-PRE"), InlineData("HVD203", "Prod"), InlineData("HVD204", "Prod"), InlineData("HVD301", "sql-01")]
    [InlineData("HVD401", "ubuntu-full"), InlineData("HVD402", "ubuntu-full"), InlineData("HVD403", "ubuntu-full"), InlineData("HVD404", "sql-01")]
    [InlineData("HVD405", "ubuntu-full IDE 0:0"), InlineData("HVD406", "ubuntu-full"), InlineData("HVD407", "ubuntu-full Network Adapter")]
    [InlineData("HVD501", "ubuntu-full"), InlineData("HVD504", "ubuntu-full"), InlineData("HVD801", "HV03"), InlineData("HVD802", "LAB-PROD"), InlineData("HVD803", "pre-app")]
    [InlineData("HVD601", "sql-01"), InlineData("HVD602", "sql-01"), InlineData("HVD605", "バックアップ"), InlineData("HVD606", "dc-03"), InlineData("HVD607", "sql-01")]
    [InlineData("HVD703", "HV07"), InlineData("HVD704", "files-01"), InlineData("HVD705", "HV03"), InlineData("HVD804", "旧システム"), InlineData("HVD805", "開発環境 01")]
    [InlineData("HVD806", "sql-01"), InlineData("HVD807", "HV03")]
    public void A_rule_passes_where_the_description_of_the_demo_says(string rule, string name)
    {
        var verdicts = demo.Verdicts.Where(v => v.Rule.Id == rule && v.Subject.Name == name).ToList();

        Assert.NotEmpty(verdicts);
        Assert.All(verdicts, v => Assert.IsType<Verdict.Pass>(v.Verdict));
    }

    [Fact]
    public void In_the_demo_nothing_is_unknown()
    {
        var verdicts = demo.Verdicts;

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

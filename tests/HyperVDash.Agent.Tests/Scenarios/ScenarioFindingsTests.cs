using HyperVDash.Lab.Scenarios;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Agent.Tests.Scenarios;

public sealed class ScenarioFindingsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task In_the_demo_every_rule_but_silence_fires_and_passes_on_objects_of_one_kind()
    {
        var demo = LabScenarios.Build("demo", TimeProvider.System, isFrozen: true);

        var verdicts = ScenarioReader.Examine(demo, await ScenarioReader.ReadAsync(demo, Stop));

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

    [Fact]
    public async Task In_the_demo_nothing_is_unknown()
    {
        var demo = LabScenarios.Build("demo", TimeProvider.System, isFrozen: true);

        var verdicts = ScenarioReader.Examine(demo, await ScenarioReader.ReadAsync(demo, Stop));

        Assert.Empty(verdicts.Where(v => v.Verdict is Verdict.Unknown).Select(v => $"{v.Rule.Id} {v.Subject.Name}"));
    }

    [Fact]
    public async Task In_the_healthy_lab_nothing_fires_and_nothing_is_unknown()
    {
        var healthy = LabScenarios.Build("healthy", TimeProvider.System, isFrozen: true);

        var verdicts = ScenarioReader.Examine(healthy, await ScenarioReader.ReadAsync(healthy, Stop));

        Assert.NotEmpty(verdicts);
        Assert.DoesNotContain(verdicts, v => v.Verdict is Verdict.Fire or Verdict.Unknown);
    }
}

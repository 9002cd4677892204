using HyperVDash.Model.Findings;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Tuning;
using HyperVDash.Web.Features.Rules;

namespace HyperVDash.Web.Tests.Features.Rules;

public sealed class RuleTrialTests
{
    private static readonly RuleSettings Now = new() { CheckpointWarnDays = 14, Tuning = [new() { Rule = "HVD205", Off = true }] };

    [Fact]
    public void Without_a_change_there_is_nothing_to_try()
    {
        Assert.Null(RuleTrial.Of("HVD601", Now, new Dictionary<string, string>()));
        Assert.Null(RuleTrial.Of("HVD601", Now, new Dictionary<string, string> { ["do"] = "", ["Name"] = "web*", ["t.CheckpointWarnDays"] = "14", ["q"] = "x" }));
    }

    [Fact]
    public void A_change_comes_after_what_is_set_and_is_written_as_a_settings_file()
    {
        var trial = RuleTrial.Of("HVD601", Now, new Dictionary<string, string> { ["do"] = "info", ["Tag"] = "lab", ["Host"] = " ", ["Reason"] = "short <lived>", ["t.CheckpointErrorDays"] = "90" })!;

        Assert.Empty(trial.Mistakes);
        Assert.Equal([Now.Tuning[0], new RuleTuning { Rule = "HVD601", Severity = Severity.Info, Tag = "lab", Reason = "short <lived>" }], trial.Settings.Tuning);
        Assert.Equal((14, 90), (trial.Settings.CheckpointWarnDays, trial.Settings.CheckpointErrorDays));
        Assert.Equal((30, 1), (Now.CheckpointErrorDays, Now.Tuning.Length));
        Assert.Equal("""
            {
              "Rules": {
                "CheckpointErrorDays": 90,
                "Tuning": [
                  {
                    "Rule": "HVD601",
                    "Severity": "Info",
                    "Tag": "lab",
                    "Reason": "short <lived>"
                  }
                ]
              }
            }
            """, trial.Json, ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void A_risk_is_accepted_with_owner_and_day()
    {
        var asked = new Dictionary<string, string> { ["do"] = "accept", ["Finding"] = new string('a', 64), ["Owner"] = "Ann", ["ReviewBy"] = "2027-03-31" };

        Assert.Equal([new AcceptedRisk { Rule = "HVD601", Finding = new string('a', 64), Owner = "Ann", ReviewBy = new(2027, 3, 31) }], RuleTrial.Of("HVD601", Now, asked)!.Settings.AcceptedRisks);
    }

    [Fact]
    public void A_mistake_is_named_and_changes_nothing()
    {
        var trial = RuleTrial.Of("HVD601", Now, new Dictionary<string, string> { ["do"] = "accept", ["VirtualMachine"] = "SQL01", ["ReviewBy"] = "soon", ["t.CheckpointWarnDays"] = "0" })!;

        Assert.Same(Now, trial.Settings);
        Assert.Equal(
        [
            "Rules:AcceptedRisks:0:Owner is missing; name who answers for this risk.",
            "Rules:AcceptedRisks:0:ReviewBy is 'soon'; it may be a date such as 2027-03-31.",
            "Rules:AcceptedRisks:0:VirtualMachine is 'SQL01'; it may be an id such as 6f0c3b52-8a51-4b1e-9c3d-2f1a7d7e5b10.",
            "Rules:CheckpointWarnDays is '0'; it may be 1 to 3650.",
        ], trial.Mistakes.Order(StringComparer.Ordinal));
        Assert.Contains("HVD110", Assert.Single(RuleTrial.Of("HVD110", Now, new Dictionary<string, string> { ["do"] = "off" })!.Mistakes), StringComparison.Ordinal);
        Assert.Contains("501 characters", Assert.Single(RuleTrial.Of("HVD601", Now, new Dictionary<string, string> { ["do"] = "off", ["Reason"] = new string('x', 100_000) })!.Mistakes), StringComparison.Ordinal);
    }
}

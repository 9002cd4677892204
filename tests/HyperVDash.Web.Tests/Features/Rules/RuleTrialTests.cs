using HyperVDash.Model.Findings;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Tuning;
using HyperVDash.Web.Features.Rules;
using HyperVDash.Web.Fleet;
using HyperVDash.Web.Tuning;

namespace HyperVDash.Web.Tests.Features.Rules;

public sealed class RuleTrialTests
{
    private static readonly RuleSettings Now = new() { CheckpointWarnDays = 14, Tuning = [new() { Rule = "HVD205", Off = true }] };

    private static readonly RuleBook Book = new() { FromFile = Now };

    [Fact]
    public void Without_a_change_there_is_nothing_to_try()
    {
        Assert.Null(RuleTrial.Of("HVD601", Book, new Dictionary<string, string>()));
        Assert.Null(RuleTrial.Of("HVD601", Book, new Dictionary<string, string> { ["do"] = "", ["Name"] = "web*", ["t.CheckpointWarnDays"] = "14", ["q"] = "x" }));
    }

    [Theory]
    [InlineData(501, 0, 0)]
    [InlineData(400, 200, 1)]
    public void A_text_that_is_too_long_is_refused_and_never_cut(int before, int spaces, int after)
    {
        string text = new string('a', before) + new string(' ', spaces) + new string('b', after);

        var trial = RuleTrial.Of("HVD101", Book, new Dictionary<string, string> { ["t.RequiredLocale"] = text })!;

        Assert.Contains("RequiredLocale has more than 500 characters; it may have 500.", trial.Mistakes);
    }

    [Fact]
    public void A_change_comes_after_what_is_set_and_is_written_as_a_settings_file()
    {
        var trial = RuleTrial.Of("HVD601", Book, new Dictionary<string, string> { ["do"] = "info", ["Tag"] = "lab", ["Host"] = " ", ["Reason"] = "short <lived>", ["t.CheckpointErrorDays"] = "90" })!;

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

        Assert.Equal([new AcceptedRisk { Rule = "HVD601", Finding = new string('a', 64), Owner = "Ann", ReviewBy = new(2027, 3, 31) }], RuleTrial.Of("HVD601", Book, asked)!.Settings.AcceptedRisks);
    }

    [Fact]
    public void A_mistake_is_named_and_changes_nothing()
    {
        var trial = RuleTrial.Of("HVD601", Book, new Dictionary<string, string> { ["do"] = "accept", ["VirtualMachine"] = "SQL01", ["ReviewBy"] = "soon", ["t.CheckpointWarnDays"] = "0" })!;

        Assert.Same(Now, trial.Settings);
        Assert.Equal(
        [
            "Rules:AcceptedRisks:0:Owner is missing; name who answers for this risk.",
            "Rules:AcceptedRisks:0:ReviewBy is 'soon'; it may be a date such as 2027-03-31.",
            "Rules:AcceptedRisks:0:VirtualMachine is 'SQL01'; it may be an id such as 6f0c3b52-8a51-4b1e-9c3d-2f1a7d7e5b10.",
            "Rules:CheckpointWarnDays is '0'; it may be 1 to 3650.",
        ], trial.Mistakes.Order(StringComparer.Ordinal));
        Assert.Contains("HVD110", Assert.Single(RuleTrial.Of("HVD110", Book, new Dictionary<string, string> { ["do"] = "off" })!.Mistakes), StringComparison.Ordinal);
        Assert.Contains("501 characters", Assert.Single(RuleTrial.Of("HVD601", Book, new Dictionary<string, string> { ["do"] = "off", ["Reason"] = new string('x', 100_000) })!.Mistakes), StringComparison.Ordinal);
    }

    [Fact]
    public void A_saved_entry_is_replaced_where_it_stands_and_taken_back()
    {
        var book = Saved("""{ "Rules": { "Tuning": [ { "Rule": "HVD601", "Off": true }, { "Rule": "HVD601", "Severity": "Info", "Tag": "lab" } ] } }""");
        var first = book.Saved.Entries[0];

        var replaced = RuleTrial.Of("HVD601", book, new Dictionary<string, string> { ["Entry"] = first.Id, ["do"] = "off", ["Host"] = "HV1" }, new("Bob", new(2026, 3, 2)))!;
        Assert.Equal(
            [Now.Tuning[0], new RuleTuning { Rule = "HVD601", Off = true, Host = "HV1", SetBy = "Bob", SetOn = new(2026, 3, 2) }, new RuleTuning { Rule = "HVD601", Severity = Severity.Info, Tag = "lab" }],
            replaced.Settings.Tuning);
        Assert.Equal("Off on host HV1, in place of Off everywhere", replaced.Words);

        var removed = RuleTrial.Of("HVD601", book, new Dictionary<string, string> { ["Entry"] = first.Id, ["do"] = "remove" })!;
        Assert.Equal([Now.Tuning[0], new RuleTuning { Rule = "HVD601", Severity = Severity.Info, Tag = "lab" }], removed.Settings.Tuning);
        Assert.Null(removed.Json);
    }

    [Fact]
    public void An_entry_that_somebody_else_took_back_is_no_reason_to_add_one()
    {
        var trial = RuleTrial.Of("HVD601", Book, new Dictionary<string, string> { ["Entry"] = "0123456789abcdef", ["do"] = "off" })!;

        Assert.StartsWith("Entry is not there any more", Assert.Single(trial.Mistakes), StringComparison.Ordinal);
        Assert.Same(Now, trial.Settings);
    }

    [Fact]
    public void A_threshold_that_is_set_back_to_the_settings_file_is_saved_no_more()
    {
        var book = Saved("""{ "Rules": { "CheckpointWarnDays": 3, "CheckpointErrorDays": 40 } }""");

        Assert.Equal(["CheckpointErrorDays"], Keys("14"));   // what the settings file says
        Assert.Equal(["CheckpointErrorDays"], Keys(""));
        Assert.Equal(["CheckpointErrorDays", "CheckpointWarnDays"], Keys("7"));
        Assert.Null(RuleTrial.Of("HVD601", book, new Dictionary<string, string> { ["t.CheckpointWarnDays"] = "3" }));

        IEnumerable<string> Keys(string value) =>
            RuleTrial.Of("HVD601", book, new Dictionary<string, string> { ["t.CheckpointWarnDays"] = value })!.Saved.Thresholds.Select(t => t.Key).Order(StringComparer.Ordinal);
    }

    [Fact]
    public void A_change_asks_for_itself_and_for_nothing_that_stands_in_the_form_besides()
    {
        var trial = RuleTrial.Of("HVD601", Book, new Dictionary<string, string> { ["do"] = "info", ["Tag"] = "lab", ["Owner"] = " ", ["t.CheckpointWarnDays"] = "14", ["t.CheckpointErrorDays"] = "90", ["q"] = "x" })!;

        Assert.Equal([("do", "info"), ("Tag", "lab"), ("t.CheckpointErrorDays", "90")], trial.Fields);
        Assert.Equal(trial.Settings.Tuning, RuleTrial.Of("HVD601", Book, trial.Fields.ToDictionary(f => f.Name, f => f.Value))!.Settings.Tuning);
    }

    [Theory]
    [InlineData("""{ "Rule": "HVD601", "Off": true, "Host": "HV&1=", "Reason": "a b" }""")]
    [InlineData("""{ "Rule": "HVD601", "Off": false, "Name": "test-*" }""")]
    [InlineData("""{ "Rule": "HVD601", "Severity": "Critical", "VirtualMachine": "11111111-1111-1111-1111-11111111abcd" }""")]
    public void The_link_to_change_an_entry_fills_the_form_with_what_it_says(string entry)
    {
        var book = Saved($$"""{ "Rules": { "Tuning": [ {{entry}} ] } }""");
        var saved = book.Saved.Entries.Single();

        var asked = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(RuleTrial.ChangeLink(saved)!.Split('?')[1]).ToDictionary(p => p.Key, p => p.Value.ToString());

        Assert.Equal([Now.Tuning[0], (RuleTuning)saved.Value], RuleTrial.Of("HVD601", book, asked)!.Settings.Tuning);
    }

    [Fact]
    public void An_entry_that_says_more_than_the_form_can_is_not_offered_for_change()
    {
        Assert.Null(RuleTrial.ChangeLink(Saved("""{ "Rules": { "Tuning": [ { "Rule": "HVD601", "Off": false, "Severity": "Info" } ] } }""").Saved.Entries[0]));
    }

    private static RuleBook Saved(string json) => new() { FromFile = Now, Saved = SavedTuningText.Read(json, Now) };
}

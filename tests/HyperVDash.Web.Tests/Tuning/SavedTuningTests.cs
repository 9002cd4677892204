using HyperVDash.Agent.Settings;
using HyperVDash.Model.Findings;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Tuning;
using HyperVDash.Web.Tuning;
using Microsoft.Extensions.Configuration;

namespace HyperVDash.Web.Tests.Tuning;

public sealed class SavedTuningTests
{
    private const string Text = """
        {
          "Rules": {
            "CheckpointWarnDays": 3,
            "NodePausedTime": "02:00:00",
            "NlbSmbAdvisory": false,
            "Tuning": [
              { "Rule": "HVD204", "Off": true, "Host": "LAPTOP7", "Reason": "<no> \"other\" adapter", "SetBy": "Ann", "SetOn": "2026-03-01" },
              { "Rule": "HVD602", "Severity": "Info" }
            ],
            "AcceptedRisks": [ { "Rule": "HVD405", "Name": "legacy-*", "Owner": "Änne 試験", "ReviewBy": "2027-03-31" } ]
          },
          "Saved": { "CheckpointWarnDays": { "SetBy": "Ann", "SetOn": "2026-03-01", "Reason": "short-lived" } }
        }
        """;

    private static readonly RuleSettings File = new() { CheckpointWarnDays = 14, SavedWarnDays = 9, Tuning = [new() { Rule = "HVD204", Off = false }] };

    [Fact]
    public void What_is_saved_comes_after_the_settings_file_and_its_thresholds_in_place_of_those_there()
    {
        var settings = SavedTuningText.Read(Text, File).Over(File);

        Assert.Equal(
        [
            File.Tuning[0], new RuleTuning { Rule = "HVD204", Off = true, Host = "LAPTOP7", Reason = "<no> \"other\" adapter", SetBy = "Ann", SetOn = new(2026, 3, 1) },
            new RuleTuning { Rule = "HVD602", Severity = Severity.Info },
        ], settings.Tuning);
        Assert.Equal([new AcceptedRisk { Rule = "HVD405", Name = "legacy-*", Owner = "Änne 試験", ReviewBy = new(2027, 3, 31) }], settings.AcceptedRisks);
        Assert.Equal((3, 9, TimeSpan.FromHours(2), false), (settings.CheckpointWarnDays, settings.SavedWarnDays, settings.NodePausedTime, settings.NlbSmbAdvisory));
        Assert.Equal((14, 1), (File.CheckpointWarnDays, File.Tuning.Length));
    }

    [Theory, InlineData("\"\""), InlineData("{}"), InlineData("[]")]
    public void An_empty_threshold_does_not_overrule_the_settings_file(string empty)
    {
        var saved = SavedTuningText.Read($$"""{ "Rules": { "CheckpointWarnDays": {{empty}} }, "Saved": {} }""", File);

        Assert.Equal(14, saved.Over(File).CheckpointWarnDays);
        Assert.Contains("Rules:CheckpointWarnDays is empty", Assert.Single(saved.Mistakes), StringComparison.Ordinal);
    }

    [Fact]
    public void An_accepted_finding_names_an_entry_only_where_nobody_could_mean_another()
    {
        SavedTuning Saved(params string[] hosts) => SavedTuningText.Read(
            $$"""{ "Rules": { "AcceptedRisks": [ {{string.Join(", ", hosts.Select(h => $$"""{ "Rule": "HVD405", "Host": "{{h}}", "Owner": "Ann", "ReviewBy": "2027-03-31" }"""))}} ] } }""", new());
        var finding = new Finding("f1", "HVD405", "v", Severity.Info, new(ObjectKind.VirtualMachine, "v1", "VM")) { Accepted = new("Ann", new(2027, 3, 31)) };

        Assert.NotNull(Saved("HV1").AcceptingOf(finding, new()));
        Assert.Null(Saved("HV1", "HV2").AcceptingOf(finding, new()));
        Assert.Null(Saved("HV1").AcceptingOf(finding, new() { AcceptedRisks = [new() { Rule = "hvd405", Owner = "Ann", ReviewBy = new(2027, 3, 31) }] }));
    }

    [Fact]
    public void What_is_written_is_read_as_the_same_again_and_by_whoever_reads_settings_files()
    {
        var saved = SavedTuningText.Read(Text, File);
        string written = saved.ToJson();

        var again = SavedTuningText.Read(written, File);

        Assert.Equal(written, again.ToJson());
        Assert.Equal(saved.Entries.Select(e => e.Id), again.Entries.Select(e => e.Id));
        Assert.Equal(("Ann", new DateOnly(2026, 3, 1), "short-lived"), again.Threshold("CheckpointWarnDays") is { } warn ? (warn.SetBy, warn.SetOn, warn.Reason) : default);
        var reader = new SettingsReader(new ConfigurationBuilder().AddJsonStream(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(written))).Build());
        var alone = reader.Read<RuleSettings>("Rules");
        Assert.Empty(reader.With(alone.Mistakes()));
        Assert.Equal(saved.Over(new()).Tuning, alone.Tuning);
        Assert.Equal(3, alone.CheckpointWarnDays);
    }

    [Theory]
    [InlineData("""{ "Rule": "HVD204", "Off": true, "VirtualMachine": "SQL01" }""", "Rules:Tuning:1:VirtualMachine is 'SQL01'")]
    [InlineData("""{ "Rule": "LAB001", "Off": true }""", "Rules:Tuning:1:Rule is 'LAB001', and there is no such rule")]
    [InlineData("""{ "Rule": "HVD110", "Off": true }""", "Rules:Tuning:1:Off is true for HVD110")]
    [InlineData("""{ "Rule": "HVD204", "Off": true, "Host": { "Name": "x" } }""", "Rules:Tuning:1:Host is a list or a group")]
    [InlineData("""{ "Rule": "HVD204", "Off": true, "Hosst": "x" }""", "Rules:Tuning:1:Hosst is no setting")]
    [InlineData("{}", "Rules:Tuning:1:Rule is missing")]
    public void An_entry_that_cannot_be_used_is_kept_and_named_and_the_others_hold(string entry, string mistake)
    {
        string text = $$"""{ "Rules": { "Tuning": [ { "Rule": "HVD205", "Off": true }, {{entry}}, { "Rule": "HVD206", "Off": true } ] } }""";

        var saved = SavedTuningText.Read(text, new());

        Assert.StartsWith(mistake, Assert.Single(saved.Mistakes), StringComparison.Ordinal);
        Assert.Equal(["HVD205", "HVD206"], saved.Over(new()).Tuning.Select(t => t.Rule));
        Assert.Equal(saved.Entries.Select(e => e.Json), SavedTuningText.Read(saved.ToJson(), new()).Entries.Select(e => e.Json));
    }

    [Theory]
    [InlineData("\"CheckpointWarnDays\": 0", "Rules:CheckpointWarnDays is '0'")]
    [InlineData("\"CheckpointWarnDays\": null", "Rules:CheckpointWarnDays is empty")]
    [InlineData("\"OldThreshold\": 5", "Rules:OldThreshold is no setting")]
    [InlineData("\"OwnRules\": \"/etc/passwd\"", "Rules:OwnRules is no threshold of a rule")]
    public void A_threshold_that_cannot_be_used_is_kept_and_named_and_the_others_hold(string threshold, string mistake)
    {
        var saved = SavedTuningText.Read($$"""{ "Rules": { {{threshold}}, "CheckpointErrorDays": 40 } }""", new());

        Assert.StartsWith(mistake, Assert.Single(saved.Mistakes), StringComparison.Ordinal);
        Assert.Equal(new RuleSettings { CheckpointErrorDays = 40 }.CheckpointErrorDays, saved.Over(new()).CheckpointErrorDays);
        Assert.Equal((7, null), (saved.Over(new()).CheckpointWarnDays, saved.Over(new()).OwnRules));
        Assert.Equal(2, SavedTuningText.Read(saved.ToJson(), new()).Thresholds.Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{ \"Rules\": 5 }")]
    [InlineData("{ \"Rules\": { \"Tuning\": 5 } }")]
    [InlineData("{ \"Rules\": { \"Tuning\": [ 5 ] } }")]
    [InlineData("{ \"Rules\": { \"Tuning\": [ null ] } }")]
    [InlineData("{ \"Rules\": {}, \"rules\": {} }")]
    [InlineData("{ \"Rules\": { \"CheckpointWarnDays\": 3, \"checkpointWarnDays\": 4 } }")]
    [InlineData("{ \"Web\": {} }")]
    [InlineData("{ \"Rules\": {} } trailing")]
    [InlineData("\0\0\0\0")]
    public void A_file_that_is_no_saved_tuning_is_refused_as_a_whole(string text)
    {
        Assert.NotEmpty(Assert.Throws<FormatException>(() => SavedTuningText.Read(text, new())).Message);
    }

    [Fact]
    public void A_text_as_deep_as_it_is_long_is_refused_and_so_are_more_entries_than_there_may_be()
    {
        Assert.Throws<FormatException>(() => SavedTuningText.Read("{\"Rules\":" + new string('[', 200_000), new()));
        string entries = string.Join(',', Enumerable.Repeat("{ \"Rule\": \"HVD204\", \"Off\": true }", SavedTuning.MaxEntries + 1));
        Assert.Contains("may have 2000", Assert.Throws<FormatException>(() => SavedTuningText.Read($$"""{ "Rules": { "Tuning": [ {{entries}} ] } }""", new())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_revision_of_a_rule_is_another_only_if_something_about_that_rule_is()
    {
        var saved = SavedTuningText.Read(Text, File);
        string before = saved.RevisionOf("HVD601");

        Assert.Equal(before, saved.Without(saved.Entries[0]).RevisionOf("HVD601"));
        Assert.NotEqual(before, saved.WithoutThreshold("CheckpointWarnDays").RevisionOf("HVD601"));
        Assert.NotEqual(saved.RevisionOf("HVD204"), saved.Without(saved.Entries[0]).RevisionOf("HVD204"));
        Assert.Equal(saved.RevisionOf("HVD204"), SavedTuningText.Read(saved.ToJson(), File).RevisionOf("hvd204"));
    }
}

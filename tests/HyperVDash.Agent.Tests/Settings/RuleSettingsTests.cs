using HyperVDash.Agent.Settings;
using HyperVDash.Model.Findings;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Tuning;
using Microsoft.Extensions.Configuration;

namespace HyperVDash.Agent.Tests.Settings;

public sealed class RuleSettingsTests
{
    [Fact]
    public void Thresholds_tags_and_lists_come_from_the_settings()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Rules:ScsiWarnPercent"] = "80",
            ["Rules:Tags:11111111-1111-1111-1111-11111111ABCD:0"] = "os:linux",
            ["Rules:Tags:11111111-1111-1111-1111-11111111ABCD:1"] = "role:dc",
            ["Rules:IgnoredExtensions:0"] = "EA24CD6C-D17A-4348-9190-09F0D5BE83DD",
            ["Rules:MinimumLinuxIntegration"] = "4.0",
        }).Build();

        var rules = new SettingsReader(configuration).Read<RuleSettings>("Rules");

        Assert.Equal(80, rules.ScsiWarnPercent);
        Assert.True(rules.HasTag("11111111-1111-1111-1111-11111111abcd", "os:linux"));
        Assert.True(rules.HasTag("11111111-1111-1111-1111-11111111abcd", "role:dc"));
        Assert.Equal(["EA24CD6C-D17A-4348-9190-09F0D5BE83DD"], rules.IgnoredExtensions);
        Assert.Equal(new Version(4, 0), rules.MinimumLinuxIntegration);
    }

    [Fact]
    public void Tuned_rules_and_accepted_risks_come_from_the_settings()
    {
        var (rules, mistakes) = Read("""
            { "Rules": {
                "Tuning": [ { "Rule": "HVD204", "Off": true, "Host": "HV1" }, { "Rule": "HVD601", "Severity": "info", "Tag": "lab", "Reason": "short-lived" } ],
                "AcceptedRisks": [ { "Rule": "HVD205", "VirtualMachine": "11111111-1111-1111-1111-11111111ABCD", "Owner": "Ann", "ReviewBy": "2027-03-31" } ] } }
            """);

        Assert.Empty(mistakes);
        Assert.Equal([new RuleTuning { Rule = "HVD204", Off = true, Host = "HV1" }, new RuleTuning { Rule = "HVD601", Severity = Severity.Info, Tag = "lab", Reason = "short-lived" }], rules.Tuning);
        Assert.Equal([new AcceptedRisk { Rule = "HVD205", VirtualMachine = new Guid("11111111-1111-1111-1111-11111111abcd"), Owner = "Ann", ReviewBy = new DateOnly(2027, 3, 31) }], rules.AcceptedRisks);
    }

    [Fact]
    public void A_limit_that_is_left_empty_does_not_widen_an_entry_to_everything()
    {
        var (_, mistakes) = Read("""
            { "Rules": {
                "Tuning": [ { "Rule": "HVD204", "Off": true, "Name": "" }, { "Rule": "HVD204", "Severity": "grave", "Host": null }, { "Rule": "HVD204", "Off": true, "VirtualMachine": "SQL01" } ],
                "AcceptedRisks": [ { "Rule": "HVD205", "Owner": "Ann", "ReviewBy": "31.03.2027" } ] } }
            """);

        Assert.Equal(
        [
            "Rules:AcceptedRisks:0:ReviewBy is '31.03.2027'; it may be a date such as 2027-03-31.",
            "Rules:Tuning:0:Name is empty; it may be text, or leave the key out.",
            "Rules:Tuning:1 says nothing about HVD204; give it \"Off\": true or a Severity.",
            "Rules:Tuning:1:Host is empty; it may be text, or leave the key out.",
            "Rules:Tuning:1:Severity is 'grave'; it may be Info, Warning, Error, Critical.",
            "Rules:Tuning:2:VirtualMachine is 'SQL01'; it may be an id such as 6f0c3b52-8a51-4b1e-9c3d-2f1a7d7e5b10.",
        ], mistakes.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Without_settings_the_defaults_hold() =>
        Assert.Equal(90, new SettingsReader(new ConfigurationBuilder().Build()).Read<RuleSettings>("Rules").ScsiWarnPercent);

    private static (RuleSettings Rules, IReadOnlyList<string> Mistakes) Read(string json)
    {
        var reader = new SettingsReader(new ConfigurationBuilder().AddJsonStream(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(json))).Build());
        var rules = reader.Read<RuleSettings>("Rules");
        return (rules, reader.With(rules.Mistakes()));
    }
}

using HyperVDash.Model.Findings;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Tuning;

namespace HyperVDash.Rules.Tests.Tuning;

public sealed class TuningMistakesTests
{
    [Fact]
    public void What_is_right_is_no_mistake() => Assert.Empty(new RuleSettings
    {
        Tuning = [new() { Rule = "HVD204", Off = true, Name = "test-*" }, new() { Rule = "hvd110", Severity = Severity.Info }],
        AcceptedRisks = [new() { Rule = "HVD205", Owner = "Ann", ReviewBy = new(2020, 1, 1), Finding = new string('a', 64) }],
    }.Mistakes());

    [Fact]
    public void Each_mistake_names_its_key_and_what_to_write()
    {
        var settings = new RuleSettings
        {
            Tuning =
            [
                new() { Off = true }, new() { Rule = "HVD999", Off = true }, new() { Rule = "HVD204" }, new() { Rule = "HVD204", Off = true, Name = "**" }, new() { Rule = "HVD204", Off = true, Name = " " },
                new() { Rule = "HVD111", Off = true }, new() { Rule = "HVD204", Off = true, Host = "  " },
            ],
            AcceptedRisks = [new() { Rule = "HVD205" }, new() { Rule = "HVD205", Owner = "Ann", ReviewBy = new(2026, 1, 1), Finding = "abc" }],
        };

        Assert.Equal(
        [
            "Rules:Tuning:0:Rule is missing; an entry is written as { \"Rule\": \"HVD204\", \"Off\": true }.",
            "Rules:Tuning:1:Rule is 'HVD999', and there is no such rule; the Rules page lists them, and docs/rules, such as HVD204.",
            "Rules:Tuning:2 says nothing about HVD204; give it \"Off\": true or a Severity.",
            "Rules:Tuning:3:Name is '**', which fits every name; leave the key out if all are meant.",
            "Rules:Tuning:4:Name is '␠', which no name can fit; write up to 200 characters of a name, with * for any text and ? for one character, such as test-*.",
            "Rules:Tuning:5:Off is true for HVD111, which tells what could not be read and cannot be switched off; give it a Severity, or name the risk in Rules:AcceptedRisks.",
            "Rules:Tuning:6:Host is blank; write its name, or leave the key out.",
            "Rules:AcceptedRisks:0:Owner is missing; name who answers for this risk.",
            "Rules:AcceptedRisks:0:ReviewBy is missing; write the last day on which the risk is accepted, such as 2027-03-31.",
            "Rules:AcceptedRisks:1:Finding is 'abc'; it must be the id in the address of the finding's page, 64 digits of 0 to 9 and a to f.",
        ], settings.Mistakes());
    }

    [Theory]
    [InlineData("rules:\n- id: LAB001\n  scope: host\n  severity: loud\n  when: true\n  text: x\n  sections: [clock]", "LAB001", 0)]
    [InlineData("rules:\n- id: LAB001\n  scope: host\n  severity: loud\n  when: true\n  text: x\n  sections: [clock]", "LAB002", 1)]
    [InlineData("rules: [[[", "LAB001", 0)]
    [InlineData("rules: [[[", "HVD999", 1)]
    public async Task What_is_said_of_a_rule_that_its_file_got_wrong_is_no_mistake_of_its_own(string text, string rule, int mistakes)
    {
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);

        Assert.Equal(mistakes, new RuleSettings { OwnRules = file, Tuning = [new() { Rule = rule, Off = true }] }.Mistakes().Count);

        File.Delete(file);
    }

    [Fact]
    public void Too_many_entries_and_too_long_texts_are_refused()
    {
        var settings = new RuleSettings
        {
            Tuning = [.. Enumerable.Repeat(new RuleTuning { Rule = "HVD204", Off = true }, 2001)],
            AcceptedRisks = [new() { Rule = "HVD205", Owner = new string('a', 501), ReviewBy = new(2026, 1, 1) }],
        };

        Assert.Equal(
        [
            "Rules:Tuning has 2001 entries; it may have 2000. One entry with a name pattern or a tag can stand for many.",
            "Rules:AcceptedRisks:0:Owner has 501 characters; it may have 500.",
        ], settings.Mistakes());
    }
}

using HyperVDash.Model;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Own;
using static HyperVDash.Rules.Tests.Own.OneOwnRule;

namespace HyperVDash.Rules.Tests.Own;

public sealed class OwnRuleFileTests
{
    [Fact]
    public void The_sample_of_the_documentation_has_no_mistake()
    {
        var own = OwnRuleFile.Load(Path.Combine(Repository.Root, "docs", "own-rules.yaml"));

        Assert.Empty(own.Mistakes.Select(m => m.ToString()));
        Assert.Equal(["LAB001", "LAB002", "LAB003"], own.Rules.Select(r => r.Card.Id));
    }

    [Fact]
    public void A_condition_that_holds_fires_with_what_it_looked_at()
    {
        var verdict = Judge("it.processors > 2 && it.state === 'running'", Sample.Vm);

        var fire = Assert.IsType<Verdict.Fire>(verdict);
        Assert.Equal((Severity.Warning, "SQL01 has 4"), (fire.Severity, fire.Title));
        Assert.Contains(fire.Evidence, e => e is { Fact: "it.processors", Value: "4" });
        Assert.Contains(fire.Evidence, e => e is { Fact: "it.processors > 2 && it.state === 'running'", Expected: "false", Source: "own.yaml:2" });
    }

    [Fact]
    public void A_condition_that_does_not_hold_passes() => Assert.IsType<Verdict.Pass>(Judge("it.processors > 4", Sample.Vm));

    [Fact]
    public void A_fact_that_the_host_did_not_say_is_unknown_and_no_pass() =>
        Assert.Equal("The host did not say it.processors.", Assert.IsType<Verdict.Unknown>(Judge("it.processors > 4", Sample.Vm with { Processors = null })).Reason);

    [Fact]
    public void A_fact_that_may_be_unsaid_is_no_reason_to_doubt() =>
        Assert.IsType<Verdict.Pass>(Judge("(it.notes ?? '').includes('x')", Sample.Vm with { Notes = null }, "optional: [it.notes]"));

    [Fact]
    public void A_section_that_was_not_read_is_unknown()
    {
        var host = Sample.Host with { Guests = Sample.Failed<Model.Guests.GuestList>(SectionState.Failed, "hung") };

        Assert.Equal("hung", Assert.IsType<Verdict.Unknown>(Judge("guest !== null", Sample.Vm, "sections: [guests]", host)).Reason);
    }

    [Fact]
    public void Rows_of_the_VM_and_sections_of_the_host_can_be_asked() =>
        Assert.IsType<Verdict.Fire>(Judge("drives.length > 0 && adapters.some(a => a.switchName === 'Prod') && host.operatingSystem.build > 0", Sample.Vm, "sections: [devices, operatingSystem]"));

    [Fact]
    public void JSON_is_read_like_YAML() =>
        Assert.Equal("LAB001", Assert.Single(OwnRuleFile.Read("own.json", """{ "rules": [ { "id": "LAB001", "scope": "host", "sections": ["operatingSystem"], "severity": "info", "when": "host.operatingSystem.build < 1", "text": "old" } ] }""").Rules).Card.Id);

    [Theory]
    [InlineData("when: it.procesors > 2", 5, 11, "it has no fact named procesors")]
    [InlineData("when: it.processors > ", 5, 26, "This is no condition")]
    [InlineData("when: \"it.processors >> > 2\"", 5, 30, "This is no condition")]
    [InlineData("when: guest.family === 'linux'", 5, 11, "guest is not defined")]
    [InlineData("when: System.IO.File.Exists('x')", 5, 11, "System is not defined")]
    [InlineData("when: importNamespace('System')", 5, 11, "importNamespace is not defined")]
    [InlineData("when: it.name", 5, 11, "must be true or false")]
    [InlineData("when: Date.now() > 5", 5, 11, "It may not ask what time it is")]
    [InlineData("when: it.processors > 4 || new Date() > 5", 5, 36, "It may not ask what time it is")]
    [InlineData("when: it.name === Date()", 5, 23, "It may not ask what time it is")]
    [InlineData("when: (() => { const d = Date; return d.now() > 5; })()", 5, 30, "It may not ask what time it is")]
    [InlineData("when: (() => { while (true) { } })()", 5, 11, "takes too much")]
    [InlineData("when: (function f() { return f(); })()", 5, 11, "takes too much")]
    [InlineData("when: \"'x'.repeat(1e8).length > 0\"", 5, 12, "")]
    [InlineData("when: eval('true')", 5, 11, "")]
    [InlineData("whan: true", 5, 5, "\"whan\" is no key of a rule")]
    public void A_broken_rule_is_refused_with_its_place_and_the_others_run(string line, int atLine, int atColumn, string reason)
    {
        var own = OwnRuleFile.Read("own.yaml", $$"""
            rules:
              - id: LAB001
                scope: virtualMachine
                severity: warning
                {{line}}
                text: "{it.name}"
              - { id: LAB002, scope: virtualMachine, severity: info, when: it.processors > 2, text: many }
            """);

        Assert.Equal("LAB002", Assert.Single(own.Rules).Card.Id);
        var mistake = Assert.Single(own.Mistakes);
        Assert.Contains(reason, mistake.Reason, StringComparison.Ordinal);
        Assert.Equal(("own.yaml", atLine), (mistake.File, mistake.Line));
        Assert.InRange(mistake.Column, atColumn - 1, atColumn + 16);
    }

    [Theory]
    [InlineData("rules: [", "This is no YAML")]
    [InlineData("rules: nothing", "must begin with \"rules:\"")]
    [InlineData("", "must begin with \"rules:\"")]
    [InlineData("rules: [[[[[[[[[[[[[]]]]]]]]]]]]]", "Nested too deep")]
    [InlineData("a: &a [x]\nrules: *a", "are not allowed")]
    [InlineData("rules:\n  - { id: HVD401, scope: host, severity: info, when: 'true', text: x }", "HVD is taken")]
    [InlineData("rules:\n  - { id: LAB1, scope: rack, severity: info, when: 'true', text: x }", "is no scope")]
    [InlineData("rules:\n  - { id: LAB1, scope: 1, severity: info, when: 'true', text: x }", "is no scope")]
    [InlineData("rules:\n  - { id: LAB1, scope: host, severity: bad, when: 'true', text: x }", "is no severity")]
    [InlineData("rules:\n  - { id: LAB1, scope: 'host, drive', severity: info, when: 'true', text: x }", "is no scope")]
    [InlineData("rules:\n  - { id: LAB1, scope: host, severity: 'info, error', when: 'true', text: x }", "is no severity")]
    [InlineData("rules:\n  - { id: LAB1, scope: host, severity: info, when: 'true', text: x }", "names the sections")]
    [InlineData("rules:\n  - { id: LAB1, scope: host, sections: [vms], severity: info, when: 'true', text: x }", "There is no section \"vms\"")]
    [InlineData("rules:\n  - { id: LAB1, scope: switch, severity: info, text: x }", "no \"when\"")]
    public void A_file_that_makes_no_sense_is_refused_with_the_reason(string text, string reason)
    {
        var own = OwnRuleFile.Read("own.yaml", text);

        Assert.Empty(own.Rules);
        Assert.Contains(reason, Assert.Single(own.Mistakes).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_id_twice_is_refused_the_second_time()
    {
        const string rule = "  - { id: LAB1, scope: switch, severity: info, when: it.name === 'x', text: x }\n";

        var own = OwnRuleFile.Read("own.yaml", $"rules:\n{rule}{rule}");

        Assert.Single(own.Rules);
        Assert.Equal("own.yaml:3:5: LAB1 is there twice.", Assert.Single(own.Mistakes).ToString());
    }
}

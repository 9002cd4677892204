using HyperVDash.Model;
using HyperVDash.Model.Findings;
using HyperVDash.Rules.Documentation;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Rules.Tests;

public sealed class RuleCatalogueTests
{
    public static TheoryData<string> AllRules => [.. RuleCatalogue.All.Select(r => r.Card.Id)];

    public static TheoryData<string, string> AllExamples => [.. RuleCatalogue.All.SelectMany(r => r.Cases.Select(c => (r.Card.Id, c.Name)))];

    [Theory, MemberData(nameof(AllExamples))]
    public void Example_gives_its_verdict(string ruleId, string name)
    {
        var example = RuleCatalogue.Find(ruleId)!.Cases.Single(c => c.Name == name);

        var verdicts = example.Run(new RuleContext(Sample.Now, example.Settings)).ToList();

        Assert.Contains(example.Expected, verdicts.Select(v => v.Word));
        if (!example.Expected.StartsWith("fires", StringComparison.Ordinal))
        {
            Assert.DoesNotContain(verdicts, v => v is Verdict.Fire);
        }
    }

    [Theory, MemberData(nameof(AllRules))]
    public void Rule_has_an_example_that_fires_one_that_passes_and_one_it_cannot_tell(string ruleId)
    {
        var words = RuleCatalogue.Find(ruleId)!.Cases.Select(c => c.Expected).ToList();

        Assert.Contains(words, w => w.StartsWith("fires", StringComparison.Ordinal));
        Assert.Contains("passes", words);
        Assert.Contains("cannot tell for", words);
    }

    [Theory, MemberData(nameof(AllRules))]
    public void Every_severity_on_the_card_has_an_example(string ruleId)
    {
        var rule = RuleCatalogue.Find(ruleId)!;

        Assert.All(rule.Card.Severities, s => Assert.Contains($"fires {s}", rule.Cases.Select(c => c.Expected)));
    }

    [Theory, MemberData(nameof(AllRules))]
    public void Rule_page_in_docs_is_up_to_date(string ruleId) =>
        Repository.AssertPage($"docs/rules/{ruleId}.md", RulePage.Render(RuleCatalogue.Find(ruleId)!));

    [Fact]
    public void Index_of_rules_in_docs_is_up_to_date() => Repository.AssertPage("docs/rules/README.md", RulePage.Index());

    [Fact]
    public void No_rule_class_is_missing_from_the_catalogue()
    {
        var written = typeof(IRule).Assembly.GetTypes().Where(t => !t.IsAbstract && t.IsAssignableTo(typeof(IRule)) && !t.IsAssignableTo(typeof(Rules.Own.IOwnRule))).Select(t => t.Name).Order();

        Assert.Equal(written, RuleCatalogue.All.Select(r => r.GetType().Name).Order());
    }

    [Theory, MemberData(nameof(AllRules))]
    public void Rule_reads_no_section_that_its_card_does_not_name(string ruleId)
    {
        var rule = RuleCatalogue.Find(ruleId)!;
        using var recorder = new SectionRecorder();

        foreach (var example in rule.Cases)
        {
            Assert.NotEmpty(example.Run(new RuleContext(Sample.Now, example.Settings)));
        }

        Assert.Empty(recorder.Names.Except(rule.Card.Sections).Except(rule.Card.Mentions));
    }

    [Theory, MemberData(nameof(AllRules))]
    public void Card_names_sections_that_exist_and_those_that_list_its_subjects(string ruleId)
    {
        var card = RuleCatalogue.Find(ruleId)!.Card;
        string[] lists = card.Scope switch
        {
            RuleScope.VirtualMachine => ["virtualMachines"],
            RuleScope.Drive or RuleScope.NetworkAdapter => ["virtualMachines", "devices"],
            RuleScope.Switch => ["switches"],
            _ => [],
        };

        Assert.Empty(lists.Except(card.Sections));
        Assert.Empty(card.Sections.Concat(card.Mentions).Except(Sample.Host.Sections().Select(s => s.Name)));
        Assert.Equal(card.Sections.Concat(card.Mentions), card.Sections.Concat(card.Mentions).Distinct());
    }

    [Theory, MemberData(nameof(AllRules))]
    public void Rules_that_explain_another_are_in_the_catalogue(string ruleId) =>
        Assert.All(RuleCatalogue.Find(ruleId)!.Card.ExplainedBy, e => Assert.NotNull(RuleCatalogue.Find(e.RuleId)));

    [Theory, MemberData(nameof(AllExamples))]
    public void What_fires_shows_evidence_and_a_way_to_mend_it(string ruleId, string name)
    {
        var example = RuleCatalogue.Find(ruleId)!.Cases.Single(c => c.Name == name);

        Assert.All(example.Run(new RuleContext(Sample.Now, example.Settings)).OfType<Verdict.Fire>(), fire =>
        {
            Assert.NotEmpty(fire.Evidence);
            Assert.Contains(fire.Evidence, e => e.Expected is not null);
            Assert.NotNull(fire.Remedy);
            Assert.NotEqual(RemedyRisk.Unknown, fire.Remedy.Risk);
            Assert.Contains(fire.Severity, RuleCatalogue.Find(ruleId)!.Card.Severities);
        });
    }
}

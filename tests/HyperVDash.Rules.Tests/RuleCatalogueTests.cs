using HyperVDash.Model;
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
        var written = typeof(IRule).Assembly.GetTypes().Where(t => !t.IsAbstract && t.IsAssignableTo(typeof(IRule))).Select(t => t.Name).Order();

        Assert.Equal(written, RuleCatalogue.All.Select(r => r.GetType().Name).Order());
    }

    [Fact]
    public void Rules_know_no_class_names_or_raw_numbers_of_CIM()
    {
        // Evidence may name its source; a decision may not.
        var offending = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "HyperVDash.Rules"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(f => File.ReadLines(f).Select((text, line) => (f, line, text)))
            .Where(l => l.text.Contains("ResourceType ", StringComparison.Ordinal) || l.text.Contains("StateCode", StringComparison.Ordinal)
                || (l.text.Contains("Msvm_", StringComparison.Ordinal) && !l.text.Contains("Fact(", StringComparison.Ordinal)))
            .Select(l => $"{Path.GetFileName(l.f)}:{l.line + 1}");

        Assert.Empty(offending);
    }
}

using System.Text;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Rules.Documentation;

/// <summary>Prints a rule as the Markdown page docs/rules/{id}.md, and the index of all.</summary>
public static class RulePage
{
    public static string Render(IRule rule) =>
        $"""
        # {rule.Card.Id} {rule.Card.Title}

        `{rule.Card.Name}` · looks at each {Words(rule.Card.Scope)} · {string.Join(", ", rule.Card.Severities.Select(s => s.ToString().ToLowerInvariant()))} · reads {Names(rule.Card.Sections)}{(rule.Card.Mentions.IsEmpty ? "" : $", mentions {Names(rule.Card.Mentions)}")}

        **Why** {rule.Card.Why}

        **Fix** {rule.Card.Fix}

        **Quiet when** {rule.Card.Quiet}

        **Opens** {(rule.Card.Kind == RuleKind.State ? "after two samples at least 20 s apart, and clears the same way" : "with the first sample, and clears with the next")}

        {Explained(rule.Card)}**Examples**

        {string.Join('\n', rule.Cases.Select(c => $"- **{c.Expected}** {c.Name}"))}

        **Origin** {rule.Card.Origin}

        """.ReplaceLineEndings("\n");

    private static string Names(IEnumerable<string> sections) => string.Join(", ", sections.Select(s => $"`{s}`"));

    private static string Explained(RuleCard card) => card.ExplainedBy.IsEmpty ? ""
        : $"**Shown as \"because of\"** {string.Join(", ", card.ExplainedBy.Select(e => $"{e.RuleId} on the same {(e.By switch { Relation.SameHost => "host", Relation.ImpactedHost => "host, where it covers all", _ => Words(card.Scope) })}"))}\n\n";

    public static string Index()
    {
        var page = new StringBuilder("# Rules\n\nGenerated from the rules themselves. *Unknown* is never green: a rule that cannot read its facts says so.\nWhere they come from: [field notes](field-notes.md). Limits of each release: [release profiles](releases.md).\n\n| Rule | Looks at | Severity | Title |\n|---|---|---|---|\n");
        foreach (var rule in RuleCatalogue.All)
        {
            page.Append(System.Globalization.CultureInfo.InvariantCulture, $"| [{rule.Card.Id}]({rule.Card.Id}.md) | {Words(rule.Card.Scope)} | {string.Join(", ", rule.Card.Severities.Select(s => s.ToString().ToLowerInvariant()))} | {rule.Card.Title} |\n");
        }

        return page.ToString();
    }

    private static string Words(RuleScope scope) => scope switch
    {
        RuleScope.VirtualMachine => "virtual machine", RuleScope.NetworkAdapter => "network adapter", _ => scope.ToString().ToLowerInvariant(),
    };
}

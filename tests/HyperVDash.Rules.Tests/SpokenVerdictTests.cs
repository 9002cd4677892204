using System.Globalization;
using System.Text;
using HyperVDash.Model;
using HyperVDash.Model.Findings;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Rules.Tests;

/// <summary>
/// Every word that a rule says about its examples, kept in a file of its own for each rule: what people read at three in the morning does not change by
/// accident. HVD_WRITE_DOCS=1 writes the files anew; the difference is then read like code.
/// </summary>
public sealed class SpokenVerdictTests
{
    public static TheoryData<string> AllRules => [.. RuleCatalogue.All.Select(r => r.Card.Id)];

    [Theory, MemberData(nameof(AllRules))]
    public void A_rule_says_of_its_examples_what_it_said_before(string ruleId)
    {
        var text = new StringBuilder();
        foreach (var example in RuleCatalogue.Find(ruleId)!.Cases)
        {
            var context = new RuleContext(Sample.Now, example.Settings);
            text.Append(CultureInfo.InvariantCulture, $"# {example.Name}\n");
            foreach (var verdict in example.Run(context))
            {
                Write(text, verdict);
            }

            if (context.NextInstant is { } next)
            {
                text.Append(CultureInfo.InvariantCulture, $"asks again {Since(next)}\n");
            }

            text.Append('\n');
        }

        Repository.AssertPage($"tests/HyperVDash.Rules.Tests/Verdicts/{ruleId}.txt", text.ToString());
    }

    private static void Write(StringBuilder text, Verdict verdict)
    {
        string about = verdict.Object is { } o ? $" [{o.Kind} {o.Id} {o.Name}]" : "";
        switch (verdict)
        {
            case Verdict.Fire fire:
                text.Append(CultureInfo.InvariantCulture, $"{fire.Severity} {fire.Variant}{(fire.Discriminator.Length == 0 ? "" : $" ({fire.Discriminator})")}{about}: {fire.Title}\n");
                Line(text, "impact", fire.Impact);
                foreach (var fact in fire.Evidence)
                {
                    Line(text, "fact", $"{fact.Fact}: {fact.Value}{(fact.Expected is { } e ? $", expected {e}" : "")} ({fact.Source}; {fact.HostId} {fact.Section} {(fact.ReadAt is { } at ? Since(at) : "no time")})");
                }

                foreach (var affected in fire.Affected)
                {
                    Line(text, "affected", $"{affected.Role} {affected.Object.Kind} {affected.Object.Id} {affected.Object.Name}");
                }

                Line(text, "remedy", $"{fire.Remedy?.Text} ({fire.Remedy?.Risk})");
                foreach (string command in fire.Remedy?.Commands ?? [])
                {
                    Line(text, "command", command);
                }

                break;
            case Verdict.Unknown unknown:
                text.Append(CultureInfo.InvariantCulture, $"unknown{about} {unknown.Section}{(unknown.Variant is { } v ? $" {v}" : "")}: {unknown.Reason}\n");
                break;
            case Verdict.NotApplicable none:
                text.Append(CultureInfo.InvariantCulture, $"not applicable{about}: {none.Reason}\n");
                break;
            default:
                text.Append(CultureInfo.InvariantCulture, $"pass{about}\n");
                break;
        }
    }

    private static void Line(StringBuilder text, string name, string? value)
    {
        if (value is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {name} {value.ReplaceLineEndings(" ")}\n");
        }
    }

    private static string Since(DateTimeOffset at) => $"{at - Sample.Now:c}";
}

using System.Globalization;
using System.Text;
using System.Xml;
using HyperVDash.Model.Findings;
using HyperVDash.Rules.Own;

namespace HyperVDash.Agent.Commands;

/// <summary>
/// Findings as JUnit XML, in step with the exit code: an error or worse is a failure, a host that could not be read, and a rule of the user's that was refused, an error. A warning, and what could
/// not be checked, are skipped with their sentence, and so is what somebody accepted, so neither breaks a build nor counts as passed.
/// </summary>
internal static class JunitReport
{
    /// <param name="hosts">Key of each host, with the sentence if it could not be read.</param>
    /// <param name="ran">The rules that ran; null: the catalogue.</param>
    public static string Of(FindingReport report, IReadOnlyCollection<(string Key, string? Unread)> hosts, RuleSet? ran = null)
    {
        var suites = Suites(report, hosts, ran ?? RuleSet.Catalogue);
        var text = new StringWriter(CultureInfo.InvariantCulture);
        // The names are cleaned of what XML cannot hold.
        using (var xml = XmlWriter.Create(text, new XmlWriterSettings { Indent = true, OmitXmlDeclaration = true, NewLineChars = "\n" }))
        {
            xml.WriteStartElement("testsuites");
            xml.WriteAttributeString("name", "HyperVDash");
            Counts(xml, [.. suites.SelectMany(s => s.Cases)]);
            foreach (var (name, cases) in suites)
            {
                xml.WriteStartElement("testsuite");
                xml.WriteAttributeString("name", name);
                Counts(xml, cases);
                xml.WriteAttributeString("timestamp", report.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture));
                foreach (var one in cases)
                {
                    Write(xml, name, one);
                }

                xml.WriteEndElement();
            }

            xml.WriteEndElement();
        }

        return $"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{text}";
    }

    private static List<(string Name, List<Case> Cases)> Suites(FindingReport report, IReadOnlyCollection<(string Key, string? Unread)> hosts, RuleSet rules)
    {
        List<(string Name, List<Case> Cases)> suites = [("Hosts", [.. hosts.Select(h => new Case(h.Key, h.Unread is null ? null : "error", "unread", h.Unread ?? "", ""))])];
        if (!rules.Own.Mistakes.IsEmpty)
        {
            suites.Add(("Your own rules", [.. rules.Own.Mistakes.Select(m => new Case($"{m.File}:{m.Line}", "error", "refused", m.Sentence, ""))]));
        }

        var findings = report.Findings.ToLookup(f => f.RuleId, StringComparer.Ordinal);
        foreach (var rule in report.Rules)
        {
            List<Case> cases = [.. findings[rule.RuleId].Select(Failed)];
            cases.AddRange(rule.Reasons.Where(r => r.Outcome == "unknown").Select(r => new Case(Of(r.Count), "skipped", "unknown", $"cannot tell: {r.Reason}", "")));
            cases.AddRange(rule.PassedObjects.Select(o => new Case(o.Name, null, "", "", "")));
            if (rule.Passed > rule.PassedObjects.Length)
            {
                cases.Add(new($"{Of(rule.Passed - rule.PassedObjects.Length)} more", null, "", "", ""));
            }

            if (cases.Count > 0)
            {
                suites.Add(($"{rule.RuleId} {rules.Find(rule.RuleId)?.Card.Title}".TrimEnd(), cases));
            }
        }

        return suites;
    }

    private static string Of(int count) => count == 1 ? "1 object" : $"{count} objects";

    private static Case Failed(Finding finding)
    {
        var text = new StringBuilder();
        foreach (var evidence in finding.Evidence)
        {
            text.Append(evidence.Fact).Append(": ").Append(evidence.Value).Append(evidence.Expected is null ? "" : $" (expected: {evidence.Expected})").Append('\n');
        }

        if (finding.Remedy is { } remedy)
        {
            text.Append(remedy.Text).Append('\n').AppendJoin('\n', remedy.Commands);
        }

        string severity = finding.Severity.ToString().ToLowerInvariant();
        if (finding.Accepted is { } accepted)
        {
            return new(finding.Subject.Name, "skipped", severity, $"accepted by {accepted.Owner} until {accepted.ReviewBy:o}: {finding.Title}", "");
        }

        return finding.Severity >= Severity.Error
            ? new(finding.Subject.Name, "failure", severity, finding.Title, text.ToString())
            : new(finding.Subject.Name, "skipped", severity, $"{severity}: {finding.Title}", "");
    }

    private static void Counts(XmlWriter xml, List<Case> cases)
    {
        xml.WriteAttributeString("tests", Number(cases.Count));
        xml.WriteAttributeString("failures", Number(cases.Count(c => c.Outcome == "failure")));
        xml.WriteAttributeString("errors", Number(cases.Count(c => c.Outcome == "error")));
        xml.WriteAttributeString("skipped", Number(cases.Count(c => c.Outcome == "skipped")));
    }

    private static string Number(int count) => count.ToString(CultureInfo.InvariantCulture);

    private static void Write(XmlWriter xml, string suite, Case one)
    {
        xml.WriteStartElement("testcase");
        xml.WriteAttributeString("classname", Clean(suite));
        xml.WriteAttributeString("name", Clean(one.Name));
        if (one.Outcome is not null)
        {
            xml.WriteStartElement(one.Outcome);
            xml.WriteAttributeString("message", Clean(one.Message));
            if (one.Outcome != "skipped")
            {
                xml.WriteAttributeString("type", one.Type);
                xml.WriteString(Clean(one.Text));
            }

            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    /// <summary>A name may hold what XML has no way to write.</summary>
    private static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            bool isXml = rune.Value is '\t' or '\n' or '\r' or (>= 0x20 and <= 0xD7FF) or (>= 0xE000 and <= 0xFFFD) or >= 0x10000;
            clean.Append(isXml ? rune.ToString() : "\uFFFD");
        }

        return clean.ToString();
    }

    /// <param name="Outcome">The element it gets; null: passed.</param>
    private sealed record Case(string Name, string? Outcome, string Type, string Message, string Text);
}

using System.Globalization;
using System.Text;
using HyperVDash.Agent.Collect;
using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Lab.Schema;
using HyperVDash.Model.Fleet;

namespace HyperVDash.Agent.Tests.Documentation;

/// <summary>Everything a host is asked.</summary>
internal static class CimCallsPage
{
    public static string Render(IReadOnlyList<Asked> asked)
    {
        var page = new StringBuilder("""
            # What the agent asks a host

            Made by a test that reads labs of every release and notes each question. Nothing else is asked, and nothing here changes a host: it is classes that are
            listed, values of the registry that are read, and the few methods below, none of which writes. The agent itself refuses to call another.

            A class is asked once for all VMs, never once a VM; [what an account needs](rights.md) for each namespace has a page. A release that lacks a column is asked for all of
            them instead, and a class that it lacks is left alone for an hour.


            """.ReplaceLineEndings("\n"));
        Lanes(page);
        page.Append("\n## Methods\n\n| class | method | tells | namespace | asked by |\n|---|---|---|---|---|\n");
        foreach (var (name, method, tells) in ReadOnlyMethods.All)
        {
            var calls = asked.Where(a => a.Question.Class == name && a.Question.Method == method).ToList();
            page.Append(CultureInfo.InvariantCulture, $"| `{name}` | `{method}` | {tells} | {string.Join(", ", calls.Select(c => $"`{c.Question.Namespace}`").Distinct().Order(StringComparer.Ordinal))} | {(calls.Count == 0 ? "rarely; no lab needs it" : Sections(calls))} |\n");
        }

        page.Append("\n## Registry\n\nOf `HKEY_LOCAL_MACHINE`. A key that ends in `\\` is listed.\n\n| key and value | method | asked by | releases |\n|---|---|---|---|\n");
        foreach (var value in asked.Where(a => a.Question.Value is not null).GroupBy(a => (a.Question.Value, a.Question.Method)).OrderBy(g => g.Key.Value, StringComparer.OrdinalIgnoreCase).ThenBy(g => g.Key.Method, StringComparer.Ordinal))
        {
            page.Append(CultureInfo.InvariantCulture, $"| `{value.Key.Value}` | `{value.Key.Method}` | {Sections(value)} | {ReleasesOf(value)} |\n");
        }

        page.Append("\n## Classes\n");
        foreach (var group in asked.Where(a => a.Question.Method is null).GroupBy(a => a.Question.Namespace, StringComparer.OrdinalIgnoreCase).OrderBy(g => g.Key, StringComparer.OrdinalIgnoreCase))
        {
            page.Append(CultureInfo.InvariantCulture, $"\n### {group.Key}\n\n| class | columns | WHERE | asked by | releases |\n|---|---|---|---|---|\n");
            foreach (var query in group.GroupBy(a => a.Question).OrderBy(g => g.Key.Class, StringComparer.OrdinalIgnoreCase).ThenBy(g => g.Key.Where, StringComparer.Ordinal).ThenBy(g => g.Key.Columns, StringComparer.Ordinal))
            {
                string where = query.Key.Where is { } text ? $"`{text}`" : "";
                page.Append(CultureInfo.InvariantCulture, $"| `{query.Key.Class}` | {(query.Key.Columns.Length == 0 ? "all" : query.Key.Columns)} | {where} | {Sections(query)} | {ReleasesOf(query)} |\n");
            }
        }

        return page.ToString();
    }

    private static void Lanes(StringBuilder page)
    {
        page.Append("| lane | read every | sections |\n|---|---|---|\n");
        var options = new CollectorOptions();
        foreach (var lane in SectionLens.All.GroupBy(s => s.Lane).OrderBy(g => options.IntervalOf(g.Key)))
        {
            page.Append(CultureInfo.InvariantCulture, $"| {Word(lane.Key)} | {options.IntervalOf(lane.Key):c} | {string.Join(", ", lane.Select(s => s.Name))} |\n");
        }
    }

    public static string Sections(IEnumerable<Asked> asked)
    {
        var names = asked.Select(a => a.Section).ToHashSet();
        return string.Join(", ", SectionLens.All.Where(s => names.Contains(s.Name)).Select(s => $"{s.Name} ({Word(s.Lane)})"));
    }

    private static string ReleasesOf(IEnumerable<Asked> asked)
    {
        var names = asked.Select(a => a.Release).ToHashSet();
        return names.Count == LabRelease.Keys.Length ? "all" : string.Join(", ", LabRelease.Keys.Where(names.Contains).Select(k => k.Replace("pre2008", "2008 before its release", StringComparison.Ordinal).Replace("R2", " R2", StringComparison.Ordinal)));
    }

    private static string Word(Lane lane) => lane.ToString().ToLowerInvariant();
}

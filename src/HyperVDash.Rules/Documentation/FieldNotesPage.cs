using System.Globalization;
using System.Text;

namespace HyperVDash.Rules.Documentation;

/// <summary>Prints the map from the field notes' statements to rules as docs/rules/field-notes.md.</summary>
public static class FieldNotesPage
{
    public static string Render()
    {
        var page = new StringBuilder("""
            # Field notes of December 2007

            The product goes back to three posts of one author: *1* on devices in Hyper-V, *2* on issues of the release candidate, *3* on print servers behind Network Load
            Balancing. This is what they say, in our words, and which rules check it. Generated; the [index of rules](README.md) lists all of them.

            | # | Post | Statement | Checked by |
            |---|---|---|---|

            """.ReplaceLineEndings("\n"));
        foreach (var note in FieldNotes.All)
        {
            page.Append(CultureInfo.InvariantCulture, $"| {note.Number} | {note.Place} | {note.Statement} | {Checked(note)} |\n");
        }

        page.Append("""

            ## What cannot be checked, and why

            | | Statement | Why not | Instead |
            |---|---|---|---|

            """.ReplaceLineEndings("\n"));
        foreach (var limit in FieldNotes.Limits)
        {
            page.Append(CultureInfo.InvariantCulture, $"| U{limit.Number} | {limit.Statement} | {limit.Why} | {Linked(limit.Instead)} |\n");
        }

        return page.ToString();
    }

    private static string Checked(FieldNote note)
    {
        var parts = new List<string>(2);
        if (!note.Rules.IsEmpty)
        {
            parts.Add(string.Join(", ", note.Rules.Select(r => $"[{r}]({r}.md)")) + (note.Remark is { } remark ? $" ({remark})" : ""));
        }

        if (!note.Limits.IsEmpty)
        {
            var limits = FieldNotes.Limits.Where(l => note.Limits.Contains(l.Number)).ToList();
            parts.Add((note.Rules.IsEmpty ? "" : "not all of it: ") + string.Join(" ", limits.Select(l => $"{l.Why} (U{l.Number})")));
        }

        return string.Join("; ", parts);
    }

    /// <summary>Ids of rules as links.</summary>
    private static string Linked(string text) =>
        string.Join(' ', text.Split(' ').Select(word => word.Length >= 6 && word.StartsWith("HVD", StringComparison.Ordinal) ? $"[{word[..6]}]({word[..6]}.md){word[6..]}" : word));
}

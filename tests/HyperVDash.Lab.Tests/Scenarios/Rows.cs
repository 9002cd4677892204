using System.Collections;
using System.Globalization;
using System.Text;
using HyperVDash.Lab.Hosts;

namespace HyperVDash.Lab.Tests.Scenarios;

/// <summary>The rows of a host as they are now.</summary>
internal static class Rows
{
    public static List<(string Namespace, LabInstance Row)> Of(LabHost host) => host.Change(h =>
    {
        h.Refresh!();
        return h.Tables().SelectMany(t => t.Rows.Select(r => (t.Key.Namespace, r))).ToList();
    });

    public static List<LabInstance> Of(LabHost host, string cimNamespace, string className) =>
        [.. Of(host).Where(r => r.Namespace == cimNamespace && r.Row.ClassName == className).Select(r => r.Row)];

    /// <summary>Everything a host would say, as one text.</summary>
    public static string Text(LabHost host)
    {
        var text = new StringBuilder();
        foreach (var (cimNamespace, row) in Of(host))
        {
            text.Append(cimNamespace).Append(' ').Append(row.ClassName);
            foreach (var (name, value) in row.Values)
            {
                text.Append('|').Append(name).Append('=').Append(Print(value));
            }

            text.AppendLine();
        }

        return text.ToString();
    }

    private static string Print(object? value) => value switch
    {
        null => "null",
        string s => s,
        LabReference reference => reference.ToPath("H", "n"),
        LabInstance embedded => string.Join(';', embedded.Values.Select(v => $"{v.Key}={Print(v.Value)}")),
        IEnumerable list => string.Join(',', list.Cast<object?>().Select(Print)),
        DateTimeOffset at => at.ToString("O", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}

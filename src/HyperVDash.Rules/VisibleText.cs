using System.Globalization;
using System.Text;

namespace HyperVDash.Rules;

/// <summary>Names as people must see them: blanks at the ends, control and direction characters made visible.</summary>
public static class VisibleText
{
    public const int MaxLength = 2048;

    public static string Of(string text)
    {
        if (text.Length > MaxLength)
        {
            text = string.Concat(text.AsSpan(0, MaxLength - 1), "…");
        }

        int first = 0, last = text.Length - 1;
        while (first < text.Length && text[first] is ' ' or '\u00A0')
        {
            first++;
        }

        while (last > first && text[last] is ' ' or '\u00A0')
        {
            last--;
        }

        var visible = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            visible.Append((i < first || i > last) && text[i] is ' ' or '\u00A0' && (i < first || i > last) ? "␠" : One(text[i]));
        }

        return visible.ToString();
    }

    private static string One(char c) => c switch
    {
        '\t' => "␉",
        '\n' => "␤",
        '\r' => "␍",
        < ' ' => ((char)('\u2400' + c)).ToString(),
        '\u007F' => "␡",
        '\u00A0' => "⍽",
        _ when CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            => string.Create(CultureInfo.InvariantCulture, $"[U+{(int)c:X4}]"),
        _ => c.ToString(),
    };
}

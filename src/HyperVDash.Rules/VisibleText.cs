using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace HyperVDash.Rules;

/// <summary>Names as people must see them: blanks at the ends, control and direction characters made visible.</summary>
public static class VisibleText
{
    public const int MaxLength = 2048;

    public static string Of(string text)
    {
        if (IsPlain(text))
        {
            return text;
        }

        var visible = new StringBuilder(text.Length);
        foreach (var run in Runs(text))
        {
            visible.Append(run.Text);
        }

        return visible.ToString();
    }

    /// <summary>The same text in runs, so that a page can mark the characters that stand for invisible ones.</summary>
    /// <param name="isStart">The text begins a name; false for a later piece of one, whose first blank is an ordinary blank.</param>
    /// <param name="isEnd">The text ends a name.</param>
    public static ImmutableArray<VisibleRun> Runs(string text, bool isStart = true, bool isEnd = true)
    {
        string cut = Cut(text);
        int first = isStart ? cut.Length - cut.TrimStart(' ', '\u00A0').Length : 0;
        int last = isEnd ? cut.TrimEnd(' ', '\u00A0').Length - 1 : cut.Length;
        var runs = ImmutableArray.CreateBuilder<VisibleRun>();
        var plain = new StringBuilder();
        int at = 0;
        Span<char> letters = stackalloc char[2];
        foreach (var rune in cut.EnumerateRunes())
        {
            bool isAtAnEnd = at < first || at > last;
            at += rune.Utf16SequenceLength;
            if (StandIn(rune, isAtAnEnd) is not { } standIn)
            {
                plain.Append(letters[..rune.EncodeToUtf16(letters)]);
                continue;
            }

            Flush(plain, runs);
            runs.Add(new(standIn, CodePoint(rune)));
        }

        Flush(plain, runs);
        return runs.ToImmutable();
    }

    /// <summary>Nearly every name is: printable ASCII without a blank at an end.</summary>
    private static bool IsPlain(string text) =>
        text.Length <= MaxLength && !text.AsSpan().ContainsAnyExceptInRange(' ', '~') && (text.Length == 0 || (text[0] != ' ' && text[^1] != ' '));

    // Never between the halves of a surrogate pair.
    private static string Cut(string text) => text.Length <= MaxLength
        ? text
        : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[MaxLength - 2]) ? MaxLength - 2 : MaxLength - 1), "…");

    private static void Flush(StringBuilder plain, ImmutableArray<VisibleRun>.Builder runs)
    {
        if (plain.Length > 0)
        {
            runs.Add(new(plain.ToString(), null));
            plain.Clear();
        }
    }

    /// <summary>Null: the character is visible itself.</summary>
    private static string? StandIn(Rune rune, bool isAtAnEnd) => rune.Value switch
    {
        ' ' or '\u00A0' when isAtAnEnd => "␠",
        '\u00A0' => "⍽",
        < ' ' => ((char)('\u2400' + rune.Value)).ToString(),
        '\u007F' => "␡",
        // Looks like a stand-in, and rules' sentences hold ones that were drawn before: marked, with its own code point.
        (>= '\u2400' and <= '\u2426') or '\u237D' => rune.ToString(),
        _ when Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            => $"[{CodePoint(rune)}]",
        _ => null,
    };

    private static string CodePoint(Rune rune) => string.Create(CultureInfo.InvariantCulture, $"U+{rune.Value:X4}");
}

/// <summary>A piece of a name.</summary>
/// <param name="CodePoint">What the text stands for, e.g. <c>U+0020</c>; null where the text is as it was given.</param>
public sealed record VisibleRun(string Text, string? CodePoint);

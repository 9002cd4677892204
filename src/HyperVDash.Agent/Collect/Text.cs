using System.Text;

namespace HyperVDash.Agent.Collect;

/// <summary>Texts from hosts and guests are from strangers: never longer than a page can show.</summary>
internal static class Text
{
    public const int MaxLength = 2048;

    /// <summary>The text, or its beginning. Half a character, which no encoding can carry, becomes U+FFFD.</summary>
    public static string? Cut(string? text)
    {
        if (text?.Length > MaxLength)
        {
            text = string.Concat(text.AsSpan(0, MaxLength - (char.IsHighSurrogate(text[MaxLength - 2]) ? 2 : 1)), "…");
        }

        return text is not null && text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) : text;
    }
}

namespace HyperVDash.Agent.Collect;

/// <summary>Texts from hosts and guests are from strangers: never longer than a page can show.</summary>
internal static class Text
{
    public const int MaxLength = 2048;

    public static string? Cut(string? text) =>
        text is null || text.Length <= MaxLength ? text : string.Concat(text.AsSpan(0, MaxLength - 1), "…");
}

namespace HyperVDash.Web.Components.Parts;

/// <summary>What someone may have meant by an id that nothing has.</summary>
public static class NearestNames
{
    /// <summary>The five that share most with the id, by their name or by the last part of their address.</summary>
    public static IEnumerable<(string Text, string Href)> Of(string id, IEnumerable<(string Text, string Href)> names) => names
        .Select(n => (Name: n, Score: Math.Max(Likeness(n.Text, id), Likeness(n.Href[(n.Href.LastIndexOf('/') + 1)..], id))))
        .OrderByDescending(n => n.Score).ThenBy(n => n.Name.Text, StringComparer.OrdinalIgnoreCase)
        .Take(5).Select(n => n.Name);

    /// <summary>Share of pairs of neighbouring letters that two texts have in common, 0 to 1.</summary>
    public static double Likeness(string a, string b)
    {
        var (left, right) = (Pairs(a), Pairs(b));
        int all = left.Count + right.Count;
        left.IntersectWith(right);
        return all == 0 ? 0 : 2.0 * left.Count / all;
    }

    private static HashSet<string> Pairs(string text)
    {
        string folded = $" {text.ToUpperInvariant()} ";
        return [.. Enumerable.Range(0, folded.Length - 1).Select(i => folded.Substring(i, 2))];
    }
}

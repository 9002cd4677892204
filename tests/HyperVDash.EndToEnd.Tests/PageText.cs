using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace HyperVDash.EndToEnd.Tests;

/// <summary>Everything a page tells a reader: its words and numbers, where its links lead, and what its shapes mean. Only times are left out, because they tick.</summary>
internal static partial class PageText
{
    public static List<string> Of(string html)
    {
        var document = new HtmlParser().ParseDocument(html);
        foreach (var element in document.QuerySelectorAll("script, style, [data-nosnippet], input[type=hidden], svg.sprite").ToList())
        {
            element.Remove();
        }

        foreach (var time in document.QuerySelectorAll("time").ToList())
        {
            time.TextContent = "[time]";
        }

        foreach (var shape in document.QuerySelectorAll("svg").ToList())
        {
            shape.OuterHtml = $"<span>[{shape.QuerySelector("use")?.GetAttribute("href")} {shape.GetAttribute("aria-label")}]</span>";
        }

        foreach (var link in document.QuerySelectorAll("a[href]").ToList())
        {
            link.Append(document.CreateTextNode($" <{link.GetAttribute("href")}>"));
        }

        // One entry a block, so that a difference names the row it is in.
        return [.. (document.QuerySelector(".app")?.QuerySelectorAll("tr, li, p, h1, h2, dt, dd, footer, form, nav a, .fr, .ctl, pre, .facts, header") ?? Enumerable.Empty<IElement>())
            .Select(e => Blanks().Replace(e.TextContent, " ").Trim()).Where(t => t.Length > 0)];
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}

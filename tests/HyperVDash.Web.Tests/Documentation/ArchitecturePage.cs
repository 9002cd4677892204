using System.Text;
using System.Xml.Linq;

namespace HyperVDash.Web.Tests.Documentation;

/// <summary>Who uses whom, from the project files themselves.</summary>
internal static class ArchitecturePage
{
    /// <summary>Each project under <c>src</c> with the projects it names, both without the product's name before them.</summary>
    public static IReadOnlyDictionary<string, string[]> References(string root) =>
        Directory.EnumerateFiles(Path.Combine(root, "src"), "*.csproj", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToDictionary(
            NameOf,
            file => XDocument.Load(file).Descendants("ProjectReference").Select(r => NameOf(r.Attribute("Include")!.Value)).Order(StringComparer.Ordinal).ToArray());

    public static string Render(string root)
    {
        var page = new StringBuilder("""
            # Who uses whom

            Made from the project references under `src` by a test; an arrow points to what is used. A new arrow shows here as a change.

            ```mermaid
            flowchart LR

            """).Replace("\r", "");
        foreach (var (project, used) in References(root))
        {
            page.Append("    ").Append(project).Append('\n');
            foreach (string other in used)
            {
                page.Append("    ").Append(project).Append(" --> ").Append(other).Append('\n');
            }
        }

        return page.Append("```\n").ToString();
    }

    private static string NameOf(string projectFile) =>
        Path.GetFileNameWithoutExtension(projectFile.Replace('\\', '/')).Replace("HyperVDash.", "", StringComparison.Ordinal);
}

using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using HyperVDash.Agent.Settings;
using HyperVDash.Rules.Engine;
using AgentSettings = HyperVDash.Agent.Serve.AgentOptions;

namespace HyperVDash.Web.Tests.Documentation;

/// <summary>Every setting with what is allowed, its default and its meaning, from the option classes and their comments.</summary>
internal static partial class SettingsPage
{
    public static string Render()
    {
        var page = new StringBuilder("""
            # Settings

            Made from the option classes by a test. They stand in `appsettings.json`, or in environment variables with two underscores for each colon: `Agent__Listen`.
            A wrong value, a number out of its range or a key that nobody knows stops the start; all mistakes are listed at once. `AllowedHosts` and `Serilog` are the framework's own.
            A duration is written `hh:mm:ss` or `d.hh:mm:ss`.

            """.ReplaceLineEndings("\n"));
        Section(page, "Web", typeof(WebOptions));
        Section(page, "Agent", typeof(AgentSettings));
        Section(page, "Rules", typeof(RuleSettings));
        return page.ToString();
    }

    private static void Section(StringBuilder page, string path, Type options)
    {
        object defaults = Activator.CreateInstance(options)!;
        page.Append(CultureInfo.InvariantCulture, $"\n## {path}\n\n{Summary(options, $"T:{options.FullName}")}\n\n| key | may be | default | |\n|---|---|---|---|\n");
        var groups = new List<(string Path, Type Type)>();
        foreach (var setting in Setting.Of(options))
        {
            bool isScalar = Setting.IsScalar(setting.Type);
            var element = Setting.ElementOf(setting.Type);
            if (!isScalar && (element is null || !(Setting.IsScalar(element) || Setting.ElementOf(element) is not null)))
            {
                groups.Add((element is null ? $"{path}:{setting.Name}" : $"{path}:{setting.Name}:0", element ?? setting.Type));
            }

            string allowed = isScalar ? Setting.Allowed(setting.Type, setting.Range) : element is null ? "a group, see below" : groups.Any(g => g.Type == element) ? "a list, see below" : "a list";
            page.Append(CultureInfo.InvariantCulture, $"| `{setting.Name}` | {allowed} | {Default(setting.Property.GetValue(defaults), isScalar)} | {Summary(options, $"P:{setting.Property.DeclaringType!.FullName}.{setting.Name}")} |\n");
        }

        foreach (var (name, type) in groups)
        {
            Section(page, name, type);
        }
    }

    private static string Default(object? value, bool isScalar) => value switch
    {
        null or "" => "",
        IEnumerable list when !isScalar => list.Cast<object>().Any() ? "see the class" : "none",
        _ when !isScalar => "",
        bool yes => yes ? "`true`" : "`false`",
        _ => string.Create(CultureInfo.InvariantCulture, $"`{value}`"),
    };

    private static string Summary(Type type, string member)
    {
        var docs = XDocument.Load(Path.Combine(AppContext.BaseDirectory, $"{type.Assembly.GetName().Name}.xml"));
        var summary = docs.Descendants("member").FirstOrDefault(m => m.Attribute("name")?.Value == member)?.Element("summary");
        return summary is null ? "" : Blanks().Replace(string.Concat(summary.Nodes().Select(Text)), " ").Trim().Replace("|", "\\|", StringComparison.Ordinal);
    }

    private static string Text(XNode node) => node switch
    {
        XElement { Name.LocalName: "see" } see => $"`{see.Attribute("cref")?.Value.Split('.')[^1]}`",
        XElement element => $"`{element.Value}`",
        XText text => text.Value,
        _ => "",
    };

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}

using System.Text.RegularExpressions;
using System.Xml.Linq;
using HyperVDash.Cim;

namespace HyperVDash.Lab.WsMan;

/// <summary>Asks for the neighbours of one object: <c>ASSOCIATORS OF {path} WHERE AssocClass = A ResultClass = R</c>, or the same as a filter element.</summary>
/// <param name="Object">Whose neighbours.</param>
/// <param name="ResultClass">Only instances of this class; null takes all.</param>
internal sealed partial record AssociationQuestion(CimPath Object, string? AssociationClass, string? ResultClass)
{
    /// <summary>True for REFERENCES OF: the association instances themselves.</summary>
    public bool WantsReferences { get; init; }

    /// <summary>Null if the text is no such question.</summary>
    public static AssociationQuestion? Parse(string wql)
    {
        if (Shape().Match(wql) is not { Success: true } match || !CimPath.TryParse(match.Groups["path"].Value.Replace('\'', '"'), out var path))
        {
            return null;
        }

        var conditions = Condition().Matches(match.Groups["where"].Value).ToDictionary(c => c.Groups[1].Value, c => c.Groups[2].Value, StringComparer.OrdinalIgnoreCase);
        bool wantsReferences = match.Groups["what"].Value.StartsWith("REF", StringComparison.OrdinalIgnoreCase);
        string? result = conditions.GetValueOrDefault("ResultClass");
        return new(path, wantsReferences ? result : conditions.GetValueOrDefault("AssocClass"), wantsReferences ? null : result) { WantsReferences = wantsReferences };
    }

    /// <summary>Null if the element names no object.</summary>
    public static AssociationQuestion? Read(XElement filter)
    {
        XNamespace b = Names.B, w = Names.W;
        if (filter.Elements().FirstOrDefault(e => e.Name.Namespace == b) is not { } question
            || question.Element(b + "Object")?.Descendants(w + "ResourceURI").FirstOrDefault()?.Value is not { } uri)
        {
            return null;
        }

        var path = new CimPath(uri[(uri.LastIndexOf('/') + 1)..]);
        path = path with
        {
            Keys = path.Keys.SetItems(question.Element(b + "Object")!.Descendants(w + "Selector")
                .Where(s => s.Attribute("Name")?.Value != "__cimnamespace")
                .Select(s => KeyValuePair.Create(s.Attribute("Name")?.Value ?? "", s.Value))),
        };
        bool wantsReferences = question.Name.LocalName == "AssociationInstances";
        string? result = question.Element(b + "ResultClassName")?.Value.Trim();
        return new(path, wantsReferences ? result : question.Element(b + "AssociationClassName")?.Value.Trim(), wantsReferences ? null : result) { WantsReferences = wantsReferences };
    }

    [GeneratedRegex(@"^(?<what>ASSOCIATORS|REFERENCES)\s+OF\s*\{(?<path>.+)\}\s*(WHERE\s+(?<where>.*))?$", RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Shape();

    [GeneratedRegex(@"(AssocClass|ResultClass|Role|ResultRole)\s*=\s*(\w+)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Condition();
}

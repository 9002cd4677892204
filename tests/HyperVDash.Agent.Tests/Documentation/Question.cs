using System.Text.RegularExpressions;
using HyperVDash.Cim;
using HyperVDash.Model.Fleet;

namespace HyperVDash.Agent.Tests.Documentation;

/// <summary>Something that a host was asked, without what differs from host to host.</summary>
/// <param name="Columns">Of a class; empty: all of them.</param>
/// <param name="Value">Key and value of the registry.</param>
internal sealed partial record Question(string Namespace, string Class, string Columns, string? Where, string? Method, string? Value)
{
    // What is looked for there is a host's own: files, events since the last look, names of a farm, one job.
    private static readonly string[] Varying = ["CIM_DataFile", "Win32_NTLogEvent", "MicrosoftDNS_AType", "MicrosoftDNS_CNAMEType"];

    public static Question Of(CimQuery query)
    {
        string? where = query.Where;
        if (where is not null && (Varying.Contains(query.Class) || where.StartsWith("InstanceID='", StringComparison.Ordinal)))
        {
            where = Repeated().Replace(Literal().Replace(where, "'…'"), "$1 …");
        }

        return new(query.Namespace, query.Class, string.Join(", ", query.Columns), where, null, null);
    }

    public static Question Of(CimCall call)
    {
        string? key = call.Arguments.FirstOrDefault(a => a.Name == "sSubKeyName")?.Value as string;
        string? name = call.Arguments.FirstOrDefault(a => a.Name == "sValueName")?.Value as string;
        return new(call.Namespace, call.Class, "", null, call.Method, key is null ? null : Thumbprint().Replace(name is null ? $@"{key}\" : $@"{key}: {name}", "…"));
    }

    [GeneratedRegex("'(?:[^'\\\\]|\\\\.)*'")]
    private static partial Regex Literal();

    [GeneratedRegex(@"((?:\w+='…'))(?: OR \w+='…')+")]
    private static partial Regex Repeated();

    [GeneratedRegex("[0-9A-F]{40}", RegexOptions.IgnoreCase)]
    private static partial Regex Thumbprint();
}

/// <summary>A question with who asked it and where.</summary>
internal sealed record Asked(Question Question, string Section, string Release)
{
    public Lane Lane => SectionLens.Find(Section)!.Lane;
}

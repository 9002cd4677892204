namespace HyperVDash.Lab.WsMan;

/// <summary>What a resource URI asks for, in Microsoft's form (namespace in the URI) or DMTF's (namespace in a selector).</summary>
/// <param name="Class">The class, or <c>*</c>.</param>
/// <param name="IsDmtf">The answer uses the same form.</param>
internal sealed record Resource(string Namespace, string Class, bool IsDmtf)
{
    // Where WinRM looks when a DMTF URI comes without a namespace.
    private const string DefaultNamespace = "root/hardware";

    /// <summary>True if the class itself is asked for, not its instances.</summary>
    public bool IsMetadata { get; private init; }

    public static Resource? Parse(string uri, IReadOnlyDictionary<string, string> selectors)
    {
        uri = uri.Split('?', 2)[0];
        if (uri.StartsWith(Names.Wmi, StringComparison.OrdinalIgnoreCase))
        {
            string path = uri[Names.Wmi.Length..].TrimEnd('/');
            int slash = path.LastIndexOf('/');
            return slash <= 0 ? null : new Resource(path[..slash], path[(slash + 1)..], IsDmtf: false);
        }

        foreach (string prefix in (string[])[Names.Metadata, Names.DmtfClass, Names.MicrosoftClass, Names.DmtfAll])
        {
            if (uri.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            {
                string cimNamespace = selectors.GetValueOrDefault("__cimnamespace", DefaultNamespace).Replace('\\', '/');
                return new Resource(cimNamespace, uri[prefix.Length..], IsDmtf: true) { IsMetadata = prefix == Names.Metadata };
            }
        }

        return null;
    }

    public static bool IsDmtfUri(string uri) => !uri.StartsWith(Names.Wmi, StringComparison.OrdinalIgnoreCase);

    public string ClassUri(string className) => IsDmtf ? Names.DmtfClass + className : $"{Names.Wmi}{Namespace}/{className}";
}

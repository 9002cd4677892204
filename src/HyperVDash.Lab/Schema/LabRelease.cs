using System.Collections.Immutable;

namespace HyperVDash.Lab.Schema;

/// <summary>The namespaces and classes of one Windows release, read from its schema file.</summary>
/// <remarks>A key is e.g. <c>2012R2</c>.</remarks>
public sealed class LabRelease
{
    private static readonly Dictionary<string, LabRelease> Known = [];

    private readonly Dictionary<string, Dictionary<string, LabClass>> _namespaces = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _features = new(StringComparer.OrdinalIgnoreCase);

    private LabRelease(string key) => Key = key;

    /// <summary>That of the release itself, for a variant of it too.</summary>
    public string Key { get; internal set; }

    public static ImmutableArray<string> Keys { get; } = ["pre2008", "2008R2", "2012", "2012R2", "2016", "2022", "2025"];

    /// <exception cref="ArgumentException">No schema file of that name.</exception>
    public static LabRelease Get(string key)
    {
        lock (Known)
        {
            return Known.TryGetValue(key, out var release) ? release : Known[key] = Read(key);
        }
    }

    public IEnumerable<string> Namespaces => _namespaces.Keys;

    /// <summary>The feature a namespace belongs to, e.g. <c>cluster</c>; null: every host has it.</summary>
    public string? FeatureOf(string cimNamespace) => _features.GetValueOrDefault(cimNamespace);

    public bool HasNamespace(string cimNamespace) => _namespaces.ContainsKey(cimNamespace);

    public LabClass? Find(string cimNamespace, string className) =>
        _namespaces.GetValueOrDefault(cimNamespace)?.GetValueOrDefault(className);

    public IEnumerable<LabClass> Classes(string cimNamespace) => _namespaces.GetValueOrDefault(cimNamespace)?.Values ?? Enumerable.Empty<LabClass>();

    /// <summary>The class and those derived from it: a query for the base answers with all of them.</summary>
    public IEnumerable<LabClass> WithDerived(string cimNamespace, string className) =>
        Classes(cimNamespace).Where(c => c.Name.Equals(className, StringComparison.OrdinalIgnoreCase)
            || className.Equals(c.Base, StringComparison.OrdinalIgnoreCase));

    private static LabRelease Read(string key)
    {
        using var stream = typeof(LabRelease).Assembly.GetManifestResourceStream($"HyperVDash.Lab.Schema.{key}.schema")
            ?? throw new ArgumentException($"There is no release '{key}'. Known: {string.Join(", ", Keys)}.", nameof(key));
        using var text = new StreamReader(stream);
        var release = new LabRelease(key);
        new SchemaReader(release, text).Read();
        return release;
    }

    internal void Inherit(LabRelease older)
    {
        foreach (var (name, classes) in older._namespaces)
        {
            _namespaces[name] = new(classes, StringComparer.OrdinalIgnoreCase);
        }

        foreach (var (name, feature) in older._features)
        {
            _features[name] = feature;
        }
    }

    internal void OpenNamespace(string name, string? feature)
    {
        _namespaces.TryAdd(name, new(StringComparer.OrdinalIgnoreCase));
        if (feature is not null)
        {
            _features[name] = feature;
        }
    }

    internal void DropNamespace(string name) => _namespaces.Remove(name);

    internal void DropClass(string cimNamespace, string name) => _namespaces[cimNamespace].Remove(name);

    internal void Put(string cimNamespace, LabClass labClass) => _namespaces[cimNamespace][labClass.Name] = labClass;
}

using HyperVDash.Lab.Schema;

namespace HyperVDash.Lab.Hosts;

/// <summary>A host of the lab: what it answers, class by class. Change it only inside <see cref="Change"/>.</summary>
public sealed class LabHost(string name, LabRelease release)
{
    private readonly Dictionary<(string Namespace, string Class), List<LabInstance>> _tables = new(TableComparer.Instance);
    private readonly Dictionary<(string Class, string Method), Func<LabCall, LabAnswer>> _methods = new(TableComparer.Instance);
    private readonly HashSet<string> _features = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _removed = new(StringComparer.OrdinalIgnoreCase);
    private readonly Lock _gate = new();

    /// <summary>NetBIOS name.</summary>
    public string Name { get; } = name;

    public LabRelease Release { get; } = release;

    /// <summary>E.g. <c>10.0.20348</c>; Identify tells it.</summary>
    public string WindowsVersion { get; init; } = "10.0.20348";

    /// <summary>Classes and namespaces this host answers with an error of its own, from a capture: (namespace, class or empty) → WBEM code.</summary>
    public Dictionary<(string Namespace, string Class), uint> Errors { get; } = new(TableComparer.Instance);

    /// <summary>Called before an answer is made, so that values that move by themselves (uptime, load) are of now.</summary>
    public Action? Refresh { get; set; }

    /// <summary>True if rows may have columns that the release's schema does not list, as captures do.</summary>
    public bool IsOpenEnded { get; init; }

    /// <summary>Switches on a feature's namespaces, e.g. <c>cluster</c>.</summary>
    public void AddFeature(string feature) => _features.Add(feature);

    /// <summary>Takes away a namespace that every host of the release has, e.g. of a role that is not installed.</summary>
    public void RemoveNamespace(string cimNamespace) => _removed.Add(cimNamespace);

    public bool HasNamespace(string cimNamespace) =>
        Release.HasNamespace(cimNamespace) && !_removed.Contains(cimNamespace) && (Release.FeatureOf(cimNamespace) is not { } feature || _features.Contains(feature));

    public bool HasClass(LabClass known) => known.Feature is not { } feature || _features.Contains(feature);

    public void Add(string cimNamespace, LabInstance instance) => Add(cimNamespace, instance.ClassName, instance);

    /// <summary>True if the class was answered with instances, or with none.</summary>
    public bool HasTable(string cimNamespace, string className) => Change(h => h._tables.ContainsKey((cimNamespace, className)));

    /// <summary>Puts an instance into the answer for a class of which its own may be a subclass.</summary>
    public void Add(string cimNamespace, string className, LabInstance instance)
    {
        Declare(cimNamespace, className);
        _tables[(cimNamespace, className)].Add(instance);
    }

    /// <summary>The class was answered, if only with nothing.</summary>
    public void Declare(string cimNamespace, string className)
    {
        if (!_tables.ContainsKey((cimNamespace, className)))
        {
            _tables.Add((cimNamespace, className), []);
        }
    }

    /// <summary>The instances of one class; none if it has no table.</summary>
    public List<LabInstance> Table(string cimNamespace, string className) => _tables.GetValueOrDefault((cimNamespace, className)) ?? [];

    public IEnumerable<((string Namespace, string Class) Key, IReadOnlyList<LabInstance> Rows)> Tables() =>
        _tables.Select(t => (t.Key, (IReadOnlyList<LabInstance>)t.Value));

    /// <summary>Forgets every row, before the host is written anew. Enumerations that are open keep theirs.</summary>
    public void Clear() => _tables.Clear();

    public void Answer(string className, string method, Func<LabCall, LabAnswer> answer) => _methods[(className, method)] = answer;

    public Func<LabCall, LabAnswer>? FindMethod(string className, string method) => _methods.GetValueOrDefault((className, method));

    /// <summary>Reads or changes the tables while nobody else does.</summary>
    public T Change<T>(Func<LabHost, T> change)
    {
        lock (_gate)
        {
            return change(this);
        }
    }

    public void Change(Action<LabHost> change)
    {
        lock (_gate)
        {
            change(this);
        }
    }

    private sealed class TableComparer : IEqualityComparer<(string A, string B)>
    {
        public static readonly TableComparer Instance = new();

        public bool Equals((string A, string B) x, (string A, string B) y) =>
            x.A.Equals(y.A, StringComparison.OrdinalIgnoreCase) && x.B.Equals(y.B, StringComparison.OrdinalIgnoreCase);

        public int GetHashCode((string A, string B) key) => HashCode.Combine(
            StringComparer.OrdinalIgnoreCase.GetHashCode(key.A), StringComparer.OrdinalIgnoreCase.GetHashCode(key.B));
    }
}

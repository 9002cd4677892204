using HyperVDash.Cim;

namespace HyperVDash.Agent.Collect.Performance;

/// <summary>
/// Finds the VM that a counter's instance is named after. Counters know VMs by name only, so a name that two VMs of the host have stands for neither,
/// and an instance that fits two names belongs to none: a missing number is better than another VM's.
/// </summary>
internal sealed class MachineNames
{
    private const string Processor = ":Hv VP ";

    private readonly Dictionary<string, Guid?> _byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<Guid> _ids = [];

    public MachineNames(IEnumerable<CimRow> systems)
    {
        foreach (var row in systems)
        {
            if (row.Guid("Name") is { } id && _ids.Add(id) && row.String("ElementName") is { Length: > 0 } name && !_byName.TryAdd(InstanceName(name), id))
            {
                _byName[InstanceName(name)] = null;
            }
        }
    }

    public bool Has(Guid id) => _ids.Contains(id);

    public Guid? Of(string? name) => name is null ? null : _byName.GetValueOrDefault(InstanceName(name));

    /// <summary><c>&lt;VM&gt;:Hv VP &lt;number&gt;</c>; the VM's own name may hold colons.</summary>
    public Guid? OfProcessor(string? instance) =>
        instance?.LastIndexOf(Processor, StringComparison.Ordinal) is > 0 and var at ? Of(instance[..at]) : null;

    /// <summary><c>&lt;VM&gt;_&lt;adapter&gt;_&lt;ids&gt;</c>: by an id in it where there is one, else by the only name it begins with.</summary>
    public Guid? OfAdapter(string? instance)
    {
        if (instance is null)
        {
            return null;
        }

        foreach (string part in instance.Split(['_'], StringSplitOptions.RemoveEmptyEntries).SelectMany(p => p.Split("--")))
        {
            if (Guid.TryParse(part, out var id) && _ids.Contains(id))
            {
                return id;
            }
        }

        string text = InstanceName(instance);
        var found = new List<Guid?>();
        for (int i = text.IndexOf('_', StringComparison.Ordinal); i > 0; i = text.IndexOf('_', i + 1))
        {
            if (_byName.TryGetValue(text[..i], out var id))
            {
                found.Add(id);
            }
        }

        return found.Count == 1 ? found[0] : null;
    }

    /// <summary>Characters that instance names cannot bear are replaced in them, so they are in both before comparing.</summary>
    private static string InstanceName(string name) => name.Replace('(', '[').Replace(')', ']').Replace('#', '_').Replace('/', '_').Replace('\\', '_');
}

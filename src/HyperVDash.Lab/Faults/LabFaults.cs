namespace HyperVDash.Lab.Faults;

/// <summary>The faults in force; may be changed while the lab runs.</summary>
public sealed class LabFaults
{
    private volatile IReadOnlyList<LabFault> _all = [];

    public void Set(LabFault fault) => _all = [.. _all, fault];

    public void Clear() => _all = [];

    /// <summary>The faults of a host's answers about a class; null asks for those of the whole host.</summary>
    public IEnumerable<LabFault> Of(string host, string? className) => _all.Where(f =>
        f.Host.Equals(host, StringComparison.OrdinalIgnoreCase)
        && (f.Class is null || (className is not null && f.Class.Equals(className, StringComparison.OrdinalIgnoreCase))));

    public LabFault? Find(string host, string? className, LabFaultKind kind) => Of(host, className).FirstOrDefault(f => f.Kind == kind);
}

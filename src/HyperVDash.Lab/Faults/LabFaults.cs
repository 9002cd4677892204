namespace HyperVDash.Lab.Faults;

/// <summary>The faults in force; may be changed while the lab runs.</summary>
public sealed class LabFaults
{
    private volatile IReadOnlyList<LabFault> _all = [];

    public void Set(LabFault fault) => _all = [.. _all, fault];

    public void Clear() => _all = [];

    /// <exception cref="FormatException">A fault is written wrongly, or names a host that the lab has not; the message lists what there is.</exception>
    public void Set(IEnumerable<string> texts, IReadOnlyCollection<string> hosts)
    {
        foreach (string text in texts)
        {
            var fault = LabFault.Parse(text);
            Set(hosts.Contains(fault.Host, StringComparer.OrdinalIgnoreCase)
                ? fault
                : throw new FormatException($"The fault '{text}' names no host of the lab; there are {string.Join(", ", hosts)}."));
        }
    }

    /// <summary>The faults of a host's answers about a class; null asks for those of the whole host.</summary>
    public IEnumerable<LabFault> Of(string host, string? className) => _all.Where(f =>
        f.Host.Equals(host, StringComparison.OrdinalIgnoreCase)
        && (f.Class is null || (className is not null && f.Class.Equals(className, StringComparison.OrdinalIgnoreCase))));

    /// <summary>True if the host lets the account see neither the class nor the whole namespace.</summary>
    public bool IsDenied(string host, string cimNamespace, string className) =>
        Find(host, className, LabFaultKind.Denied) is not null || Find(host, cimNamespace, LabFaultKind.Denied) is not null;

    public LabFault? Find(string host, string? className, LabFaultKind kind) => Of(host, className).FirstOrDefault(f => f.Kind == kind);
}

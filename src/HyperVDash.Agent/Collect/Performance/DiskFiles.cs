using System.Buffers;
using HyperVDash.Agent.Collect.Tables;

namespace HyperVDash.Agent.Collect.Performance;

/// <summary>Finds the VM whose disk file a counter's instance is named after. A file that two VMs have belongs to neither.</summary>
internal sealed class DiskFiles
{
    private static readonly SearchValues<char> Replaced = SearchValues.Create(@"\/:_- &?#()[]");

    private readonly Dictionary<string, Guid?> _owners = new(StringComparer.OrdinalIgnoreCase);

    public DiskFiles(TableSet tables, HostFacts host, MachineNames machines)
    {
        var (table, column) = host.IsV1 ? (tables[Plan.Resources(host)], "Connection") : (tables[Plan.Storage(host)], "HostResource");
        foreach (var row in table.Rows)
        {
            if (InstanceId.Owner(row.String("InstanceID")) is { } vm && machines.Has(vm))
            {
                foreach (string path in (row.Strings(column) ?? []).Where(p => p.Contains('\\', StringComparison.Ordinal)))
                {
                    string key = Key(path);
                    _owners[key] = _owners.TryGetValue(key, out var other) && other != vm ? null : vm;
                }
            }
        }
    }

    public Guid? OwnerOf(string? instance) => instance is null ? null : _owners.GetValueOrDefault(Key(instance));

    /// <summary>Instances are paths in which several characters were replaced; both are compared without them.</summary>
    private static string Key(string path)
    {
        Span<char> key = path.Length <= 512 ? stackalloc char[512] : new char[path.Length];
        int length = 0;
        foreach (char c in path)
        {
            if (!Replaced.Contains(c))
            {
                key[length++] = c;
            }
        }

        return key[..length].ToString();
    }
}

using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Cim;
using HyperVDash.Model.PhysicalNetwork;

namespace HyperVDash.Agent.Collect.PhysicalNetwork;

/// <summary>A class with one row per adapter: found by the interface GUID its id begins with, else by the adapter's names, which are unique on a host.</summary>
internal sealed class AdapterSettings
{
    private readonly Dictionary<Guid, CimRow> _byId = [];
    private readonly Dictionary<string, CimRow> _byName = new(StringComparer.OrdinalIgnoreCase);

    public AdapterSettings(Table table)
    {
        foreach (var row in table.Rows)
        {
            if (IdOf(row.String("InstanceID")) is { } id)
            {
                _byId.TryAdd(id, row);
            }

            foreach (string name in new[] { row.String("Name"), row.String("InterfaceDescription") }.OfType<string>())
            {
                _byName.TryAdd(name, row);
            }
        }
    }

    public CimRow? Find(Guid? id, string? name, string? description) =>
        id is { } known && _byId.TryGetValue(known, out var row) ? row
        : name is not null && _byName.TryGetValue(name, out row) ? row
        : description is not null ? _byName.GetValueOrDefault(description) : null;

    /// <summary>Null: the driver has no such queues.</summary>
    public static QueueSettings? Queues(CimRow? row) => row is null ? null : new()
    {
        IsEnabled = row.Boolean("Enabled"),
        Queues = row.Int32("NumberOfReceiveQueues"),
        BaseProcessor = row.Int32("BaseProcessorNumber"),
        MaximumProcessors = row.Int32("MaxProcessors"),
    };

    private static Guid? IdOf(string? instance) =>
        instance is not null && instance.StartsWith('{') && instance.IndexOf('}', StringComparison.Ordinal) is > 0 and var end && Guid.TryParse(instance.AsSpan(0, end + 1), out var id) ? id : null;
}

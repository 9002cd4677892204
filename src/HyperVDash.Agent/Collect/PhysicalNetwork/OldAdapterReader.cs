using System.Collections.Immutable;
using HyperVDash.Agent.Collect.Devices;
using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Cim;
using HyperVDash.Model.PhysicalNetwork;

namespace HyperVDash.Agent.Collect.PhysicalNetwork;

/// <summary>Adapters of 2008 and 2008 R2.</summary>
internal static class OldAdapterReader
{
    public static ImmutableArray<PhysicalAdapter> Read(TableSet tables) =>
        [.. tables[Plan.OldAdapters].Rows.Select(r => Adapter(r, tables[Plan.PhysicalMedia])).OrderBy(a => a.Name, StringComparer.OrdinalIgnoreCase)];

    private static PhysicalAdapter Adapter(CimRow row, Table media)
    {
        string? description = row.String("Description") ?? row.String("Name");
        int? physical = media.Rows.FirstOrDefault(m => description is not null && description.Equals(m.String("InstanceName"), StringComparison.OrdinalIgnoreCase))?.Int32("NdisPhysicalMediumType");
        int? status = row.Int32("NetConnectionStatus");
        return new()
        {
            Id = row.Guid("GUID"),
            Name = Text.Cut(row.String("NetConnectionID")),
            Description = Text.Cut(description),
            // Without the medium class nothing says Wi-Fi: the adapter type calls everything 802.3.
            Medium = physical is null ? NetworkMedium.Unknown : MediumWords.Of(physical, 0),
            MediumCode = MediumWords.Code(physical, null),
            IsConnected = status switch { 2 => true, 7 => false, _ => null },
            IsUp = status switch { null => null, 2 => true, _ => false },
            IsEnabled = row.Boolean("NetEnabled"),
            BitsPerSecond = row.Int64("Speed"),
            MacAddress = MacAddress.Normalise(row.String("MACAddress")),
        };
    }
}

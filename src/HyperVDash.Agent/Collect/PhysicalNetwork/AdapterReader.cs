using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Agent.Collect.Devices;
using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Cim;
using HyperVDash.Model.PhysicalNetwork;

namespace HyperVDash.Agent.Collect.PhysicalNetwork;

/// <summary>Adapters of 2012 and later with the settings of their drivers.</summary>
internal sealed class AdapterReader
{
    /// <summary>Driver of an LBFO team's own adapter. It has no connector, but a switch may be bound to it.</summary>
    private const string Multiplexor = "ms_implat";

    private readonly Dictionary<string, string?> _teamOf;
    private readonly AdapterSettings _jumbo;
    private readonly AdapterSettings _vmq;
    private readonly AdapterSettings _rss;

    private AdapterReader(TableSet tables)
    {
        _teamOf = tables[Plan.LbfoMembers].Rows.Where(m => m.String("Name") is not null)
            .DistinctBy(m => m.String("Name"), StringComparer.OrdinalIgnoreCase)
            .ToDictionary(m => m.String("Name")!, m => m.String("Team"), StringComparer.OrdinalIgnoreCase);
        _jumbo = new(tables[Plan.JumboPackets]);
        _vmq = new(tables[Plan.VmqSettings]);
        _rss = new(tables[Plan.RssSettings]);
    }

    public static ImmutableArray<PhysicalAdapter> Read(TableSet tables)
    {
        var reader = new AdapterReader(tables);
        return
        [
            .. tables[Plan.Adapters].Rows.Where(r => r.Boolean("ConnectorPresent") == true || r.String("ComponentID")?.Contains(Multiplexor, StringComparison.OrdinalIgnoreCase) == true)
                .GroupBy(r => r.String("PnPDeviceID") is { Length: > 0 } device ? device : r.String("InterfaceGuid") ?? r.String("DeviceID") ?? "", StringComparer.OrdinalIgnoreCase)
                // A modem or a Wi-Fi card shows several interfaces; the one that is up speaks for the device.
                .Select(g => reader.Adapter(g.OrderBy(r => r.Int32("InterfaceOperationalStatus") ?? int.MaxValue).First()))
                .OrderBy(a => a.Name, StringComparer.OrdinalIgnoreCase),
        ];
    }

    private PhysicalAdapter Adapter(CimRow row)
    {
        int? physical = row.Int32("NdisPhysicalMedium");
        int? medium = row.Int32("NdisMedium");
        string? name = row.String("Name");
        string? description = row.String("InterfaceDescription");
        var id = row.Guid("InterfaceGuid") ?? row.Guid("DeviceID");
        return new()
        {
            Id = id,
            Name = Text.Cut(name),
            Description = Text.Cut(description),
            Medium = MediumWords.Of(physical, medium),
            MediumCode = MediumWords.Code(physical, medium),
            IsConnected = row.Int32("MediaConnectState") switch { 1 => true, 2 => false, _ => null },
            IsEnabled = row.Int32("State") switch { null => null, 3 => false, _ => true },
            IsUp = row.Int32("InterfaceOperationalStatus") switch { null => null, 1 => true, _ => false },
            BitsPerSecond = row.Int64("Speed"),
            MacAddress = MacAddress.Normalise(row.String("PermanentAddress")),
            DriverVersion = Text.Cut(row.String("DriverVersionString")),
            DriverProvider = Text.Cut(row.String("DriverProvider")),
            ComponentId = Text.Cut(row.String("ComponentID")),
            VlanId = row.Int32("VlanID"),
            Mtu = row.Int32("MtuSize"),
            Team = name is not null && _teamOf.TryGetValue(name, out string? team) ? Text.Cut(team) : null,
            JumboPacket = Jumbo(_jumbo.Find(id, name, description)),
            Vmq = AdapterSettings.Queues(_vmq.Find(id, name, description)),
            Rss = AdapterSettings.Queues(_rss.Find(id, name, description)),
        };
    }

    private static int? Jumbo(CimRow? row) =>
        int.TryParse(row?.Strings("RegistryValue")?.FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out int bytes) ? bytes : null;
}

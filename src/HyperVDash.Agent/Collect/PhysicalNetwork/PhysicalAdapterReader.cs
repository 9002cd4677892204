using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Agent.Collect.Devices;
using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Cim;
using HyperVDash.Model.PhysicalNetwork;

namespace HyperVDash.Agent.Collect.PhysicalNetwork;

/// <summary>Physical adapters with what they send over, from the class the release has.</summary>
internal static class PhysicalAdapterReader
{
    public static SectionResult<PhysicalAdapterList> Read(TableSet tables)
    {
        var adapters = tables[Plan.Adapters];
        if (adapters.IsRead)
        {
            var teams = Teams(tables);
            var memberOf = tables[Plan.LbfoMembers].Rows.Where(m => m.String("Name") is not null)
                .DistinctBy(m => m.String("Name"), StringComparer.OrdinalIgnoreCase)
                .ToDictionary(m => m.String("Name")!, m => m.String("Team"), StringComparer.OrdinalIgnoreCase);
            return SectionResult<PhysicalAdapterList>.Read(new()
            {
                Items =
                [
                    .. adapters.Rows.Where(r => r.Boolean("ConnectorPresent") == true)
                        .GroupBy(r => r.String("PnPDeviceID") is { Length: > 0 } device ? device : r.String("InterfaceGuid") ?? r.String("DeviceID") ?? "", StringComparer.OrdinalIgnoreCase)
                        // A modem or a Wi-Fi card shows several interfaces; the one that is up speaks for the device.
                        .Select(g => Adapter(g.OrderBy(r => r.Int32("InterfaceOperationalStatus") ?? int.MaxValue).First(), memberOf))
                        .OrderBy(a => a.Name, StringComparer.OrdinalIgnoreCase),
                ],
                Teams = teams,
            }, [Outcome.Gap("teams", tables[Plan.Teams]), Outcome.Gap("team members", tables[Plan.LbfoMembers]), Outcome.Gap("team adapters", tables[Plan.TeamNics])]);
        }

        if (!adapters.IsAbsent)
        {
            return SectionResult<PhysicalAdapterList>.Failed(adapters.Error!);
        }

        var old = tables[Plan.OldAdapters];
        var media = tables[Plan.PhysicalMedia];
        return old.Error is { } error
            ? SectionResult<PhysicalAdapterList>.Failed(error)
            : SectionResult<PhysicalAdapterList>.Read(
                new() { Items = [.. old.Rows.Select(r => Old(r, media)).OrderBy(a => a.Name, StringComparer.OrdinalIgnoreCase)] },
                [media.IsRead ? null : $"media: {media.Error!.Message}"]);
    }

    private static PhysicalAdapter Adapter(CimRow row, Dictionary<string, string?> memberOf)
    {
        int? physical = row.Int32("NdisPhysicalMedium");
        int? medium = row.Int32("NdisMedium");
        string? name = row.String("Name");
        return new()
        {
            Id = row.Guid("InterfaceGuid") ?? row.Guid("DeviceID"),
            Name = Text.Cut(name),
            Description = Text.Cut(row.String("InterfaceDescription")),
            Medium = MediumWords.Of(physical, medium),
            MediumCode = MediumWords.Code(physical, medium),
            IsConnected = row.Int32("MediaConnectState") switch { 1 => true, 2 => false, _ => null },
            IsEnabled = row.Int32("State") switch { null => null, 3 => false, _ => true },
            BitsPerSecond = row.Int64("Speed"),
            MacAddress = MacAddress.Normalise(row.String("PermanentAddress")),
            DriverVersion = Text.Cut(row.String("DriverVersionString")),
            Team = name is not null && memberOf.TryGetValue(name, out string? team) ? Text.Cut(team) : null,
        };
    }

    private static PhysicalAdapter Old(CimRow row, Table media)
    {
        string? description = row.String("Description") ?? row.String("Name");
        int? physical = media.Rows.FirstOrDefault(m => description is not null && description.Equals(m.String("InstanceName"), StringComparison.OrdinalIgnoreCase))?.Int32("NdisPhysicalMediumType");
        return new()
        {
            Id = row.Guid("GUID"),
            Name = Text.Cut(row.String("NetConnectionID")),
            Description = Text.Cut(description),
            // Without the medium class nothing says Wi-Fi: the adapter type calls everything 802.3.
            Medium = physical is null ? NetworkMedium.Unknown : MediumWords.Of(physical, 0),
            MediumCode = MediumWords.Code(physical, null),
            IsConnected = row.Int32("NetConnectionStatus") switch { 2 => true, 7 => false, _ => null },
            IsEnabled = row.Boolean("NetEnabled"),
            BitsPerSecond = row.Int64("Speed"),
            MacAddress = MacAddress.Normalise(row.String("MACAddress")),
        };
    }

    private static ImmutableArray<NetworkTeam>? Teams(TableSet tables) => tables[Plan.Teams].IsKnown
        ?
        [
            .. tables[Plan.Teams].Rows.Select(t => t.String("Name")).OfType<string>().Order(StringComparer.OrdinalIgnoreCase).Select(team => new NetworkTeam(team)
            {
                Members = [.. tables[Plan.LbfoMembers].Rows.Where(m => team.Equals(m.String("Team"), StringComparison.OrdinalIgnoreCase)).Select(m => m.String("Name")).OfType<string>()],
                Adapters = [.. tables[Plan.TeamNics].Rows.Where(m => team.Equals(m.String("Team"), StringComparison.OrdinalIgnoreCase)).Select(m => m.String("InterfaceDescription")).OfType<string>()],
            }),
        ]
        : null;
}

/// <summary>The medium numbers of NDIS as words; the physical medium decides, because some Wi-Fi drivers call themselves 802.3.</summary>
internal static class MediumWords
{
    public static NetworkMedium Of(int? physical, int? medium) => (physical, medium) switch
    {
        (1 or 9, _) => NetworkMedium.WiFi,
        (8, _) => NetworkMedium.Mobile,
        (12, _) => NetworkMedium.WiMax,
        (6, _) => NetworkMedium.FibreChannel,
        (7, _) => NetworkMedium.Firewire,
        (10, _) => NetworkMedium.Bluetooth,
        (11, _) => NetworkMedium.InfiniBand,
        (14, _) => NetworkMedium.Ethernet,
        (_, 16) => NetworkMedium.WiFi,
        (_, 9) => NetworkMedium.Mobile,
        (_, 18) => NetworkMedium.WiMax,
        (0, 0) => NetworkMedium.Ethernet,
        (null, _) or (0, null) => NetworkMedium.Unknown,
        _ => NetworkMedium.Other,
    };

    public static string? Code(int? physical, int? medium) => (physical, medium) switch
    {
        (null, null) => null,
        (_, null) => string.Create(CultureInfo.InvariantCulture, $"physical {physical}"),
        (null, _) => string.Create(CultureInfo.InvariantCulture, $"medium {medium}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"physical {physical}, medium {medium}"),
    };
}

using System.Collections.Immutable;
using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Cim;
using HyperVDash.Model.Print;

namespace HyperVDash.Agent.Collect.Print;

/// <summary>Shared queues with their drivers and ports.</summary>
internal static class QueueReader
{
    private const int Lpr = 2;

    public static ImmutableArray<PrintQueue> Of(TableSet tables)
    {
        var drivers = DriverReader.Of(tables);
        var ports = tables[PrintTables.Ports].Rows.Where(p => p.String("Name") is not null).DistinctBy(p => p.String("Name"), StringComparer.OrdinalIgnoreCase)
            .ToDictionary(p => p.String("Name")!, StringComparer.OrdinalIgnoreCase);
        return
        [
            .. tables[PrintTables.Queues].Rows.Where(q => !string.IsNullOrWhiteSpace(q.String("ShareName"))).Select(q => Queue(q, drivers, ports))
                .OrderBy(q => q.ShareName, StringComparer.OrdinalIgnoreCase).ThenBy(q => q.Name, StringComparer.OrdinalIgnoreCase),
        ];
    }

    private static PrintQueue Queue(CimRow row, IReadOnlyDictionary<string, PrintDriver> drivers, Dictionary<string, CimRow> ports)
    {
        string? driverName = Said(row, "DriverName");
        var driver = driverName is null ? null : drivers.GetValueOrDefault(driverName);
        var port = row.String("PortName") is { } name ? ports.GetValueOrDefault(name) : null;
        return new PrintQueue(Text.Cut(row.String("Name"))!, Text.Cut(row.String("ShareName"))!)
        {
            Driver = driverName,
            DriverVersion = driver?.Version,
            DriverFileVersion = driver?.FileVersion,
            Environments = driver?.Environments ?? [],
            Port = Said(row, "PortName"),
            PortAddress = port is null ? null : Said(port, "HostAddress"),
            PortNumber = port?.Int32("PortNumber"),
            PortQueue = port?.Int32("Protocol") == Lpr ? Said(port, "Queue") : null,
            PrintProcessor = Said(row, "PrintProcessor"),
            DataType = Said(row, "PrintJobDataType"),
            Attributes = row.Int32("Attributes"),
            Location = Said(row, "Location"),
            Comment = Said(row, "Comment"),
        };
    }

    private static string? Said(CimRow row, string column) => Text.Cut(row.String(column)) is { Length: > 0 } text ? text : null;
}

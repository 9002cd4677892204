using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Agent.Collect.Performance;
using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Cim;
using HyperVDash.Model.Guests;

namespace HyperVDash.Agent.Collect.Guests;

/// <summary>Integration services by class and number, and what guests told about themselves.</summary>
internal static class GuestReader
{
    /// <summary>Classes without prefix and ending; the service each stands for.</summary>
    public static readonly ImmutableArray<(string Class, IntegrationServiceKind Kind)> Components =
    [
        ("Heartbeat", IntegrationServiceKind.Heartbeat),
        ("Shutdown", IntegrationServiceKind.Shutdown),
        ("TimeSync", IntegrationServiceKind.TimeSynchronization),
        ("Vss", IntegrationServiceKind.VolumeShadowCopy),
        ("GuestServiceInterface", IntegrationServiceKind.GuestServiceInterface),
    ];

    public static SectionResult<GuestList> Read(TableSet tables, HostFacts host)
    {
        var keyValues = tables[Plan.KeyValues(host)];
        var heartbeat = tables[Plan.Component(host, "Heartbeat")];
        if (!keyValues.IsRead && !heartbeat.IsRead)
        {
            return SectionResult<GuestList>.Failed(keyValues.Error!);
        }

        var summaries = SummaryRows.Of(tables).Rows.Where(r => r.Guid("Name") is not null).DistinctBy(r => r.Guid("Name")).ToDictionary(r => r.Guid("Name")!.Value);
        var exchange = ByVm(keyValues);
        var components = Components.Select(c => (c.Kind, Rows: ByVm(tables[Plan.Component(host, c.Class)]))).ToList();
        var ids = exchange.Keys.Concat(components.SelectMany(c => c.Rows.Keys)).Concat(summaries.Keys).Distinct().Order();
        return SectionResult<GuestList>.Read(
            new() { Items = [.. ids.Select(id => Guest(id, exchange.GetValueOrDefault(id), components, summaries.GetValueOrDefault(id), host))] },
            [
                keyValues.IsRead ? null : $"key-value pairs: {keyValues.Error!.Message}",
                heartbeat.IsRead ? null : $"heartbeat: {heartbeat.Error!.Message}",
                .. Components.Skip(1).Select(c => Outcome.Gap(c.Class, tables[Plan.Component(host, c.Class)])),
            ]);
    }

    private static Guest Guest(
        Guid id, CimRow? exchange, List<(IntegrationServiceKind Kind, Dictionary<Guid, CimRow> Rows)> components, CimRow? summary, HostFacts host)
    {
        var items = Items(exchange);
        var fact = items.DistinctBy(i => i.Name, StringComparer.Ordinal).ToDictionary(i => i.Name, i => i.Value, StringComparer.Ordinal);
        var services = components.Where(c => c.Rows.ContainsKey(id)).Select(c => Service(c.Kind, c.Rows[id])).ToList();
        if (exchange is not null)
        {
            services.Insert(Math.Min(1, services.Count), Service(IntegrationServiceKind.KeyValueExchange, exchange));
        }

        var (heartbeat, code) = Heartbeat(services.Find(s => s.Kind == IntegrationServiceKind.Heartbeat), summary, items.Length > 0, host);
        return new Guest(id)
        {
            Heartbeat = heartbeat,
            HeartbeatCode = code,
            KeyValueExchange = KeyValueExchange(exchange, items.Length > 0, host),
            Services = [.. services],
            OsName = Fact(fact, "OSName"),
            OsVersion = Fact(fact, "OSVersion"),
            OsMajor = Number(fact, "OSMajorVersion"),
            OsMinor = Number(fact, "OSMinorVersion"),
            OsBuild = Number(fact, "OSBuildNumber"),
            ServicePack = Number(fact, "ServicePackMajor"),
            ProductType = Number(fact, "ProductType"),
            ProcessorArchitecture = Number(fact, "ProcessorArchitecture"),
            DnsName = Fact(fact, "FullyQualifiedDomainName"),
            IntegrationServicesVersion = Fact(fact, "IntegrationServicesVersion"),
            Family = FamilyOf(fact),
            Addresses =
            [
                .. new[] { "NetworkAddressIPv4", "NetworkAddressIPv6" }
                    .SelectMany(n => (Fact(fact, n) ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                    .Distinct(StringComparer.OrdinalIgnoreCase),
            ],
            Items = items,
        };
    }

    private static IntegrationService Service(IntegrationServiceKind kind, CimRow row)
    {
        int? code = First(row);
        return new(kind, row.Int32("EnabledState") switch { 2 => true, 3 => false, _ => null }, Word(code)) { StatusCode = code };
    }

    private static int? First(CimRow row) => row.Numbers("OperationalStatus") is { Count: > 0 } numbers ? (int)numbers[0] : null;

    private static IntegrationState Word(int? code) => code switch
    {
        2 => IntegrationState.Ok,
        3 => IntegrationState.Degraded,
        7 => IntegrationState.Incompatible,
        6 or 12 => IntegrationState.NoContact,
        13 => IntegrationState.Lost,
        15 => IntegrationState.Paused,
        _ => IntegrationState.Unknown,
    };

    // On the first generation the component's number is always 2; only the summary tells, and only if it does not say 2 to a silent guest.
    private static (IntegrationState, string?) Heartbeat(IntegrationService? component, CimRow? summary, bool hasItems, HostFacts host)
    {
        if (!host.IsFirstGeneration)
        {
            return component is null
                ? (IntegrationState.Unknown, null)
                : (component.State, component.StatusCode is { } code ? $"OperationalStatus {code}" : null);
        }

        int? number = summary?.Int32("Heartbeat");
        return number switch
        {
            null => (hasItems ? IntegrationState.Ok : IntegrationState.Unknown, null),
            2 when !hasItems => (IntegrationState.Unknown, "Heartbeat 2"),
            _ => (Word(number), $"Heartbeat {number}"),
        };
    }

    private static IntegrationState KeyValueExchange(CimRow? row, bool hasItems, HostFacts host) => (row, First(row ?? CimRow.Of("")), hasItems) switch
    {
        (null, _, _) => IntegrationState.Unknown,
        (_, _, true) => IntegrationState.Ok,
        (_, 2, false) => host.IsFirstGeneration ? IntegrationState.NoContact : IntegrationState.Unknown,
        var (_, code, _) => Word(code) is IntegrationState.Ok ? IntegrationState.Unknown : Word(code),
    };

    private static ImmutableArray<KeyValueItem> Items(CimRow? exchange)
    {
        var items = ImmutableArray.CreateBuilder<KeyValueItem>();
        foreach (string text in exchange?.Strings("GuestIntrinsicExchangeItems") ?? [])
        {
            if (EmbeddedInstance.TryParse(text, out var item) && item.String("Name") is { Length: > 0 } name)
            {
                items.Add(new(Text.Cut(name)!, Text.Cut(item.String("Data"))));
            }
        }

        items.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        return items.ToImmutable();
    }

    // By the shape of the facts, never by a name: a Windows guest tells a platform id, a Linux one a word for its architecture.
    private static GuestFamily FamilyOf(Dictionary<string, string?> fact) =>
        fact.Count == 0 ? GuestFamily.Unknown
        : Number(fact, "OSPlatformId") is not null ? GuestFamily.Windows
        : Fact(fact, "ProcessorArchitecture") is { Length: > 0 } architecture && !int.TryParse(architecture, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? GuestFamily.Linux
        : Fact(fact, "OSBuildNumber") is { } build && build.Contains('.', StringComparison.Ordinal) ? GuestFamily.Linux
        : GuestFamily.Unknown;

    private static string? Fact(Dictionary<string, string?> fact, string name) => fact.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;

    private static int? Number(Dictionary<string, string?> fact, string name) =>
        int.TryParse(fact.GetValueOrDefault(name), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;

    private static Dictionary<Guid, CimRow> ByVm(Table table)
    {
        var byVm = new Dictionary<Guid, CimRow>();
        foreach (var row in table.Rows)
        {
            if (row.Guid("SystemName") is { } id)
            {
                byVm.TryAdd(id, row);
            }
        }

        return byVm;
    }
}

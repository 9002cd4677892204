using System.Collections.Immutable;
using HyperVDash.Agent.Collect.Memory;
using HyperVDash.Agent.Collect.Performance;
using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Cim;
using HyperVDash.Model.Guests;

namespace HyperVDash.Agent.Collect.Guests;

/// <summary>Integration services by class and number, and what guests told about themselves.</summary>
internal sealed class GuestReader() : SectionReader<GuestList>("guests", r => r.Guests, (r, s) => r with { Guests = s })
{
    /// <summary>Classes without prefix and ending; the service each stands for.</summary>
    private static readonly ImmutableArray<(string Class, IntegrationServiceKind Kind)> Components =
    [
        ("Heartbeat", IntegrationServiceKind.Heartbeat),
        ("KvpExchange", IntegrationServiceKind.KeyValueExchange),
        ("Shutdown", IntegrationServiceKind.Shutdown),
        ("TimeSync", IntegrationServiceKind.TimeSynchronization),
        ("Vss", IntegrationServiceKind.VolumeShadowCopy),
        ("GuestServiceInterface", IntegrationServiceKind.GuestServiceInterface),
    ];

    public override bool NeedsHyperV => true;

    public override IEnumerable<TableQuery> Queries(HostFacts host) =>
    [
        .. Components.Select(c => Component(host, c.Class)),
        .. Components.Select(c => Plan.ComponentSettings(host, c.Class)),
        .. host.IsV1 ? [] : new[] { Plan.GuestAdapters },
    ];

    protected override SectionResult<GuestList> Read(SectionSources sources)
    {
        var (tables, host) = (sources.Tables, sources.Host);
        var keyValues = tables[Plan.KeyValues(host)];
        var heartbeat = tables[Plan.Component(host, "Heartbeat")];
        if (!keyValues.IsRead && !heartbeat.IsRead)
        {
            return SectionResult<GuestList>.Failed(keyValues.Error!);
        }

        var summaries = SummaryRows.Of(tables).Rows.Where(r => r.Guid("Name") is not null).DistinctBy(r => r.Guid("Name")).ToDictionary(r => r.Guid("Name")!.Value);
        var components = Components.Select(c => new ComponentRows(c.Kind, ByVm(tables[Component(host, c.Class)]), ByOwner(tables[Plan.ComponentSettings(host, c.Class)]))).ToList();
        var systems = tables[Plan.Systems(host)];
        var systemOf = systems.Rows.Where(r => r.Guid("Name") is not null).DistinctBy(r => r.Guid("Name")).ToDictionary(r => r.Guid("Name")!.Value);
        var adapters = GuestAdapterReader.Read(tables, host, systemOf);
        var keyValueReader = new KeyValueReader();
        var beats = new HeartbeatMemory(sources.Memory, systems.ReadAt ?? host.Now);
        var ids = components.SelectMany(c => c.Present.Keys).Concat(summaries.Keys).Distinct().Order().ToList();

        // Settings belong to checkpoints too; only those of VMs that are known count.
        var items = ids.Union(components.SelectMany(c => c.Configured.Keys).Where(systemOf.ContainsKey)).Distinct().Order()
            .Select(id => Guest(id, components, summaries.GetValueOrDefault(id), host, keyValueReader) with
            {
                Adapters = adapters is not null && GuestAdapterReader.IsRunning(systemOf.GetValueOrDefault(id)) ? [.. adapters[id]] : null,
            })
            .Select(g => g with { HeartbeatLastOkAt = beats.LastOk(g, systemOf.GetValueOrDefault(g.VirtualMachineId)) })
            .ToImmutableArray();
        if (systems.IsRead)
        {
            beats.Forget(systemOf.Keys);
        }

        return SectionResult<GuestList>.Read(
            new() { Items = items },
            [
                keyValues.IsRead ? null : $"key-value pairs: {keyValues.Error!.Message}",
                heartbeat.IsRead ? null : $"heartbeat: {heartbeat.Error!.Message}",
                .. Components.Where(c => c.Class is not ("Heartbeat" or "KvpExchange")).Select(c => Outcome.Gap(c.Class, tables[Component(host, c.Class)])),
                .. Components.Select(c => Outcome.Gap($"settings of {c.Class}", tables[Plan.ComponentSettings(host, c.Class)])),
                host.IsV1 ? null : Outcome.Gap("addresses per adapter", tables[Plan.GuestAdapters]),

                // The first release tells the heartbeat only there.
                host.IsFirstGeneration ? Outcome.Gap("summaries", SummaryRows.Of(tables)) : null,
            ]);
    }

    private static TableQuery Component(HostFacts host, string name) => name == "KvpExchange" ? Plan.KeyValues(host) : Plan.Component(host, name);

    private static Guest Guest(Guid id, List<ComponentRows> components, CimRow? summary, HostFacts host, KeyValueReader keyValues)
    {
        var exchange = components.Find(c => c.Kind == IntegrationServiceKind.KeyValueExchange)!.Present.GetValueOrDefault(id);
        var beat = components.Find(c => c.Kind == IntegrationServiceKind.Heartbeat)!.Present.GetValueOrDefault(id);
        var items = keyValues.Items(exchange, "GuestIntrinsicExchangeItems");
        var services = components.Select(c => c.Service(id)).OfType<IntegrationService>().ToImmutableArray();
        var (heartbeat, code) = IntegrationWords.Heartbeat(services.FirstOrDefault(s => s.Kind == IntegrationServiceKind.Heartbeat), summary, items.Length > 0, host);
        var guest = new Guest(id)
        {
            Heartbeat = heartbeat,
            HeartbeatCode = code,
            ApplicationCode = beat?.Numbers("OperationalStatus") is { Count: > 1 } numbers ? (int)numbers[1] : null,
            KeyValueExchange = IntegrationWords.KeyValueExchange(exchange, items.Length > 0, host),
            Services = services,
            IntegrationVersion = summary?.Int32("IntegrationServicesVersionState") switch
            {
                null => null, 1 => IntegrationVersionState.UpToDate, 2 => IntegrationVersionState.Mismatch, _ => IntegrationVersionState.Unknown,
            },
            Items = items,
            CustomItems = exchange is null ? null : keyValues.Items(exchange, "GuestExchangeItems"),
        };
        return KeyValueReader.WithFacts(guest, items);
    }

    private static Dictionary<Guid, CimRow> ByVm(Table table) => By(table, r => r.Guid("SystemName"));

    private static Dictionary<Guid, CimRow> ByOwner(Table table) => By(table, r => InstanceId.Owner(r.String("InstanceID")));

    private static Dictionary<Guid, CimRow> By(Table table, Func<CimRow, Guid?> owner)
    {
        var rows = new Dictionary<Guid, CimRow>();
        foreach (var row in table.Rows)
        {
            if (owner(row) is { } id)
            {
                rows.TryAdd(id, row);
            }
        }

        return rows;
    }

    /// <summary>One service in all VMs: the components that are there now, and how it is switched in the settings.</summary>
    private sealed record ComponentRows(IntegrationServiceKind Kind, Dictionary<Guid, CimRow> Present, Dictionary<Guid, CimRow> Configured)
    {
        public IntegrationService? Service(Guid id)
        {
            var row = Present.GetValueOrDefault(id);
            var setting = Configured.GetValueOrDefault(id);
            if (row is null && setting is null)
            {
                return null;
            }

            int? code = row is null ? null : IntegrationWords.First(row);
            return new(Kind, IsOn(row), IntegrationWords.Word(code)) { StatusCode = code, IsConfigured = IsOn(setting) };
        }

        private static bool? IsOn(CimRow? row) => row?.Int32("EnabledState") switch { 2 => true, 3 => false, _ => null };
    }
}

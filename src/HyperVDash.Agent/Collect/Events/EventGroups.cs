using System.Collections.Immutable;
using HyperVDash.Cim;
using HyperVDash.Model.Events;

namespace HyperVDash.Agent.Collect.Events;

/// <summary>Events, many of which repeat, as one line a kind: same log, provider, id, level and VM.</summary>
internal static class EventGroups
{
    internal const int MaxGroups = 200;
    private const int MaxStrings = 8;
    private const int MaxLength = 256;

    public static ImmutableArray<EventGroup> Of(IEnumerable<(string Log, CimRow Row)> events, IReadOnlySet<Guid> vms) =>
    [
        .. events.Where(e => e.Row.String("SourceName") is not null && e.Row.Int32("EventCode") is not null)
            .GroupBy(e => (e.Log, Provider: Cut(e.Row.String("SourceName")!), Id: e.Row.Int32("EventCode")!.Value, Level: LevelOf(e.Row), Vm: VmOf(e.Row, vms)))
            .Select(g => Group(g.Key.Log, g.Key.Provider, g.Key.Id, g.Key.Level, g.Key.Vm, [.. g.Select(e => e.Row)]))
            .OrderByDescending(g => g.LastAt).ThenBy(g => g.Provider, StringComparer.OrdinalIgnoreCase).ThenBy(g => g.Id).ThenBy(g => g.VirtualMachineId)
            .Take(MaxGroups),
    ];

    private static EventGroup Group(string log, string provider, int id, EventLevel level, Guid? vm, List<CimRow> rows)
    {
        var newest = rows.MaxBy(r => (r.DateTime("TimeGenerated") ?? DateTimeOffset.MinValue, r.Int64("RecordNumber") ?? 0))!;
        return new(provider, id, level)
        {
            Channel = log,
            VirtualMachineId = vm,
            Count = rows.Count,
            FirstAt = rows.Min(r => r.DateTime("TimeGenerated")),
            LastAt = rows.Max(r => r.DateTime("TimeGenerated")),
            Data = [.. (newest.Strings("InsertionStrings") ?? []).Take(MaxStrings).Select(Cut)],
        };
    }

    private static EventLevel LevelOf(CimRow row) => row.Int32("EventType") switch
    {
        1 => EventLevel.Error, 2 => EventLevel.Warning, 3 => EventLevel.Information, _ => EventLevel.Unknown,
    };

    // Events name adapters, disks and clusters by GUID too; only a VM of this host counts.
    private static Guid? VmOf(CimRow row, IReadOnlySet<Guid> vms) =>
        (row.Strings("InsertionStrings") ?? []).Select(s => Guid.TryParse(s.Trim(), out var id) ? id : (Guid?)null).FirstOrDefault(id => id is { } vm && vms.Contains(vm));

    private static string Cut(string text) => text.Length <= MaxLength ? text : string.Concat(text.AsSpan(0, MaxLength - 1), "…");
}

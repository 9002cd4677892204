using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Model.Events;
using HyperVDash.Model.Json;

namespace HyperVDash.Agent.Collect.Events;

/// <summary>
/// Warnings and errors of the last day, from the logs that CIM reaches: System, and a Hyper-V or cluster channel where somebody has
/// made it a classic log. What the other channels hold is not known.
/// </summary>
internal sealed class EventLogReader() : SectionReader<EventLog>("eventLog", r => r.EventLog, (r, s) => r with { EventLog = s })
{
    private const string System = "System";
    private const string Found = "eventLog";

    /// <summary>Channels that tell of Hyper-V and clusters; a fixed list, so that the number of questions is bounded.</summary>
    internal static readonly ImmutableArray<string> Channels =
    [
        "Microsoft-Windows-FailoverClustering/Operational", "Microsoft-Windows-Hyper-V-Compute-Admin", "Microsoft-Windows-Hyper-V-High-Availability-Admin",
        "Microsoft-Windows-Hyper-V-Hypervisor-Admin", "Microsoft-Windows-Hyper-V-StorageVSP-Admin", "Microsoft-Windows-Hyper-V-VMMS-Admin",
        "Microsoft-Windows-Hyper-V-VmSwitch-Operational", "Microsoft-Windows-Hyper-V-Worker-Admin", "Microsoft-Windows-VHDMP-Operational",
    ];

    private static readonly RegistryValue ClassicLogs = RegistryValue.Keys(@"SYSTEM\CurrentControlSet\Services\EventLog");

    public override IEnumerable<RegistryValue> Values(HostFacts host) => [ClassicLogs];

    public override async Task FollowUpAsync(FollowUp follow, CancellationToken cancellationToken)
    {
        var since = Since(follow.Time.GetUtcNow());
        follow.Tables.Find(Found, new Window(since));
        foreach (string log in Logs(follow.Tables))
        {
            await follow.AskAsync(Events(log, since), cancellationToken).ConfigureAwait(false);
        }
    }

    protected override SectionResult<EventLog> Read(SectionSources sources)
    {
        var tables = sources.Tables;
        var since = tables.Found<Window>(Found)?.Since;
        var system = tables[Events(System, default)];
        if (system.Error is { } error)
        {
            return SectionResult<EventLog>.Failed(error);
        }

        var vms = tables[Plan.Systems(sources.Host)].Rows.Select(r => r.Guid("Name")).OfType<Guid>().ToHashSet();
        var read = Logs(tables).Select(l => (Log: l, Table: tables[Events(l, default)])).Where(l => l.Table.IsKnown).ToList();
        var log = new EventLog
        {
            Items = EventGroups.Of(read.SelectMany(l => l.Table.Rows.Select(r => (l.Log, r))), vms),
            Channels = [.. read.Select(l => l.Log)],
            UnreadChannels = [.. Channels.Where(c => read.TrueForAll(l => !l.Log.Equals(c, StringComparison.OrdinalIgnoreCase)))],
            Since = since,
        };
        return SectionResult<EventLog>.Read(sources.Before.EventLog.Content is { } before && SaysTheSame(before, log) ? before : log,
        [
            .. Logs(tables).Select(l => Outcome.Gap($"log {l}", tables[Events(l, default)])),
            ClassicLogs.ErrorOf(tables) is { } why ? $"list of logs: {why}" : null,
            sources.Gap.OfVirtualMachines(),
        ]);
    }

    /// <summary>A day back, from the full hour: the same question for an hour.</summary>
    internal static DateTimeOffset Since(DateTimeOffset now)
    {
        var hour = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerHour));
        return hour - DateTimeOffset.MinValue > TimeSpan.FromDays(1) ? hour.AddDays(-1) : DateTimeOffset.MinValue;
    }

    // The same events since an earlier moment say more than the same events since now: nothing else happened in between.
    private static bool SaysTheSame(EventLog before, EventLog now) => Words(before with { Since = null }) == Words(now with { Since = null });

    private static string Words(EventLog log) => JsonSerializer.Serialize(log, AgentJson.Options);

    private static IEnumerable<string> Logs(TableSet tables) =>
        [System, .. Channels.Intersect(ClassicLogs.TextsOf(tables) ?? [], StringComparer.OrdinalIgnoreCase)];

    // Without log, type and time the host would search through every event it has.
    private static TableQuery Events(string log, DateTimeOffset since) => new("root/cimv2", "Win32_NTLogEvent",
        "Logfile", "RecordNumber", "SourceName", "EventCode", "EventType", "TimeGenerated", "InsertionStrings")
    {
        Where = $"Logfile='{log}' AND EventType<=2 AND TimeGenerated>='{since.UtcDateTime.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture)}.000000+000'",
        Name = log,
        Identity = "SourceName",
        Owner = "EventCode",
    };

    private sealed record Window(DateTimeOffset Since);
}

using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Events;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Events;

public sealed class ErrorEvents : Rule<HostSubject>
{
    private const string SystemLog = "System";

    public override RuleCard Card { get; } = new("HVD109", "hyperv-event-errors", RuleScope.Host, RuleKind.Configuration)
    {
        Title = "Known error events in the Hyper-V, VHD or cluster logs",
        Why = "It turns lines of a log into something to look at.",
        Fix = "Look the event up on the host; the finding says what it means and holds its newest data.",
        Quiet = "Events older than the window; a node leaving the cluster (1135) while one is drained or paused. An event that was seen to can be acknowledged.",
        Sections = ["eventLog"],
        Mentions = ["operatingSystem", "cluster", "virtualMachines"],
        Severities = [Severity.Info, Severity.Warning, Severity.Error, Severity.Critical],
        Confidence = 0.75,
        Origin = "Published troubleshooting of live migration, high availability, service names, the scheduler and teams; field practice",
    };

    public override IEnumerable<Verdict> Examine(HostSubject subject, RuleContext context)
    {
        if (Unreadable(subject, context, "eventLog") is { } unreadable)
        {
            yield return unreadable;
            yield break;
        }

        var log = subject.Reading.EventLog.Content!;
        bool fires = false;
        foreach (var fire in log.Items.Where(g => g.LastAt is not { } last || !context.Reached(last + context.Settings.EventWindow)).Select(g => Judge(subject, context, g)).OfType<Verdict.Fire>())
        {
            fires = true;
            yield return fire;
        }

        if (!fires)
        {
            yield return Verdict.Passed;
        }

        if (!log.Channels.Any(c => c.StartsWith("Microsoft-Windows-Hyper-V-", StringComparison.OrdinalIgnoreCase)))
        {
            yield return NotCollected("hyperVChannels", "eventLog", "CIM reaches classic logs only; what the channels of Hyper-V hold is not known on this host.");
        }
    }

    private static Verdict.Fire? Judge(HostSubject host, RuleContext context, EventGroup group)
    {
        var known = KnownEvent.All.FirstOrDefault(k => k.Matches(group) && (k.Before is null || host.Profile?.IsFrom(k.Before) == false));
        if (known is not null)
        {
            return group.Level == EventLevel.Information || (known.BelongsToDrain && IsDraining(host)) ? null
                : Fire(host, context, group, "known", known.Severity, known.Meaning, null);
        }

        if (group.Level != EventLevel.Error || !KnownEvent.IsOfHyperV(group))
        {
            return null;
        }

        double hours = Math.Max(1, (group.LastAt - group.FirstAt)?.TotalHours ?? 1);
        bool isOften = group.Count / hours > context.Settings.EventsPerHourWarn;
        return Fire(host, context, group, "other", isOften ? Severity.Warning : Severity.Info, "Hyper-V reports an error", string.Create(CultureInfo.InvariantCulture, $"{group.Count / hours:0.#} per hour"));
    }

    private static bool IsDraining(HostSubject host) => host.Reading.Cluster.Content?.Nodes.Any(n => n.State == ClusterNodeState.Paused || n.DrainStatus is 1 or 2) == true;

    private static Verdict.Fire Fire(HostSubject host, RuleContext context, EventGroup group, string variant, Severity severity, string meaning, string? rate)
    {
        var vm = group.VirtualMachineId is { } id ? new ObjectRef(ObjectKind.VirtualMachine, id.ToString(), host.Reading.VirtualMachines.Content?.Items.FirstOrDefault(v => v.Id == id)?.Name ?? id.ToString(), host.Id) : null;
        return new(variant, severity, $"{host.Name}{(vm is null ? "" : $", {vm.Name}")}: {meaning} ({Short(group.Provider)} {group.Id}, {group.Count} time{(group.Count == 1 ? "" : "s")})")
        {
            Object = vm,
            Discriminator = $"{group.Provider}|{group.Id}".ToLowerInvariant(),
            Impact = severity == Severity.Critical ? "The service is down or data is at risk." : null,
            Remedy = Mend(host, RemedyRisk.ReadOnly, $"Read the event and what is around it on {host.Name}.", $"Open Event Viewer on {host.Name}, log {group.Channel ?? SystemLog}, event {group.Id}.",
                PowerShell.Line($"Get-WinEvent -ComputerName {host} -FilterHashtable @{{LogName={group.Channel ?? SystemLog};ID={group.Id};StartTime=(Get-Date).AddDays(-1)}}")),
            Evidence =
            [
                Fact(host, "eventLog", $"{group.Provider} {group.Id}", $"{group.Count} {(group.Count == 1 ? "time" : "times")}, level {group.Level.ToString().ToLowerInvariant()}", $"none within {context.Settings.EventWindow.TotalHours:0} h", "Win32_NTLogEvent.EventCode"),
                Fact(host, "eventLog", "First and last", $"{Time(group.FirstAt)}, {Time(group.LastAt)}", null, "Win32_NTLogEvent.TimeGenerated"),
                .. rate is null ? Array.Empty<Evidence>() : [Fact(host, "eventLog", "Rate", rate, $"at most {context.Settings.EventsPerHourWarn} per hour")],
                .. group.Data.Where(d => !string.IsNullOrWhiteSpace(d)).Take(3).Select(d => Fact(host, "eventLog", "Data", VisibleText.Of(d), null, "Win32_NTLogEvent.InsertionStrings")),
            ],
            Affected = vm is null ? [] : [new(AffectedRole.Impacted, vm)],
        };
    }

    private static string Time(DateTimeOffset? at) => at?.ToString("u", CultureInfo.InvariantCulture) ?? "not said";

    private static string Short(string provider) => provider.Replace("Microsoft-Windows-", "", StringComparison.OrdinalIgnoreCase);

    public override ImmutableArray<Example<HostSubject>> Examples { get; } =
    [
        Fires(Severity.Error, "a failed live migration an hour ago", Host(Event("Microsoft-Windows-Hyper-V-High-Availability", 21502, 1) with { VirtualMachineId = Sample.VmId })),
        Passes("a warning about service names 30 hours ago", Host(Event("Microsoft-Windows-Hyper-V-VMMS", 14050, 30))),
        Passes("the same exactly 24 hours ago", Host(Event("Microsoft-Windows-Hyper-V-VMMS", 14050, 24))),
        Fires(Severity.Warning, "the same 23 hours ago", Host(Event("Microsoft-Windows-Hyper-V-VMMS", 14050, 23))),
        Fires(Severity.Critical, "a shared volume that paused its I/O", Host(Event("Microsoft-Windows-FailoverClustering", 5120, 2))),
        Fires(Severity.Critical, "a disk that was taken away", Host(Event("disk", 157, 2))),
        Fires(Severity.Warning, "a reset of the storage adapter", Host(Event("storahci", 129, 2) with { Level = EventLevel.Warning })),
        Passes("event 129 of somebody else", Host(Event("Microsoft-Windows-Time-Service", 129, 2) with { Level = EventLevel.Warning })),
        Fires(Severity.Info, "an error of Hyper-V that nobody listed, twice", Host(Event("Microsoft-Windows-Hyper-V-VMMS", 15350, 2) with { Count = 2 })),
        Fires(Severity.Info, "the same exactly 20 times in an hour", Host(Event("Microsoft-Windows-Hyper-V-VMMS", 15350, 2) with { Count = 20 })),
        Fires(Severity.Warning, "the same 21 times in an hour", Host(Event("Microsoft-Windows-Hyper-V-VMMS", 15350, 2) with { Count = 21 })),
        Passes("a node that left while it was drained", new(Log(Event("Microsoft-Windows-FailoverClustering", 1135, 2)).With(new ClusterView { Id = "c", Name = "LAB", Nodes = [new("HV02", ClusterNodeState.Paused)] }))),
        Fires(Severity.Warning, "no dynamic MAC address left on 2008 R2", new(Log(Event("Microsoft-Windows-Hyper-V-Worker", 12565, 2)) with { OperatingSystem = Given.Host("2008R2").OperatingSystem })),
        Fires(Severity.Critical, "a shared volume that paused its I/O while a node is drained", new(Log(Event("Microsoft-Windows-FailoverClustering", 5120, 2)).With(new ClusterView { Id = "c", Name = "LAB", Nodes = [new("HV02", ClusterNodeState.Paused)] }))),
        Passes("a node that left while it was about to be drained", new(Log(Event("Microsoft-Windows-FailoverClustering", 1135, 2)).With(new ClusterView { Id = "c", Name = "LAB", Nodes = [new("HV01", ClusterNodeState.Up), new("HV02", ClusterNodeState.Up) { DrainStatus = 1 }] }))),
        Passes("a warning of Hyper-V that nobody listed", Host(Event("Microsoft-Windows-Hyper-V-VMMS", 15350, 2) with { Level = EventLevel.Warning })),
        Passes("an error of somebody else", Host(Event("Microsoft-Windows-Time-Service", 15350, 2))),
        Fires(Severity.Info, "100 times in ten hours", Host(Event("Microsoft-Windows-Hyper-V-VMMS", 15350, 2) with { Count = 100, FirstAt = Sample.Now.AddHours(-12) })),
        Fires(Severity.Warning, "21 times at times that were not told", Host(Event("Microsoft-Windows-Hyper-V-VMMS", 15350, 2) with { Count = 21, FirstAt = null })),
        Fires(Severity.Error, "of a VM that the host does not list, from a channel of its own, with four texts", Host(Event("Microsoft-Windows-Hyper-V-High-Availability", 21502, 1) with
        {
            VirtualMachineId = new("99999999-0000-0000-0000-000000000000"), Channel = "Microsoft-Windows-Hyper-V-High-Availability-Admin", Data = [" ", "one", "two", "three", "four"],
        })),
        Fires(Severity.Error, "where only classic logs are told", new(Log(Event("Microsoft-Windows-Hyper-V-High-Availability", 21502, 1)) is var old ? old with { EventLog = Sample.Read(old.EventLog.Content! with { Channels = [SystemLog] }) } : old)),
        Fires(Severity.Error, "on 2008 R2, from a channel of its own", new(Log(Event("Microsoft-Windows-Hyper-V-High-Availability", 21502, 1) with { Channel = "Microsoft-Windows-Hyper-V-High-Availability-Admin" }) with { OperatingSystem = Given.Host("2008R2").OperatingSystem })),
        CannotTell("logs that could not be read", new(Sample.Host with { EventLog = Sample.Failed<EventLog>(SectionState.Denied, "no right") })),
    ];

    private static EventGroup Event(string provider, int id, int hoursAgo) => new(provider, id, EventLevel.Error) { Channel = SystemLog, Count = 1, FirstAt = Sample.Now.AddHours(-hoursAgo), LastAt = Sample.Now.AddHours(-hoursAgo) };

    private static HostReading Log(params EventGroup[] groups) => Sample.Host with { EventLog = Sample.Read(new EventLog { Items = [.. groups], Channels = [SystemLog, "Microsoft-Windows-Hyper-V-VMMS-Admin"] }) };

    private static HostSubject Host(params EventGroup[] groups) => new(Log(groups));
}

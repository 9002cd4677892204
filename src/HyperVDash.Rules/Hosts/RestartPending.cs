using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Hosts;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Hosts;

public sealed class RestartPending : OneVerdictRule<HostSubject>
{
    public override RuleCard Card { get; } = new("HVD106", "pending-reboot", RuleScope.Host, RuleKind.Configuration)
    {
        Title = "Host waits for a restart",
        Why = "Half-applied updates are the classic cause of failing migrations between otherwise equal nodes.",
        Fix = "Drain the node, restart it and bring its VMs back.",
        Quiet = "For the first 24 hours; while the node is drained or paused for it; in maintenance (tag host:maintenance). Whether cluster-aware updating runs is seen only by the drained node.",
        Sections = ["pendingRestart"],
        Mentions = ["operatingSystem", "cluster"],
        Severities = [Severity.Info, Severity.Warning, Severity.Error],
        Origin = "Published checks of server health; field practice",
    };

    public override Verdict Decide(HostSubject subject, RuleContext context) =>
        Unreadable(subject, context, "pendingRestart") ?? Judge(subject, context);

    private static Verdict Judge(HostSubject host, RuleContext context)
    {
        if (context.Settings.HasTag(host.Id, "host:maintenance"))
        {
            return NotFor("Tagged host:maintenance.");
        }

        var marks = host.Reading.PendingRestart.Content!.Marks;
        // Renames of files alone are left by many installers and hold nothing up.
        var hard = marks.Where(m => m.Reason != RestartReason.FileRename).ToList();
        var counted = hard.Count > 0 ? hard : [.. marks];
        if (counted.Count == 0 || !context.Passed(counted.Min(m => m.FirstSeenAt) + context.Settings.PendingRestartWarnTime))
        {
            return Verdict.Passed;
        }

        if (Node(host) is { } node && (node.State == ClusterNodeState.Paused || node.DrainStatus is 1 or 2))
        {
            return NotFor("The node is drained or paused.");
        }

        var severity = hard.Count == 0 ? Severity.Info : context.Passed(hard.Min(m => m.FirstSeenAt) + context.Settings.PendingRestartErrorTime) ? Severity.Error : Severity.Warning;
        return Fire(host, context, marks, counted.Min(m => m.FirstSeenAt), hard.Count == 0 ? "fileRenames" : "restart", severity);
    }

    private static ClusterNode? Node(HostSubject host) =>
        host.Reading.Cluster.Content?.Nodes.FirstOrDefault(n => n.Name.Equals(host.Name, StringComparison.OrdinalIgnoreCase));

    private static Verdict.Fire Fire(HostSubject host, RuleContext context, ImmutableArray<RestartMark> marks, DateTimeOffset since, string variant, Severity severity) => new(variant, severity,
        severity == Severity.Info ? $"{host.Name} waits for a restart to rename files, since {since:yyyy-MM-dd HH:mm} or before" : $"{host.Name} waits for a restart since {since:yyyy-MM-dd HH:mm} or before")
    {
        Impact = severity == Severity.Info ? null : "Its updates are half in place; it may differ from the other nodes until it restarts.",
        Remedy = host.Reading.Cluster.HasContent()
            ? Mend(host, RemedyRisk.NeedsHostRestart, $"Drain {host.Name}, restart it and bring its VMs back.", $"Move the VMs of {host.Name} to other nodes, restart it and move them back.",
                PowerShell.Line($"Suspend-ClusterNode -Name {host.Name} -Drain -Wait"), PowerShell.Line($"Restart-Computer -ComputerName {host} -Wait"), PowerShell.Line($"Resume-ClusterNode -Name {host.Name} -Failback Immediate"))
            : Mend(host, RemedyRisk.NeedsHostRestart, $"Restart {host.Name} when its VMs may stop.", $"Restart {host.Name} when its VMs may stop.", PowerShell.Line($"Restart-Computer -ComputerName {host}")),
        Evidence =
        [
            .. marks.Select(m => Fact(host, "pendingRestart", $"{m.Reason} seen first", m.FirstSeenAt.ToString("u", CultureInfo.InvariantCulture), $"gone within {context.Settings.PendingRestartWarnTime.TotalHours:0} h", m.Source)),
            Fact(host, "operatingSystem", "Last start", host.Reading.OperatingSystem.Content?.BootedAt?.ToString("u", CultureInfo.InvariantCulture), null, "Win32_OperatingSystem.LastBootUpTime"),
        ],
    };

    public override ImmutableArray<Example<HostSubject>> Examples { get; } =
    [
        Fires(Severity.Warning, "updates that wait for 40 hours", Host(40, RestartReason.ComponentServicing, RestartReason.WindowsUpdate)),
        Fires(Severity.Info, "renames of files that wait for 40 hours", Host(40, RestartReason.FileRename)),
        Passes("an update that waits for 3 hours", Host(3, RestartReason.WindowsUpdate)),
        Passes("an update that waits for exactly 24 hours", Host(24, RestartReason.WindowsUpdate)),
        Fires(Severity.Warning, "a new name of the computer for exactly 14 days", Host(24 * 14, RestartReason.ComputerRename)),
        Fires(Severity.Error, "an update that waits for 15 days", Host(24 * 15, RestartReason.WindowsUpdate, RestartReason.FileRename)),
        Passes("an update of today beside old renames", new(Sample.Host with { PendingRestart = Sample.Read(new PendingRestart { Marks = [new(RestartReason.FileRename, Sample.Now.AddDays(-9)), new(RestartReason.WindowsUpdate, Sample.Now.AddHours(-1))] }) })),
        Passes("no mark at all", new(Sample.Host)),
        Skips("a node that is being drained", new(Waiting(40, RestartReason.WindowsUpdate).With(new ClusterView { Id = "c", Name = "LAB", Nodes = [new("HV01", ClusterNodeState.Up) { DrainStatus = 1 }] }))),
        Skips("a host in maintenance", Host(40, RestartReason.WindowsUpdate), Given.Tagged("host:maintenance", Sample.Host.Id)),
        CannotTell("a registry that could not be read", new(Sample.Host with { PendingRestart = Sample.Failed<PendingRestart>(SectionState.Denied, "no right to read the registry") })),
    ];

    private static HostSubject Host(int hours, params RestartReason[] reasons) => new(Waiting(hours, reasons));

    private static HostReading Waiting(int hours, params RestartReason[] reasons) =>
        Sample.Host with { PendingRestart = Sample.Read(new PendingRestart { Marks = [.. reasons.Select(r => new RestartMark(r, Sample.Now.AddHours(-hours)))] }) };
}

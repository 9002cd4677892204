using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model;
using HyperVDash.Model.Events;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.PhysicalNetwork;
using HyperVDash.Model.Switches;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;
using HyperVDash.Rules.Releases;

namespace HyperVDash.Rules.Switches;

public sealed class QueuesMisconfigured : Rule<HostSubject>
{
    private const long Fast = 10_000_000_000;
    private const long Slow = 1_000_000_000;
    private const string QueueEventProvider = "Microsoft-Windows-Hyper-V-VmSwitch";
    private const int QueueEvent = 106;

    public override RuleCard Card { get; } = new("HVD214", "vmq-rss-misconfigured", RuleScope.Host, RuleKind.Configuration)
    {
        Title = "VMQ/RSS off where useful, or overlapping processors",
        Why = "The load of interrupts piles up on one core, and the throughput of all VMs drops.",
        Fix = "Switch the queues on for fast adapters, give the members of a team processors as its mode asks, and switch queues off on 1 Gbit/s adapters of 2012 and 2012 R2.",
        Quiet = "Adapters without a link, or whose driver has no queues; adapters tagged queues:accepted (by interface GUID).",
        Sections = ["physicalNetwork", "switches", "operatingSystem"],
        Mentions = ["eventLog"],
        Severities = [Severity.Info, Severity.Warning],
        Confidence = 0.75,
        Origin = "Best Practices Analyzer for Hyper-V, rule 76; published guidance on VMQ and teams; field practice for adapters of 1 Gbit/s",
    };

    public override IEnumerable<Verdict> Examine(HostSubject subject, RuleContext context)
    {
        if ((Unreadable(subject, context, "operatingSystem") ?? OnlyNewer(subject) ?? Unreadable(subject, context, "physicalNetwork", "switches")) is { } early)
        {
            yield return early;
            yield break;
        }

        var network = subject.Reading.PhysicalNetwork.Content!;
        var switches = subject.Reading.Switches.Content!.Items.Where(s => s.Uplinks is { IsEmpty: false }).Select(s => (Switch: s, Members: SwitchMembers.Of(subject, s))).ToList();
        var teams = (network.Teams ?? []).SelectMany(t => t.Adapters).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var adapter in network.Items.Where(a => a.Id is not null && !(a.Description is { } description && teams.Contains(description))))
        {
            var used = switches.Find(s => s.Members.Adapters.Any(a => a.Id == adapter.Id)).Switch;
            yield return Judge(subject, context, adapter, used) with { Object = new(ObjectKind.PhysicalAdapter, $"{subject.Id}/{adapter.Id}", SwitchMembers.NameOf(adapter), subject.Id) };
        }

        foreach (var (one, members) in switches.Where(s => s.Members.Team is not null))
        {
            yield return JudgeTeam(subject, context, one, members) with { Object = new SwitchSubject(one, subject).Identity };
        }
    }

    private static Verdict? OnlyNewer(HostSubject host) => host.Profile switch
    {
        null => NotSaid("operatingSystem", "its build"),
        { Profile.IsHyperVOne: true } => NotFor("The release does not tell queues."),
        _ => null,
    };

    private static Verdict Judge(HostSubject host, RuleContext context, PhysicalAdapter adapter, VirtualSwitch? used)
    {
        if (adapter.IsConnected == false || adapter.IsUp == false || adapter.IsEnabled == false)
        {
            return NotFor("The adapter has no link.");
        }

        if (context.Settings.HasTag(adapter.Id.ToString(), "queues:accepted"))
        {
            return NotFor("Tagged queues:accepted.");
        }

        string name = SwitchMembers.NameOf(adapter);
        return adapter.BitsPerSecond switch
        {
            null => adapter is { Vmq: null, Rss: null } ? NotFor("The driver has no queues.") : NotSaid("physicalNetwork", "the adapter's speed"),
            >= Fast when used is not null && adapter.Vmq is { Queues: > 0, IsEnabled: false } =>
                Fire(host, context, [adapter], "vmqOff", $"VMQ is off on {name} of {host.Name}, under switch '{VisibleText.Of(used.Name)}'", "on", PowerShell.Line($"Enable-NetAdapterVmq -CimSession {host} -Name {adapter.Name}")),
            >= Fast when used is null && adapter.Rss is { IsEnabled: false } =>
                Fire(host, context, [adapter], "rssOff", $"RSS is off on {name} of {host.Name}", "on", PowerShell.Line($"Enable-NetAdapterRss -CimSession {host} -Name {adapter.Name}")),
            > 0 and <= Slow when adapter.Vmq is { Queues: > 0, IsEnabled: true } && !host.Profile!.IsFrom("2016") =>
                Fire(host, context, [adapter], "vmqOnSlow", $"VMQ is on for {name} of {host.Name}, which has 1 Gbit/s or less", "off", PowerShell.Line($"Disable-NetAdapterVmq -CimSession {host} -Name {adapter.Name}")),
            _ when adapter is { Vmq: null, Rss: null } => NotFor("The driver has no queues."),
            _ when (used is null ? adapter.Rss is { IsEnabled: null } : adapter.Vmq is { IsEnabled: null }) => NotSaid("physicalNetwork", "whether the adapter's queues are on"),
            _ => Verdict.Passed,
        };
    }

    private static Verdict JudgeTeam(HostSubject host, RuleContext context, VirtualSwitch one, SwitchMembers members)
    {
        var queued = members.Adapters.Where(a => a.Vmq is { IsEnabled: true, Queues: > 0 } && a.IsConnected != false).ToList();
        if (queued.Count < 2)
        {
            return NotFor("Fewer than two members have queues.");
        }

        if (queued.Exists(a => a.Vmq is { BaseProcessor: null } or { MaximumProcessors: null }))
        {
            return NotSaid("physicalNetwork", "which processors serve the members");
        }

        // Independent of the physical switch, by Hyper-V port or dynamic: each queue belongs to one member. In the other modes every member serves each queue.
        bool isSum = members.Team is { Mode: 1, LoadBalancing: 4 or 5 };
        var ranges = queued.ConvertAll(a => (First: a.Vmq!.BaseProcessor!.Value, End: a.Vmq.BaseProcessor.Value + a.Vmq.MaximumProcessors!.Value));
        bool isWrong = isSum ? ranges.Where((a, i) => ranges.Skip(i + 1).Any(b => a.First < b.End && b.First < a.End)).Any() : ranges.Distinct().Count() > 1;
        return !isWrong ? Verdict.Passed
            : Fire(host, context, queued, "ranges", $"Members of the team under switch '{VisibleText.Of(one.Name)}' on {host.Name} {(isSum ? "share processors for their queues" : "use different processors for their queues")}",
                isSum ? "processors of their own" : "the same processors", [.. queued.Select((a, i) => PowerShell.Line($"Set-NetAdapterVmq -CimSession {host} -Name {a.Name} -BaseProcessorNumber {(isSum ? 2 + (8 * i) : 2)} -MaxProcessors 4"))]);
    }

    private static Verdict.Fire Fire(HostSubject host, RuleContext context, IReadOnlyList<PhysicalAdapter> adapters, string variant, string title, string expected, params ReadOnlySpan<string> commands)
    {
        // The switch itself complains of it: it is more than advice.
        var told = (host.Reading.EventLog.Content?.Items ?? []).FirstOrDefault(e => e.Id == QueueEvent && e.Provider.StartsWith(QueueEventProvider, StringComparison.OrdinalIgnoreCase) && (e.LastAt is not { } last || !context.Reached(last + context.Settings.EventWindow)));
        return new(variant, told is null ? Severity.Info : Severity.Warning, title)
        {
            Impact = told is null ? null : "The switch reports it: queues of the team do not fit its processors.",
            Remedy = new("Set the queues as the adapter's place asks; traffic pauses for a moment.") { Commands = [.. commands], Risk = RemedyRisk.Online },
            Evidence =
            [
                .. adapters.Select(a => Fact(host, "physicalNetwork", SwitchMembers.NameOf(a), Words(a), expected, "MSFT_NetAdapterVmqSettingData, MSFT_NetAdapterRssSettingData")),
                Fact(host, "eventLog", $"Event {QueueEvent} of the switch", told is null ? "none" : told.Count.ToString(CultureInfo.InvariantCulture), null, "Win32_NTLogEvent.EventCode"),
            ],
        };
    }

    private static string Words(PhysicalAdapter adapter) => string.Create(CultureInfo.InvariantCulture, $"{adapter.BitsPerSecond / 1e9:0.###} Gbit/s, VMQ {Words(adapter.Vmq)}, RSS {Words(adapter.Rss)}");

    private static string Words(QueueSettings? queues) => queues switch
    {
        null => "none", { IsEnabled: false } => "off",
        _ => string.Create(CultureInfo.InvariantCulture, $"{queues.Queues?.ToString(CultureInfo.InvariantCulture) ?? "?"} queues on processors {queues.BaseProcessor} to {queues.BaseProcessor + queues.MaximumProcessors - 1}"),
    };

    public override ImmutableArray<Example<HostSubject>> Examples { get; } =
    [
        Fires(Severity.Info, "25 Gbit/s under switch Prod with VMQ off", Host(Nic(25) with { Vmq = Queues(false) })),
        Passes("the same with VMQ on", Host(Nic(25) with { Vmq = Queues(true) })),
        Fires(Severity.Info, "exactly 10 Gbit/s", Host(Nic(10) with { Vmq = Queues(false) })),
        Passes("5 Gbit/s", Host(Nic(5) with { Vmq = Queues(false) })),
        Fires(Severity.Warning, "the same, and the switch reports event 106", new(Reading("2022", Nic(25) with { Vmq = Queues(false) }) with { EventLog = Sample.Read(new EventLog { Items = [new(QueueEventProvider, QueueEvent, EventLevel.Warning) { Count = 3, LastAt = Sample.Now.AddHours(-1) }] }) })),
        Fires(Severity.Info, "a fast adapter of the host itself with RSS off", Host(Nic(25) with { Id = Guid.Empty, Description = "Other", Rss = Queues(false) })),
        Fires(Severity.Info, "the same at exactly 10 Gbit/s", Host(Nic(10) with { Id = Guid.Empty, Description = "Other", Rss = Queues(false) })),
        Passes("the same at 5 Gbit/s", Host(Nic(5) with { Id = Guid.Empty, Description = "Other", Rss = Queues(false) })),
        Fires(Severity.Info, "VMQ on for 1 Gbit/s on 2012 R2", new(Reading("2012R2", Nic(1) with { Vmq = Queues(true) }))),
        Passes("VMQ on for 1 Gbit/s on 2022", Host(Nic(1) with { Vmq = Queues(true) })),
        Skips("an adapter without a link", Host(Nic(25) with { Vmq = Queues(false), IsConnected = false })),
        Skips("an adapter that was accepted", Host(Nic(25) with { Vmq = Queues(false) }), Given.Tagged("queues:accepted", Sample.Adapter.Id.ToString())),
        Fires(Severity.Info, "a team whose queues belong to one member each, on the same processors", Team(1, 5, 0, 0)),
        Passes("the same with processors of their own", Team(1, 5, 0, 16)),
        Fires(Severity.Info, "the same, one processor overlapping", Team(1, 5, 0, 15)),
        Fires(Severity.Info, "a team whose members all serve each queue, on different processors", Team(2, 2, 0, 16)),
        Passes("the same on the same processors", Team(2, 2, 0, 0)),
        Skips("2008 R2", Given.Host("2008R2").Subject()),
        CannotTell("an adapter that does not say whether VMQ is on", Host(Nic(25) with { Vmq = new() { Queues = 64 } })),
    ];

    private static QueueSettings Queues(bool isOn, int first = 0) => new() { IsEnabled = isOn, Queues = 64, BaseProcessor = first, MaximumProcessors = 16 };

    private static PhysicalAdapter Nic(int gigabits) => Sample.Adapter with { BitsPerSecond = gigabits * 1_000_000_000L };

    private static HostSubject Host(PhysicalAdapter adapter) => new(Reading("2022", adapter));

    private static HostReading Reading(string release, PhysicalAdapter adapter) => Given.Host(release) with { PhysicalNetwork = Sample.Read(new PhysicalAdapterList { Items = [adapter], Teams = [] }) };

    private static HostSubject Team(int mode, int balancing, int first, int second)
    {
        var own = Nic(50) with { Name = "T", Description = "Team of Windows" };
        PhysicalAdapter[] members = [.. new[] { first, second }.Select((p, i) => Nic(25) with { Id = new Guid(i + 1, 0, 0, new byte[8]), Name = $"pNIC{i}", Description = $"Contoso #{i}", Vmq = Queues(true, p) })];
        return new(Given.Host("2019").With(Sample.Switch with { Uplinks = [new() { AdapterId = own.Id }] }) with
        {
            PhysicalNetwork = Sample.Read(new PhysicalAdapterList { Items = [own, .. members], Teams = [new("T") { Members = ["pNIC0", "pNIC1"], Adapters = [own.Description], Mode = mode, LoadBalancing = balancing }] }),
        });
    }
}

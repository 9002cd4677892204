using System.Collections.Immutable;
using HyperVDash.Model;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Hosts;

public sealed class CollectionStale : Rule<HostSubject>
{
    // A host that is meant to be silent.
    private static readonly string[] Resting = ["host:maintenance", "host:decommissioned"];

    public override RuleCard Card { get; } = new("HVD110", "collection-stale", RuleScope.Host, RuleKind.Configuration)
    {
        Title = "No fresh data from a host",
        Why = "Every other statement about that host is a guess while it lasts.",
        Fix = "Check that the host has power, answers Test-WSMan, and that the agent runs and may sign in.",
        Quiet = "The host is in maintenance or decommissioned (tags host:maintenance, host:decommissioned); nothing was tried yet; the machine has no Hyper-V.",
        Sections = ["virtualMachines"],
        Severities = [Severity.Warning, Severity.Critical],
        Origin = "Dead-man principle: what watches others must say when it cannot see",
    };

    public override IEnumerable<Verdict> Examine(HostSubject subject, RuleContext context)
    {
        if (Resting.FirstOrDefault(t => context.Settings.HasTag(subject.Id, t)) is { } tag)
        {
            yield return new Verdict.NotApplicable($"Tagged {tag}.");
            yield break;
        }

        var section = subject.Reading.VirtualMachines;
        var interval = subject.Reading.Intervals.FirstOrDefault(i => i.Lane == Lane.State)?.Interval ?? TimeSpan.FromSeconds(5);
        var limit = interval * context.Settings.MissedIntervals;
        limit = limit > context.Settings.MinimumStaleAge ? limit : context.Settings.MinimumStaleAge;
        if (section.ReadAt is { } readAt)
        {
            // "no such role" is kept as an answer too: then readAt moves with every try.
            yield return context.Reached(readAt + limit + TimeSpan.FromTicks(1)) ? Stale(subject, context, readAt, limit) : Verdict.Passed;
            yield break;
        }

        yield return section.Attempt switch
        {
            { State: SectionState.Pending } => new Verdict.Unknown("virtualMachines", "Not read yet."),
            { State: SectionState.Absent or SectionState.Unsupported or SectionState.Off } => new Verdict.NotApplicable(section.Attempt.Reason ?? $"{section.Attempt.State}"),
            _ => Stale(subject, context, null, limit),
        };
    }

    private static Verdict.Fire Stale(HostSubject host, RuleContext context, DateTimeOffset? readAt, TimeSpan limit)
    {
        var attempt = host.Reading.VirtualMachines.Attempt;
        bool isProduction = context.Settings.HasTag(host.Id, "host:production");
        return new("stale", isProduction ? Severity.Critical : Severity.Warning,
            readAt is { } at ? $"{host.Name} has not been read since {at:u}" : $"{host.Name} could not be read so far")
        {
            Impact = readAt is null
                ? "Nothing is known of this host; nothing of it can be called healthy."
                : "What is shown of this host is its last known state; nothing of it can be called healthy.",
            Remedy = new($"Check power and network of {host.Name}, that WinRM answers, that the agent runs, and that its account may sign in.")
            {
                Commands = [$"Test-WSMan {host.Name}", $"HyperVDash.Agent selftest --host {host.Reading.Target}"],
                Risk = RemedyRisk.ReadOnly,
            },
            Evidence =
            [
                Fact(host, "virtualMachines", "Last good read", readAt?.ToString("u") ?? "never", $"within {limit.TotalSeconds:0} s"),
                Fact(host, "virtualMachines", "Newest attempt", attempt.At is { } tried ? $"{attempt.State} at {tried:u}" : $"{attempt.State}"),
                Fact(host, "virtualMachines", "Reason", attempt.Reason ?? "no word from the agent"),
                Fact(host, "virtualMachines", "Reached at", host.Reading.Target),
            ],
        };
    }

    public override ImmutableArray<Example<HostSubject>> Examples { get; } =
    [
        Fires(Severity.Warning, "a host last read 45 s ago at an interval of 5 s", Aged(45)),
        Fires(Severity.Critical, "the same host tagged host:production", Aged(45), new() { Tags = new RuleSettings().Tags.Add(Sample.Host.Id!, ["host:production"]) }),
        Passes("a host read 25 s ago", Aged(25)),
        Passes("a host read exactly 30 s ago", Aged(30)),
        Fires(Severity.Warning, "a host that could never be read", new(Sample.Host with { VirtualMachines = Sample.Failed<VirtualMachineList>(SectionState.Failed, "connection refused") })),
        Fires(Severity.Warning, "a host read 61 s ago, where the interval is 20 s", Slow(61)),
        Passes("the same read 60 s ago", Slow(60)),
        Skips("a host in maintenance", Aged(45), Given.Tagged("host:maintenance", Sample.Host.Id)),
        CannotTell("a host that was not tried yet", new(Sample.Host with { VirtualMachines = new() })),
        Skips("a machine without Hyper-V", new(Sample.Host with { VirtualMachines = Sample.Failed<VirtualMachineList>(SectionState.Absent, "no role") })),
    ];

    private static HostSubject Aged(int seconds) => new(Sample.Host with { VirtualMachines = Sample.Host.VirtualMachines with { ReadAt = Sample.Now.AddSeconds(-seconds) } });

    private static HostSubject Slow(int seconds) => new(Sample.Host with { Intervals = [new(Lane.State, TimeSpan.FromSeconds(20))], VirtualMachines = Sample.Host.VirtualMachines with { ReadAt = Sample.Now.AddSeconds(-seconds) } });
}

using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Hosts;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Hosts;

public sealed class ClockSkew : OneVerdictRule<HostSubject>, IExamines<ClusterSubject>, IExamines<FarmSubject>
{
    private static readonly TimeSpan SlowAnswer = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PeerLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan CommonLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AfterStart = TimeSpan.FromMinutes(5);

    // Each reading is the median of three measurements, so that one is enough: a clock does not come and go.
    public override RuleCard Card { get; } = new("HVD107", "host-clock-skew", RuleScope.Host, RuleKind.Configuration)
    {
        Title = "Host clock deviates from the agent or from its cluster peers",
        Why = "Kerberos refuses more than five minutes, and hosts feed time to their guests.",
        Fix = "Let the host take its time from the domain, or from a time server outside one.",
        Quiet = "The host answers slower than 2 s (then nobody can tell), or started less than 5 minutes ago; that it woke from sleep is not told. If four of five hosts are off the same way, the agent's clock is the one.",
        Sections = ["clock"],
        Mentions = ["operatingSystem"],
        ExplainedBy = [new("HVD107", Relation.ImpactedHost)],
        Severities = [Severity.Info, Severity.Warning, Severity.Error],
        Origin = "Default tolerance of Kerberos; published checks of server health, which allow 10 s",
    };

    public override Verdict Decide(HostSubject subject, RuleContext context) =>
        Unreadable(subject, context, "clock") ?? Unclear(subject)
            ?? (subject.Reading.OperatingSystem.Content?.BootedAt is { } booted && !context.Reached(booted + AfterStart) ? Verdict.Passed : Judge(subject, context));

    private static Verdict Judge(HostSubject host, RuleContext context)
    {
        var skew = host.Reading.Clock.Content!.Skew!.Value;
        Severity? severity = skew.Duration() > context.Settings.ClockSkewError ? Severity.Error : skew.Duration() > context.Settings.ClockSkewWarn ? Severity.Warning : null;
        return severity is { } grade
            ? new Verdict.Fire("host", grade, $"The clock of {host.Name} is {Words(skew)}")
            {
                Impact = grade == Severity.Error ? "Kerberos refuses to sign in, and guests get the wrong time." : "Guests get the wrong time, and events of hosts do not line up.",
                Remedy = Repair(host),
                Evidence = [.. Facts(host, $"at most {context.Settings.ClockSkewWarn.TotalSeconds:0} s")],
            }
            : Verdict.Passed;
    }

    public IEnumerable<Verdict> Examine(ClusterSubject subject, RuleContext context)
    {
        var told = subject.Hosts.Where(h => Unreadable(h, context, "clock") is null && Unclear(h) is null).ToList();
        if (told.Count > 1 && told.Max(Skew) - told.Min(Skew) is var spread && spread > PeerLimit)
        {
            var (first, last) = (told.MaxBy(Skew)!, told.MinBy(Skew)!);
            yield return new Verdict.Fire("nodes", Severity.Info, $"The clocks of {first.Name} and {last.Name} are {spread.TotalSeconds:0} s apart")
            {
                Impact = "Events of the nodes do not line up, and a VM's time jumps when it moves.",
                Remedy = Repair(first),
                Evidence = [.. told.SelectMany(h => Facts(h, $"within {PeerLimit.TotalSeconds:0} s of each other").Take(1))],
                Affected = [.. told.Select(h => new AffectedObject(AffectedRole.Context, h.Identity))],
            };
            yield break;
        }

        yield return subject.Members.Length < 2 ? NotFor("The cluster has one node.")
            : told.Count < subject.Members.Length ? new Verdict.Unknown("clock", $"The clock is not known on {string.Join(", ", subject.Members.Where(m => m.Host is null || !told.Contains(m.Host)).Select(m => m.Node.Name))}.")
            : Verdict.Passed;
    }

    public IEnumerable<Verdict> Examine(FarmSubject subject, RuleContext context)
    {
        var told = subject.Hosts.Where(h => Unreadable(h, context, "clock") is null && Unclear(h) is null).ToList();
        var ahead = told.FindAll(h => Skew(h) > CommonLimit);
        var behind = told.FindAll(h => Skew(h) < -CommonLimit);
        var same = ahead.Count >= behind.Count ? ahead : behind;
        if (told.Count < 2)
        {
            yield return subject.Hosts.Length < 2 ? NotFor("One host alone does not tell whose clock is wrong.") : new Verdict.Unknown("clock", "The clocks of fewer than two hosts are known.");
        }
        else if (same.Count * 5 < told.Count * 4)
        {
            int unread = subject.Hosts.Length - told.Count;
            yield return unread > 0 && (same.Count + unread) * 5 >= subject.Hosts.Length * 4
                ? new Verdict.Unknown("clock", $"{same.Count} of {told.Count} clocks are wrong alike, and those of {unread} hosts are not known.")
                : Verdict.Passed;
        }
        else
        {
            var median = same.Select(Skew).Order().ElementAt(same.Count / 2);
            yield return new Verdict.Fire("collector", median.Duration() > context.Settings.ClockSkewError ? Severity.Error : Severity.Warning, $"{same.Count} of {told.Count} hosts are {Words(median)}: the agent's own clock is wrong")
            {
                Impact = "Ages and times shown are wrong by as much.",
                Remedy = new("Set the clock of the machine that runs the agent.") { Commands = ["w32tm /resync /rediscover", "timedatectl set-ntp true"], Risk = RemedyRisk.Online },
                Evidence = [.. same.SelectMany(h => Facts(h, $"at most {CommonLimit.TotalSeconds:0} s").Take(1))],
                Affected = [.. same.Select(h => new AffectedObject(AffectedRole.Impacted, h.Identity))],
            };
        }
    }

    private static TimeSpan Skew(HostSubject host) => host.Reading.Clock.Content!.Skew!.Value;

    private static Verdict? Unclear(HostSubject host)
    {
        var clock = host.Reading.Clock.Content!;
        return clock.Skew is null || clock.Samples.IsEmpty ? NotSaid("clock", "its time")
            : TimeSpan.FromMilliseconds(clock.Samples.Select(s => s.TookMs).Order().ElementAt(clock.Samples.Length / 2)) is var trip && trip > SlowAnswer
                ? new Verdict.Unknown("clock", $"The host takes {trip.TotalSeconds:0.0} s to answer; its time is not known better than that.") : null;
    }

    private static string Words(TimeSpan skew) => string.Create(CultureInfo.InvariantCulture, $"{skew.Duration().TotalSeconds:0} s {(skew > TimeSpan.Zero ? "ahead" : "behind")}");

    private static Remedy Repair(HostSubject host) => host.Reading.Clock.Content?.SourceType == "NT5DS"
        ? new($"Let {host.Name} ask the domain again.") { Commands = ["w32tm /config /syncfromflags:domhier /update", "w32tm /resync /rediscover"], Risk = RemedyRisk.Online }
        : new($"Give {host.Name} a time server, then let it ask.") { Commands = ["w32tm /config /manualpeerlist:<time server> /syncfromflags:manual /update", "w32tm /resync /rediscover"], Risk = RemedyRisk.Online };

    private static IEnumerable<Evidence> Facts(HostSubject host, string expected)
    {
        var clock = host.Reading.Clock.Content!;
        yield return Fact(host, "clock", $"{host.Name}: median", Words(Skew(host)), expected, "Win32_OperatingSystem.LocalDateTime");
        foreach (var sample in clock.Samples)
        {
            yield return Fact(host, "clock", $"Measured at {sample.At:HH:mm:ss}", string.Create(CultureInfo.InvariantCulture, $"{Words(sample.Skew)}, answer took {sample.TookMs} ms"), null, "Win32_OperatingSystem.LocalDateTime");
        }

        yield return Fact(host, "clock", "Time source", clock.SourceType is null ? null : $"{clock.SourceType} {clock.TimeServers}".Trim(), null, @"W32Time\Parameters Type, NtpServer");
    }

    public override ImmutableArray<RuleCase> Cases =>
    [
        .. base.Cases,
        .. ClusterExamples.Select(e => RuleCase.Of(this, e)),
        .. FarmExamples.Select(e => RuleCase.Of(this, e)),
    ];

    public override ImmutableArray<Example<HostSubject>> Examples { get; } =
    [
        Fires(Severity.Error, "412 s behind, answering within 40 ms", new(At(-412))),
        Passes("3 s ahead", new(At(3))),
        Fires(Severity.Warning, "61 s ahead", new(At(61))),
        Passes("exactly 60 s ahead", new(At(60))),
        Fires(Severity.Warning, "exactly 300 s behind", new(At(-300))),
        Passes("a host that started 4 minutes ago", new(At(-412) with { OperatingSystem = Sample.Read(Sample.Host.OperatingSystem.Content! with { BootedAt = Sample.Now.AddMinutes(-4) }) })),
        CannotTell("a host that takes 2.1 s to answer", new(At(-412, 2100))),
        CannotTell("a host that did not tell its time", new(Sample.Host with { Clock = Sample.Read(new HostClock()) })),
    ];

    private static ImmutableArray<Example<ClusterSubject>> ClusterExamples { get; } =
    [
        new("two nodes 6 s apart", Given.Cluster(At(3), At(-3)), "fires Info"),
        new("two nodes exactly 5 s apart", Given.Cluster(At(3), At(-2)), "passes"),
        new("a node that no agent reads", Given.Cluster(At(0), null), "cannot tell for"),
        new("a cluster of one node", Given.Cluster(At(0)), "does not apply to"),
    ];

    private static ImmutableArray<Example<FarmSubject>> FarmExamples { get; } =
    [
        new("four of five hosts 31 s ahead", Farm(31, 31, 31, 31, 0), "fires Warning"),
        new("two hosts an hour behind", Farm(-3600, -3600), "fires Error"),
        new("three of five hosts 90 s ahead", Farm(90, 90, 90, 0, 0), "passes"),
        new("four of five hosts exactly 30 s ahead", Farm(30, 30, 30, 30, 0), "passes"),
        new("one host alone", Farm(90), "does not apply to"),
    ];

    private static HostReading At(int seconds, int roundTrip = 40) => Sample.Host with
    {
        Clock = Sample.Read(new HostClock { Samples = [new(Sample.Now, TimeSpan.FromSeconds(seconds), roundTrip)], Skew = TimeSpan.FromSeconds(seconds), SourceType = "NT5DS" }),
    };

    private static FarmSubject Farm(params int[] seconds) => new([.. seconds.Select((s, i) => new HostSubject(At(s) with { Id = $"n{i}", Name = $"HV{i}" }))]);
}

using System.Collections.Immutable;
using HyperVDash.Model;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Rules.Tests;

/// <summary>
/// What becomes of a finding when a section that its rule's verdicts rest on can no longer be read: it stays open and says why nobody knows. Made for every rule
/// from its own examples.
/// </summary>
public sealed class LostSectionTests
{
    private static readonly HostReading NeverRead = new("never", "never");

    /// <summary>Ways to lose a section. Whether its last content is still there or not, it carries no verdict.</summary>
    private static readonly ImmutableArray<(string Name, Func<SectionLens, HostReading, Section> Of)> Losses =
    [
        ("pending", (lens, _) => lens.Get(NeverRead)),
        ("denied", (lens, _) => lens.Get(NeverRead) with { Attempt = new(SectionState.Denied, Sample.Now, Reason: "needs Remote Enable") }),
        ("denied after a good read", (lens, host) => lens.Get(host) with { Attempt = new(SectionState.Denied, Sample.Now, Reason: "needs Remote Enable") }),
        ("failed", (lens, _) => lens.Get(NeverRead) with { Attempt = new(SectionState.Failed, Sample.Now, Reason: "no answer within 30 s") }),
        ("failed after a good read", (lens, host) => lens.Get(host) with { Attempt = new(SectionState.Failed, Sample.Now, Reason: "no answer within 30 s") }),
    ];

    /// <summary>Pairs of rule and section of which no example that fires needs the section: it only tells what passes from what nobody knows.</summary>
    private static readonly Dictionary<(string Rule, string Section), string> NeededOnlyToPass = new()
    {
        [("HVD103", "operatingSystem")] = "a stopped service passes on a host that started just now; where nobody knows when it started, it fires",
    };

    /// <summary>What it finds is that nothing can be read.</summary>
    private const string AboutBeingBlind = "HVD110";

    public static TheoryData<string, string> RulesAndSections =>
        new(RuleCatalogue.All.Where(r => r.Card.Id != AboutBeingBlind).SelectMany(r => r.Card.Sections.Select(s => (r.Card.Id, s))));

    public static TheoryData<string> RulesOverSeveralHosts =>
        [.. RuleCatalogue.All.Where(r => r is IExamines<ClusterSubject> or IExamines<FarmSubject>).Select(r => r.Card.Id)];

    [Theory, MemberData(nameof(RulesAndSections))]
    public void A_finding_outlives_the_loss_of_a_section_and_is_stale(string ruleId, string section)
    {
        var rule = RuleCatalogue.Find(ruleId)!;
        var lens = SectionLens.Find(section)!;
        List<string> wrong = [];
        bool isNeeded = false;

        foreach (var example in Fires(rule))
        {
            var open = Open(rule, example);
            var outcomes = Losses.Select(l => (l.Name, Of: Outcomes(open, rule, example, Without(example.Subject, lens, l.Of, _ => true)))).ToList();
            foreach (string finding in open.Findings.Select(f => f.Id))
            {
                // What fires without any content does not need the section; what fires only while old content is there rests on it.
                if (outcomes.Exists(o => o.Of[finding] == Outcome.Closed) || outcomes.Select(o => o.Of[finding]).Distinct().Count() > 1)
                {
                    wrong.Add($"{example.Name}: {string.Join(", ", outcomes.GroupBy(o => o.Of[finding], o => o.Name).Select(g => $"{g.Key} when {section} is {string.Join(" or ", g)}"))}");
                }

                isNeeded |= outcomes.TrueForAll(o => o.Of[finding] == Outcome.Stale);
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(isNeeded != NeededOnlyToPass.ContainsKey((ruleId, section)), $"{(isNeeded ? "An" : "No")} example of {ruleId} that fires needs {section}.");
    }

    /// <summary>That one of several hosts cannot be read is no reason to believe that what was found is gone.</summary>
    [Theory, MemberData(nameof(RulesOverSeveralHosts))]
    public void A_finding_of_several_hosts_outlives_the_loss_of_a_section_of_one_of_them(string ruleId)
    {
        var rule = RuleCatalogue.Find(ruleId)!;
        List<string> wrong = [];

        foreach (var example in Fires(rule).Where(e => e.Subject is ClusterSubject or FarmSubject))
        {
            var open = Open(rule, example);
            foreach (string section in rule.Card.Sections)
            {
                foreach (var host in example.Subject.Hosts)
                {
                    var closing = Losses.Where(l => Outcomes(open, rule, example, Without(example.Subject, SectionLens.Find(section)!, l.Of, h => h == host)).ContainsValue(Outcome.Closed)).Select(l => l.Name).ToList();
                    if (closing.Count > 0)
                    {
                        wrong.Add($"{example.Name}: closed when {section} of {host.Name} is {string.Join(" or ", closing)}");
                    }
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private enum Outcome { Fires, Stale, Closed }

    private static IEnumerable<RuleCase> Fires(IRule rule) =>
        rule.Cases.Where(c => c.Expected.StartsWith("fires", StringComparison.Ordinal)).Select(c => c with { Subject = OnItsHost(c.Subject) });

    private static FindingBook Open(IRule rule, RuleCase example)
    {
        var book = new FindingBook { IsSingleSample = true }.Apply(Examine(rule, example.Subject, example.Settings));
        Assert.True(book.Findings.Any(f => f.RuleId == rule.Card.Id), $"{example.Name}: the engine finds nothing in it.");
        return book;
    }

    private static Dictionary<string, Outcome> Outcomes(FindingBook open, IRule rule, RuleCase example, ISubject lost)
    {
        var after = open.Apply(Examine(rule, lost, example.Settings)).Findings.ToDictionary(f => f.Id);
        return open.Findings.ToDictionary(f => f.Id, f => !after.TryGetValue(f.Id, out var now) ? Outcome.Closed : now.IsStale ? Outcome.Stale : Outcome.Fires);
    }

    private static Examination Examine(IRule rule, ISubject subject, RuleSettings settings) => subject switch
    {
        ClusterSubject cluster => RuleEngine.ExamineCluster(cluster, settings, Sample.Now, [rule]),
        FarmSubject farm => RuleEngine.ExamineFarm(farm, settings, Sample.Now, [rule]),
        _ => RuleEngine.ExamineHost(subject.Hosts.Single(), settings, Sample.Now, [rule]),
    };

    /// <summary>Some examples leave it to the subject alone to say what it is; the engine finds it on its host.</summary>
    private static ISubject OnItsHost(ISubject subject) => subject switch
    {
        VirtualMachineSubject s => new HostSubject(WithVm(s.Host, s.Vm)),
        DriveSubject s => WithVm(s.Host, s.Vm) is var host ? new HostSubject(host with { Devices = host.Devices with { Content = (host.Devices.Content ?? new()) with { Drives = With(host.Devices.Content?.Drives, s.Drive, d => d.Id) } } }) : null!,
        NetworkAdapterSubject s => WithVm(s.Host, s.Vm) is var host ? new HostSubject(host with { Devices = host.Devices with { Content = (host.Devices.Content ?? new()) with { NetworkAdapters = With(host.Devices.Content?.NetworkAdapters, s.Adapter, n => n.Id) } } }) : null!,
        SwitchSubject s => new HostSubject(s.Host.Whole with { Switches = s.Host.Whole.Switches with { Content = (s.Host.Whole.Switches.Content ?? new()) with { Items = With(s.Host.Whole.Switches.Content?.Items, s.Switch, w => w.Id) } } }),
        _ => subject,
    };

    private static HostReading WithVm(HostSubject host, VirtualMachine vm) =>
        host.Whole with { VirtualMachines = host.Whole.VirtualMachines with { Content = (host.Whole.VirtualMachines.Content ?? new()) with { Items = With(host.Whole.VirtualMachines.Content?.Items, vm, v => v.Id.ToString()) } } };

    private static ImmutableArray<T> With<T>(ImmutableArray<T>? items, T item, Func<T, string> id) => [.. (items ?? []).Where(i => id(i) != id(item)), item];

    /// <summary>The same, but a section is lost on some hosts. A host that has no such thing goes on having none.</summary>
    private static ISubject Without(ISubject subject, SectionLens lens, Func<SectionLens, HostReading, Section> loss, Func<HostSubject, bool> isLost)
    {
        return subject switch
        {
            ClusterSubject cluster => new ClusterSubject(cluster.Cluster, [.. cluster.Members.Select(m => m with { Host = m.Host is null ? null : Lost(m.Host) })]),
            FarmSubject farm => new FarmSubject([.. farm.Hosts.Select(Lost)]),
            _ => Lost(subject.Hosts.Single()),
        };

        HostSubject Lost(HostSubject host) =>
            isLost(host) && lens.Get(host.Whole).Attempt.State != SectionState.Absent ? new(lens.Set(host.Whole, loss(lens, host.Whole))) : host;
    }
}

using System.Text.Json;
using CsCheck;
using HyperVDash.Model;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Json;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Tests;

/// <summary>What is kept from one reading to the next must never show: the answer is that of a first look.</summary>
public sealed class IncrementalTests
{
    private static readonly Gen<(int Kind, int Which, int What)[]> Changes = Gen.Select(Gen.Int[0, 1000], Gen.Int[0, 100], Gen.Int[0, 1_000_000]).Array[3, 14];

    [Fact]
    public void A_host_is_found_to_be_what_a_first_look_finds_after_any_changes() => Changes.Sample(
        changes =>
        {
            var lab = new ChangingLab(1);
            var examiner = new HostExaminer();
            FindingBook book = new(), plain = new();
            List<string> story = [];
            foreach (var (kind, which, what) in changes)
            {
                story.Add(lab.Step(kind, which, what));
                var reading = lab.Hosts["h0"];
                var kept = examiner.Examine(reading, lab.Settings, lab.Now);
                var first = PlainExamination.OfHost(reading, lab.Settings, lab.Now);
                (book, plain) = (book.Apply(kept), plain.Apply(first));
                AssertSame(plain, book, first, kept, story);
            }
        },
        iter: 1200, print: Printed);

    [Fact]
    public void A_cluster_and_a_farm_are_found_to_be_what_a_first_look_finds_after_any_changes()
    {
        int looks = 0, found = 0;
        Changes.Sample(changes => CompareGroups(changes, ref looks, ref found), iter: 400, print: Printed);
        Assert.True(looks > 200, $"Only {looks} looks at a cluster with two nodes that are read.");
        Assert.True(found > 200, $"Only {found} findings in such clusters.");
    }

    [Fact]
    public void A_farm_is_found_to_be_what_a_first_look_finds_while_single_hosts_change() => Changes.Sample(
        changes =>
        {
            var lab = new ChangingLab(4);
            var farm = new FarmExaminer();
            FindingBook book = new(), plain = new();
            List<string> story = [];
            foreach (var (kind, which, what) in changes)
            {
                story.Add(lab.Step(kind, which, what));
                var kept = farm.Examine(lab.Hosts, lab.Settings, lab.Now)!;
                var first = PlainExamination.Of(new FarmSubject([.. lab.Hosts.Values.Select(h => new HostSubject(h))]), lab.Settings, lab.Now);
                (book, plain) = (book.Apply(kept), plain.Apply(first));
                AssertSame(plain, book, first, kept, story);
            }
        },
        iter: 1000, print: Printed);

    [Fact]
    public void A_farm_that_hosts_leave_and_join_is_found_to_be_what_a_first_look_finds()
    {
        var fired = new HashSet<string>();
        foreach (var rule in RuleCatalogue.All.Where(r => r is IExamines<FarmSubject>))
        {
            foreach (var example in rule.Cases.Where(c => c.Subject is FarmSubject { Hosts.Length: > 1 }))
            {
                HostReading[] own = [.. ((FarmSubject)example.Subject).Hosts.Select((h, i) => h.Whole with { Key = $"own{i}" })];
                HostReading[] others = [.. Enumerable.Range(0, 2).Select(i => Given.Host() with { Id = $"other{i}", Key = $"other{i}", Name = $"OTHER{i}" })];
                HostReading[] all = [.. others, .. own];
                var farm = new FarmExaminer([rule]);
                foreach (var hosts in (HostReading[][])[all, all[1..], own, all, [.. own, others[1]], [.. others, .. own[1..]], all])
                {
                    var kept = farm.Examine(hosts.ToDictionary(h => h.Key), example.Settings, Sample.Now)!;
                    var first = RuleEngine.ExamineFarm(new FarmSubject([.. hosts.Select(h => new HostSubject(h))]), example.Settings, Sample.Now, [rule]);

                    Assert.Equal(Said(first), Said(kept));
                    fired.UnionWith(kept.Verdicts.Where(v => v.Verdict is Verdict.Fire).Select(v => v.Rule.Id));
                }
            }
        }

        Assert.Superset(new HashSet<string> { "HVD208", "HVD415", "HVD514", "HVD209", "HVD210" }, fired);

        static IEnumerable<string> Said(Examination examination) => examination.Verdicts.Select(v => $"{v.Subject.Kind} {v.Subject.Id} {v.Verdict.Word} {(v.Verdict as Verdict.Fire)?.Title}{(v.Verdict as Verdict.Unknown)?.Reason}");
    }

    private static void CompareGroups((int Kind, int Which, int What)[] changes, ref int looks, ref int found)
    {
        var lab = new ChangingLab(3);
        lab.JoinCluster(changes[0].What);
        var farm = new FarmExaminer();
        var clusters = new Dictionary<string, (ClusterExaminer Examiner, FindingBook Book, FindingBook Plain)>(StringComparer.OrdinalIgnoreCase);
        FindingBook book = new(), plain = new();
        List<string> story = [];
        foreach (var (kind, which, what) in changes)
        {
            story.Add(lab.Step(kind, which, what));
            HostSubject[] hosts = [.. lab.Hosts.Values.Select(h => new HostSubject(h))];
            var kept = farm.Examine(lab.Hosts, lab.Settings, lab.Now)!;
            var first = PlainExamination.Of(new FarmSubject([.. hosts]), lab.Settings, lab.Now);
            (book, plain) = (book.Apply(kept), plain.Apply(first));
            AssertSame(plain, book, first, kept, story);
            foreach (var cluster in RuleEngine.ClustersOf(hosts))
            {
                var (examiner, actual, expected) = clusters.TryGetValue(cluster.Cluster.Id, out var known) ? known : (new ClusterExaminer(cluster.Cluster.Id), new FindingBook(), new FindingBook());
                kept = examiner.Examine(lab.Hosts, lab.Settings, lab.Now)!;
                first = PlainExamination.Of(cluster, lab.Settings, lab.Now);
                clusters[cluster.Cluster.Id] = (examiner, actual.Apply(kept), expected.Apply(first));
                AssertSame(clusters[cluster.Cluster.Id].Plain, clusters[cluster.Cluster.Id].Book, first, kept, story);
                if (cluster.Members.Count(m => m.Host is not null) > 1)
                {
                    Interlocked.Increment(ref looks);
                    Interlocked.Add(ref found, clusters[cluster.Cluster.Id].Book.Findings.Length);
                }
            }
        }
    }

    [Fact]
    public void One_changed_VM_is_examined_again_and_no_other()
    {
        var asked = new CountingRule(_ => { });
        var examiner = new HostExaminer([asked]);
        var host = Host(Vm(1), Vm(2), Vm(3));
        examiner.Examine(host, Settings, Sample.Now);
        Assert.Equal(["VM1", "VM2", "VM3"], asked.Taken());

        examiner.Examine(Host(Vm(1), Vm(2) with { Notes = "x" }, Vm(3)), Settings, Sample.Now.AddSeconds(5));

        Assert.Equal(["VM2"], asked.Taken());
    }

    [Fact]
    public void What_comes_anew_word_for_word_is_not_examined_again()
    {
        var asked = new CountingRule(s => _ = s.Host.DrivesOf[s.Vm.Id].Length);
        var examiner = new HostExaminer([asked]);
        var host = Host(Vm(1), Vm(2));
        examiner.Examine(host, Settings, Sample.Now);
        asked.Taken();

        examiner.Examine(JsonSerializer.Deserialize<HostReading>(JsonSerializer.Serialize(host, AgentJson.Options), AgentJson.Options)!, Settings, Sample.Now.AddSeconds(5));

        Assert.Empty(asked.Taken());
    }

    [Fact]
    public void A_rule_that_looks_at_the_other_VMs_is_examined_again_for_all()
    {
        var asked = new CountingRule(s => _ = s.Host.Reading.VirtualMachines.Content?.Items.Length);
        var examiner = new HostExaminer([asked]);
        examiner.Examine(Host(Vm(1), Vm(2)), Settings, Sample.Now);
        asked.Taken();

        examiner.Examine(Host(Vm(1), Vm(2) with { Notes = "x" }), Settings, Sample.Now);

        Assert.Equal(["VM1", "VM2"], asked.Taken());
    }

    [Fact]
    public void A_row_of_another_VM_counts_as_a_look_at_all()
    {
        var asked = new CountingRule(s => _ = s.Host.GuestOf.ContainsKey(Sample.VmId));
        var examiner = new HostExaminer([asked]);
        var host = Host(Vm(1));
        examiner.Examine(host, Settings, Sample.Now);
        asked.Taken();

        examiner.Examine(host with { Guests = Sample.Read(host.Guests.Content! with { Items = [] }) }, Settings, Sample.Now);

        Assert.Equal(["VM1"], asked.Taken());
    }

    [Fact]
    public void New_settings_and_a_clock_set_back_examine_everything_again()
    {
        var asked = new CountingRule(_ => { });
        var examiner = new HostExaminer([asked]);
        var host = Host(Vm(1), Vm(2));
        examiner.Examine(host, Settings, Sample.Now);
        asked.Taken();

        examiner.Examine(host, Settings with { ScsiWarnPercent = 50 }, Sample.Now);
        Assert.Equal(["VM1", "VM2"], asked.Taken());
        examiner.Examine(host, Settings with { ScsiWarnPercent = 50 }, Sample.Now.AddSeconds(-1));
        Assert.Equal(["VM1", "VM2"], asked.Taken());
    }

    [Fact]
    public void At_the_instant_that_a_rule_named_it_is_examined_again_for_that_object_only()
    {
        var asked = new CountingRule(_ => { }, (s, context) => _ = s.Vm.Name == "VM2" && context.Reached(Sample.Now.AddHours(1)));
        var examiner = new HostExaminer([asked]);
        var host = Host(Vm(1), Vm(2));
        var examination = examiner.Examine(host, Settings, Sample.Now);
        Assert.Equal(Sample.Now.AddHours(1), examination.NextInstant);
        asked.Taken();

        examiner.Examine(host, Settings, Sample.Now.AddHours(1).AddTicks(-1));
        Assert.Empty(asked.Taken());
        examination = examiner.Examine(host, Settings, Sample.Now.AddHours(1));

        Assert.Equal(["VM2"], asked.Taken());
        Assert.Null(examination.NextInstant);
    }

    private static RuleSettings Settings { get; } = new();

    private static HostReading Host(params VirtualMachine[] vms) => Sample.Host with { VirtualMachines = Sample.Read(new VirtualMachineList { Items = [.. vms] }) };

    private static VirtualMachine Vm(int number) => Sample.Vm with { Id = new Guid($"33333333-3333-3333-3333-{number:d12}"), Name = $"VM{number}" };

    private static void AssertSame(FindingBook expected, FindingBook actual, Examination first, Examination kept, List<string> story)
    {
        string told = string.Join(" · ", story);
        Assert.True(Lines(first).SequenceEqual(Lines(kept)), $"{told}: {string.Join(", ", Lines(first).Except(Lines(kept)).Take(3))} but kept {string.Join(", ", Lines(kept).Except(Lines(first)).Take(3))}");
        Assert.True(Json(expected.Findings) == Json(actual.Findings), $"{told}: findings {Json(expected.Findings)} but kept {Json(actual.Findings)}");
        Assert.True(Json(expected.Closed) == Json(actual.Closed), $"{told}: closed");
        Assert.True(Json(expected.Tallies) == Json(actual.Tallies), $"{told}: tallies {Json(expected.Tallies)} but kept {Json(actual.Tallies)}");
        // Awake too early does no harm, too late does.
        Assert.True(expected.NextInstant is null || actual.NextInstant <= expected.NextInstant, $"{told}: awake at {actual.NextInstant} and not {expected.NextInstant}");
    }

    private static IEnumerable<string> Lines(Examination examination) => examination.Verdicts.Select(v => $"{v.Rule.Id} {v.Subject} {v.SampleAt:o} {Said(v.Verdict)}");

    private static string Said(Verdict verdict) => verdict is Verdict.Fire fire ? $"{fire.Word} {fire.OriginalSeverity} {fire.Accepted} {fire.Variant} {fire.Discriminator} {fire.Title} {Json(fire.Evidence)} {Json(fire.Affected)} {Json(fire.Remedy)}" : $"{verdict}";

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, AgentJson.Options);

    private static string Printed((int Kind, int Which, int What)[] changes) => string.Join(" ", changes);

    private sealed class CountingRule(Action<VirtualMachineSubject> look, Action<VirtualMachineSubject, RuleContext>? ask = null) : Rule<VirtualMachineSubject>
    {
        private readonly List<string> _asked = [];

        public override RuleCard Card { get; } = new("HVD998", "counts", RuleScope.VirtualMachine, RuleKind.Configuration)
        {
            Title = "", Why = "", Fix = "", Quiet = "", Origin = "", Sections = ["virtualMachines"], Severities = [],
        };

        public override System.Collections.Immutable.ImmutableArray<Example<VirtualMachineSubject>> Examples => [];

        public override IEnumerable<Verdict> Examine(VirtualMachineSubject subject, RuleContext context)
        {
            _asked.Add(subject.Vm.Name);
            look(subject);
            ask?.Invoke(subject, context);
            return [new Verdict.Pass()];
        }

        public string[] Taken()
        {
            string[] asked = [.. _asked];
            _asked.Clear();
            return asked;
        }
    }
}

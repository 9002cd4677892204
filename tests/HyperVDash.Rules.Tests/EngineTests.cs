using HyperVDash.Model;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Guests;
using HyperVDash.Model.Hosts;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Rules.Tests;

public sealed class EngineTests
{
    private static readonly RuleSettings Settings = new();

    public static TheoryData<string, SectionState> SectionsWithoutContent
    {
        get
        {
            var data = new TheoryData<string, SectionState>();
            foreach (string name in Sample.Host.Sections().Select(s => s.Name))
            {
                data.Add(name, SectionState.Denied);
                data.Add(name, SectionState.Failed);
                data.Add(name, SectionState.Pending);
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(SectionsWithoutContent))]
    public void No_rule_that_reads_a_lost_section_passes_because_of_it(string section, SectionState state)
    {
        var healthy = RuleEngine.ExamineHost(Sample.Host, Settings, Sample.Now).Verdicts;
        var lost = RuleEngine.ExamineHost(Lose(Sample.Host, section, state), Settings, Sample.Now).Verdicts;

        var passing = lost.Where(v => v.Verdict is Verdict.Pass && v.Rule.Sections[0] == section && v.Rule.Id is not "HVD110");

        Assert.NotEmpty(healthy.Where(v => v.Verdict is Verdict.Pass));
        Assert.Empty(passing.Select(v => v.Rule.Id));
    }

    [Fact]
    public void A_healthy_host_has_no_finding_and_nothing_unknown()
    {
        var examination = RuleEngine.ExamineHost(Sample.Host, Settings, Sample.Now);

        Assert.Empty(examination.Verdicts.Where(v => v.Verdict is Verdict.Fire or Verdict.Unknown).Select(v => $"{v.Rule.Id} {v.Verdict}"));
        Assert.Empty(examination.Faults);
    }

    [Fact]
    public void A_captured_host_is_judged_as_of_its_capture_and_asks_for_no_second_look()
    {
        var captured = Sample.Host with { CapturedAt = Sample.Now };

        var examination = RuleEngine.ExamineHost(captured, Settings, Sample.Now.AddYears(1));

        Assert.Empty(examination.Verdicts.Where(v => v.Verdict is Verdict.Fire or Verdict.Unknown).Select(v => $"{v.Rule.Id} {v.Verdict}"));
        Assert.Null(new FindingBook().Apply(examination).NextInstant);
        Assert.NotEmpty(RuleEngine.ExamineHost(Sample.Host, Settings, Sample.Now.AddYears(1)).Verdicts.Where(v => v.Verdict is Verdict.Unknown));
    }

    [Fact]
    public void Counts_of_every_rule_add_up()
    {
        var tallies = Tally.Of(RuleEngine.ExamineHost(Sample.Host with { Guests = Sample.Failed<GuestList>(SectionState.Failed, "hung") }, Settings, Sample.Now));

        Assert.NotEmpty(tallies);
        Assert.All(tallies, t => Assert.Equal(t.Checked, t.Passed + t.Fired + t.Unknown + t.NotApplicable));
    }

    [Fact]
    public void A_state_rule_opens_with_the_second_sample_twenty_seconds_later_and_clears_the_same_way()
    {
        var book = new FindingBook();

        book = book.Apply(Vmms(ServiceState.Stopped, 0));
        Assert.Empty(book.Findings);
        book = book.Apply(Vmms(ServiceState.Stopped, 19));
        Assert.Empty(book.Findings);
        book = book.Apply(Vmms(ServiceState.Stopped, 20));
        var open = Assert.Single(book.Findings, f => f.RuleId == "HVD103");
        Assert.Equal(Sample.Now, open.FirstSeen);

        book = book.Apply(Vmms(ServiceState.Running, 30));
        Assert.Single(book.Findings, f => f.RuleId == "HVD103");
        book = book.Apply(Vmms(ServiceState.Running, 50));
        Assert.DoesNotContain(book.Findings, f => f.RuleId == "HVD103");
        Assert.Equal(open.Id, Assert.Single(book.Closed).Id);
    }

    [Fact]
    public void Reading_another_section_again_is_no_second_sample()
    {
        var first = Stopped(Sample.Now);
        var again = first with { OperatingSystem = At(first.OperatingSystem, Sample.Now.AddSeconds(25)), VirtualMachines = At(first.VirtualMachines, Sample.Now.AddSeconds(25)) };

        var book = new FindingBook().Apply(RuleEngine.ExamineHost(first, Settings, Sample.Now)).Apply(RuleEngine.ExamineHost(again, Settings, Sample.Now.AddSeconds(25)));

        Assert.DoesNotContain(book.Findings, f => f.RuleId == "HVD103");
    }

    [Fact]
    public void What_rules_read_has_every_section_of_a_host_and_notes_each_by_its_name()
    {
        var guarded = new HostSubject(Sample.Host).Reading;
        List<string> noted = [];
        foreach (var property in typeof(GuardedReading).GetProperties().Where(p => p.PropertyType.IsGenericType && p.PropertyType.GetGenericTypeDefinition() == typeof(GuardedSection<>)))
        {
            using var recorder = new SectionRecorder();
            property.GetValue(guarded);
            Assert.Equal(property.Name, Assert.Single(recorder.Names), ignoreCase: true);
            noted.AddRange(recorder.Names);
        }

        Assert.Equal(Sample.Host.Sections().Select(s => s.Name).Order(StringComparer.Ordinal), noted.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_rule_that_throws_becomes_a_fault_of_that_rule_and_the_others_go_on()
    {
        var examination = RuleEngine.ExamineHost(new HostSubject(Stopped(Sample.Now)), Settings, Sample.Now, [new ThrowingRule(), .. RuleCatalogue.All]);

        Assert.Equal("HVD999 failed on HV01: no such luck", Assert.Single(examination.Faults).Value);
        Assert.Contains(examination.Verdicts, v => v.Rule.Id == "HVD103" && v.Verdict is Verdict.Fire);
        var tally = Assert.Single(Tally.Of(examination), t => t.RuleId == "HVD999");
        Assert.Equal((1, 1), (tally.Checked, tally.Unknown));
        Assert.Equal("HVD999 failed on HV01: no such luck", tally.NotEvaluated);
    }

    [Fact]
    public void A_list_that_was_not_read_makes_its_rules_unknown_and_closes_nothing()
    {
        var vm = Sample.Vm with { Generation = 1 };
        var host = Sample.Host with { VirtualMachines = Sample.Read(new Model.VirtualMachines.VirtualMachineList { Items = [vm] }) };
        var book = new FindingBook { IsSingleSample = true }.Apply(RuleEngine.ExamineHost(host, Settings, Sample.Now));
        var open = Assert.Single(book.Findings, f => f.RuleId == "HVD401");

        // What an agent that just started knows.
        var restarted = Sample.Host with { VirtualMachines = new(), Devices = new() };
        book = book.Apply(RuleEngine.ExamineHost(restarted, Settings, Sample.Now.AddSeconds(30)));

        Assert.True(Assert.Single(book.Findings, f => f.Id == open.Id).IsStale);
        Assert.Empty(book.Closed);
        var tally = Assert.Single(book.Tallies, t => t.RuleId == "HVD401");
        Assert.Equal((1, 1), (tally.Checked, tally.Unknown));
    }

    [Fact]
    public void A_silent_host_explains_the_findings_of_its_host_and_of_its_cluster()
    {
        var host = new ObjectRef(ObjectKind.Host, "h1", "HV1", "h1");
        Finding[] findings =
        [
            new("silent", "HVD110", "stale", Severity.Warning, host),
            new("language", "HVD101", "language", Severity.Warning, host),
            new("mix", "HVD802", "cluster", Severity.Error, new(ObjectKind.Cluster, "c", "LAB")) { Affected = [new(AffectedRole.Cause, host)] },
            new("elsewhere", "HVD101", "language", Severity.Warning, new(ObjectKind.Host, "h2", "HV2", "h2")),
        ];

        var marked = Inhibition.Mark([.. findings]).ToDictionary(f => f.Id, f => f.InhibitedBy);

        Assert.Equal(["silent"], marked["language"]);
        Assert.Equal(["silent"], marked["mix"]);
        Assert.Empty(marked["elsewhere"]);
        Assert.Empty(marked["silent"]);
    }

    [Theory]
    [InlineData(Severity.Critical, true), InlineData(Severity.Warning, false)]
    public void Only_a_stopped_management_service_explains_what_its_classes_tell(Severity severity, bool isExplained)
    {
        var host = new ObjectRef(ObjectKind.Host, "h1", "HV1", "h1");
        Finding[] findings =
        [
            new("service", "HVD103", "stopped", severity, host),
            new("disk", "HVD401", "a", Severity.Info, new(ObjectKind.VirtualMachine, "v", "VM", "h1")),
            new("language", "HVD101", "language", Severity.Warning, host),
        ];

        var marked = Inhibition.Mark([.. findings]).ToDictionary(f => f.Id, f => f.InhibitedBy);

        Assert.Equal(isExplained ? ["service"] : [], marked["disk"]);
        Assert.Empty(marked["language"]);
    }

    [Fact]
    public void A_card_explains_an_effect_by_its_cause_on_the_same_object_only()
    {
        var vm = new ObjectRef(ObjectKind.VirtualMachine, "v", "VM", "h1");
        Finding[] findings =
        [
            new("linux", "HVD504", "silent", Severity.Warning, vm),
            new("same", "HVD501", "silent", Severity.Warning, vm),
            new("other", "HVD501", "silent", Severity.Warning, vm with { Id = "w" }),
        ];

        var marked = Inhibition.Mark([.. findings]).ToDictionary(f => f.Id, f => f.InhibitedBy);

        Assert.Equal(["linux"], marked["same"]);
        Assert.Empty(marked["other"]);
        Assert.Empty(marked["linux"]);
    }

    [Fact]
    public void The_engine_names_the_instant_at_which_a_pass_becomes_a_fire()
    {
        var young = Sample.Host with
        {
            Services = Sample.Read(new ServiceList { Items = [new("vmms", ServiceState.Stopped, ServiceStartMode.Auto)] }),
            OperatingSystem = Sample.Read(Sample.Host.OperatingSystem.Content! with { BootedAt = Sample.Now.AddMinutes(-9) }),
        };
        var rule = RuleCatalogue.Find("HVD103")!;

        var before = RuleEngine.ExamineHost(new HostSubject(young), Settings, Sample.Now, [rule]);
        var at = RuleEngine.ExamineHost(new HostSubject(young), Settings, Sample.Now.AddMinutes(1), [rule]);

        Assert.Equal(Sample.Now.AddMinutes(1), before.NextInstant);
        Assert.IsType<Verdict.Pass>(Assert.Single(before.Verdicts).Verdict);
        Assert.IsType<Verdict.Fire>(Assert.Single(at.Verdicts).Verdict);
    }

    [Fact]
    public void Unknown_neither_opens_nor_closes_a_finding()
    {
        var book = new FindingBook { IsSingleSample = true }.Apply(Vmms(ServiceState.Stopped, 0));
        var lost = Sample.Host with { Services = Sample.Failed<ServiceList>(SectionState.Failed, "no answer in 60 s") };

        book = book.Apply(RuleEngine.ExamineHost(lost, Settings, Sample.Now.AddSeconds(40)));

        var open = Assert.Single(book.Findings, f => f.RuleId == "HVD103");
        Assert.True(open.IsStale);
        Assert.Equal("no answer in 60 s", open.StaleReason);
    }

    [Fact]
    public void A_silent_agent_opens_HVD110_by_the_clock_alone()
    {
        var book = new FindingBook().Apply(RuleEngine.ExamineHost(Sample.Host, Settings, Sample.Now));
        Assert.NotNull(book.NextInstant);

        book = book.Apply(RuleEngine.ExamineHost(Sample.Host, Settings, Sample.Now.AddSeconds(31)));

        Assert.Contains(book.Findings, f => f.RuleId == "HVD110");
    }

    [Fact]
    public void A_findings_id_survives_a_rename_and_a_higher_severity()
    {
        var first = new FindingBook { IsSingleSample = true }.Apply(Vmms(ServiceState.Stopped, 0)).Findings.Single(f => f.RuleId == "HVD103");
        var renamed = Sample.Host with { Name = "NEWNAME", Services = Sample.Read(new ServiceList { Items = [new("vmms", ServiceState.Stopped, ServiceStartMode.Manual)] }) };

        var second = new FindingBook { IsSingleSample = true }.Apply(RuleEngine.ExamineHost(renamed, Settings, Sample.Now)).Findings.Single(f => f.RuleId == "HVD103");

        Assert.Equal(first.Id, second.Id);
    }

    private static HostReading Stopped(DateTimeOffset now) => Sample.Host with
    {
        Services = At(Sample.Read(new ServiceList { Items = [new("vmms", ServiceState.Stopped, ServiceStartMode.Auto)], Workers = [new(1, Sample.VmId)] }), now),
    };

    private static Section<T> At<T>(Section<T> section, DateTimeOffset now) where T : class => section with { ReadAt = now, Attempt = section.Attempt with { At = now } };

    private sealed class ThrowingRule : Rule<HostSubject>
    {
        public override RuleCard Card { get; } = new("HVD999", "throws", RuleScope.Host, RuleKind.State)
        {
            Title = "", Why = "", Fix = "", Quiet = "", Origin = "", Sections = ["services"], Severities = [],
        };

        public override System.Collections.Immutable.ImmutableArray<Example<HostSubject>> Examples => [];

        public override IEnumerable<Verdict> Examine(HostSubject subject, RuleContext context) => throw new InvalidOperationException("no such luck");
    }

    private static Examination Vmms(ServiceState state, int seconds)
    {
        var now = Sample.Now.AddSeconds(seconds);
        var services = Sample.Read(new ServiceList { Items = [new("vmms", state, ServiceStartMode.Auto)], Workers = [new(1, Sample.VmId)] });
        return RuleEngine.ExamineHost(Sample.Host with { Services = services with { ReadAt = now, Attempt = services.Attempt with { At = now } }, VirtualMachines = Sample.Host.VirtualMachines with { ReadAt = now } }, Settings, now);
    }

    private static HostReading Lose(HostReading host, string section, SectionState state)
    {
        var lens = SectionLens.Find(section)!;
        return lens.Set(host, lens.Get(host) with { Attempt = new Attempt(state, Sample.Now, Reason: $"{state}") });
    }
}

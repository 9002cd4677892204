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
            foreach (string name in Sample.Host.Sections().Select(s => s.Name).Where(n => n is not "performance"))
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

    private static Examination Vmms(ServiceState state, int seconds)
    {
        var now = Sample.Now.AddSeconds(seconds);
        var services = Sample.Read(new ServiceList { Items = [new("vmms", state, ServiceStartMode.Auto)], Workers = [new(1, Sample.VmId)] });
        return RuleEngine.ExamineHost(Sample.Host with { Services = services with { ReadAt = now, Attempt = services.Attempt with { At = now } }, VirtualMachines = Sample.Host.VirtualMachines with { ReadAt = now } }, Settings, now);
    }

    private static HostReading Lose(HostReading host, string section, SectionState state) => section switch
    {
        "computerSystem" => host with { ComputerSystem = Old(host.ComputerSystem, state) },
        "operatingSystem" => host with { OperatingSystem = Old(host.OperatingSystem, state) },
        "locale" => host with { Locale = Old(host.Locale, state) },
        "roles" => host with { Roles = Old(host.Roles, state) },
        "services" => host with { Services = Old(host.Services, state) },
        "physicalNetwork" => host with { PhysicalNetwork = Old(host.PhysicalNetwork, state) },
        "switches" => host with { Switches = Old(host.Switches, state) },
        "virtualMachines" => host with { VirtualMachines = Old(host.VirtualMachines, state) },
        "devices" => host with { Devices = Old(host.Devices, state) },
        "guests" => host with { Guests = Old(host.Guests, state) },
        "checkpoints" => host with { Checkpoints = Old(host.Checkpoints, state) },
        _ => host with { Cluster = Old(host.Cluster, state) },
    };

    private static Section<T> Old<T>(Section<T> section, SectionState state) where T : class =>
        section with { Attempt = new Attempt(state, Sample.Now, Reason: $"{state}") };
}

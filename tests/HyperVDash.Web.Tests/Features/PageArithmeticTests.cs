using HyperVDash.Model;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Web.Components.Parts;
using HyperVDash.Web.Features.Findings;
using HyperVDash.Web.Features.GoTo;
using HyperVDash.Web.Features.Hosts;
using HyperVDash.Web.Tests.Fleet;

namespace HyperVDash.Web.Tests.Features;

public sealed class PageArithmeticTests
{
    [Fact]
    public void Coverage_counts_every_section_once()
    {
        var reading = Sample.Host with { Roles = Sample.Failed<HyperVDash.Model.Hosts.RoleList>(SectionState.Denied, "no right"), Performance = new() };
        var coverage = SectionCoverage.Of(Fleets.Of(reading).Hosts[0]);

        Assert.Equal(reading.Sections().Length, coverage.Total);
        Assert.Equal(reading.Sections().Count(s => s.Section.Attempt.State == SectionState.Complete), coverage.Complete);
        Assert.Equal(1, coverage.Denied);
        Assert.True(coverage is { Absent: > 0, Pending: > 0 });
        Assert.False(coverage.IsWhole);
    }

    [Fact]
    public void Coverage_of_a_host_whose_agent_is_silent_has_nothing_complete()
    {
        var fleet = new HyperVDash.Web.Fleet.FleetView(Sample.Now, [Fleets.Agent(false, Sample.Host)], [Sample.Host], [], [], 1);
        var coverage = SectionCoverage.Of(fleet.Hosts[0]);

        Assert.Equal(0, coverage.Complete);
        Assert.True(coverage.Old > 0);
    }

    [Fact]
    public void Findings_of_one_rule_stand_together_and_what_all_share_stands_once()
    {
        var evidence = new Evidence("Location", "1") { Source = "Msvm_ResourceAllocationSettingData.AddressOnParent" };
        Finding[] findings =
        [
            Fleets.Finding(Severity.Error, Fleets.Ref(Sample.Vm)) with { Evidence = [evidence, new("x", "1") { Source = "Only.Here" }] },
            Fleets.Finding(Severity.Info, Fleets.Ref(Fleets.Vm(2, "b"))) with { Evidence = [evidence] },
        ];

        var group = Assert.Single(FindingGroup.ByRule(findings));

        Assert.Equal(("HVD401", Severity.Error, "2 VMs"), (group.Key, group.Worst, group.Count));
        Assert.Equal(["Msvm_ResourceAllocationSettingData.AddressOnParent"], group.SharedSources);
        Assert.Equal(["SQL01", "b"], FindingGroup.ByObject(findings).Select(g => g.Title));
    }

    [Fact]
    public void A_finding_page_begins_with_the_fact_that_is_wrong_and_near_misses_come_first()
    {
        var finding = Fleets.Finding(Severity.Error, Fleets.Ref(Sample.Vm)) with
        {
            Evidence =
            [
                new("Switches on HV1", "'Prod' External") { Expected = "contains 'Prod'" },
                new("Switches on HV2", "'Test' External") { Expected = "contains 'Prod'" },
                new("Nearly equal name", "'Prod␠'") { Expected = "'Prod'" },
                new("Context", "1"),
            ],
        };

        Assert.Equal(["Nearly equal name", "Switches on HV2"], FactComparison.Telling(finding).Select(e => e.Fact));
    }

    [Theory]
    [InlineData("Backup", "Backup", "Backup")]
    [InlineData("BackUp", "Backup", "Back[U]p")]
    [InlineData("Prod ", "Prod", "Prod[ ]")]
    [InlineData("LAB Net", "LAB-Net", "LAB[ ]Net")]
    [InlineData("Internet", "Prod", "Internet")]
    public void The_letters_in_which_two_names_differ_are_marked(string name, string wanted, string marked) =>
        Assert.Equal(marked, string.Concat(NameDifference.Split(name, wanted).Select(p => p.IsDifferent ? $"[{p.Text}]" : p.Text)));

    [Fact]
    public void The_nearest_names_stand_first()
    {
        (string, string)[] names = [("web-01", "vms/1"), ("sql-01", "vms/2"), ("sql-02", "vms/3"), ("dc-01", "vms/4")];

        Assert.Equal(["sql-01", "sql-02"], NearestNames.Of("sqll-01", names).Take(2).Select(n => n.Text));
    }

    [Fact]
    public void Going_to_something_prefers_the_whole_name_to_its_beginning_and_that_to_a_part()
    {
        var fleet = Fleets.Of(Fleets.Named("HV01", Fleets.Vm(1, "my-sql"), Fleets.Vm(2, "sql-01"), Fleets.Vm(3, "sql")));

        Assert.Equal(["sql", "sql-01", "my-sql"], Destination.Find(fleet, " SQL ").Where(d => d.Kind == "VM").Select(d => d.Text));
        Assert.Equal("vms/00000002-0000-0000-0000-000000000000", Assert.Single(Destination.Find(fleet, "00000002-0000-0000-0000-000000000000")).Href);
        Assert.Empty(Destination.Find(fleet, " "));
    }

    [Theory]
    [InlineData(30, false, "< 1 min")]
    [InlineData(60, true, "1 min ago")]
    [InlineData(7_200, false, "2 h")]
    [InlineData(400_000, true, "4 d ago")]
    public void Ages_are_coarse(int seconds, bool ago, string words) => Assert.Equal(words, Age.Words(TimeSpan.FromSeconds(seconds), ago));

    [Fact]
    public void Everything_a_list_shows_stands_in_its_address()
    {
        var query = ListQuery.Of("vms", "sql 1", "-memory", 3, 25, ("state", "off"), ("host", null));

        Assert.Equal("vms?q=sql%201&sort=-memory&page=3&size=25&state=off", query.Url);
        Assert.Equal("vms?q=sql%201&sort=memory&size=25&state=off", query.WithSort("memory"));
        Assert.Equal("vms?q=sql%201&sort=-memory&size=25", query.WithFilter("state", null));
        Assert.Equal("vms?q=sql%201&sort=-memory&size=200&state=off", query.WithSize(200));
    }
}

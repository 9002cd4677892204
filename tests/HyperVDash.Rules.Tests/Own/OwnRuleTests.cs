using System.Collections.Immutable;
using HyperVDash.Model;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Guests;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;
using HyperVDash.Rules.Own;
using static HyperVDash.Rules.Tests.Own.OneOwnRule;

namespace HyperVDash.Rules.Tests.Own;

/// <summary>What a user's rule says of an object of which not everything is known.</summary>
public sealed class OwnRuleTests
{
    [Theory]
    [InlineData("it.processors < 8")]
    [InlineData("it.processors !== 4")]
    [InlineData("it.processors === null")]
    public void A_condition_that_holds_because_a_fact_was_not_said_does_not_fire(string when) =>
        Assert.Equal("The host did not say it.processors.", Assert.IsType<Verdict.Unknown>(Judge(when, Sample.Vm with { Processors = null })).Reason);

    [Fact]
    public void A_condition_about_a_fact_that_may_be_unsaid_fires() =>
        Assert.IsType<Verdict.Fire>(Judge("it.notes === null", Sample.Vm with { Notes = null }, "optional: [it.notes]"));

    [Fact]
    public void A_fact_of_any_row_may_be_unsaid_if_the_rule_says_so_for_all_rows()
    {
        var host = With(Disk(0, null), Disk(1, 9000));

        Assert.IsType<Verdict.Unknown>(Judge("drives.some(d => d.maximumIops > 5000)", Sample.Vm, "sections: [devices]", host));
        Assert.IsType<Verdict.Fire>(Judge("drives.some(d => d.maximumIops > 5000)", Sample.Vm, "sections: [devices]\n    optional: ['drives[].maximumIops']", host));
    }

    [Fact]
    public void A_fact_that_was_not_said_is_noticed_however_many_were_said_before_it()
    {
        var host = With([.. Enumerable.Range(0, 60).Select(i => Disk(i, i == 55 ? null : 100))]);

        Assert.Equal("The host did not say drives[55].maximumIops.", Assert.IsType<Verdict.Unknown>(Judge("drives.some(d => d.maximumIops > 5000)", Sample.Vm, "sections: [devices]", host)).Reason);
    }

    [Theory]
    [InlineData("guest.osBuild === 1")]
    [InlineData("guest?.osBuild !== 1")]
    [InlineData("guest === null")]
    public void A_VM_without_a_row_of_the_section_is_not_said_and_no_fault_of_the_rule(string when)
    {
        var host = Sample.Host with { Guests = Sample.Read(new GuestList()) };

        var unknown = Assert.IsType<Verdict.Unknown>(Judge(when, Sample.Vm, "sections: [guests]", host));

        Assert.Equal("The host did not say guest.", unknown.Reason);
        Assert.NotEqual(VerdictSummary.FaultSection, unknown.Section);
    }

    [Fact]
    public void A_row_that_nobody_looked_at_is_not_missed() =>
        Assert.IsType<Verdict.Pass>(Judge("it.processors > 8 && guest.osBuild === 1", Sample.Vm, "sections: [guests]", Sample.Host with { Guests = Sample.Read(new GuestList()) }));

    [Fact]
    public void A_row_that_is_not_there_is_no_fault_of_the_rule() =>
        Assert.NotEqual(VerdictSummary.FaultSection, Assert.IsType<Verdict.Unknown>(Judge("drives[0].content === 'empty'", Sample.Vm, "sections: [devices]", With())).Section);

    [Fact]
    public void A_text_that_names_a_part_which_is_missing_still_says_the_rest()
    {
        var host = Sample.Host with { Guests = Sample.Read(new GuestList()) };

        Assert.Equal("SQL01 runs not said", Assert.IsType<Verdict.Fire>(Judge("it.processors > 2", Sample.Vm, "sections: [guests]", host, "{it.name} runs {guest.osBuild}")).Title);
    }

    [Fact]
    public void A_text_that_fails_is_shown_as_it_stands()
    {
        const string text = "{it.name}: {it.notes.shout()}";

        Assert.Equal(text, Assert.IsType<Verdict.Fire>(Judge("it.processors > 2", Sample.Vm with { Notes = "x" }, text: text)).Title);
    }

    [Fact]
    public void The_file_of_a_drive_is_handed_out_with_it()
    {
        var rule = Assert.Single(OwnRuleFile.Read("own.yaml", """
            rules:
              - { id: LAB001, scope: drive, severity: info, sections: [virtualDisks], when: disk.format === 'vhdx', text: "{it.path}" }
            """).Rules);

        var verdicts = RuleEngine.ExamineHost(new HostSubject(Sample.Host), new(), Sample.Now, [rule]).Verdicts;

        Assert.Contains(verdicts, v => v.Verdict is Verdict.Fire);
    }

    [Fact]
    public void A_rule_about_a_cluster_compares_its_nodes()
    {
        var own = Group("cluster", "new Set(hosts.map(h => h.operatingSystem.build)).size > 1 && it.nodes.length === 2");

        Assert.IsType<Verdict.Pass>(OfCluster(own, Given.Cluster(Given.Host("2022"), Given.Host("2022"))));
        var fire = Assert.IsType<Verdict.Fire>(OfCluster(own, Given.Cluster(Given.Host("2022"), Given.Host("2019"))));
        Assert.Equal(2, fire.Evidence.Count(e => e.Fact.StartsWith("hosts[", StringComparison.Ordinal) && e.Fact.EndsWith("].operatingSystem.build", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_rule_about_a_cluster_is_unknown_while_one_of_its_nodes_is_not_read()
    {
        var own = Group("cluster", "hosts.length < 1");

        Assert.Contains(" is not read.", Assert.IsType<Verdict.Unknown>(OfCluster(own, Given.Cluster(Given.Host("2022"), null))).Reason, StringComparison.Ordinal);
        var hung = Given.Host("2022") with { OperatingSystem = Sample.Failed<Model.Hosts.HostOperatingSystem>(SectionState.Failed, "hung") };
        Assert.EndsWith(": hung", Assert.IsType<Verdict.Unknown>(OfCluster(own, Given.Cluster(Given.Host("2022"), hung))).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rule_about_all_hosts_looks_at_each()
    {
        var own = Group("farm", "hosts.some(h => h.operatingSystem.build < 20000)");
        FarmSubject Of(params string[] releases) => new([.. releases.Select(r => new HostSubject(Given.Host(r)))]);

        Assert.IsType<Verdict.Pass>(Assert.Single(RuleEngine.ExamineFarm(Of("2022"), new(), Sample.Now, own.Rules).Verdicts).Verdict);
        Assert.IsType<Verdict.Fire>(Assert.Single(RuleEngine.ExamineFarm(Of("2022", "2019"), new(), Sample.Now, own.Rules).Verdicts).Verdict);
    }

    private static OwnRules Group(string scope, string when)
    {
        var own = OwnRuleFile.Read("own.yaml", $$"""
            rules:
              - { id: LAB001, scope: {{scope}}, severity: info, sections: [operatingSystem], when: "{{when}}", text: "{it.name} differs" }
            """);
        Assert.Empty(own.Mistakes.Select(m => m.ToString()));
        return own;
    }

    private static Verdict OfCluster(OwnRules own, ClusterSubject cluster) => Assert.Single(RuleEngine.ExamineCluster(cluster, new(), Sample.Now, own.Rules).Verdicts).Verdict;

    private static Drive Disk(int place, long? iops) => Sample.Disk with { Id = $"{Sample.Vm.Id}/{place}", Location = place, MaximumIops = iops };

    private static HostReading With(params ImmutableArray<Drive> drives) => Sample.Host with { Devices = Sample.Read(new DeviceList { Drives = drives, NetworkAdapters = [] }) };
}

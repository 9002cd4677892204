using HyperVDash.Model;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.LoadBalancing;
using HyperVDash.Model.Print;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;
using HyperVDash.Rules.LoadBalancing;

namespace HyperVDash.Rules.Tests.LoadBalancing;

/// <summary>Which hosts make one print farm.</summary>
public sealed class PrintFarmsTests
{
    private const string Address = "192.168.1.50";

    [Fact]
    public void Nodes_that_name_each_other_are_one_farm_by_priority()
    {
        var farm = Assert.Single(PrintFarms.Of([Node("B", 2, "A", "B"), Node("A", 1, "A.corp.example", "B.corp.example")]));

        Assert.Equal("farm/192.168.1.50", farm.Id);
        Assert.Equal(["A", "B"], farm.Nodes.Select(n => n.Name));
        Assert.Empty(farm.Unread);
    }

    [Fact]
    public void Two_sites_that_use_one_private_address_are_two_farms()
    {
        var farms = PrintFarms.Of([Node("A", 1, "A", "B"), Node("B", 2, "A", "B"), Node("C", 1, "C", "D"), Node("D", 2, "C", "D")]);

        Assert.Equal(["A B", "C D"], farms.Select(f => string.Join(' ', f.Nodes.Select(n => n.Name))));
        Assert.Equal(["farm/192.168.1.50", "farm/192.168.1.50/c"], farms.Select(f => f.Id));
    }

    [Fact]
    public void Two_nodes_that_each_see_themselves_only_are_one_farm_that_fell_apart() =>
        Assert.Equal(["A", "B"], Assert.Single(PrintFarms.Of([Node("A", 1, "A"), Node("B", 2, "B")])).Members);

    [Fact]
    public void A_member_that_no_agent_reads_is_known_by_its_name() =>
        Assert.Equal(["B"], Assert.Single(PrintFarms.Of([Node("A", 1, "A", "b.corp.example")])).Unread);

    [Fact]
    public void A_cluster_whose_nodes_do_not_print_is_none()
    {
        var web = Reading("A", 1, ["A"]) with { PrintServer = Sample.Host.PrintServer };

        Assert.Empty(PrintFarms.Of([new(web), new(Sample.Host)]));
        Assert.Null(PrintFarms.NotKnown([new(web), new(Sample.Host)], new RuleContext(Sample.Now, new RuleSettings())));
    }

    [Fact]
    public void Where_the_print_role_was_not_read_nobody_knows_whether_it_is_one()
    {
        var blind = new HostSubject(Reading("A", 1, ["A"]) with { PrintServer = Sample.Failed<PrintServer>(SectionState.Denied, "needs Remote Enable") });

        Assert.Empty(PrintFarms.Of([blind]));
        Assert.Equal("Whether A belongs to a print farm is not known: needs Remote Enable", PrintFarms.NotKnown([blind], new RuleContext(Sample.Now, new RuleSettings()))!.Reason);
    }

    [Fact]
    public void A_farm_without_a_converged_node_explains_what_else_is_wrong_with_it()
    {
        var down = new[] { "A", "B" }.Select((name, i) => Reading(name, i + 1, ["A", "B"])).Select(r => r with
        {
            LoadBalancing = Sample.Read(new LoadBalancingState { Clusters = [.. r.LoadBalancing.Content!.Clusters.Select(c => c with { PortRules = [], Nodes = [.. c.Nodes.Select(n => n with { State = n.IsLocal ? NlbNodeState.Stopped : NlbNodeState.Unknown })] })] }),
        }).Select(r => new HostSubject(r)).ToList();

        var book = new FindingBook { IsSingleSample = true }.Apply(RuleEngine.ExamineFarm(new FarmSubject([.. down]), new RuleSettings(), Sample.Now));

        var cause = Assert.Single(book.Findings, f => f is { RuleId: "HVD901", Variant: "none", Severity: Severity.Critical });
        var effects = book.Findings.Where(f => f.RuleId is "HVD905").ToList();
        Assert.NotEmpty(effects);
        Assert.All(effects, f => Assert.Equal([cause.Id], f.InhibitedBy));
        Assert.Empty(cause.InhibitedBy);
    }

    public static TheoryData<string, string> RulesAndSections => new(
        from rule in RuleCatalogue.All.OfType<IExamines<FarmSubject>>()
        where rule.Card.Id.StartsWith("HVD9", StringComparison.Ordinal)
        from section in rule.Card.Sections
        select (rule.Card.Id, section));

    /// <summary>What was read before stays in sight, and carries no verdict.</summary>
    [Theory, MemberData(nameof(RulesAndSections))]
    public void No_rule_passes_a_farm_on_a_section_that_can_no_longer_be_read(string ruleId, string section)
    {
        HostReading[] farm = [GivenPrint.Virtual(1), GivenPrint.Virtual(2), GivenPrint.HyperV("HV1", 1), GivenPrint.HyperV("HV2", 2)];
        var healthy = Examine(ruleId, farm);
        var lost = Examine(ruleId, [.. farm.Select(h => Deny(h, section))]);

        Assert.DoesNotContain(healthy, v => v is Verdict.Unknown);
        Assert.Contains(lost, v => v is Verdict.Unknown);
        Assert.DoesNotContain(lost, v => v is Verdict.Pass or Verdict.Fire);
    }

    private static List<Verdict> Examine(string ruleId, HostReading[] hosts) =>
        [.. ((IExamines<FarmSubject>)RuleCatalogue.Find(ruleId)!).Examine(GivenPrint.Farm(hosts), new RuleContext(Sample.Now, new RuleSettings()))];

    private static HostReading Deny(HostReading host, string section)
    {
        var lens = SectionLens.Find(section)!;
        var before = lens.Get(host);
        return before.Attempt.State == SectionState.Absent ? host : lens.Set(host, before with { Attempt = new(SectionState.Denied, Sample.Now, Reason: "needs Remote Enable") });
    }

    private static HostSubject Node(string name, int priority, params string[] members) => new(Reading(name, priority, members));

    private static HostReading Reading(string name, int priority, string[] members) => Sample.Host with
    {
        Key = name, Name = name, Id = name.ToLowerInvariant(),
        PrintServer = Sample.Read(new PrintServer { Queues = [new("HP-2F", "HP2F")] }),
        LoadBalancing = Sample.Read(new LoadBalancingState
        {
            Clusters =
            [
                new(Address) { HostPriority = priority, Nodes = [.. members.Select(m => new NlbNode(m, null, NlbNodeState.Converged) { IsLocal = m.Split('.')[0].Equals(name, StringComparison.OrdinalIgnoreCase) })] },
            ],
        }),
    };
}

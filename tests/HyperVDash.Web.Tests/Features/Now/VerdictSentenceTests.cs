using System.Collections.Immutable;
using HyperVDash.Model;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Web.Features.Now;
using HyperVDash.Web.Fleet;
using HyperVDash.Web.Tests.Fleet;

namespace HyperVDash.Web.Tests.Features.Now;

public sealed class VerdictSentenceTests
{
    private static readonly AgentLink Well = Fleets.Agent(true, Sample.Host);
    private static readonly AgentLink Mute = new("far agent", new Uri("http://127.0.0.1:2/"), null, false, null);

    [Fact]
    public void All_is_well_only_if_everything_was_read_judged_and_heard() =>
        Assert.Equal(new VerdictSentence("Nothing is wrong that 1 rules look for.", "ok"), Verdict([Well], unknown: 0));

    [Fact]
    public void An_agent_that_was_never_heard_may_hide_anything_and_is_named() =>
        Assert.Equal(new VerdictSentence("No finding is open where we can see. Agent far agent says nothing.", "unknown"), Verdict([Well, Mute], unknown: 0));

    [Fact]
    public void A_finding_does_not_hide_that_agents_are_silent() => Assert.Equal(
        new VerdictSentence("One error finding is open. Agents far agent and near agent say nothing.", "error"),
        Verdict([Well, Mute, Mute with { Name = "near agent", Reason = "Connection refused." }], 0, Fleets.Finding(Severity.Error, Fleets.Ref(Sample.Host))));

    [Theory]
    [InlineData(2, "One host is still being read.")]
    [InlineData(40, "39 hosts are still being read.")]
    public void What_is_open_leads_while_other_hosts_are_still_being_read(int expected, string rest)
    {
        var fleet = new FleetView(Sample.Now, [Well], [Sample.Host], [Fleets.Finding(Severity.Critical, Fleets.Ref(Sample.Host))], [], expected);

        Assert.Equal(new VerdictSentence($"One critical finding is open. {rest}", "critical"), VerdictSentence.Of(fleet));
    }

    [Fact]
    public void While_hosts_are_still_being_read_nothing_is_called_well() => Assert.Equal(
        new VerdictSentence("Reading 40 hosts…", "unknown"), VerdictSentence.Of(new FleetView(Sample.Now, [Well], [Sample.Host], [], [], 40)));

    [Fact]
    public void An_agent_that_lists_no_host_is_not_waited_for_and_the_one_beside_it_that_does_not_answer_is_named_too()
    {
        var idle = Fleets.Agent(true) with { Listed = 0 };
        string Headline(params AgentLink[] agents) => VerdictSentence.Of(new FleetView(Sample.Now, [.. agents], [], [], [], 0)).Headline;

        Assert.Equal("Agent lab agent is set to read no host.", Headline(idle));
        Assert.Equal("Agents lab agent and b are set to read no host.", Headline(idle, idle with { Name = "b" }));
        Assert.Equal("Agent lab agent is set to read no host. Agent far agent does not answer.", Headline(idle, Mute with { Reason = "Connection refused." }));
        Assert.Equal("Waiting for agent far agent…", Headline(idle, Mute));
        Assert.Equal("Waiting for the first agent…", Headline());
    }

    [Theory]
    [InlineData(1, "One check could not be made.")]
    [InlineData(3, "Three checks could not be made.")]
    public void A_check_that_could_not_be_made_is_not_passed(int unknown, string said) =>
        Assert.Equal(new VerdictSentence($"No finding is open where we can see. {said}", "unknown"), Verdict([Well], unknown));

    private static VerdictSentence Verdict(ImmutableArray<AgentLink> agents, int unknown, params Finding[] findings) => VerdictSentence.Of(
        new FleetView(Sample.Now, agents, [Sample.Host], [.. findings], [new RuleTally("HVD401", 4, 4 - unknown, 0, unknown, 0)], 1));
}

using HyperVDash.Model;
using HyperVDash.Model.Fleet;
using HyperVDash.Rules.Engine;
using HyperVDash.Web.Features.Now;
using HyperVDash.Web.Fleet;
using Microsoft.Extensions.Time.Testing;

namespace HyperVDash.Web.Tests.Fleet;

public sealed class FleetFeedTests
{
    private readonly FleetFeed _feed = new(new FakeTimeProvider());

    [Fact]
    public void Two_agents_that_read_one_machine_read_one_host()
    {
        Put("a", "hv01", Sample.Host);
        Put("b", "hv01.lab", Sample.Host);

        Assert.Equal((1, 1, false), (_feed.Current.ExpectedHosts, _feed.Current.Hosts.Length, _feed.Current.IsFirstReading));
    }

    [Fact]
    public void A_key_that_nothing_came_for_is_waited_for()
    {
        Put("a", "hv01", Sample.Host);
        _feed.PutAgent(Link("b"), ["hv01", "hv02"]);

        Assert.Equal((3, true), (_feed.Current.ExpectedHosts, _feed.Current.IsFirstReading));
    }

    [Fact]
    public void A_key_whose_agent_fell_silent_is_not_waited_for_and_makes_nothing_well()
    {
        Put("a", "hv01", Sample.Host);
        _feed.PutAgent(Link("b") with { IsConnected = false, Reason = "Connection refused." }, ["hv02", "hv03"]);

        AssertNotWaitedFor(3, "No finding is open where we can see. Two hosts cannot be fully judged. Agent b says nothing.");
    }

    [Fact]
    public void A_key_whose_stream_is_broken_is_not_waited_for_either()
    {
        Put("a", "hv01", Sample.Host);
        _feed.PutAgent(Link("a") with { Faults = [new("HV02", null, "The agent ended the stream.")] }, ["hv01", "hv02"]);

        AssertNotWaitedFor(2, "No finding is open where we can see. One host cannot be fully judged.");
    }

    [Fact]
    public void If_no_host_was_ever_read_there_is_nothing_but_the_first_reading()
    {
        _feed.PutAgent(Link("a") with { IsConnected = false, Reason = "Connection refused." }, ["hv01", "hv02"]);

        Assert.Equal((2, true), (_feed.Current.ExpectedHosts, _feed.Current.IsFirstReading));
        Assert.Equal(new VerdictSentence("No agent answers yet: a.", "unknown"), VerdictSentence.Of(_feed.Current));
    }

    [Fact]
    public void After_its_agent_started_anew_a_host_is_one_that_was_read_before_and_is_not_well()
    {
        var restarted = SectionMerge.Renew(Sample.Host, new HostReading("hv01", "hv01"));
        Put("a", "hv01", restarted);

        AssertNotWaitedFor(1, "No finding is open where we can see. One host cannot be fully judged.");
    }

    [Fact]
    public void Hosts_of_two_agents_under_one_key_are_two_until_they_tell_their_ids()
    {
        var unread = new HostReading("hv01", "hv01");
        foreach (string agent in (string[])["a", "b"])
        {
            _feed.PutHost(unread, new FindingBook(), FleetFeed.SourceOf(agent, "hv01"));
        }

        Assert.Equal(2, _feed.Current.Hosts.Length);
    }

    [Fact]
    public void A_host_whose_id_changes_leaves_no_ghost_and_one_that_another_source_reads_stays()
    {
        var renamed = Fleets.Named("HV77");
        Put("a", "hv01", Sample.Host);
        Put("a", "hv01", renamed);

        Assert.Equal(["HV77"], _feed.Current.Hosts.Select(h => h.Name));

        Put("b", "hv77", renamed);
        _feed.RemoveSource(FleetFeed.SourceOf("a", "hv01"), renamed.Id!);
        Assert.Equal(["HV77"], _feed.Current.Hosts.Select(h => h.Name));
        _feed.RemoveSource(FleetFeed.SourceOf("b", "hv77"), renamed.Id!);
        Assert.Empty(_feed.Current.Hosts);
    }

    [Fact]
    public void A_word_of_an_agent_that_changes_nothing_makes_no_new_view()
    {
        _feed.PutAgent(Link("a") with { HostIds = ["x"] }, ["hv01"]);
        var before = _feed.Current;

        _feed.PutAgent(Link("a") with { HostIds = ["x"], HeardAt = Sample.Now.AddSeconds(5) }, ["hv01"]);
        Assert.Same(before, _feed.Current);

        _feed.PutAgent(Link("a") with { HostIds = ["x", "y"] }, null);
        Assert.NotSame(before, _feed.Current);
    }

    [Theory]
    [InlineData("", SectionState.Complete)]
    [InlineData("", SectionState.Failed)]
    [InlineData("virtualMachines", SectionState.Complete)]
    [InlineData("no section", SectionState.Complete)]
    public void Why_a_host_was_not_read_when_asked_stands_until_its_next_attempt(string asked, SectionState next)
    {
        Put("a", "hv01", Sample.Host);
        _feed.PutRefusal(Sample.Host.Id!, "Agent a did not read: Connection refused.", asked);
        Put("a", "hv01", Sample.Host);
        Put("a", "hv01", Sample.Host with { Guests = Tried(Sample.Host.Guests, SectionState.Complete) });
        Assert.Equal("Agent a did not read: Connection refused.", _feed.Current.Hosts[0].Refusal);

        Put("a", "hv01", Sample.Host with { VirtualMachines = Tried(Sample.Host.VirtualMachines, next) });
        Assert.Null(_feed.Current.Hosts[0].Refusal);
    }

    [Fact]
    public void A_refusal_to_read_certain_sections_is_over_when_each_of_them_was_tried()
    {
        Put("a", "hv01", Sample.Host);
        _feed.PutRefusal(Sample.Host.Id!, "The host did not answer within 30 s.", "devices, guests");

        var half = Sample.Host with { VirtualMachines = Tried(Sample.Host.VirtualMachines, SectionState.Complete), Devices = Tried(Sample.Host.Devices, SectionState.Complete) };
        Put("a", "hv01", half);
        Assert.NotNull(_feed.Current.Hosts[0].Refusal);

        Put("a", "hv01", half with { Guests = Tried(Sample.Host.Guests, SectionState.Failed) });
        Assert.Null(_feed.Current.Hosts[0].Refusal);
    }

    [Fact]
    public void A_host_that_left_and_comes_back_brings_no_refusal_with_it()
    {
        Put("a", "hv01", Sample.Host);
        _feed.PutRefusal(Sample.Host.Id!, "Agent a did not read: Connection refused.", "");
        _feed.RemoveSource(FleetFeed.SourceOf("a", "hv01"), Sample.Host.Id!);

        Put("a", "hv01", Sample.Host);

        Assert.Null(_feed.Current.Hosts[0].Refusal);
    }

    [Theory]
    [InlineData(Origin.Lab, "lab")]
    [InlineData(Origin.Capture, "capture")]
    [InlineData(Origin.Host, "host")]
    public void Origin_of_the_fleet_is_that_of_its_readings(Origin origin, string word) => Assert.Equal(word, Fleets.Of(Sample.Host with { Origin = origin }).OriginWord);

    private void AssertNotWaitedFor(int expected, string headline)
    {
        Assert.Equal((expected, false, false), (_feed.Current.ExpectedHosts, _feed.Current.IsFirstReading, _feed.Current.IsFullyKnown));
        Assert.Equal(new VerdictSentence(headline, "unknown"), VerdictSentence.Of(_feed.Current));
    }

    private static Section<T> Tried<T>(Section<T> section, SectionState state) where T : class => section with { Attempt = new(state, Sample.Now.AddSeconds(30)) };

    private void Put(string agent, string key, HostReading reading)
    {
        _feed.PutAgent(Link(agent), [key]);
        _feed.PutHost(reading, new FindingBook());
        _feed.PutSource(FleetFeed.SourceOf(agent, key), reading.Id!);
    }

    private static AgentLink Link(string name) => new(name, new Uri("http://127.0.0.1:1/"), Sample.Now, true, null);
}

using HyperVDash.Model;
using HyperVDash.Model.Findings;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Web.Features.Now;
using HyperVDash.Web.Fleet;

namespace HyperVDash.Web.Tests.Fleet;

public sealed class FleetViewTests
{
    [Fact]
    public void While_its_only_agent_is_silent_a_host_is_not_current_and_nothing_of_it_looks_well()
    {
        var fleet = new FleetView(Sample.Now, [Fleets.Agent(false, Sample.Host)], [Sample.Host], [], [], 1);

        Assert.False(fleet.Hosts[0].IsCurrent);
        Assert.Equal("unknown", fleet.StandingOf(fleet.Hosts[0]));
        Assert.Equal("ok-stale", fleet.VirtualMachines[0].Standing);
        Assert.Equal("No finding is open where we can see. One host cannot be fully judged. Agent lab agent says nothing.", VerdictSentence.Of(fleet).Headline);
    }

    [Fact]
    public void A_host_that_another_agent_still_reads_is_current()
    {
        var other = Fleets.Agent(true, Sample.Host) with { Name = "other" };
        var fleet = new FleetView(Sample.Now, [Fleets.Agent(false, Sample.Host), other], [Sample.Host], [], [], 1);

        Assert.True(fleet.Hosts[0].IsCurrent);
    }

    [Fact]
    public void An_agent_that_was_not_asked_yet_is_not_silent() =>
        Assert.Empty(new FleetView(Sample.Now, [Fleets.Agent(false, Sample.Host) with { Reason = null }], [Sample.Host], [], [], 1).SilentAgents);

    [Fact]
    public void A_host_without_fresh_data_is_not_current_although_its_last_reading_was_complete()
    {
        var fleet = Sample.Host.With(Fleets.Finding(Severity.Warning, Fleets.Ref(Sample.Host), "HVD110"));

        Assert.False(fleet.Hosts[0].IsCurrent);
        Assert.Equal("unknown", fleet.StandingOf(fleet.Hosts[0]));
    }

    [Fact]
    public void Before_the_first_reading_the_verdict_is_that_hosts_are_being_read()
    {
        var fleet = new FleetView(Sample.Now, [], [Sample.Host], [], [], expectedHosts: 3);

        Assert.Equal(new VerdictSentence("Reading 3 hosts…", "unknown"), VerdictSentence.Of(fleet));
    }

    [Fact]
    public void A_host_that_was_never_tried_is_waited_for_only_while_its_agent_speaks_of_it()
    {
        var untried = Fleets.Named("HV02") with { VirtualMachines = new() };
        FleetView With(bool isConnected) =>
            new(Sample.Now, [Fleets.Agent(true, Sample.Host), Fleets.Agent(isConnected, untried) with { Name = "other" }], [Sample.Host, untried], [], [], 2);

        Assert.Equal((true, 1), (With(true).IsFirstReading, With(true).TriedHosts));
        Assert.Equal((false, 1), (With(false).IsFirstReading, With(false).TriedHosts));
        Assert.False(With(false).IsFullyKnown);
    }

    [Theory]
    [InlineData(VirtualMachineState.Running, VirtualMachineHealth.Ok, "ok")]
    [InlineData(VirtualMachineState.Running, VirtualMachineHealth.Unknown, "unknown")]
    [InlineData(VirtualMachineState.Running, VirtualMachineHealth.Critical, "critical")]
    [InlineData(VirtualMachineState.Running, VirtualMachineHealth.Degraded, "warning")]
    [InlineData(VirtualMachineState.Off, VirtualMachineHealth.Ok, "off")]
    [InlineData(VirtualMachineState.Saved, VirtualMachineHealth.Ok, "off")]
    [InlineData(VirtualMachineState.Paused, VirtualMachineHealth.Ok, "info")]
    [InlineData(VirtualMachineState.Other, VirtualMachineHealth.Ok, "unknown")]
    public void Every_state_has_its_shape(VirtualMachineState state, VirtualMachineHealth health, string shape) =>
        Assert.Equal(shape, Standing.Of(Sample.Vm with { State = state, Health = health }));

    [Fact]
    public void Unknown_outranks_a_warning_and_an_error_outranks_unknown()
    {
        Assert.Equal("unknown", Standing.Of([Fleets.Finding(Severity.Warning, Fleets.Ref(Sample.Host))], isFullyKnown: false));
        Assert.Equal("error", Standing.Of([Fleets.Finding(Severity.Error, Fleets.Ref(Sample.Host))], isFullyKnown: false));
        Assert.Equal("ok", Standing.Of([], isFullyKnown: true));
    }
}

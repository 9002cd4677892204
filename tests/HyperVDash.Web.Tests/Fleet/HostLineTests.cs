using HyperVDash.Model;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Guests;
using HyperVDash.Model.Hosts;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Web.Features.Hosts;
using HyperVDash.Web.Features.Now;
using HyperVDash.Web.Fleet;

namespace HyperVDash.Web.Tests.Fleet;

public sealed class HostLineTests
{
    [Theory]
    [InlineData(SectionState.Complete, "ok")]
    [InlineData(SectionState.Absent, "ok")]
    [InlineData(SectionState.Off, "ok")]
    [InlineData(SectionState.Unsupported, "ok")]
    [InlineData(SectionState.Pending, "unknown")]
    [InlineData(SectionState.Partial, "unknown")]
    [InlineData(SectionState.Denied, "unknown")]
    [InlineData(SectionState.Failed, "unknown")]
    [InlineData(SectionState.Unknown, "unknown")]
    public void A_host_is_well_only_if_every_section_that_it_can_have_was_read_whole(SectionState updates, string shape)
    {
        var fleet = Fleets.Of(Sample.Host with { Updates = Sample.Host.Updates with { Attempt = new(updates, Sample.Now) } });

        AssertStands(shape, fleet);
    }

    [Fact]
    public void A_section_that_never_came_hides_what_it_would_tell() => AssertStands("unknown", Fleets.Of(Sample.Host with { Updates = new() }));

    [Theory]
    [InlineData(90, SectionKnowledge.Whole)]
    [InlineData(91, SectionKnowledge.Old)]
    public void What_was_read_whole_is_old_when_two_intervals_and_30_s_have_passed_without_a_new_reading(int seconds, SectionKnowledge knowledge)
    {
        var then = Sample.Now.AddSeconds(0.5 - seconds);
        var fleet = Fleets.Of(Sample.Host with { Switches = Sample.Host.Switches with { ReadAt = then, Attempt = new(SectionState.Complete, then) } });

        Assert.Equal(knowledge, fleet.Hosts[0].KnowledgeOf("switches"));
        AssertStands(knowledge == SectionKnowledge.Whole ? "ok" : "unknown", fleet);
    }

    [Fact]
    public void What_was_captured_does_not_grow_old()
    {
        var host = new HostLine(Sample.Host with { CapturedAt = Sample.Now }, Sample.Now.AddYears(1));

        Assert.True(host.IsFullyKnown);
    }

    [Fact]
    public void Of_many_sections_in_one_state_their_number_is_told_and_of_few_their_names()
    {
        var fleet = Fleets.Of(Sample.Host with
        {
            Roles = Sample.Failed<RoleList>(SectionState.Denied, "no right"), Updates = new(), Licence = new(), EventLog = new(), Volumes = new(),
        });

        Assert.Equal("roles access denied, 4 sections not read yet", HostWords.Troubles(fleet.Hosts[0]));
    }

    [Theory]
    [InlineData(SectionState.Complete, "ok")]
    [InlineData(SectionState.Absent, "ok")]
    [InlineData(SectionState.Denied, "unknown")]
    [InlineData(SectionState.Failed, "unknown")]
    [InlineData(SectionState.Partial, "unknown")]
    [InlineData(SectionState.Pending, "unknown")]
    public void A_VM_is_well_only_if_its_devices_were_read_whole(SectionState devices, string shape)
    {
        var fleet = Fleets.Of(Sample.Host with { Devices = Sample.Host.Devices with { Attempt = new(devices, Sample.Now) } });

        Assert.Equal(shape, fleet.VirtualMachines[0].Standing);
    }

    [Theory]
    [InlineData(VirtualMachineState.Running, "unknown")]
    [InlineData(VirtualMachineState.Off, "off")]
    public void A_running_VM_is_well_only_if_what_guests_tell_was_read(VirtualMachineState state, string shape)
    {
        var fleet = Fleets.Of(Sample.Host with { VirtualMachines = Sample.Read(new VirtualMachineList { Items = [Sample.Vm with { State = state }] }), Guests = Sample.Failed<GuestList>(SectionState.Denied, "no right") });

        Assert.Equal(shape, fleet.VirtualMachines[0].Standing);
    }

    [Fact]
    public void An_error_of_a_VM_is_seen_although_its_devices_are_not_and_a_warning_is_not_enough()
    {
        var host = Sample.Host with { Devices = new() };

        Assert.Equal("error", host.With(Fleets.Finding(Severity.Error, Fleets.Ref(Sample.Vm))).VirtualMachines[0].Standing);
        Assert.Equal("unknown", host.With(Fleets.Finding(Severity.Warning, Fleets.Ref(Sample.Vm))).VirtualMachines[0].Standing);
    }

    [Fact]
    public void A_VM_whose_devices_are_old_looks_old()
    {
        var devices = Sample.Host.Devices with { ReadAt = Sample.Now.AddHours(-1) };

        Assert.Equal("ok-stale", Fleets.Of(Sample.Host with { Devices = devices }).VirtualMachines[0].Standing);
    }

    [Theory]
    [InlineData(SectionState.Complete, "ok")]
    [InlineData(SectionState.Partial, "unknown")]
    [InlineData(SectionState.Failed, "unknown")]
    public void A_switch_is_well_only_if_the_switches_of_its_host_were_read_whole(SectionState switches, string shape)
    {
        var fleet = Fleets.Of(Sample.Host with { Switches = Sample.Host.Switches with { Attempt = new(switches, Sample.Now) } });

        Assert.Equal(shape, fleet.Switches[0].Standing);
    }

    [Fact]
    public void A_host_of_which_alone_its_agent_tells_nothing_is_not_current_and_says_why()
    {
        var other = Fleets.Named("HV02");
        var agent = Fleets.Agent(true, Sample.Host, other) with { Faults = [new("hv02", other.Id, "The stream is broken.")] };
        var fleet = new FleetView(Sample.Now, [agent], [Sample.Host, other], [], [], 2);

        Assert.Equal([true, false], fleet.Hosts.Select(h => h.IsCurrent));
        Assert.Equal("Agent lab agent tells nothing of it: The stream is broken.", fleet.Hosts[1].WhyNotCurrent);
        Assert.Empty(fleet.SilentAgents);
    }

    /// <summary>Every place that judges the host says the same.</summary>
    private static void AssertStands(string shape, FleetView fleet)
    {
        bool isWell = shape == "ok";
        Assert.Equal(shape, fleet.StandingOf(fleet.Hosts[0]));
        Assert.Equal(isWell, SectionCoverage.Of(fleet.Hosts[0]).IsWhole);
        Assert.Equal(isWell, SectionCoverage.Of(fleet.Hosts[0]).Unknown == 0);
        Assert.Equal(shape, VerdictSentence.Of(fleet).Kind);
        Assert.Equal(shape, Assert.Single(GroupTile.Of(fleet)).Kind);
    }
}

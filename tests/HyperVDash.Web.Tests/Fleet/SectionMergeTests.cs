using HyperVDash.Model;
using HyperVDash.Model.Fleet;
using HyperVDash.Web.Fleet;

namespace HyperVDash.Web.Tests.Fleet;

public sealed class SectionMergeTests
{
    private static readonly HostReading JustStarted = new(Sample.Host.Key, Sample.Host.Key) { Revision = "f-1" };

    [Fact]
    public void An_agent_that_starts_anew_wipes_nothing_that_was_known()
    {
        var renewed = SectionMerge.Renew(Sample.Host, JustStarted);

        Assert.Equal((Sample.Host.Id, Sample.Host.Name, "f-1"), (renewed.Id, renewed.Name, renewed.Revision));
        Assert.Equal(Sample.Host.VirtualMachines.Content, renewed.VirtualMachines.Content);
        Assert.Equal(Sample.Host.VirtualMachines.ReadAt, renewed.VirtualMachines.ReadAt);
        Assert.False(renewed.VirtualMachines.IsReadable());
        Assert.Equal("The agent started anew and has not read it yet.", renewed.VirtualMachines.Attempt.Reason);
    }

    [Fact]
    public void That_a_host_had_no_such_feature_is_remembered_as_read_when_its_agent_starts_anew()
    {
        var none = Sample.Host with { VirtualMachines = new() { ReadAt = Sample.Now, TookMs = 3, Attempt = new(SectionState.Absent, Sample.Now) } };

        var renewed = SectionMerge.Renew(none, JustStarted).VirtualMachines;

        Assert.Equal((Sample.Now, SectionState.Pending, false), (renewed.ReadAt, renewed.Attempt.State, renewed.HasContent()));
    }

    [Fact]
    public void What_it_has_read_replaces_what_was_known()
    {
        var read = JustStarted with { Id = Sample.Host.Id, VirtualMachines = Sample.Read(new HyperVDash.Model.VirtualMachines.VirtualMachineList()) };

        Assert.Empty(SectionMerge.Renew(Sample.Host, read).VirtualMachines.Content!.Items);
    }

    [Fact]
    public void Another_host_under_the_same_key_inherits_nothing()
    {
        var other = JustStarted with { Id = "another" };

        Assert.Same(other, SectionMerge.Renew(Sample.Host, other));
    }

    [Theory]
    [InlineData(SectionState.Failed)]
    [InlineData(SectionState.Denied)]
    [InlineData(SectionState.Pending)]
    [InlineData(SectionState.Unknown)]
    public void A_section_that_could_not_be_read_keeps_what_was_known_and_says_why(SectionState state)
    {
        var taken = SectionMerge.Take(Sample.Host, Unread(state), "virtualMachines");

        Assert.Equal((Sample.Host.VirtualMachines.Content, Sample.Host.VirtualMachines.ReadAt, Sample.Host.VirtualMachines.TookMs), (taken.VirtualMachines.Content, taken.VirtualMachines.ReadAt, taken.VirtualMachines.TookMs));
        Assert.Equal((state, "The host is down."), (taken.VirtualMachines.Attempt.State, taken.VirtualMachines.Attempt.Reason));
        Assert.Equal(taken.VirtualMachines, SectionMerge.Renew(Sample.Host, Unread(state)).VirtualMachines);
    }

    [Fact]
    public void A_feature_that_is_gone_takes_its_content_with_it()
    {
        Assert.Null(SectionMerge.Take(Sample.Host, Unread(SectionState.Absent), "virtualMachines").VirtualMachines.Content);
        Assert.Null(SectionMerge.Renew(Sample.Host, Unread(SectionState.Absent)).VirtualMachines.Content);
    }

    [Fact]
    public void An_event_touches_no_section_but_the_one_it_names()
    {
        var news = SectionLens.All.Aggregate(Sample.Host with { Name = "OTHER", Revision = "e-9" }, (reading, lens) => lens.Set(reading, lens.Get(reading) with
        {
            ReadAt = Sample.Now.AddMinutes(1), TookMs = 99, Revision = 9, Attempt = new(SectionState.Complete, Sample.Now.AddMinutes(1), 99),
        }));

        var taken = SectionMerge.Take(Sample.Host, news, "switches");

        Assert.Equal(news.Switches, taken.Switches);
        Assert.Equal(Sample.Host, taken with { Switches = Sample.Host.Switches });
    }

    [Fact]
    public void An_event_that_names_a_section_of_tomorrow_touches_none() =>
        Assert.Equal(Sample.Host, SectionMerge.Take(Sample.Host, Unread(SectionState.Absent), "a section of tomorrow"));

    private static HostReading Unread(SectionState state) =>
        JustStarted with { Id = Sample.Host.Id, VirtualMachines = new() { Attempt = new() { State = state, Reason = "The host is down." } } };
}

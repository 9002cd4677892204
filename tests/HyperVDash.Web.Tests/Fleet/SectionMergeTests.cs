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
}

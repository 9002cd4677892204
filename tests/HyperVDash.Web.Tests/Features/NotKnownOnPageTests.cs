using Bunit;
using HyperVDash.Model;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Switches;
using HyperVDash.Rules.Engine;
using HyperVDash.Web.Features.Disks;
using HyperVDash.Web.Features.Hosts;
using HyperVDash.Web.Features.Now;
using HyperVDash.Web.Features.Switches;
using HyperVDash.Web.Features.VirtualMachines;
using HyperVDash.Web.Fleet;
using HyperVDash.Web.Tests.Fleet;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace HyperVDash.Web.Tests.Features;

/// <summary>What a host did not say is neither nothing nor a fact.</summary>
public sealed class NotKnownOnPageTests : BunitContext
{
    private static readonly HostReading Denied = Sample.Host with { VirtualMachines = new() { Attempt = new() { State = SectionState.Denied, Reason = "The account may not." } } };

    private static readonly FakeTimeProvider Time = new(Sample.Now);

    private readonly FleetFeed _feed = new(Time);

    public NotKnownOnPageTests()
    {
        Services.AddSingleton<IFleetFeed>(_feed);
        Services.AddSingleton<TimeProvider>(Time);
        Services.AddScoped<AntiforgeryStateProvider, NoToken>();
    }

    [Fact]
    public void A_host_that_does_not_list_its_VMs_has_not_none_of_them()
    {
        _feed.PutHost(Denied, new FindingBook());

        var page = Render<HostPage>(p => p.Add(c => c.Id, Denied.Id!));

        Assert.Contains("VMs not known", page.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("0 VMs", page.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("0 in the list", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_page_counts_no_VMs_of_it_either()
    {
        _feed.PutHost(Denied, new FindingBook());

        var page = Render<NowPage>();

        Assert.Contains("VMs not known", page.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("0 of 0", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_of_VMs_is_not_called_empty_while_a_host_may_not_tell()
    {
        _feed.PutHost(Denied, new FindingBook());

        var page = Render<VmsPage>();

        Assert.Contains("noright", page.Find(".empty").ClassName, StringComparison.Ordinal);
        Assert.DoesNotContain("No host lists any VM", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_of_VMs_is_empty_if_every_host_says_so()
    {
        _feed.PutHost(Fleets.Named("HV01"), new FindingBook());

        Assert.Contains("No host lists any VM", Render<VmsPage>().Find(".empty.good").TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SectionState.Partial, 0, "failed")]
    [InlineData(SectionState.Complete, 60, "failed")]
    [InlineData(SectionState.Pending, 0, "notcollected")]
    [InlineData(SectionState.Off, 0, "notcollected")]
    public void A_list_is_not_called_empty_if_a_part_of_it_is_missing_old_or_was_never_read(SectionState state, int minutes, string kind)
    {
        var host = Sample.Host with { Switches = new(new VirtualSwitchList()) { ReadAt = Sample.Now.AddMinutes(-minutes), Attempt = new(state, Sample.Now.AddMinutes(-minutes)) } };
        _feed.PutHost(host, new FindingBook());

        Assert.Contains(kind, Render<SwitchesPage>().Find(".empty").ClassName, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_of_disks_is_not_called_empty_before_it_was_read()
    {
        _feed.PutHost(Sample.Host with { VirtualDisks = new() }, new FindingBook());

        var page = Render<DisksPage>();

        Assert.Empty(page.FindAll(".empty.good"));
        Assert.Contains("No disks known", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_page_does_not_say_that_everything_was_read_while_a_section_was_not()
    {
        _feed.PutHost(Sample.Host with { Updates = new() }, new FindingBook());

        var page = Render<NowPage>();

        Assert.DoesNotContain("Every section of every host was read", page.Markup, StringComparison.Ordinal);
        Assert.Contains("HV01: updates not read yet", page.Markup, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("ul.fl.one [href='#s-ok']"));
    }

    [Fact]
    public void The_first_page_and_the_list_of_hosts_are_green_when_everything_was_read()
    {
        _feed.PutAgent(Fleets.Agent(true, Sample.Host), null);
        _feed.PutHost(Sample.Host, new FindingBook());

        var page = Render<NowPage>();

        Assert.Contains("Every section of every host was read", page.Markup, StringComparison.Ordinal);
        Assert.Single(page.FindAll("ul.fl.one [href='#s-ok']"));
        Assert.Single(Render<HostsPage>().FindAll("tbody td.key [href='#s-ok']"));
    }

    [Fact]
    public void A_section_that_was_not_read_again_in_time_is_old_in_the_list_of_sections()
    {
        _feed.PutHost(Sample.Host with { Switches = Sample.Host.Switches with { ReadAt = Sample.Now.AddMinutes(-5) } }, new FindingBook());

        var page = Render<HostPage>(p => p.Add(c => c.Id, Sample.Host.Id!));

        Assert.Contains("Not fully judged: 1 of ", page.Markup, StringComparison.Ordinal);
        var row = page.FindAll("table.sec tr").Single(r => r.TextContent.Contains("switches", StringComparison.Ordinal));
        Assert.Contains("old", row.TextContent, StringComparison.Ordinal);
        Assert.Contains("Two intervals have passed without a new reading.", row.TextContent, StringComparison.Ordinal);
        Assert.NotNull(row.QuerySelector("[href='#s-ok-stale']"));
    }

    [Theory]
    [InlineData(SectionState.Failed, "whether it is clustered is not known")]
    [InlineData(SectionState.Absent, "not clustered")]
    public void A_VM_is_not_clustered_only_if_its_host_says_so(SectionState state, string said)
    {
        var host = Sample.Host with { Cluster = new() { Attempt = new() { State = state } } };
        _feed.PutHost(host, new FindingBook());

        var page = Render<VmPage>(p => p.Add(c => c.Id, Sample.Vm.Id.ToString()));

        Assert.Contains($", {said}", page.Find(".ph").TextContent, StringComparison.Ordinal);
    }

    private sealed class NoToken : AntiforgeryStateProvider
    {
        public override AntiforgeryRequestToken? GetAntiforgeryToken() => null;
    }
}

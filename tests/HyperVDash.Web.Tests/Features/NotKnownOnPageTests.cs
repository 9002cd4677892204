using System.Net;
using Bunit;
using HyperVDash.Model;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Switches;
using HyperVDash.Rules.Engine;
using HyperVDash.Web.Components.Layout;
using HyperVDash.Web.Features.Disks;
using HyperVDash.Web.Features.Hosts;
using HyperVDash.Web.Features.Now;
using HyperVDash.Web.Features.Print;
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

    private static readonly HostReading PrintServer = Fleets.Named("PRT1") with { VirtualMachines = new() { ReadAt = Sample.Now, Attempt = new(SectionState.Absent, Sample.Now) } };

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
    public void A_host_without_Hyper_V_is_known_to_run_no_VM()
    {
        _feed.PutHost(Sample.Host, new FindingBook());
        _feed.PutHost(PrintServer, new FindingBook());

        var hosts = Render<NowPage>().FindAll("section.panel").Single(s => s.QuerySelector("h2")?.TextContent == "Hosts");

        Assert.Equal("1 of 1 VMs run", hosts.QuerySelector("header .meta")!.TextContent);
        Assert.Equal("no Hyper-V", hosts.QuerySelectorAll("li").Single(l => l.TextContent.Contains("PRT1", StringComparison.Ordinal)).LastElementChild!.TextContent);
        Assert.Equal("–", Render<HostsPage>().FindAll("tbody tr").Single(r => r.TextContent.Contains("PRT1", StringComparison.Ordinal)).QuerySelector("[data-b='VMs']")!.TextContent);
    }

    [Fact]
    public void Of_hosts_that_do_not_list_their_VMs_the_number_is_told()
    {
        _feed.PutHost(PrintServer, new FindingBook());
        _feed.PutHost(Denied, new FindingBook());
        Assert.Contains("VMs not known", Render<NowPage>().Markup, StringComparison.Ordinal);

        _feed.PutHost(Fleets.Named("HV09", Sample.Vm), new FindingBook());
        Assert.Contains("1 of 1 VMs run, those of one host not known", Render<NowPage>().Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_of_a_host_without_Hyper_V_says_so()
    {
        _feed.PutHost(PrintServer, new FindingBook());

        var page = Render<HostPage>(p => p.Add(c => c.Id, PrintServer.Id!));

        Assert.Contains("no Hyper-V", page.Find(".ph").TextContent, StringComparison.Ordinal);
        Assert.Contains("It has no Hyper-V, so there is no VM on it.", page.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("VMs not known", page.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("VMs are not known", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_the_only_agent_lists_no_host_every_page_says_so_and_what_to_do()
    {
        _feed.PutAgent(Fleets.Agent(true) with { Listed = 0 }, []);

        string[] pages = [Render<NowPage>().Markup, Render<VmsPage>().Markup, Render<HostsPage>().Markup, Render<PrintPage>().Markup];

        Assert.All(pages, p => Assert.Contains("Agent lab agent is set to read no host.", p, StringComparison.Ordinal));
        Assert.All(pages, p => Assert.Contains("Agent:Targets", p, StringComparison.Ordinal));
        Assert.All(pages, p => Assert.DoesNotContain("Waiting for", p, StringComparison.Ordinal));
        Assert.Contains("No host to read", Render<Freshness>(p => p.Add(f => f.Fleet, _feed.Current)).Markup, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "The hosts are still being read; it may appear in a moment.")]
    [InlineData(false, "No host has the id 'hv77'.")]
    public void What_nobody_knows_may_appear_in_a_moment_only_while_something_is_still_being_read(bool isConnected, string said)
    {
        _feed.PutHost(Sample.Host, new FindingBook());
        _feed.PutAgent(Fleets.Agent(isConnected), ["hv02"]);

        Assert.Contains(said, WebUtility.HtmlDecode(Render<HostPage>(p => p.Add(c => c.Id, "hv77")).Markup), StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_is_not_called_empty_while_an_agent_tells_nothing_of_a_host()
    {
        _feed.PutAgent(Fleets.Agent(true) with { Faults = [new("hv02", null, "The agent ended the stream.")] }, ["hv02"]);
        _feed.PutHost(Fleets.Named("HV01"), new FindingBook());

        Assert.Empty(Render<VmsPage>().FindAll(".empty.good"));
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

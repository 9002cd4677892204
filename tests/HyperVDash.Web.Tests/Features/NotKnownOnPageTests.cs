using Bunit;
using HyperVDash.Model;
using HyperVDash.Model.Fleet;
using HyperVDash.Rules.Engine;
using HyperVDash.Web.Features.Hosts;
using HyperVDash.Web.Features.Now;
using HyperVDash.Web.Features.VirtualMachines;
using HyperVDash.Web.Fleet;
using HyperVDash.Web.Tests.Fleet;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.Extensions.DependencyInjection;

namespace HyperVDash.Web.Tests.Features;

/// <summary>What a host did not say is neither nothing nor a fact.</summary>
public sealed class NotKnownOnPageTests : BunitContext
{
    private static readonly HostReading Denied = Sample.Host with { VirtualMachines = new() { Attempt = new() { State = SectionState.Denied, Reason = "The account may not." } } };

    private readonly FleetFeed _feed = new(TimeProvider.System);

    public NotKnownOnPageTests()
    {
        Services.AddSingleton<IFleetFeed>(_feed);
        Services.AddSingleton(TimeProvider.System);
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

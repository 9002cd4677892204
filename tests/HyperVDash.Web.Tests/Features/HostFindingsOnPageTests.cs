using System.Runtime.CompilerServices;
using Bunit;
using HyperVDash.Model;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Rules.Engine;
using HyperVDash.Web.Features.Clusters;
using HyperVDash.Web.Features.Findings;
using HyperVDash.Web.Features.Hosts;
using HyperVDash.Web.Features.Now;
using HyperVDash.Web.Fleet;
using HyperVDash.Web.Tests.Fleet;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace HyperVDash.Web.Tests.Features;

/// <summary>Every place says the same of a host: how many findings are on it, and that two targets lead to it.</summary>
public sealed class HostFindingsOnPageTests : BunitContext
{
    private static readonly HostReading Host = Fleets.Named("HV01", Fleets.Vm(1, "vm1")) with
    {
        Cluster = Sample.Read(new ClusterView { Id = "c1", Name = "LAB", Nodes = [new("HV01", ClusterNodeState.Up)] }),
    };

    private static readonly FakeTimeProvider Time = new(Sample.Now);

    private readonly FleetFeed _feed = new(Time);
    private readonly OneView _shown = new();

    public HostFindingsOnPageTests()
    {
        Services.AddSingleton<IFleetFeed>(_shown);
        Services.AddSingleton<TimeProvider>(Time);
        Services.AddScoped<AntiforgeryStateProvider, NoToken>();
    }

    [Fact]
    public void The_list_of_hosts_the_hosts_page_the_chip_and_the_tile_count_the_same_findings()
    {
        Put([Volume, Fleets.Finding(Severity.Error, Fleets.Ref(Fleets.Vm(1, "vm1"), Host)), Fleets.Finding(Severity.Info, Fleets.Ref(Host))]);

        Assert.Equal("3", Cell(Render<HostsPage>()));
        Assert.Equal("3", Cell(Render<ClustersPage>()));
        Assert.Equal("3", Render<FindingsPage>().FindAll("a.chip").Single(c => c.TextContent.StartsWith("HV01", StringComparison.Ordinal)).QuerySelector(".n")!.TextContent);
        Assert.Equal(3, Assert.Single(GroupTile.Of(_shown.Current)).Findings.Length);
        var page = Render<HostPage>(p => p.Add(c => c.Id, Host.Id!));
        Assert.Contains("3 open on it and its VMs", page.Markup, StringComparison.Ordinal);
        Assert.Contains(Volume.Title, page.Markup, StringComparison.Ordinal);

        Services.GetRequiredService<NavigationManager>().NavigateTo($"findings?host={Host.Id}");
        Assert.Equal(3, Render<FindingsPage>().FindAll("a.fr").Count);
    }

    [Fact]
    public void One_finding_is_not_called_findings()
    {
        Put([Volume]);

        Assert.Equal("finding", Render<HostsPage>().Find("tr[data-row] td.num").GetAttribute("data-l"));
        Assert.Equal("finding", Render<ClustersPage>().FindAll("tr[data-row] td.num")[^1].GetAttribute("data-l"));
    }

    [Fact]
    public void Two_targets_of_one_agent_that_lead_to_one_host_are_named_on_the_first_page_in_the_list_and_on_the_hosts_page()
    {
        PutTwice("a", "a");
        const string said = "Targets hv01 and hv01.lab of agent a lead to one host, HV01, which is shown once. Remove one of the two from Agent:Targets in the settings of that agent; if they are different machines, they tell the same machine UUID and name.";

        Assert.Equal(said, Note(Render<NowPage>()));
        Assert.Equal(said, Note(Render<HostsPage>()));
        Assert.Equal(said, Note(Render<HostPage>(p => p.Add(c => c.Id, Host.Id!))));

        _feed.RemoveSource(FleetFeed.SourceOf("a", "hv01.lab"), Host.Id!);
        _shown.Current = _feed.Current;
        Assert.Null(Note(Render<HostsPage>()));
    }

    [Fact]
    public void Two_agents_may_share_a_host_on_purpose_so_the_first_page_is_silent_about_it()
    {
        PutTwice("a", "b");

        Assert.Null(Note(Render<NowPage>()));
        Assert.StartsWith("Target hv01 of agent a, and target hv01.lab of agent b lead to one host, HV01, which is shown once. If one agent is enough, remove one of the two", Note(Render<HostsPage>()), StringComparison.Ordinal);
    }

    private static Finding Volume => Fleets.Finding(Severity.Warning, new(ObjectKind.Volume, $"{Host.Id}/e", "E: on HV01", Host.Id), "HVD901");

    private void Put(Finding[] findings) => _shown.Current = Host.With(findings);

    private void PutTwice(string first, string second)
    {
        _feed.PutHost(Host, new FindingBook());
        foreach (var agent in new[] { (Name: first, Key: "hv01"), (Name: second, Key: "hv01.lab") }.GroupBy(a => a.Name))
        {
            _feed.PutAgent(new AgentLink(agent.Key, new Uri("http://127.0.0.1:1/"), Sample.Now, true, null), [.. agent.Select(a => a.Key)]);
            foreach (var (name, key) in agent)
            {
                _feed.PutSource(FleetFeed.SourceOf(name, key), Host.Id!);
            }
        }

        _shown.Current = _feed.Current;
    }

    private static string Cell<T>(IRenderedComponent<T> page) where T : IComponent => page.FindAll("tr[data-row] td[data-l^=finding]").Single().TextContent.Trim();

    private static string? Note<T>(IRenderedComponent<T> page) where T : IComponent => page.FindAll("p.note").SingleOrDefault(n => n.TextContent.Contains("lead to one host", StringComparison.Ordinal))?.TextContent.Trim();

    private sealed class OneView : IFleetFeed
    {
        public FleetView Current { get; set; } = FleetView.Empty;

        public async IAsyncEnumerable<FleetView> FollowAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            yield return Current;
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
    }

    private sealed class NoToken : AntiforgeryStateProvider
    {
        public override AntiforgeryRequestToken? GetAntiforgeryToken() => null;
    }
}

using Bunit;
using HyperVDash.Agent.Commands;
using HyperVDash.Agent.Targets;
using HyperVDash.Model.Fleet;
using HyperVDash.Rules.Engine;
using HyperVDash.Web.Features.Print;
using HyperVDash.Web.Fleet;
using Microsoft.Extensions.DependencyInjection;

namespace HyperVDash.Web.Tests.Features;

/// <summary>The page of print farms over the lab that has two of them.</summary>
public sealed class PrintPageTests : BunitContext
{
    private readonly FleetFeed _feed = new(TimeProvider.System);

    public PrintPageTests()
    {
        Services.AddSingleton<IFleetFeed>(_feed);
        Services.AddSingleton(TimeProvider.System);
    }

    [Fact]
    public async Task Farms_stand_with_their_nodes_and_what_differs_is_marked()
    {
        await PutAsync("print-farm");

        var farms = PrintFarmView.Of(_feed.Current);

        Assert.Equal(["printnlb.lab.example", "labels.lab.example"], farms.Select(f => f.Title));
        Assert.Equal(["PRT1", "PRT2"], farms[0].Nodes.Select(n => n.Host.Name));
        Assert.Equal(["HP1F", "HP2F", "PLOTTER", "SCAN"], farms[0].Queues.Select(q => q.ShareName));
        Assert.Equal([true, false, false, false], farms[0].Queues.Select(q => q.IsEqual));
        Assert.Equal(["driver file"], farms[0].Queues[1].Differing);
        Assert.Equal(["printer", "comment"], farms[0].Queues[2].Differing);
        Assert.True(farms[0].Queues[3].Cells[1].IsMissing);
        Assert.All(farms[1].Queues, q => Assert.True(q.IsEqual));
        Assert.All(farms[1].Names, n => Assert.True(n.IsRight));
        Assert.Equal([("oldprn1.lab.example", true), ("oldprn2.lab.example", false), ("printnlb.lab.example", false)],
            farms[0].Names.Select(n => (n.Answer.Name, n.IsRight!.Value)).Distinct().OrderBy(n => n.Name, StringComparer.Ordinal));

        var page = Render<PrintPage>();
        Assert.Contains("192.168.10.22, 192.168.10.50", page.Markup, StringComparison.Ordinal);
        Assert.Contains("OLDPRN1,OLDPRN2 (one text, so one name)", page.Markup, StringComparison.Ordinal);
        Assert.Contains("differ in driver file", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_whose_queues_could_not_be_read_lacks_none()
    {
        await PutAsync("print-farm", "PRT2/Win32_Printer=denied");

        var farm = PrintFarmView.Of(_feed.Current)[0];

        Assert.All(farm.Queues, q => Assert.False(q.Cells[1].IsMissing));
        Assert.All(farm.Queues, q => Assert.False(q.IsEqual));
        Assert.Contains("not read", Render<PrintPage>().Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_print_server_the_page_says_what_it_needs()
    {
        await PutAsync("healthy");

        Assert.Contains("Agent:PrintFarms", Render<PrintPage>().Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_without_Hyper_V_that_answers_counts_as_read()
    {
        await PutAsync("print-farm");

        Assert.All(_feed.Current.Hosts, h => Assert.True(h.IsCurrent, $"{h.Name}: {h.WhyNotCurrent}"));
    }

    private async Task PutAsync(string lab, params string[] faults)
    {
        var stop = Xunit.TestContext.Current.CancellationToken;
        await using var source = await LabTargets.StartAsync(lab, frozen: true, faults, 0, TimeProvider.System, stop);
        foreach (var target in source.Targets)
        {
            await using var collector = TargetSessions.Collector(target, "t", TimeProvider.System);
            var reading = await collector.ReadAsync([.. SectionLens.All.Select(l => l.Name)], stop);
            _feed.PutHost(reading, new FindingBook { IsSingleSample = true }.Apply(RuleEngine.ExamineHost(new HostSubject(reading), new RuleSettings(), reading.VirtualMachines.Attempt.At!.Value)));
        }
    }
}

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

        Assert.Equal(["printnlb.lab.example", "labels.lab.example", "archive.lab.example", "DCP1"], farms.Select(f => f.Title));
        Assert.Equal(["PRT1", "PRT2"], farms[0].Nodes.Select(n => n.Host.Name));
        Assert.Equal(["HP1F", "HP2F", "LOBBY", "PLOTTER", "SCAN"], farms[0].Queues.Select(q => q.ShareName));
        Assert.Equal([true, false, false, false, false], farms[0].Queues.Select(q => q.IsEqual));
        Assert.Equal(["driver file"], farms[0].Queues[1].Differing);
        Assert.Equal(["location"], farms[0].Queues[2].Differing);
        Assert.Equal(["printer", "comment"], farms[0].Queues[3].Differing);
        Assert.True(farms[0].Queues[4].Cells[1].IsMissing);
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

    [Fact]
    public async Task The_queues_of_a_server_that_stands_alone_are_compared_with_nothing_and_bear_no_mark()
    {
        await PutAsync("print-farm", r => r.Name == "PRT1" ? r with { LoadBalancing = new() { Attempt = new(SectionState.Absent, r.PrintServer.ReadAt) } } : null);

        AssertAlike("– one server", null);
    }

    [Fact]
    public async Task While_another_node_of_a_farm_is_not_read_its_queues_may_differ()
    {
        await PutAsync("print-farm", r => r.Name == "PRT1" ? r : null);

        AssertAlike("other nodes are not read", "#s-unk");
    }

    private void AssertAlike(string said, string? shape)
    {
        var cells = Render<PrintPage>().FindAll("table.px tbody td:last-child");
        Assert.NotEmpty(cells);
        Assert.All(cells, c => Assert.Equal((said, shape), (c.TextContent.Trim(), c.QuerySelector("use")?.GetAttribute("href"))));
    }

    private Task PutAsync(string lab, params string[] faults) => PutAsync(lab, r => r, faults);

    /// <param name="change">What is put in place of a reading; null: it is left out.</param>
    private async Task PutAsync(string lab, Func<HostReading, HostReading?> change, params string[] faults)
    {
        var stop = Xunit.TestContext.Current.CancellationToken;
        await using var source = await LabTargets.StartAsync(lab, frozen: true, faults, 0, TimeProvider.System, stop);
        foreach (var target in source.Targets)
        {
            await using var collector = TargetSessions.Collector(target, "t", TimeProvider.System);
            if (change(await collector.ReadAsync([.. SectionLens.All.Select(l => l.Name)], stop)) is not { } reading)
            {
                continue;
            }

            _feed.PutHost(reading, new FindingBook { IsSingleSample = true }.Apply(RuleEngine.ExamineHost(new HostSubject(reading), new RuleSettings(), reading.VirtualMachines.Attempt.At!.Value)));
        }
    }
}

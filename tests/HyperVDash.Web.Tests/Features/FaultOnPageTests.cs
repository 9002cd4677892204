using Bunit;
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

/// <summary>A page shows what was read last and why there is nothing newer.</summary>
public sealed class FaultOnPageTests : BunitContext
{
    private readonly FleetFeed _feed = new(TimeProvider.System);

    public FaultOnPageTests()
    {
        Services.AddSingleton<IFleetFeed>(_feed);
        Services.AddSingleton(TimeProvider.System);
        Services.AddScoped<AntiforgeryStateProvider, NoToken>();
    }

    [Theory]
    [InlineData("Win32_ComputerSystem=denied", "computerSystem", "Processors")]
    [InlineData("Win32_Service=cut", "services", "vmms Running")]
    [InlineData("MSFT_NetAdapter=non-xml", "physicalNetwork", "Physical adapters")]
    [InlineData("Msvm_VirtualEthernetSwitch=refuse", "switches", "Virtual switches")]
    [InlineData("Msvm_ComputerSystem=missing-class", "virtualMachines", "Virtual machines")]
    public async Task The_host_page_shows_the_last_content_and_the_reason(string fault, string section, string heading)
    {
        var (well, faulty) = await DemoReading.OfAsync("HV03", $"HV03/{fault}");
        Put(faulty);

        var page = Render<HostPage>(p => p.Add(c => c.Id, faulty.Id!));

        var attempt = faulty.Sections().Single(s => s.Name == section).Section.Attempt;
        Assert.NotEqual(SectionState.Complete, attempt.State);
        var note = page.FindAll(".note").Single(n => n.TextContent.Contains(section, StringComparison.Ordinal));
        Assert.Contains(attempt.Reason!, note.TextContent, StringComparison.Ordinal);
        Assert.Contains(heading, page.Markup, StringComparison.Ordinal);
        foreach (var vm in well.VirtualMachines.Content!.Items)
        {
            Assert.Contains($"vms/{vm.Id}", page.Markup, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Theory]
    [InlineData("Msvm_StorageAllocationSettingData=denied", "hardware")]
    [InlineData("Msvm_SyntheticEthernetPortSettingData=non-xml", "network")]
    [InlineData("Msvm_VirtualSystemSettingData=cut", "checkpoints")]
    [InlineData("Msvm_KvpExchangeComponent=refuse", "overview")]
    public async Task The_page_of_a_virtual_machine_shows_the_last_content_and_the_reason(string fault, string tab)
    {
        var (well, faulty) = await DemoReading.OfAsync("HV03", $"HV03/{fault}");
        var vm = faulty.VirtualMachines.Content!.Items[0];
        Put(well);
        Services.GetRequiredService<Microsoft.AspNetCore.Components.NavigationManager>().NavigateTo($"vms/{vm.Id}?tab={tab}");
        var before = Render<VmPage>(p => p.Add(c => c.Id, vm.Id.ToString()));
        string shown = string.Join('\n', before.FindAll("table, .map, dl.kv").Select(e => e.TextContent));
        Put(faulty);

        var page = Render<VmPage>(p => p.Add(c => c.Id, vm.Id.ToString()));

        Assert.NotEmpty(page.FindAll(".note"));
        Assert.Equal(Words(shown), Words(string.Join('\n', page.FindAll("table, .map, dl.kv").Select(e => e.TextContent))));
    }

    [Fact]
    public async Task Nothing_on_the_first_page_is_green_while_the_only_host_is_not_read()
    {
        var (_, faulty) = await DemoReading.OfAsync("HV03", "HV03=refuse");
        Put(faulty);

        var page = Render<NowPage>();

        Assert.DoesNotContain("#s-ok\"", page.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("No findings.", page.Markup, StringComparison.Ordinal);
        Assert.Contains("HV03", page.Find("li.hatch").TextContent, StringComparison.Ordinal);
    }

    private void Put(HostReading reading) => _feed.PutHost(
        reading, new FindingBook { IsSingleSample = true }.Apply(RuleEngine.ExamineHost(new HostSubject(reading), new RuleSettings(), reading.VirtualMachines.Attempt.At!.Value)));

    private static string Words(string text) => System.Text.RegularExpressions.Regex.Replace(text, @"(< )?\d+ (s|min|h|d)( ago)?|\s+", " ");

    private sealed class NoToken : AntiforgeryStateProvider
    {
        public override AntiforgeryRequestToken? GetAntiforgeryToken() => null;
    }
}

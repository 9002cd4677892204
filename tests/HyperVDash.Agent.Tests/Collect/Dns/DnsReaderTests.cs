using HyperVDash.Agent.Collect.Dns;
using HyperVDash.Agent.Serve;
using HyperVDash.Agent.Targets;
using HyperVDash.Agent.Tests.Scenarios;
using HyperVDash.Model.Fleet;

namespace HyperVDash.Agent.Tests.Collect.Dns;

/// <summary>Which names are looked up, and what is said where none are.</summary>
public sealed class DnsReaderTests
{
    private static readonly string[] Section = ["dns"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_a_farm_nothing_is_looked_up_and_the_setting_is_named()
    {
        var section = (await LabReading.OfHostAsync("healthy", "NODE1", Section, Stop)).Dns;

        Assert.Equal(SectionState.Off, section.Attempt.State);
        Assert.Contains("Agent:PrintFarms", section.Attempt.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_that_has_nothing_to_do_with_the_farm_is_absent()
    {
        var section = (await LabReading.OfHostAsync("print-farm", "HVP1", Section, Stop)).Dns;

        Assert.Equal((SectionState.Absent, "This host is no node of a print farm and holds no DNS zone of one."), (section.Attempt.State, section.Attempt.Reason));
    }

    [Fact]
    public async Task A_node_looks_up_its_own_farm_only()
    {
        var section = (await LabReading.OfHostAsync("print-farm", "PRT3", Section, Stop)).Dns;

        Assert.Equal(["labels.lab.example", "oldlabel.lab.example"], section.Content!.Items.Select(a => a.Name));
        var farm = Assert.Single(section.Content.Farms);
        Assert.Equal(["oldlabel.lab.example"], farm.OldNames);
        Assert.Equal(["PRT3", "PRT4"], farm.Hosts);
    }

    [Fact]
    public async Task The_name_that_NLB_writes_by_itself_is_none()
    {
        var reading = await LabReading.OfHostAsync("print-farm", "PRT1", ["dns", "loadBalancing"], Stop);

        Assert.Equal("cluster.domain.com", reading.LoadBalancing.Content!.Clusters.Single().Name);
        Assert.Equal("printnlb.lab.example", Assert.Single(reading.Dns.Content!.Farms).ClusterName);
    }

    [Theory]
    [InlineData("MicrosoftDNS_Zone=denied", SectionState.Denied)]
    [InlineData("MicrosoftDNS_AType=denied", SectionState.Partial)]
    public async Task A_zone_that_may_not_be_read_is_no_zone_without_records(string fault, SectionState state)
    {
        var section = (await LabReading.OfHostAsync("print-farm", "DCP1", Section, Stop, $"DCP1/{fault}")).Dns;

        Assert.Equal(state, section.Attempt.State);
        if (state == SectionState.Partial)
        {
            Assert.All(section.Content!.Items, a => Assert.Null(a.Addresses));
            Assert.All(section.Content.Items, a => Assert.NotNull(a.Error));
        }
    }

    [Fact]
    public async Task Where_aliases_may_not_be_read_only_a_name_without_addresses_is_not_known()
    {
        var section = (await LabReading.OfHostAsync("print-farm", "DCP1", Section, Stop, "DCP1/MicrosoftDNS_CNAMEType=denied")).Dns;

        Assert.Equal(SectionState.Partial, section.Attempt.State);
        Assert.Equal(["archive.lab.example"], section.Content!.Items.Where(a => a.Error is not null).Select(a => a.Name));
        Assert.All(section.Content.Items.Where(a => a.Error is null), a => Assert.NotEmpty(a.Addresses!.Value));
    }

    [Theory]
    [InlineData("PrintNLB.Corp.Example.", "printnlb.corp.example")]
    [InlineData("drucker.köln.example", "drucker.xn--kln-sna.example")]
    [InlineData("printnlb", null)]
    [InlineData("10.0.0.50", null)]
    [InlineData("a..b", null)]
    [InlineData("a'b.example", null)]
    [InlineData("", null)]
    public void A_qualified_name_says_its_domain(string text, string? name) => Assert.Equal(name, DnsName.Qualified(text));

    [Fact]
    public void Every_mistake_of_a_farm_is_named()
    {
        var options = new AgentOptions
        {
            Targets = [new TargetOptions { Key = "prt1", Url = new Uri("https://prt1:5986/wsman") }],
            PrintFarms = [new PrintFarmOptions { ClusterName = "printnlb", OldNames = ["old 1", "old2"], Hosts = ["prt1", "prt9"] }, new PrintFarmOptions { ClusterName = "labels.corp.example", Hosts = ["PRT1"] }],
        };

        Assert.Equal(
        [
            "Agent:PrintFarms:0:ClusterName is 'printnlb'; it must be a fully qualified name such as printnlb.corp.example.",
            "Agent:PrintFarms:0:OldNames:0 is 'old 1', which is no DNS name; write e.g. oldprn1 or oldprn1.corp.example.",
            "Agent:PrintFarms:0:Hosts:1 is 'prt9', but no entry of Agent:Targets has that key.",
        ], options.Mistakes());
    }
}

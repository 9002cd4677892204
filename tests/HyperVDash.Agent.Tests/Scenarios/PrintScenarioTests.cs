using HyperVDash.Model.Fleet;
using HyperVDash.Model.Hosts;
using HyperVDash.Model.LoadBalancing;
using HyperVDash.Model.Print;

namespace HyperVDash.Agent.Tests.Scenarios;

/// <summary>The labs with print servers, read whole.</summary>
public sealed class PrintScenarioTests
{
    [Theory]
    [InlineData("prerelease-2008", 3)]
    [InlineData("print-farm", 9)]
    [InlineData("old-clusters", 4)]
    [InlineData("estate", 8)]
    public async Task Every_section_of_every_host_is_complete_or_says_why_there_is_none(string lab, int hosts)
    {
        var readings = await LabReading.OfAsync(lab, TestContext.Current.CancellationToken);

        Assert.Equal(hosts, readings.Count);
        Assert.All(readings, r => Assert.All(r.Sections(), s => Assert.True(
            s.Section.Attempt.State == SectionState.Complete
            // A spooler that does not run lists no queue.
            || (s.Name == "printServer" && r.Services.Content!.Items.Any(i => i is { Name: "Spooler", State: ServiceState.Stopped }) && s.Section.Attempt.Missing is [var only] && only.StartsWith("queues:", StringComparison.Ordinal)) || (s.Section.Attempt.State is SectionState.Absent or SectionState.Off or SectionState.Unsupported && s.Section.Attempt.Reason is { Length: > 0 }),
            $"{r.Key} {s.Name}: {s.Section.Attempt.State} {s.Section.Attempt.Reason} {string.Join("; ", s.Section.Attempt.Missing)}")));
    }

    [Fact]
    public async Task The_half_migrated_farm_tells_everything_that_is_wrong_with_it_and_the_other_nothing()
    {
        var readings = (await LabReading.OfAsync("print-farm", TestContext.Current.CancellationToken)).ToDictionary(r => r.Key);
        var first = readings["PRT1"];
        var second = readings["PRT2"];

        // Modes, port rules and start differ.
        Assert.Equal([NlbMode.Multicast, NlbMode.Unicast], new[] { first, second }.Select(r => r.LoadBalancing.Content!.Clusters.Single().Mode));
        Assert.Equal([true, false], new[] { first, second }.Select(r => r.LoadBalancing.Content!.Clusters.Single().StartsWithWindows));
        Assert.NotEqual(first.LoadBalancing.Content!.Clusters[0].PortRules, second.LoadBalancing.Content!.Clusters[0].PortRules);

        // One queue is missing, one has an older driver, one leads to another printer; one is equal.
        var queues = first.PrintServer.Content!.Queues!.Value.ToDictionary(q => q.ShareName);
        var others = second.PrintServer.Content!.Queues!.Value.ToDictionary(q => q.ShareName);
        Assert.Equal(["HP1F", "HP2F", "LOBBY", "PLOTTER", "SCAN"], queues.Keys.Order());
        Assert.Equal(["HP1F", "HP2F", "LOBBY", "PLOTTER"], others.Keys.Order());
        Assert.Equal(queues["HP2F"].Driver, others["HP2F"].Driver);
        Assert.Equal(("4.38.0.0", "4.31.0.0"), (queues["HP2F"].DriverFileVersion, others["HP2F"].DriverFileVersion));
        Assert.Equal(("192.168.20.13", "192.168.20.130"), (queues["PLOTTER"].PortAddress, others["PLOTTER"].PortAddress));
        Assert.Equal((queues["HP1F"].Driver, queues["HP1F"].PortAddress), (others["HP1F"].Driver, others["HP1F"].PortAddress));

        // The VM's adapter does not let the cluster's address through.
        var vm = readings["HVP1"].VirtualMachines.Content!.Items.Single(v => v.Name == "prt2");
        Assert.Contains(readings["HVP1"].Devices.Content!.NetworkAdapters!.Value, n => n.VirtualMachineId == vm.Id && n.AllowsMacSpoofing == false);
        Assert.All(new[] { "PRT3", "PRT4" }, n => Assert.Equal(NlbMode.Unicast, readings[n].LoadBalancing.Content!.Clusters.Single().Mode));
        Assert.Equal(2, readings["HVP2"].VirtualMachines.Content!.Items.Count(v => v.Name is "prt3" or "prt4"));

        // The names: the cluster's has a second address, one old name too, the rest is right. Both sources say the same.
        string[] vip = ["192.168.10.50"];
        var answers = first.Dns.Content!.Items.ToLookup(a => a.Name);
        Assert.Equal(["192.168.10.50", "192.168.10.51"], answers["printnlb.lab.example"].Single().Addresses!.Value);
        Assert.Equal(vip, answers["oldprn1.lab.example"].Single().Addresses!.Value);
        Assert.Equal(["192.168.10.22", "192.168.10.50"], answers["oldprn2.lab.example"].Single().Addresses!.Value);
        var zone = readings["DCP1"].Dns.Content!;
        Assert.Equal(["archive.lab.example", "labels.lab.example", "printnlb.lab.example"], zone.Farms.Select(f => f.ClusterName).Order());
        Assert.Equal((true, false), (zone.Items.Single(a => a.Name == "oldprn2.lab.example").IsDynamic, zone.Items.Single(a => a.Name == "oldprn1.lab.example").IsDynamic));
        Assert.Equal(TimeSpan.FromHours(4), zone.Items.Single(a => a.Name == "printnlb.lab.example").TimeToLive);
    }

    [Fact]
    public async Task A_German_node_tells_the_same_as_its_English_neighbour()
    {
        var readings = (await LabReading.OfAsync("estate", TestContext.Current.CancellationToken)).ToDictionary(r => r.Key);
        var english = readings["S01PRT1"];
        var german = readings["S01PRT2"];

        Assert.Equal((1033, 1031), (english.Locale.Content!.OsLanguage, german.Locale.Content!.OsLanguage));
        Assert.Equal(english.PrintServer.Content!.Queues!.Value.Select(q => (q.Name, q.Driver, q.DriverFileVersion, q.PortAddress)), german.PrintServer.Content!.Queues!.Value.Select(q => (q.Name, q.Driver, q.DriverFileVersion, q.PortAddress)));
        Assert.Equal(english.LoadBalancing.Content!.Clusters[0].PortRules!.Value, german.LoadBalancing.Content!.Clusters[0].PortRules!.Value);
        Assert.Equal(english.Dns.Content!.Items, german.Dns.Content!.Items, (a, b) => a.Name == b.Name && a.Addresses!.Value.SequenceEqual(b.Addresses!.Value));
    }

    [Fact]
    public async Task A_print_server_without_Hyper_V_is_read_and_is_no_failure()
    {
        var reading = await LabReading.OfHostAsync("print-farm", "PRT1", ["virtualMachines", "printServer", "roles"], TestContext.Current.CancellationToken);

        Assert.Equal(SectionState.Absent, reading.VirtualMachines.Attempt.State);
        Assert.Equal(SpoolerPolicy.Enabled, reading.PrintServer.Content!.Policy);
        Assert.Equal([7, 34, 135, 481], reading.Roles.Content!.Items.Select(r => r.Id));
    }
}

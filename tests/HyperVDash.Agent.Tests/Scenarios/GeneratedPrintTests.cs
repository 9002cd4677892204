using HyperVDash.Agent.Collect;
using HyperVDash.Cim.WsMan;
using HyperVDash.Lab.Scenarios;
using HyperVDash.Lab.Scenarios.Description;
using HyperVDash.Lab.Scenarios.Generator;
using HyperVDash.Lab.WsMan;
using HyperVDash.Model.Fleet;

namespace HyperVDash.Agent.Tests.Scenarios;

/// <summary>Print servers and NLB nodes as they were generated, on old and new releases.</summary>
public sealed class GeneratedPrintTests
{
    private static readonly string[] Sections = ["printServer", "loadBalancing"];

    [Theory]
    [InlineData("pre2008")]
    [InlineData("2008R2")]
    [InlineData("2012")]
    [InlineData("2012R2")]
    [InlineData("2022")]
    public async Task What_is_read_is_what_was_described_and_takes_the_same_questions_on_every_print_server(string release)
    {
        var stop = TestContext.Current.CancellationToken;
        var scenario = LabScenarios.Generate(new GeneratorOptions(30, 1, 5) { Release = release }, TimeProvider.System, isFrozen: true);
        await using var lab = await LabServer.StartAsync(scenario.Hosts, new LabServerOptions(), TimeProvider.System, stop);
        var questions = new List<string>();
        foreach (var described in scenario.Description.Hosts)
        {
            int before = lab.Log.All.Count;
            var target = new WsManTarget(lab.Addresses.Single(a => a.Host == described.Name).Url) { User = "lab", Password = "lab" };
            await using var collector = new HostCollector(described.Name, "wsman", Origin.Lab, described.Name, () => new WsManSession(target, TimeProvider.System), new CollectorOptions(), "t", TimeProvider.System);
            var reading = await collector.ReadAsync(Sections, stop);
            AssertPrint(described, reading);
            AssertNlb(described, reading);
            if (described is { PrintServer.Queues.IsEmpty: false, LoadBalancing: null })
            {
                questions.Add(string.Join('\n', lab.Log.All.Skip(before).Where(r => r.Operation != "Pull" && r.Class != "CIM_DataFile").Select(r => $"{r.Operation} {r.Class}").Order(StringComparer.Ordinal)));
            }
        }

        Assert.True(questions.Count > 1);
        // OptionalNames takes one call more where it is there.
        Assert.InRange(questions.Distinct(StringComparer.Ordinal).Count(), 1, 2);
    }

    private static void AssertPrint(HostDescription described, HostReading reading)
    {
        if (described.PrintServer is not { } server)
        {
            Assert.Equal(SectionState.Absent, reading.PrintServer.Attempt.State);
            return;
        }

        Assert.Equal(SectionState.Complete, reading.PrintServer.Attempt.State);
        var read = reading.PrintServer.Content!;
        Assert.Equal(
            server.Queues.OrderBy(q => q.Share, StringComparer.OrdinalIgnoreCase).Select(q => (q.Name, q.Share, q.Driver, q.Address, q.LprQueue is null ? q.PortNumber : 515, q.LprQueue, q.Location)),
            read.Queues!.Value.Select(q => (q.Name, q.ShareName, q.Driver!, q.PortAddress!, q.PortNumber!.Value, q.PortQueue, q.Location)));
        Assert.All(read.Queues.Value, q => Assert.NotNull(q.DriverFileVersion));
        Assert.Equal((server.Policy ?? 0) switch { 1 => "Enabled", 2 => "Disabled", _ => "NotConfigured" }, read.Policy.ToString());
        Assert.Equal((server.HardeningLevel, server.NtlmRestriction, server.RpcPrivacy), (read.Aliases!.HardeningLevel, read.Aliases.NtlmRestriction, read.Aliases.RpcPrivacy));
        Assert.Equal((server.DisableStrictNameChecking == 1, server.DnsOnWire == 1), (read.Aliases.IsStrictNameCheckingOff, read.Aliases.IsDnsOnWire));
        Assert.Equal(server.OptionalNames?.ToArray(), read.Aliases.OptionalNames?.ToArray());
    }

    private static void AssertNlb(HostDescription described, HostReading reading)
    {
        if (described.LoadBalancing is not { } nlb)
        {
            Assert.Equal(SectionState.Absent, reading.LoadBalancing.Attempt.State);
            return;
        }

        var cluster = Assert.Single(reading.LoadBalancing.Content!.Clusters);
        Assert.Equal((nlb.Address, nlb.Adapter, (int)nlb.Priority, nlb.ModeOnStart == 1), (cluster.Address, cluster.AdapterId!.Value, cluster.HostPriority!.Value, cluster.StartsWithWindows!.Value));
        Assert.Equal((nlb.IsMulticast, nlb.IsIgmp) switch { (false, _) => "Unicast", (true, true) => "IgmpMulticast", _ => "Multicast" }, cluster.Mode.ToString());
        Assert.Equal(nlb.Rules.Select(r => ((int)r.StartPort, (int)r.EndPort, (int)r.Protocol, (int)r.Filtering, (int)r.Affinity + 1)),
            cluster.PortRules!.Value.Select(r => (r.StartPort, r.EndPort, (int)r.Protocol, (int)r.Filtering, (int)r.Affinity)));
        Assert.Equal(nlb.Members.Length, cluster.Nodes.Length);
    }
}

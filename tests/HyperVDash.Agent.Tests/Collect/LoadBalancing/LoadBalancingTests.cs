using HyperVDash.Agent.Collect;
using HyperVDash.Agent.Collect.LoadBalancing;
using HyperVDash.Agent.Collect.Memory;
using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Agent.Tests.Scenarios;
using HyperVDash.Cim;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.LoadBalancing;

namespace HyperVDash.Agent.Tests.Collect.LoadBalancing;

/// <summary>Windows NLB over the real protocol, and from rows as hosts write them.</summary>
public sealed class LoadBalancingTests
{
    private static readonly string[] Section = ["loadBalancing"];
    private static readonly Guid Adapter = new("6d0dcd23-3b2c-4a55-9f43-1c1f5e0fb2a1");
    private static readonly Guid Other = new("0a1dcd23-3b2c-4a55-9f43-1c1f5e0fb2a1");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_node_tells_its_cluster_its_rules_and_its_own_state()
    {
        var reading = await LabReading.OfHostAsync("print-farm", "PRT1", [.. Section, "physicalNetwork"], Stop);

        var cluster = Assert.Single(reading.LoadBalancing.Content!.Clusters);
        Assert.Equal(("192.168.10.50", "255.255.255.0", "03BFC0A80A32", NlbMode.Multicast), (cluster.Address, cluster.NetworkMask, cluster.MacAddress, cluster.Mode));
        Assert.Equal((1, "192.168.10.51", true), (cluster.HostPriority, cluster.DedicatedAddress, cluster.StartsWithWindows));
        Assert.Equal([("PRT1", NlbNodeState.ConvergedAsDefault, true), ("PRT2", NlbNodeState.Unknown, false)], cluster.Nodes.Select(n => (n.Name, n.State, n.IsLocal)));
        Assert.Equal([(135, 135, NlbProtocol.Tcp), (1024, 65535, NlbProtocol.Both)], cluster.PortRules!.Value.Select(r => (r.StartPort, r.EndPort, r.Protocol)));
        Assert.All(cluster.PortRules.Value, r => Assert.Equal((NlbFiltering.Multiple, NlbAffinity.Single, null, true), (r.Filtering, r.Affinity, r.Address, r.IsEnabled)));
        Assert.Contains(reading.PhysicalNetwork.Content!.Items, a => a.Id == cluster.AdapterId);
    }

    [Fact]
    public async Task A_host_without_the_feature_has_no_NLB_and_says_so()
    {
        var section = (await LabReading.OfHostAsync("healthy", "NODE1", Section, Stop)).LoadBalancing;

        Assert.Equal(SectionState.Absent, section.Attempt.State);
        Assert.Contains("Network Load Balancing is not installed", section.Attempt.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ClusterSetting=denied", SectionState.Denied)]
    [InlineData("ClusterSetting=non-xml", SectionState.Failed)]
    [InlineData("Node=denied", SectionState.Partial)]
    [InlineData("NodeSetting=missing-class", SectionState.Partial)]
    [InlineData("PortRuleEx=denied", SectionState.Partial)]
    public async Task Trouble_of_one_class_is_named(string fault, SectionState state)
    {
        var section = (await LabReading.OfHostAsync("print-farm", "PRT3", Section, Stop, $"PRT3/MicrosoftNLB_{fault}")).LoadBalancing;

        Assert.Equal(state, section.Attempt.State);
        Assert.Equal(state == SectionState.Partial, section.Content is not null);
        if (fault.StartsWith("PortRuleEx", StringComparison.Ordinal))
        {
            Assert.Null(section.Content!.Clusters.Single().PortRules);
        }
    }

    [Theory]
    [InlineData(false, null, NlbMode.Unicast)]
    [InlineData(false, true, NlbMode.Unicast)]
    [InlineData(true, false, NlbMode.Multicast)]
    [InlineData(true, true, NlbMode.IgmpMulticast)]
    [InlineData(true, null, NlbMode.Unknown)]
    [InlineData(null, true, NlbMode.Unknown)]
    public void Mode_is_told_by_two_switches(bool? multicast, bool? igmp, NlbMode mode)
    {
        var state = Read([Cluster("10.0.0.50", Adapter, ("MulticastSupportEnabled", multicast), ("IGMPSupport", igmp))], []);

        Assert.Equal(mode, state.Clusters.Single().Mode);
    }

    [Theory]
    [InlineData(1L, true)]
    [InlineData(0L, false)]
    [InlineData(2L, false)]
    [InlineData("true", true)]
    [InlineData(null, null)]
    public void A_node_joins_by_itself_only_with_mode_one(object? mode, bool? starts)
    {
        var state = Read([Cluster("10.0.0.50", Adapter)], [Own("10.0.0.50:1", Adapter, ("ClusterModeOnStart", mode))]);

        Assert.Equal(starts, state.Clusters.Single().StartsWithWindows);
    }

    [Fact]
    public void A_second_cluster_that_the_provider_leaves_out_is_known_by_its_node()
    {
        var state = Read([Cluster("10.0.0.50", Adapter)], [Own("10.0.0.50:1", Adapter), Own("fd00::60:2", Other)]);

        Assert.Equal([("10.0.0.50", (Guid?)Adapter), ("fd00::60", Other)], state.Clusters.Select(c => (c.Address, c.AdapterId)));
        Assert.Equal(NlbMode.Unknown, state.Clusters[1].Mode);
    }

    [Fact]
    public void Rules_and_nodes_belong_to_their_own_cluster()
    {
        var state = Read([Cluster("10.0.0.50", Adapter), Cluster("10.0.0.60", Other)], [Own("10.0.0.50:1", Adapter), Own("10.0.0.60:1", Other)],
            [Row("MicrosoftNLB_Node", ("Name", "10.0.0.50:1"), ("ComputerName", "A")), Row("MicrosoftNLB_Node", ("Name", "10.0.0.60:2"), ("ComputerName", "B"))],
            [Row("MicrosoftNLB_PortRuleEx", ("StartPort", 1L), ("EndPort", 2L), ("Protocol", 9L), ("AdapterGuid", Other.ToString("B")))]);

        Assert.Equal([("A", true)], state.Clusters[0].Nodes.Select(n => (n.Name, n.IsLocal)));
        Assert.Equal([("B", false)], state.Clusters[1].Nodes.Select(n => (n.Name, n.IsLocal)));
        Assert.Empty(state.Clusters[0].PortRules!.Value);
        Assert.Equal(NlbProtocol.Unknown, Assert.Single(state.Clusters[1].PortRules!.Value).Protocol);
    }

    [Fact]
    public void Since_when_the_node_is_as_it_is_stays_until_it_is_otherwise()
    {
        var memory = HostMemory.Volatile();
        DateTimeOffset? Since(long? code, int minute) => Read([Cluster("10.0.0.50", Adapter)], [Own("10.0.0.50:1", Adapter)],
            [Row("MicrosoftNLB_Node", ("Name", "10.0.0.50:1"), ("ComputerName", "A"), ("HostPriority", 1L), ("StatusCode", code))], null, memory, Start.AddMinutes(minute)).Clusters.Single().StateSeenAt;

        Assert.Equal(Start, Since(1006, 0));
        Assert.Equal(Start, Since(1006, 6));
        Assert.Equal(Start.AddMinutes(7), Since(1007, 7));
        Assert.Null(Since(null, 8));
    }

    private static readonly DateTimeOffset Start = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);

    private static LoadBalancingState Read(CimRow[] clusters, CimRow[] own, CimRow[]? nodes = null, CimRow[]? rules = null, HostMemory? memory = null, DateTimeOffset? at = null)
    {
        var tables = new TableSet();
        tables[LoadBalancingTables.Clusters] = new Table(clusters, null);
        tables[LoadBalancingTables.OwnNodes] = new Table(own, null);
        tables[LoadBalancingTables.Nodes] = new Table(nodes ?? [], null);
        tables[LoadBalancingTables.PortRules] = new Table(rules ?? [], null);
        var now = at ?? Start;
        var before = new HostReading("h", "h");
        var builder = new ReadingBuilder(before, new HashSet<string> { "loadBalancing" }, now, 1);
        new LoadBalancingReader().Put(builder, new SectionSources(tables, new HostFacts("h", null, null, false, now), memory ?? HostMemory.Volatile(), before, new CollectorOptions()), null);
        long revision = 0;
        return builder.Build("t", ref revision).LoadBalancing.Content!;
    }

    private static CimRow Cluster(string address, Guid adapter, params (string, object?)[] more) =>
        Row("MicrosoftNLB_ClusterSetting", [("ClusterIPAddress", address), ("AdapterGuid", adapter.ToString("B")), .. more]);

    private static CimRow Own(string name, Guid adapter, params (string, object?)[] more) =>
        Row("MicrosoftNLB_NodeSetting", [("Name", name), ("HostPriority", long.Parse(name[^1..], System.Globalization.CultureInfo.InvariantCulture)), ("AdapterGuid", adapter.ToString("B")), .. more]);

    private static CimRow Row(string className, params (string, object?)[] values) => CimRow.Of(className, values);
}

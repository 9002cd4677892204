using Bunit;
using HyperVDash.Model;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Units;
using HyperVDash.Web.Features.Clusters;
using Microsoft.Extensions.DependencyInjection;

namespace HyperVDash.Web.Tests.Features.Clusters;

public sealed class ClusterPartsTests : BunitContext
{
    private static readonly ClusterView View = new()
    {
        Id = "c", Name = "LAB", QuorumType = "Majority", WitnessVote = 1,
        Nodes = [new("HV01", ClusterNodeState.Up) { Vote = 1, DynamicVote = 0, DrainStatus = 1 }, new("HV02", ClusterNodeState.Up)],
        Networks = [new("LM", ClusterNetworkState.Partitioned) { Role = 1, Subnet = "10.0.0.0 255.0.0.0" }],
        Interfaces = [new("a", ClusterInterfaceState.Up) { Node = "HV01", Network = "lm", Address = "10.0.0.1" }, new("b", ClusterInterfaceState.Unreachable) { Node = "HV02", Network = "LM", Address = "10.0.0.2" }],
        Resources =
        [
            new("Witness", "File Share Witness", ClusterResourceState.Offline) { IsCore = true, Group = "Cluster Group" },
            new("Virtual Machine Configuration web", "Virtual Machine Configuration", ClusterResourceState.Online) { VirtualMachineId = Sample.VmId },
            new("Virtual Machine Configuration bad", "Virtual Machine Configuration", ClusterResourceState.Failed) { VirtualMachineId = Guid.Empty },
        ],
        SharedVolumes = [new("Disk 1") { Path = @"C:\ClusterStorage\Volume1", Fault = SharedVolumeFault.Redirected, Size = ByteSize.FromGiB(100) }],
    };

    public ClusterPartsTests() => Services.AddSingleton(TimeProvider.System);

    private static string Text(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    [Fact]
    public void A_network_has_its_state_its_use_and_the_interfaces_of_its_nodes()
    {
        var row = Render<ClusterNetworks>(p => p.Add(c => c.Cluster, View)).Find("tbody tr");

        Assert.Equal("LM Partitioned cluster only 10.0.0.0 255.0.0.0 HV01 10.0.0.1 · HV02 10.0.0.2 (unreachable)", Text(string.Join(' ', row.QuerySelectorAll("td").Select(c => c.TextContent))));
    }

    [Fact]
    public void Configurations_of_VMs_are_listed_only_while_they_are_not_online()
    {
        var rows = Render<ClusterResources>(p => p.Add(c => c.Cluster, View)).FindAll("tbody tr");

        Assert.Equal(["Witness", "Virtual Machine Configuration bad"], rows.Select(r => r.QuerySelector("td")!.TextContent));
    }

    [Fact]
    public void A_shared_volume_shows_its_fault_and_what_was_not_said()
    {
        var row = Render<ClusterSharedVolumes>(p => p.Add(c => c.Cluster, View)).Find("tbody tr");

        Assert.Contains("redirected", row.TextContent, StringComparison.Ordinal);
        Assert.Contains("not said", row.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_cluster_did_not_say_is_a_sentence_and_not_an_empty_table()
    {
        var silent = new ClusterView { Id = "c", Name = "LAB" };

        Assert.Contains("did not say which networks", Render<ClusterNetworks>(p => p.Add(c => c.Cluster, silent)).Markup, StringComparison.Ordinal);
        Assert.Contains("did not say which resources", Render<ClusterResources>(p => p.Add(c => c.Cluster, silent)).Markup, StringComparison.Ordinal);
        Assert.Contains("did not say which shared volumes", Render<ClusterSharedVolumes>(p => p.Add(c => c.Cluster, silent)).Markup, StringComparison.Ordinal);
        Assert.Equal("", Render<ClusterSharedVolumes>(p => p.Add(c => c.Cluster, silent with { SharedVolumes = [] })).Markup.Trim());
    }

    [Fact]
    public void Votes_of_nodes_and_witness_are_told()
    {
        string text = Text(string.Join(' ', Render<ClusterVotes>(p => p.Add(c => c.Cluster, View)).FindAll("dt,dd").Select(e => e.TextContent)));

        Assert.Equal("Kind Majority Witness Witness, offline Witness vote 1 HV01 votes 0 now, set to 1, is being drained HV02 not said", text);
    }
}

using HyperVDash.Agent.Collect;
using HyperVDash.Agent.Tests.Collect.Disks;
using HyperVDash.Model.Fleet;

namespace HyperVDash.Agent.Tests.Collect;

/// <summary>Slow lanes are read beside the fast ones.</summary>
public sealed class ConcurrentReadTests
{
    private static readonly Guid Vm = new("d99a57fe-9f2f-44ee-b15f-bf6c5d740d1c");
    private static readonly string[] Slow = [.. SlowLanes.Part(SectionLens.All.Select(l => l.Name), isSlow: true)];
    private static readonly string[] Fast = [.. SlowLanes.Part(SectionLens.All.Select(l => l.Name), isSlow: false)];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(20348, false)]
    [InlineData(7601, true)]
    public async Task State_moves_while_every_slow_class_hangs(int build, bool isV1)
    {
        var host = Host(build, isV1);
        await using var collector = new HostCollector("h", "wsman", Origin.Host, "paper", () => host, new CollectorOptions(), "t", TimeProvider.System);
        await collector.ReadAsync(Fast, Stop);
        host.Silent.UnionWith(["Win32_OperatingSystem", "Win32_ComputerSystem", "Win32_ServerFeature", "Win32_Volume", "CIM_DataFile", "MSFT_NetAdapter", "Win32_NetworkAdapter"]);
        using var end = new CancellationTokenSource();
        var slow = collector.ReadAsync(Slow, end.Token);

        for (int round = 0; round < 20; round++)
        {
            string space = isV1 ? PaperHost.V1 : PaperHost.V2;
            host.Clear(space, "Msvm_ComputerSystem");
            host.Add(space, "Msvm_ComputerSystem", ("Name", Vm.ToString()), ("ElementName", $"a{round}"), ("EnabledState", 2L));
            var reading = await collector.ReadAsync(Fast, Stop);
            Assert.Equal($"a{round}", Assert.Single(reading.VirtualMachines.Content!.Items).Name);
        }

        Assert.False(slow.IsCompleted);
        Assert.Equal(SectionState.Pending, collector.Current.Roles.Attempt.State);
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => slow);
    }

    [Fact]
    public async Task Reads_that_run_together_lose_nothing_of_each_other()
    {
        var host = Host(20348, false);
        host.Add("root/cimv2", "Win32_ServerFeature", ("ID", 20L), ("Name", "Hyper-V"), ("ParentID", 0L));
        await using var collector = new HostCollector("h", "wsman", Origin.Host, "paper", () => host, new CollectorOptions(), "t", TimeProvider.System);

        await Task.WhenAll(Enumerable.Range(0, 20).SelectMany(_ => new Task[] { collector.ReadAsync(["virtualMachines"], Stop), collector.ReadAsync(["roles"], Stop) }).Chunk(2).Select(Task.WhenAll));

        Assert.Equal(SectionState.Complete, collector.Current.Roles.Attempt.State);
        Assert.Single(collector.Current.VirtualMachines.Content!.Items);
        Assert.Single(collector.Current.Roles.Content!.Items);
    }

    private static PaperHost Host(int build, bool isV1)
    {
        var host = new PaperHost { Build = build, IsV1 = isV1 };
        string space = isV1 ? PaperHost.V1 : PaperHost.V2;
        host.Add(space, "Msvm_ComputerSystem", ("Name", Vm.ToString()), ("ElementName", "a"), ("EnabledState", 2L));
        foreach (string service in (string[])["Msvm_VirtualSystemManagementService", "Msvm_ImageManagementService"])
        {
            host.Add(space, service, ("Name", "vmms"), ("CreationClassName", service), ("SystemCreationClassName", "Msvm_ComputerSystem"), ("SystemName", "PAPER"));
        }

        return host;
    }
}

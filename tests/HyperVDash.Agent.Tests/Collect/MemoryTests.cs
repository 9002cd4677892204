using System.Diagnostics;
using HyperVDash.Agent.Collect;
using HyperVDash.Cim.WsMan;
using HyperVDash.Model.Fleet;

namespace HyperVDash.Agent.Tests.Collect;

/// <summary>Counts every byte of the process, so nothing else may run beside it.</summary>
[CollectionDefinition(nameof(AloneInTheProcess), DisableParallelization = true)]
public sealed class AloneInTheProcess;

[Collection(nameof(AloneInTheProcess))]
public sealed class MemoryTests
{
    [Fact]
    public async Task A_virtual_machine_costs_the_same_memory_whether_there_are_a_hundred_or_a_thousand()
    {
        // The large host first: a process that has just begun allocates for itself, which the small host's VMs would have to carry.
        double thousand = await BytesPerVmAsync(1000);
        double hundred = await BytesPerVmAsync(100);

        Assert.InRange(thousand / hundred, 0.8, 1.2);
    }

    private static async Task<double> BytesPerVmAsync(int vms)
    {
        var stop = TestContext.Current.CancellationToken;
        using var lab = Start(vms);
        try
        {
            string line = await lab.StandardOutput.ReadLineAsync(stop) ?? throw new InvalidOperationException(await lab.StandardError.ReadToEndAsync(stop));
            var target = new WsManTarget(new Uri(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1])) { User = "lab", Password = "lab" };
            // Statistics of replication are asked for some VMs at a time, as many of a small host as of a large one, so that they say nothing of a VM's cost: one, then, of either.
            var options = new CollectorOptions { ReplicationCallsPerRead = 1 };
            await using var collector = new HostCollector("h", "wsman", Origin.Lab, "h", () => new WsManSession(target, TimeProvider.System), options, "t", TimeProvider.System);
            // Nor do headers of disk files.
            string[] sections = [.. collector.Current.Sections().Select(s => s.Name).Where(name => name != "virtualDisks")];
            long least = long.MaxValue;
            // A read of a small host is soon done, and the first ones allocate what later ones use again.
            for (int round = 0; round < (vms < 1000 ? 10 : 4); round++)
            {
                long before = GC.GetTotalAllocatedBytes(precise: true);
                var reading = await collector.ReadAsync(sections, stop);
                least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
                Assert.Equal(vms, reading.VirtualMachines.Content!.Items.Length);
            }

            return (double)least / vms;
        }
        finally
        {
            lab.Kill();
        }
    }

    // In a process of its own, or its memory would be counted too.
    private static Process Start(int vms)
    {
        string Beside(string name) => Path.Combine(AppContext.BaseDirectory, name);
        return Process.Start(new ProcessStartInfo("dotnet")
        {
            ArgumentList =
            {
                "exec", "--runtimeconfig", Beside("HyperVDash.Agent.Tests.runtimeconfig.json"), "--depsfile", Beside("HyperVDash.Agent.Tests.deps.json"),
                Beside("HyperVDash.Lab.dll"), "serve", "--hosts", "1", "--vms", $"{vms}", "--seed", "7", "--frozen", "--port", "0",
            },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }
}

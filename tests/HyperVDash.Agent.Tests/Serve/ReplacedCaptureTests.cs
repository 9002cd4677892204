using HyperVDash.Agent.Commands;
using HyperVDash.Agent.Serve;
using HyperVDash.Agent.Targets;
using HyperVDash.Model.Fleet;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace HyperVDash.Agent.Tests.Serve;

/// <summary>An agent that serves a capture sees when its file is another one.</summary>
public sealed class ReplacedCaptureTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hypervdash-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_damaged_capture_is_read_once_it_is_replaced_by_a_whole_one_and_not_before()
    {
        string whole = Path.Combine(_folder, "whole.json"), served = Path.Combine(_folder, "served.json");
        await AgentCommands.RunAsync(["capture", "--quiet", "--lab", "healthy", "--lab-frozen", "--only", "SOLO1", "--out", whole], TimeProvider.System, TextWriter.Null, TextWriter.Null, Stop);
        await File.WriteAllTextAsync(served, "{ \"format\": \"hyperv-capture/1\", \"host\": \"SOLO1\", \"answers\": [ {", Stop);
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(60));
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        await using var worker = new HostWorker(new TargetOptions { Key = "SOLO1", Door = "capture", File = served }, "e", time, NullLogger.Instance);
        var running = worker.RunAsync(end.Token);

        var damaged = await FirstAsync(worker, time, r => r.VirtualMachines.Attempt.State == SectionState.Failed, end.Token);
        File.Move(whole, served, overwrite: true);
        var read = await FirstAsync(worker, time, r => r.VirtualMachines.Attempt.State == SectionState.Complete, end.Token);

        Assert.Contains("served.json", damaged.VirtualMachines.Attempt.Reason, StringComparison.Ordinal);
        Assert.StartsWith("e-", damaged.Revision, StringComparison.Ordinal);
        // Whoever follows must not take it for a change of what it has.
        Assert.StartsWith("e.1-", read.Revision, StringComparison.Ordinal);
        Assert.Equal(Origin.Lab, read.Origin);
        Assert.Equal(5, read.VirtualMachines.Content!.Items.Length);
        await end.CancelAsync();
        await running;
    }

    private static async Task<HostReading> FirstAsync(HostWorker worker, FakeTimeProvider time, Func<HostReading, bool> isWanted, CancellationToken stop)
    {
        while (!isWanted(worker.Current))
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(5, stop);
        }

        return worker.Current;
    }
}

using HyperVDash.Agent.Commands;
using HyperVDash.Agent.Serve;
using HyperVDash.Lab.Faults;
using HyperVDash.Model.Fleet;
using Microsoft.Extensions.Logging.Abstractions;

namespace HyperVDash.Agent.Tests.Serve;

public sealed class RememberedTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("state-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(Origin.Host, true)]
    [InlineData(Origin.Lab, false)]
    public async Task A_host_is_remembered_in_the_folder_of_the_settings_and_a_lab_is_not(Origin origin, bool isRemembered)
    {
        await using var lab = await LabTargets.StartAsync("healthy", frozen: true, [], 0, TimeProvider.System, Stop);
        var target = lab.Targets.Single(t => t.Key == "SOLO1") with { Origin = origin };
        var roster = new HostRoster(new AgentOptions { StateFolder = _folder, Targets = [target] }, TimeProvider.System, NullLoggerFactory.Instance);

        await roster.Workers[0].VerifyAsync(["devices", "virtualDisks"], Stop);
        await roster.StopAsync(Stop);
        roster.Dispose();

        string file = Path.Combine(_folder, "solo1.json");
        Assert.Equal(isRemembered, File.Exists(file));
        if (isRemembered)
        {
            Assert.Contains(@"disk|D:\\Hyper-V\\", await File.ReadAllTextAsync(file, Stop), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_slow_lane_that_hangs_does_not_delay_the_state_of_VMs()
    {
        await using var lab = await LabTargets.StartAsync("healthy", frozen: true, [], 0, TimeProvider.System, Stop);
        lab.Lab!.Server.Faults.Set(LabFault.Parse("SOLO1/Win32_ServerFeature=hang"));
        var target = lab.Targets.Single(t => t.Key == "SOLO1");
        target = target with { Intervals = target.Intervals with { StateInterval = TimeSpan.FromSeconds(1) } };
        await using var worker = new HostWorker(target, "t", TimeProvider.System, NullLogger.Instance);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var running = worker.RunAsync(end.Token);
        var times = new HashSet<DateTimeOffset>();
        await foreach (var reading in worker.FollowAsync(Stop))
        {
            Assert.Equal(SectionState.Pending, reading.Roles.Attempt.State);
            if (reading.VirtualMachines.ReadAt is { } at)
            {
                times.Add(at);
            }

            if (times.Count == 4)
            {
                break;
            }
        }

        await end.CancelAsync();
        await running;
    }
}
